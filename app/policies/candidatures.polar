# CANDIDATURES, CONVOCATIONS, AVIS
# Qui écrit, valide, lit et juge une candidature. Guides : G0, G2.
# Prouvé : INV-1 of_catalogue n'en voit aucune ; INV-3 un niveau 1 ne valide jamais ;
# INV-6 nul profil ne valide et ne juge, nul compte ne juge ce qu'il a écrit ou validé.
# Tableau : docs/matrice.md   Cas : candidatures.cas.yaml   Doctrine : docs/droits.md

permissions("Candidature", [
    "lire", "creer", "recevoir", "modifier", "supprimer", "restaurer", "dupliquer",
    "soumettre", "valider", "annuler",
    "convoquer", "rendre_avis", "refuser", "reporter_point", "rejeter", "corriger_avis",
    "rappeler", "expirer", "constater", "annoncer", "purger"
]);
permissions("Convocation", ["lire", "modifier"]);
permissions("Avis", ["lire", "modifier"]);

# --- Vocabulaire
# Son auteur, sous un droit de prescripteur de la structure qui la porte (R-037, R-039).
est_auteur(u: Utilisateur, c: Candidature) if
    prescripteur(u) and
    c.auteur_id = u.id and
    c.structure_prescriptrice_id = u.structure_id;

# Un niveau 3 de la structure, sauf si l'auteur en est lui-même un aujourd'hui (R-040, C-17).
encadre(u: Utilisateur, c: Candidature) if
    u.profil = "prescripteur_n3" and
    c.auteur_est_n3 = false and
    c.structure_prescriptrice_id = u.structure_id;

# L'auteur, ou un niveau 3 qui l'encadre.
suit(u: Utilisateur, c: Candidature) if est_auteur(u, c);
suit(u: Utilisateur, c: Candidature) if encadre(u, c);

# Un organisme qui a un rôle sur la session, par qui recrute pour lui (R-146).
juge(u: Utilisateur, c: Candidature) if
    recrute(u) and
    a_un_role(u, c);

a_un_role(u: Utilisateur, c: Candidature) if c.responsable_id = u.structure_id;
a_un_role(u: Utilisateur, c: Candidature) if c.positionneur_id = u.structure_id;
a_un_role(u: Utilisateur, c: Candidature) if c.formateur_id = u.structure_id;

# Qui a écrit ou validé la candidature en est partie, sous quelque profil que ce soit (C-31).
est_partie(u: Utilisateur, c: Candidature) if c.auteur_id = u.id;
est_partie(u: Utilisateur, c: Candidature) if c.validee_par_id = u.id;

# Les états que l'organisme de formation voit : les onglets de R-150, et aucun autre.
transmise("en_attente_avis");
transmise("retenue");
transmise("non_retenue");
transmise("avis_non_transmis");
transmise("refus_session_complete");
transmise("refus_session_annulee");

# Les états que les partenaires voient : en attente d'avis, et ce qui vient après.
partagee(etat) if transmise(etat);
partagee("annulee");
partagee("rejetee");

# Ce qui s'écrit encore : rien n'est validé.
en_preparation("brouillon");
en_preparation("en_attente_validation");

# --- Lire
# Son auteur lit sa candidature (R-100).
allow(u: Utilisateur, "lire", c: Candidature) if
    regle("CAN-01") and
    est_auteur(u, c);

# Un niveau 3 lit celles de sa structure, sauf celles d'un autre niveau 3 (R-040, C-17).
allow(u: Utilisateur, "lire", c: Candidature) if
    regle("CAN-02") and
    encadre(u, c);

# Le gestionnaire lit toutes les candidatures (R-112).
allow(u: Utilisateur, "lire", _c: Candidature) if
    regle("CAN-03") and
    gestionnaire(u);

# Qui recrute lit les candidatures transmises aux sessions où il a un rôle (R-146, R-150).
allow(u: Utilisateur, "lire", c: Candidature) if
    regle("CAN-04") and
    juge(u, c) and
    transmise(c.etat);

# Le HUB Agora lit ce que la Région finance (R-118, R-121).
allow(u: Utilisateur, "lire", c: Candidature) if
    regle("CAN-05") and
    u.profil = "candidatures_region" and
    c.est_financee_region = true and
    partagee(c.etat);

# France Travail lit les candidatures des personnes qui y sont inscrites (R-120, R-122).
allow(u: Utilisateur, "lire", c: Candidature) if
    regle("CAN-06") and
    u.profil = "candidatures_france_travail" and
    c.est_inscrit_france_travail = true and
    partagee(c.etat);

