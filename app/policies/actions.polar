# ACTIONS, ET CE QUI LES COMPOSE
# Qui lit, enrichit, contrôle et publie une action de formation. Guides : G1, G2.
# Les colonnes d'une action disent ce qui est publié ; ce qui attend est ailleurs (C-33).
# Prouvé : INV-6 nul profil ne confirme et ne publie ; INV-8 of_preinscription ne change rien.
# Tableau : docs/matrice.md   Cas : actions.cas.yaml   Doctrine : docs/droits.md

permissions("Action", [
    "lire", "lire_modification", "creer", "creer_conventionnee",
    "modifier", "confirmer", "archiver", "supprimer",
    "publier", "signaler", "lever_alerte", "republier",
    "dialoguer", "ajouter_session", "exporter", "lire_retrait"
]);
permissions("ActionCertification", ["lire", "modifier"]);
permissions("ActionModification", ["lire"]);

# --- Vocabulaire
# L'organisme responsable, par qui tient son catalogue (R-016).
tient_action(u: Utilisateur, a: Action) if
    tient_catalogue(u) and
    a.responsable_id = u.structure_id;

# Les états où son organisme a la main : les autres attendent Cap Métiers (R-178, R-190).
main_organisme("brouillon");
main_organisme("alerte");
main_organisme("publiee");

# Les états où le gestionnaire a la main (R-179).
main_gestionnaire("brouillon");
main_gestionnaire("creee");
main_gestionnaire("modifiee");
main_gestionnaire("en_attente_validation");
main_gestionnaire("en_attente_publication");
main_gestionnaire("alerte");
main_gestionnaire("publiee");

# Les états qui attendent un contrôle de Cap Métiers (R-175, R-176, R-126).
a_controler("creee");
a_controler("modifiee");
a_controler("en_attente_validation");
a_controler("en_attente_publication");

# --- Lire
# Chacun lit ce qui est en ligne (R-174).
allow(_u: Visiteur, "lire", a: Action) if
    regle("ACT-01") and
    a.est_en_ligne = true;

# Qui tient le catalogue du responsable lit ses actions dans tous leurs états (R-170).
allow(u: Utilisateur, "lire", a: Action) if
    regle("ACT-02") and
    tient_action(u, a);

# Qui recrute pour le responsable lit ses actions conventionnées dans tous leurs états (R-126).
allow(u: Utilisateur, "lire", a: Action) if
    regle("ACT-03") and
    recrute(u) and
    a.est_conventionnee = true and
    a.responsable_id = u.structure_id;

# Qui recrute pour un formateur ou un positionneur lit l'action conventionnée (R-126, R-146).
allow(u: Utilisateur, "lire", a: Action) if
    regle("ACT-04") and
    recrute(u) and
    a.est_conventionnee = true and
    s in a.sessions and
    est_formateur_ou_positionneur(u, s);

# Le gestionnaire lit toutes les actions (R-191).
allow(u: Utilisateur, "lire", _a: Action) if
    regle("ACT-05") and
    gestionnaire(u);

# Qui tient le catalogue du responsable lit ce qui attend sur ses actions (C-33).
allow(u: Utilisateur, "lire_modification", a: Action) if
    regle("ACT-06") and
    tient_action(u, a);

# Le gestionnaire lit ce qui attend sur toutes les actions (C-33, R-191).
allow(u: Utilisateur, "lire_modification", _a: Action) if
    regle("ACT-07") and
    gestionnaire(u);

# --- Créer
# Qui tient le catalogue y commence une action, hors offre conventionnée (R-124, R-177, R-198).
allow(u: Utilisateur, "creer", a: Action) if
    regle("ACT-08") and
    tient_action(u, a) and
    a.etat = "brouillon" and
    a.est_conventionnee = false;

# Le gestionnaire crée une action, à la main ou par import (R-170).
allow(u: Utilisateur, "creer", a: Action) if
    regle("ACT-09") and
    gestionnaire(u) and
    a.est_conventionnee = false;

# Seul le gestionnaire crée une action conventionnée, à la main ou par import (R-124, R-128).
allow(u: Utilisateur, "creer_conventionnee", a: Action) if
    regle("ACT-10") and
    gestionnaire(u) and
    a.est_conventionnee = true;

