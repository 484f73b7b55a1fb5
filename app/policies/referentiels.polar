# REFERENTIELS
# Certifications, Formacodes, communes : lus par tous, chargés par un gestionnaire.
# Tableau : docs/matrice.md   Cas : referentiels.cas.yaml   Doctrine : docs/droits.md

permissions("Certification", ["lire", "charger"]);
permissions("Formacode", ["lire", "charger"]);
permissions("Commune", ["lire", "charger"]);

# Chacun lit les certifications (R-212).
allow(_u: Visiteur, "lire", _c: Certification) if
    regle("REF-01");

# Le gestionnaire charge les certifications (R-191).
allow(u: Utilisateur, "charger", _c: Certification) if
    regle("REF-02") and
    gestionnaire(u);

# Chacun lit les Formacodes (R-191).
allow(_u: Visiteur, "lire", _f: Formacode) if
    regle("REF-03");

# Le gestionnaire charge les Formacodes (R-191).
allow(u: Utilisateur, "charger", _f: Formacode) if
    regle("REF-04") and
    gestionnaire(u);

# Chacun lit les communes (R-048).
allow(_u: Visiteur, "lire", _c: Commune) if
    regle("REF-05");

# Le gestionnaire charge les communes (R-048).
allow(u: Utilisateur, "charger", _c: Commune) if
    regle("REF-06") and
    gestionnaire(u);