# --- Créer
# Un prescripteur propose une personne qu'il peut lire sur une session qui lui est ouverte (R-099).
allow(u: Utilisateur, "creer", c: Candidature) if
    regle("CAN-07") and
    est_auteur(u, c) and
    c.etat = "brouillon" and
    c.origine = "rafaelpro" and
    c.cree_le = u.maintenant and
    allow(u, "candidater", c.session) and
    deja_lisible(u, c.candidat);

# La personne est lisible sans que la candidature que l'on écrit compte elle-même (C-28).
# Elle est un brouillon de l'instant : toute autre en diffère par l'état ou par l'heure.
deja_lisible(u: Utilisateur, c: Candidat) if c.createur_structure_id = u.structure_id;
deja_lisible(u: Utilisateur, c: Candidat) if trouvee(u, c);
deja_lisible(u: Utilisateur, c: Candidat) if
    k in c.candidatures and
    k.structure_prescriptrice_id = u.structure_id and
    k.cree_le < u.maintenant;
deja_lisible(u: Utilisateur, c: Candidat) if
    k in c.candidatures and
    k.structure_prescriptrice_id = u.structure_id and
    k.etat != "brouillon";

# France Travail transmet une candidature faite dans ses outils (R-096, R-122, C-32).
allow(u: Utilisateur, "recevoir", c: Candidature) if
    regle("CAN-08") and
    u.profil = "candidatures_france_travail" and
    c.etat = "en_attente_avis" and
    c.origine = "france_travail" and
    c.auteur_id = nil;

# CMaFormation transmet une candidature libre (R-125, C-32).
allow(u: Utilisateur, "recevoir", c: Candidature) if
    regle("CAN-09") and
    u.profil = "candidatures_libre" and
    c.etat = "en_attente_avis" and
    c.origine = "cmaformation" and
    c.auteur_id = nil;

# --- Écrire
# L'auteur ou son niveau 3 modifie une candidature que personne n'a validée (R-106, C-15).
allow(u: Utilisateur, "modifier", c: Candidature) if
    regle("CAN-10") and
    suit(u, c) and
    en_preparation(c.etat);

# L'auteur ou son niveau 3 met à la corbeille une candidature non validée (R-037, C-15).
allow(u: Utilisateur, "supprimer", c: Candidature) if
    regle("CAN-11") and
    suit(u, c) and
    en_preparation(c.etat);

# L'auteur ou son niveau 3 sort une candidature de la corbeille (C-11).
allow(u: Utilisateur, "restaurer", c: Candidature) if
    regle("CAN-12") and
    suit(u, c) and
    c.etat = "corbeille";

# L'auteur recommence à partir d'une candidature qui n'a pas abouti (C-07).
allow(u: Utilisateur, "dupliquer", c: Candidature) if
    regle("CAN-13") and
    est_auteur(u, c) and
    c.etat in ["expiree", "annulee", "rejetee"];

# --- Soumettre, valider, annuler
# Un niveau 1 soumet son brouillon à un niveau 3 (R-037, R-104).
allow(u: Utilisateur, "soumettre", c: Candidature) if
    regle("CAN-14") and
    u.profil = "prescripteur_n1" and
    est_auteur(u, c) and
    c.etat = "brouillon";

# Un niveau 2 valide son propre brouillon (R-039, R-103).
allow(u: Utilisateur, "valider", c: Candidature) if
    regle("CAN-15") and
    u.profil = "prescripteur_n2" and
    est_auteur(u, c) and
    c.etat = "brouillon";

# Un niveau 3 valide ses propres candidatures (R-040, R-103).
allow(u: Utilisateur, "valider", c: Candidature) if
    regle("CAN-16") and
    u.profil = "prescripteur_n3" and
    est_auteur(u, c) and
    en_preparation(c.etat);

# Un niveau 3 valide celles de sa structure qu'aucun autre niveau 3 n'a écrites (R-038, R-040).
allow(u: Utilisateur, "valider", c: Candidature) if
    regle("CAN-17") and
    encadre(u, c) and
    en_preparation(c.etat);

# L'auteur ou son niveau 3 annule une candidature qui attend un avis (R-107, R-108).
allow(u: Utilisateur, "annuler", c: Candidature) if
    regle("CAN-18") and
    suit(u, c) and
    c.etat = "en_attente_avis";

# Le gestionnaire annule, en disant pourquoi, une candidature qui attend un avis (C-32).
allow(u: Utilisateur, "annuler", c: Candidature) if
    regle("CAN-19") and
    gestionnaire(u) and
    c.etat = "en_attente_avis";

# --- Juger
# Qui recrute pour un organisme de la session y convoque les personnes (R-155, R-156).
allow(u: Utilisateur, "convoquer", c: Candidature) if
    regle("CAN-20") and
    juge(u, c) and
    c.etat = "en_attente_avis";

