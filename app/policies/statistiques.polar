# STATISTIQUES
# Ce que chacun compte : les candidatures validées, comme des nombres, sans nom ni texte ; une
# ressource à part, sur une vue. Entre structures, rien n'est dit de moins de dix personnes : ce qui
# se montre à tous est publié, arrondi, une fois.
# Tableau : docs/matrice.md   Cas : statistiques.cas.yaml   Doctrine : docs/droits.md

permissions("CandidatureComptee", ["lire"]);
permissions("StatistiquePubliee", ["lire", "creer"]);

# Un organisme de formation compte les candidatures des sessions où il a un rôle (R-143).
allow(u: Utilisateur, "lire", k: CandidatureComptee) if
    regle("STA-01") and
    gere_un_of(u) and
    y_a_un_role(u, k);

y_a_un_role(u: Utilisateur, k: CandidatureComptee) if k.responsable_id = u.structure_id;
y_a_un_role(u: Utilisateur, k: CandidatureComptee) if k.positionneur_id = u.structure_id;
y_a_un_role(u: Utilisateur, k: CandidatureComptee) if k.formateur_id = u.structure_id;

# Un prescripteur compte les candidatures de sa structure (R-101).
allow(u: Utilisateur, "lire", k: CandidatureComptee) if
    regle("STA-02") and
    prescripteur(u) and
    k.structure_prescriptrice_id = u.structure_id;

# Le gestionnaire les compte toutes (R-192).
allow(u: Utilisateur, "lire", _k: CandidatureComptee) if
    regle("STA-03") and
    gestionnaire(u);

# La Région compte ce qu'elle finance, par le HUB Agora (R-118, R-121).
allow(u: Utilisateur, "lire", k: CandidatureComptee) if
    regle("STA-04") and
    u.profil = "candidatures_region" and
    k.est_financee_region = true and
    partagee(k.etat);

# Chacun lit ce qui est publié : dix personnes au moins, des nombres arrondis (R-252).
allow(_u: Visiteur, "lire", _s: StatistiquePubliee) if
    regle("STA-05");