# --- Modifier, confirmer
# Le responsable modifie son action tant qu'elle n'attend pas Cap Métiers (R-016, R-187, R-190).
allow(u: Utilisateur, "modifier", a: Action) if
    regle("ACT-11") and
    tient_action(u, a) and
    main_organisme(a.etat);

# Le gestionnaire modifie toute action qui n'est pas retirée (R-191).
allow(u: Utilisateur, "modifier", a: Action) if
    regle("ACT-12") and
    gestionnaire(u) and
    main_gestionnaire(a.etat);

# Le responsable confirme ce qu'il a validé (R-189).
allow(u: Utilisateur, "confirmer", a: Action) if
    regle("ACT-13") and
    tient_action(u, a) and
    main_organisme(a.etat);

# --- Archiver, supprimer
# Le responsable archive son action publiée, hors offre conventionnée (R-178, R-183).
allow(u: Utilisateur, "archiver", a: Action) if
    regle("ACT-14") and
    tient_action(u, a) and
    a.etat = "publiee" and
    a.est_conventionnee = false;

# Le gestionnaire archive une action conventionnée publiée (R-126).
allow(u: Utilisateur, "archiver", a: Action) if
    regle("ACT-15") and
    gestionnaire(u) and
    a.etat = "publiee" and
    a.est_conventionnee = true;

# Le responsable supprime son brouillon ou son action publiée, hors offre conventionnée (R-183).
allow(u: Utilisateur, "supprimer", a: Action) if
    regle("ACT-16") and
    tient_action(u, a) and
    a.etat in ["brouillon", "publiee"] and
    a.est_conventionnee = false;

# Le gestionnaire supprime une action conventionnée publiée (R-126).
allow(u: Utilisateur, "supprimer", a: Action) if
    regle("ACT-17") and
    gestionnaire(u) and
    a.etat = "publiee" and
    a.est_conventionnee = true;

# --- Contrôler
# Le gestionnaire publie ce qui attend un contrôle (R-175, R-176, R-191).
allow(u: Utilisateur, "publier", a: Action) if
    regle("ACT-18") and
    gestionnaire(u) and
    a_controler(a.etat);

# Le gestionnaire demande un complément sur ce qui attend un contrôle (R-173).
allow(u: Utilisateur, "signaler", a: Action) if
    regle("ACT-19") and
    gestionnaire(u) and
    a_controler(a.etat);

# Le gestionnaire lève l'alerte qu'il a mise (R-173).
allow(u: Utilisateur, "lever_alerte", a: Action) if
    regle("ACT-20") and
    gestionnaire(u) and
    a.etat = "alerte";

# Seul le gestionnaire publie de nouveau ce qui a été retiré (R-179).
allow(u: Utilisateur, "republier", a: Action) if
    regle("ACT-21") and
    gestionnaire(u) and
    a.etat in ["archivee", "supprimee"];

# --- Dialoguer
# Le responsable écrit aux gestionnaires au sujet de son action (R-173).
allow(u: Utilisateur, "dialoguer", a: Action) if
    regle("ACT-22") and
    tient_action(u, a);

# Le gestionnaire écrit au responsable au sujet de son action (R-173).
allow(u: Utilisateur, "dialoguer", _a: Action) if
    regle("ACT-23") and
    gestionnaire(u);

# --- Ajouter une session
# Le responsable ajoute une session là où il a la main, hors offre conventionnée (R-219, R-246).
allow(u: Utilisateur, "ajouter_session", a: Action) if
    regle("ACT-24") and
    tient_action(u, a) and
    main_organisme(a.etat) and
    a.est_conventionnee = false;

# Le gestionnaire ajoute une session à toute action qui n'est pas retirée (R-128, R-246).
allow(u: Utilisateur, "ajouter_session", a: Action) if
    regle("ACT-25") and
    gestionnaire(u) and
    main_gestionnaire(a.etat);

# --- Exporter
# Le partenaire admis à lire l'offre reçoit ce qui est en ligne (R-193).
allow(u: Utilisateur, "exporter", a: Action) if
    regle("ACT-26") and
    u.profil = "offre_lire" and
    a.est_en_ligne = true;

# Il apprend, par son seul numéro, ce qui a été retiré (R-193).
allow(u: Utilisateur, "lire_retrait", a: Action) if
    regle("ACT-27") and
    u.profil = "offre_lire" and
    a.etat in ["archivee", "supprimee"];