# Qui recrute pour un organisme de la session y rend l'avis (R-161, R-160).
allow(u: Utilisateur, "rendre_avis", c: Candidature) if
    regle("CAN-21") and
    juge(u, c) and
    c.etat = "en_attente_avis";

# Qui recrute pour un organisme de la session refuse quand elle est complète (R-168, C-10).
allow(u: Utilisateur, "refuser", c: Candidature) if
    regle("CAN-22") and
    juge(u, c) and
    c.etat = "en_attente_avis";

# Le gestionnaire refuse quand la session est complète ou annulée (R-168, R-169, C-10).
allow(u: Utilisateur, "refuser", c: Candidature) if
    regle("CAN-23") and
    gestionnaire(u) and
    c.etat = "en_attente_avis";

# Qui recrute pour un organisme de la session reporte au point d'entrée suivant (C-25, R-074).
allow(u: Utilisateur, "reporter_point", c: Candidature) if
    regle("CAN-24") and
    juge(u, c) and
    c.etat = "en_attente_avis";

# Le gestionnaire rejette une candidature qui porte une anomalie (R-112).
allow(u: Utilisateur, "rejeter", c: Candidature) if
    regle("CAN-25") and
    gestionnaire(u) and
    c.etat = "en_attente_avis";

# Un partenaire rejette une candidature qu'il lit et qui porte une anomalie (R-114).
allow(u: Utilisateur, "rejeter", c: Candidature) if
    regle("CAN-26") and
    portee_de_lecture(u) and
    c.etat = "en_attente_avis" and
    allow(u, "lire", c);

# Le gestionnaire corrige, en disant pourquoi, un avis rendu par erreur (C-24).
allow(u: Utilisateur, "corriger_avis", c: Candidature) if
    regle("CAN-27") and
    gestionnaire(u) and
    c.etat in ["retenue", "non_retenue"];

# --- Interdits (l'emportent sur tout le reste)
# Qui a soumis une candidature ne la valide pas, fût-ce sous un niveau 3 prêté (C-31, R-038).
interdit(u: Utilisateur, "valider", c: Candidature) if
    regle("CAN-X1") and
    c.soumise_par_id = u.id;

# Nul ne convoque pour une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "convoquer", c: Candidature) if
    regle("CAN-X2") and
    est_partie(u, c);

# Nul ne rend l'avis sur une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "rendre_avis", c: Candidature) if
    regle("CAN-X3") and
    est_partie(u, c);

# Nul ne refuse une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "refuser", c: Candidature) if
    regle("CAN-X4") and
    est_partie(u, c);

# Nul ne reporte une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "reporter_point", c: Candidature) if
    regle("CAN-X5") and
    est_partie(u, c);

# Nul ne corrige l'avis d'une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "corriger_avis", c: Candidature) if
    regle("CAN-X6") and
    est_partie(u, c);

# --- Champs
# L'auteur ou son niveau 3 remplit le formulaire, et rien d'autre (R-090, R-091).
allow_field(u: Utilisateur, "modifier", c: Candidature, champ) if
    regle("CAN-F1") and
    champ in [
        "point_entree_id", "est_inscrit_france_travail", "niveau_formation", "situation",
        "parcours_anterieur", "raisons", "suites_parcours", "envoyer_recapitulatif"
    ] and
    suit(u, c);

# --- Les parties d'une candidature suivent leur tout
# Qui lit une candidature lit ses convocations (R-151, R-156).
allow(u: Utilisateur, "lire", k: Convocation) if
    regle("CVC-01") and
    allow(u, "lire", k.candidature);

# Qui convoque note ce qu'il en est advenu (R-156).
allow(u: Utilisateur, "modifier", k: Convocation) if
    regle("CVC-02") and
    allow(u, "convoquer", k.candidature);

# Nul ne touche aux convocations d'une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "modifier", k: Convocation) if
    regle("CVC-X1") and
    est_partie(u, k.candidature);

# Qui lit une candidature lit son avis et ce qui l'accompagne (R-166).
allow(u: Utilisateur, "lire", a: Avis) if
    regle("AVI-01") and
    allow(u, "lire", a.candidature);

# Qui corrige l'avis d'une candidature le modifie (C-24, R-165).
allow(u: Utilisateur, "modifier", a: Avis) if
    regle("AVI-02") and
    allow(u, "corriger_avis", a.candidature);

# Nul ne corrige l'avis d'une candidature qu'il a écrite ou validée (C-31).
interdit(u: Utilisateur, "modifier", a: Avis) if
    regle("AVI-X1") and
    est_partie(u, a.candidature);
