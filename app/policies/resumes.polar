# CANDIDATURES RESUMEES
# Ce qu'une structure sait des candidatures faites par les autres : la formation, les dates, l'état,
# les organismes ; jamais un texte libre, un commentaire d'avis ni l'identité d'un auteur (C-27).
# Une ressource à part, décidée par ses propres règles, sur les lignes des candidatures.
# Tableau : docs/matrice.md   Cas : resumes.cas.yaml   Doctrine : docs/droits.md

permissions("CandidatureResumee", ["lire"]);

# Les états qui se montrent : tous, sauf le brouillon et la corbeille (C-27).
se_montre("en_attente_validation");
se_montre("expiree");
se_montre(etat) if partagee(etat);

# Un prescripteur qui lit une personne en lit les candidatures, en résumé (R-086, C-27).
allow(u: Utilisateur, "lire", k: CandidatureResumee) if
    regle("CRE-01") and
    prescripteur(u) and
    se_montre(k.etat) and
    allow(u, "lire", k.candidat);

# Qui recrute et lit une personne en lit les candidatures, en résumé (R-154, C-27).
allow(u: Utilisateur, "lire", k: CandidatureResumee) if
    regle("CRE-02") and
    recrute(u) and
    se_montre(k.etat) and
    allow(u, "lire", k.candidat);

# Le gestionnaire lit le résumé des candidatures de toute personne (C-27).
allow(u: Utilisateur, "lire", k: CandidatureResumee) if
    regle("CRE-03") and
    gestionnaire(u) and
    se_montre(k.etat);
