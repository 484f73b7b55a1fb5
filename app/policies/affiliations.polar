# AFFILIATIONS
# Ce qui lie un compte à une structure : demander, accepter, détacher, nommer référent. Guide : G4.
# Prouvé : INV-4 rien d'une autre structure ; INV-5 nul ne se détache, nul ne se nomme référent.
# Tableau : docs/matrice.md   Cas : affiliations.cas.yaml   Doctrine : docs/droits.md

permissions("Affiliation", [
    "lire", "demander", "valider", "refuser", "detacher", "nommer_referent", "retirer_referent"
]);

# --- Lire
# Chacun lit ses propres affiliations, demandes comprises (R-011, R-012).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-01") and
    personne(u) and
    a.compte_id = u.id;

# Les membres d'une structure lisent qui en est membre (R-022).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-02") and
    personne(u) and
    a.etat = "acceptee" and
    a.structure_id = u.structure_id;

# Le référent lit toutes les affiliations à sa structure, demandes et détachées comprises (R-023).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-03") and
    personne(u) and
    u.est_referent = true and
    a.structure_id = u.structure_id;

# Le gestionnaire lit toutes les affiliations (R-006).
allow(u: Utilisateur, "lire", _a: Affiliation) if
    regle("AFF-04") and
    gestionnaire(u);

# --- Demander
# Tout compte demande, pour lui seul, à rejoindre une structure, sans en être référent (R-010).
allow(u: Utilisateur, "demander", a: Affiliation) if
    regle("AFF-05") and
    personne(u) and
    a.etat = "en_attente" and
    a.est_referent = false and
    a.compte_id = u.id;

# --- Valider, refuser
# Le référent accepte une demande faite à sa structure (R-007, R-023).
allow(u: Utilisateur, "valider", a: Affiliation) if
    regle("AFF-06") and
    personne(u) and
    u.est_referent = true and
    a.etat = "en_attente" and
    a.structure_id = u.structure_id;

# Le gestionnaire accepte la demande faite à une structure qui n'a pas de référent (R-006).
allow(u: Utilisateur, "valider", a: Affiliation) if
    regle("AFF-07") and
    gestionnaire(u) and
    a.etat = "en_attente" and
    a.structure.a_un_referent = false;

# Le référent refuse une demande faite à sa structure (R-023).
allow(u: Utilisateur, "refuser", a: Affiliation) if
    regle("AFF-08") and
    personne(u) and
    u.est_referent = true and
    a.etat = "en_attente" and
    a.structure_id = u.structure_id;

# Le gestionnaire refuse la demande faite à une structure qui n'a pas de référent (R-006).
allow(u: Utilisateur, "refuser", a: Affiliation) if
    regle("AFF-09") and
    gestionnaire(u) and
    a.etat = "en_attente" and
    a.structure.a_un_referent = false;

# --- Détacher, nommer un référent
# Le référent détache un membre de sa structure (R-027, R-028).
allow(u: Utilisateur, "detacher", a: Affiliation) if
    regle("AFF-10") and
    personne(u) and
    u.est_referent = true and
    a.etat = "acceptee" and
    a.structure_id = u.structure_id;

# Le gestionnaire détache un membre de n'importe quelle structure (R-029).
allow(u: Utilisateur, "detacher", a: Affiliation) if
    regle("AFF-11") and
    gestionnaire(u) and
    a.etat = "acceptee";

# Le gestionnaire nomme un référent (R-006).
allow(u: Utilisateur, "nommer_referent", a: Affiliation) if
    regle("AFF-12") and
    gestionnaire(u) and
    a.etat = "acceptee";

# Le gestionnaire retire le rôle de référent (R-006).
allow(u: Utilisateur, "retirer_referent", a: Affiliation) if
    regle("AFF-13") and
    gestionnaire(u) and
    a.etat = "acceptee";

# --- Interdits (l'emportent sur tout le reste)
# Nul n'accepte sa propre demande (R-007).
interdit(u: Utilisateur, "valider", a: Affiliation) if
    regle("AFF-X1") and
    a.compte_id = u.id;

# Nul ne refuse sa propre demande (R-007).
interdit(u: Utilisateur, "refuser", a: Affiliation) if
    regle("AFF-X2") and
    a.compte_id = u.id;

# Nul ne détache son propre compte (R-029).
interdit(u: Utilisateur, "detacher", a: Affiliation) if
    regle("AFF-X3") and
    a.compte_id = u.id;

# Nul ne se nomme référent (R-006).
interdit(u: Utilisateur, "nommer_referent", a: Affiliation) if
    regle("AFF-X4") and
    a.compte_id = u.id;

# Nul ne se retire le rôle de référent (R-006).
interdit(u: Utilisateur, "retirer_referent", a: Affiliation) if
    regle("AFF-X5") and
    a.compte_id = u.id;