# --- Champs lus
# Chacun lit le contenu d'une action (R-060, R-061).
allow_field(_u: Visiteur, "lire", _a: Action, champ) if
    regle("ACT-F1") and
    champ in [
        "id", "reference", "source", "numero_source", "responsable_id", "etat",
        "est_conventionnee", "dispositif", "financeur", "numero_marche", "mesure",
        "est_hsp", "est_financee_region", "intitule", "objectif", "programme", "le_plus",
        "objectif_general", "validations", "resultats_attendus", "conditions_acces",
        "prerequis", "lien_web", "formacodes", "premiere_publication_le", "publiee_le",
        "est_en_ligne", "cree_le", "modifiee_le", "mots_cherches", "libelles",
        "mots_elargis"
    ];

# Il faut un compte pour lire le contact d'une action (R-001, R-079).
allow_field(u: Utilisateur, "lire", _a: Action, champ) if
    regle("ACT-F2") and
    lit_le_detail(u) and
    contact_action(champ);

# Le responsable lit ce que les gestionnaires lui demandent (R-173).
allow_field(u: Utilisateur, "lire", a: Action, champ) if
    regle("ACT-F3") and
    champ in ["demande_complement", "etat_avant_alerte", "est_sans_reponse"] and
    tient_action(u, a);

# Le gestionnaire lit ce qui est demandé au responsable (R-173).
allow_field(u: Utilisateur, "lire", _a: Action, champ) if
    regle("ACT-F4") and
    champ in ["demande_complement", "etat_avant_alerte", "est_sans_reponse"] and
    gestionnaire(u);

# --- Champs modifiés
# Le responsable enrichit ces champs, que l'action soit conventionnée ou non (R-129, R-132).
allow_field(u: Utilisateur, "modifier", a: Action, champ) if
    regle("ACT-F5") and
    enrichi(champ) and
    tient_action(u, a);

# Hors offre conventionnée, le responsable modifie aussi le reste du formulaire (R-187, R-197).
allow_field(u: Utilisateur, "modifier", a: Action, champ) if
    regle("ACT-F6") and
    champ in [
        "intitule", "objectif_general", "validations", "resultats_attendus", "lien_web"
    ] and
    tient_action(u, a) and
    a.est_conventionnee = false;

# Le gestionnaire modifie tous les champs, Formacodes, responsable et marché compris (R-191, C-01).
allow_field(u: Utilisateur, "modifier", _a: Action, champ) if
    regle("ACT-F7") and
    gestionnaire(u) and
    du_gestionnaire(champ);

contact_action("contact_nom");
contact_action("contact_telephone");
contact_action("contact_courriel");

enrichi(champ) if contact_action(champ);
enrichi("le_plus");
enrichi("objectif");
enrichi("programme");
enrichi("conditions_acces");
enrichi("prerequis");

du_gestionnaire(champ) if enrichi(champ);
du_gestionnaire("intitule");
du_gestionnaire("objectif_general");
du_gestionnaire("validations");
du_gestionnaire("resultats_attendus");
du_gestionnaire("lien_web");
du_gestionnaire("formacodes");
du_gestionnaire("responsable_id");
du_gestionnaire("dispositif");
du_gestionnaire("financeur");
du_gestionnaire("numero_marche");
du_gestionnaire("mesure");

# --- Les parties d'une action suivent leur tout
# Qui lit une action lit les certifications qu'elle prépare (R-209).
allow(u: Visiteur, "lire", k: ActionCertification) if
    regle("ACC-01") and
    allow(u, "lire", k.action);

# Qui modifie une action en modifie les certifications, conventionnée ou non (R-132, R-209).
allow(u: Utilisateur, "modifier", k: ActionCertification) if
    regle("ACC-02") and
    allow(u, "modifier", k.action);

# Qui tient le catalogue du responsable lit ce qui attend un contrôle (C-33).
allow(u: Utilisateur, "lire", k: ActionModification) if
    regle("ACM-01") and
    tient_catalogue(u) and
    k.responsable_id = u.structure_id;

# Le gestionnaire lit tout ce qui attend un contrôle (C-33, R-191).
allow(u: Utilisateur, "lire", _k: ActionModification) if
    regle("ACM-02") and
    gestionnaire(u);
