# SESSIONS, ET CE QUI LES COMPOSE
# Qui lit, règle, annule et supprime une session, et qui y candidate. Guides : G0, G1, G2.
# Une session est publiée quand son état l'est et que son action est en ligne.
# Prouvé : INV-4 rien d'une autre structure, hors les sessions où la sienne a un rôle.
# Tableau : docs/matrice.md   Cas : sessions.cas.yaml   Doctrine : docs/droits.md

permissions("SessionFormation", [
    "lire", "lire_details", "modifier", "dupliquer", "regler_ouverture", "modifier_dates",
    "annuler", "supprimer", "demander_suppression", "decider_suppression", "candidater",
    "suivre", "suivre_dates", "recevoir", "exporter", "lire_retrait"
]);
permissions("PointEntree", ["lire", "modifier"]);
permissions("Reunion", ["lire", "modifier"]);
permissions("SessionCertification", ["lire", "modifier"]);

# --- Vocabulaire
# Ce que tout le monde voit : publiée, en demande de suppression, ou annulée, action en ligne.
est_publiee(s: SessionFormation) if
    s.etat in ["publiee", "suppression_demandee", "annulee"] and
    s.action_en_ligne = true;

# La structure de l'acteur tient un des trois rôles sur la session (R-146).
intervient(u: Utilisateur, s: SessionFormation) if s.responsable_id = u.structure_id;
intervient(u: Utilisateur, s: SessionFormation) if est_formateur_ou_positionneur(u, s);

est_formateur_ou_positionneur(u: Utilisateur, s: SessionFormation) if
    s.formateur_id = u.structure_id;
est_formateur_ou_positionneur(u: Utilisateur, s: SessionFormation) if
    s.positionneur_id = u.structure_id;

# L'organisme responsable, par qui tient son catalogue (R-016).
tient_session(u: Utilisateur, s: SessionFormation) if
    tient_catalogue(u) and
    s.responsable_id = u.structure_id;

# Une session conventionnée où l'on recrute (R-033, R-146).
recrute_sur(u: Utilisateur, s: SessionFormation) if
    recrute(u) and
    s.est_conventionnee = true and
    intervient(u, s);

# Une session conventionnée publiée, que rien n'a annulée.
est_ouvrable(s: SessionFormation) if
    s.etat in ["publiee", "suppression_demandee"] and
    s.est_conventionnee = true and
    s.action_en_ligne = true;

# Ce qui se modifie encore : ni annulé (R-169), ni supprimé (R-249).
est_vive("brouillon");
est_vive("publiee");
est_vive("suppression_demandee");

# Ce qui se duplique : une session annulée aussi (R-245).
est_duplicable(etat) if est_vive(etat);
est_duplicable("annulee");

# --- Lire
# Chacun lit une session publiée (R-047, R-062).
allow(_u: Visiteur, "lire", s: SessionFormation) if
    regle("SES-01") and
    est_publiee(s);

# Qui tient le catalogue du responsable lit ses sessions dans tous leurs états (R-170, R-248).
allow(u: Utilisateur, "lire", s: SessionFormation) if
    regle("SES-02") and
    tient_session(u, s);

# Qui recrute lit, dans tous leurs états, les sessions conventionnées où il a un rôle (R-142).
allow(u: Utilisateur, "lire", s: SessionFormation) if
    regle("SES-03") and
    recrute_sur(u, s);

# Le gestionnaire lit toutes les sessions (R-191).
allow(u: Utilisateur, "lire", _s: SessionFormation) if
    regle("SES-04") and
    gestionnaire(u);

# Il faut un compte pour lire les détails d'une session publiée (R-001).
allow(u: Utilisateur, "lire_details", s: SessionFormation) if
    regle("SES-05") and
    lit_le_detail(u) and
    est_publiee(s);

# Qui tient le catalogue du responsable lit les détails de ses sessions (R-220).
allow(u: Utilisateur, "lire_details", s: SessionFormation) if
    regle("SES-06") and
    tient_session(u, s);

# Qui recrute lit les détails des sessions conventionnées où il a un rôle (R-149).
allow(u: Utilisateur, "lire_details", s: SessionFormation) if
    regle("SES-07") and
    recrute_sur(u, s);

# Le gestionnaire lit les détails de toutes les sessions (R-191).
allow(u: Utilisateur, "lire_details", _s: SessionFormation) if
    regle("SES-08") and
    gestionnaire(u);

# --- Modifier, dupliquer
# Le responsable modifie une session là où il a la main, hors offre conventionnée (R-188, R-130).
allow(u: Utilisateur, "modifier", s: SessionFormation) if
    regle("SES-09") and
    tient_session(u, s) and
    s.est_conventionnee = false and
    est_vive(s.etat) and
    main_organisme(s.action.etat);

# Le gestionnaire modifie la session de toute action qui n'est pas retirée (R-191).
allow(u: Utilisateur, "modifier", s: SessionFormation) if
    regle("SES-10") and
    gestionnaire(u) and
    est_vive(s.etat) and
    main_gestionnaire(s.action.etat);

# Le responsable duplique une session là où il a la main, hors offre conventionnée (R-245).
allow(u: Utilisateur, "dupliquer", s: SessionFormation) if
    regle("SES-11") and
    tient_session(u, s) and
    s.est_conventionnee = false and
    est_duplicable(s.etat) and
    main_organisme(s.action.etat);

# Le gestionnaire duplique la session de toute action qui n'est pas retirée (R-245).
allow(u: Utilisateur, "dupliquer", s: SessionFormation) if
    regle("SES-12") and
    gestionnaire(u) and
    est_duplicable(s.etat) and
    main_gestionnaire(s.action.etat);

# Tout autre changement de dates et les points d'entrée passent par le gestionnaire (C-01, R-240).
allow(u: Utilisateur, "modifier_dates", s: SessionFormation) if
    regle("SES-13") and
    gestionnaire(u) and
    est_vive(s.etat);

# --- Suivre une source
# Le responsable suit, par un fichier, ses sessions annulées aussi, là où il a la main (R-188).
allow(u: Utilisateur, "suivre", s: SessionFormation) if
    regle("SES-26") and
    tient_session(u, s) and
    s.est_conventionnee = false and
    main_organisme(s.action.etat);

# Le gestionnaire suit la session de toute action qui n'est pas retirée (R-191).
allow(u: Utilisateur, "suivre", s: SessionFormation) if
    regle("SES-27") and
    gestionnaire(u) and
    main_gestionnaire(s.action.etat);

# D'une source, seul le gestionnaire suit les dates et les points d'entrée (C-01, R-240).
allow(u: Utilisateur, "suivre_dates", _s: SessionFormation) if
    regle("SES-28") and
    gestionnaire(u);

# --- Ouvrir aux candidatures
# Un droit d'OF, là où sa structure a un rôle, règle l'ouverture aux candidatures (C-20, R-134).
allow(u: Utilisateur, "regler_ouverture", s: SessionFormation) if
    regle("SES-14") and
    gere_un_of(u) and
    est_ouvrable(s) and
    intervient(u, s);

# Le gestionnaire règle l'ouverture de toute session conventionnée publiée (R-098).
allow(u: Utilisateur, "regler_ouverture", s: SessionFormation) if
    regle("SES-15") and
    gestionnaire(u) and
    est_ouvrable(s);

# --- Annuler, supprimer
# Le gestionnaire annule une session pour le compte du financeur (R-169).
allow(u: Utilisateur, "annuler", s: SessionFormation) if
    regle("SES-16") and
    gestionnaire(u) and
    s.etat in ["publiee", "suppression_demandee"];

# Le responsable supprime sa session, hors offre conventionnée (R-249, C-02).
allow(u: Utilisateur, "supprimer", s: SessionFormation) if
    regle("SES-17") and
    tient_session(u, s) and
    s.est_conventionnee = false and
    s.etat in ["brouillon", "publiee", "annulee"];

# Le gestionnaire supprime toute session (R-249, C-02).
allow(u: Utilisateur, "supprimer", s: SessionFormation) if
    regle("SES-18") and
    gestionnaire(u) and
    s.etat in ["brouillon", "publiee", "annulee"];

# Le responsable demande la suppression d'une session publiée, hors conventionnée (R-250, C-02).
allow(u: Utilisateur, "demander_suppression", s: SessionFormation) if
    regle("SES-19") and
    tient_session(u, s) and
    s.est_conventionnee = false and
    s.etat = "publiee";

# Le gestionnaire accepte ou refuse la suppression demandée (R-250).
allow(u: Utilisateur, "decider_suppression", s: SessionFormation) if
    regle("SES-20") and
    gestionnaire(u) and
    s.etat = "suppression_demandee";

# --- Candidater
# Un prescripteur propose des candidats sur une session conventionnée publiée (R-036, R-099).
allow(u: Utilisateur, "candidater", s: SessionFormation) if
    regle("SES-21") and
    prescripteur(u) and
    s.etat = "publiee" and
    s.est_conventionnee = true and
    s.action_en_ligne = true;

# Un partenaire transmet une candidature faite ailleurs, sur une session conventionnée (C-32).
allow(u: Utilisateur, "recevoir", s: SessionFormation) if
    regle("SES-24") and
    u.profil in ["candidatures_france_travail", "candidatures_libre"] and
    s.etat = "publiee" and
    s.est_conventionnee = true and
    s.action_en_ligne = true;

# --- Exporter
# Le partenaire admis à lire l'offre reçoit les sessions publiées que rien n'annule (R-193).
allow(u: Utilisateur, "exporter", s: SessionFormation) if
    regle("SES-22") and
    u.profil = "offre_lire" and
    s.etat in ["publiee", "suppression_demandee"] and
    s.action_en_ligne = true;

# Il apprend, par son seul numéro, celles qui sont annulées ou supprimées (R-193).
allow(u: Utilisateur, "lire_retrait", s: SessionFormation) if
    regle("SES-23") and
    u.profil = "offre_lire" and
    s.etat in ["annulee", "supprimee"] and
    s.action_en_ligne = true;

# --- Champs lus
# Chacun lit d'une session ses dates, son lieu et comment y candidater (R-062, R-220).
allow_field(_u: Visiteur, "lire", _s: SessionFormation, champ) if
    regle("SES-F1") and
    champ in [
        "id", "numero_carif", "source", "numero_source", "action_id", "etat",
        "responsable_id", "formateur_id", "positionneur_id",
        "est_conventionnee", "est_hsp", "est_financee_region", "action_en_ligne",
        "date_debut", "date_fin", "date_debut_initiale", "type_entree", "voie_acces",
        "annees_apprentissage", "modalite", "heures_centre", "heures_entreprise", "heures_total",
        "lieu_nom", "lieu_voie", "lieu_code_postal", "lieu_ville", "lieu_code_insee",
        "lieu_departement", "commentaire", "modalites_recrutement", "mode_candidature",
        "date_limite_inscription", "date_entree_tardive",
        "inscriptions_jusqu_au", "annulable_jusqu_au",
        "publiee_le", "cree_le", "modifiee_le"
    ];

# Il faut un compte pour lire contacts, places et nombres d'une session (R-001, R-071).
allow_field(u: Utilisateur, "lire", _s: SessionFormation, champ) if
    regle("SES-F2") and
    lit_le_detail(u) and
    champ in [
        "contact_nom", "contact_telephone", "contact_courriel", "referent_handicap",
        "capacite_accueil", "coefficient", "ratio_suite_parcours",
        "places_possibles", "places_prises", "est_complete", "motif_annulation"
    ];

# Le responsable lit pourquoi la suppression de sa session est demandée (R-250).
allow_field(u: Utilisateur, "lire", s: SessionFormation, "motif_suppression") if
    regle("SES-F3") and
    tient_session(u, s);

# Le gestionnaire lit pourquoi la suppression d'une session est demandée (R-250).
allow_field(u: Utilisateur, "lire", _s: SessionFormation, "motif_suppression") if
    regle("SES-F4") and
    gestionnaire(u);

# --- Champs modifiés
# Le responsable remplit le formulaire de session, hors offre conventionnée (R-188, R-197).
allow_field(u: Utilisateur, "modifier", s: SessionFormation, champ) if
    regle("SES-F5") and
    formulaire_session(champ) and
    tient_session(u, s) and
    s.est_conventionnee = false;

# Le responsable ne choisit les dates que d'une session encore en brouillon (R-240, C-01).
allow_field(u: Utilisateur, "modifier", s: SessionFormation, champ) if
    regle("SES-F6") and
    champ in ["date_debut", "date_fin"] and
    tient_session(u, s) and
    s.est_conventionnee = false and
    s.etat = "brouillon";

# Tout droit d'OF ouvre et ferme la session conventionnée où il a un rôle (R-134, C-20).
allow_field(u: Utilisateur, "modifier", s: SessionFormation, champ) if
    regle("SES-F7") and
    gere_un_of(u) and
    champ in ["date_limite_inscription", "date_entree_tardive"] and
    s.est_conventionnee = true and
    intervient(u, s);

# Seuls catalogue et général y règlent le début, les places et le commentaire (C-20, R-137, R-139).
allow_field(u: Utilisateur, "modifier", s: SessionFormation, champ) if
    regle("SES-F8") and
    tient_catalogue(u) and
    champ in [
        "date_debut", "capacite_accueil", "coefficient", "ratio_suite_parcours", "commentaire"
    ] and
    s.est_conventionnee = true and
    intervient(u, s);

# Le gestionnaire modifie tous les champs d'une session (R-191, C-01).
allow_field(u: Utilisateur, "modifier", _s: SessionFormation, champ) if
    regle("SES-F9") and
    gestionnaire(u) and
    session_du_gestionnaire(champ);

formulaire_session("formateur_id");
formulaire_session("type_entree");
formulaire_session("voie_acces");
formulaire_session("annees_apprentissage");
formulaire_session("modalite");
formulaire_session("heures_centre");
formulaire_session("heures_entreprise");
formulaire_session("lieu_nom");
formulaire_session("lieu_voie");
formulaire_session("lieu_code_postal");
formulaire_session("lieu_ville");
formulaire_session("lieu_code_insee");
formulaire_session("lieu_departement");
formulaire_session("contact_nom");
formulaire_session("contact_telephone");
formulaire_session("contact_courriel");
formulaire_session("referent_handicap");
formulaire_session("commentaire");
formulaire_session("modalites_recrutement");

session_du_gestionnaire(champ) if formulaire_session(champ);
session_du_gestionnaire("date_debut");
session_du_gestionnaire("date_fin");
session_du_gestionnaire("positionneur_id");
session_du_gestionnaire("mode_candidature");
session_du_gestionnaire("date_limite_inscription");
session_du_gestionnaire("date_entree_tardive");
session_du_gestionnaire("capacite_accueil");
session_du_gestionnaire("coefficient");
session_du_gestionnaire("ratio_suite_parcours");

# --- Les parties d'une session suivent leur tout
# Les points d'entrée sont des détails de la session (R-001, R-069).
allow(u: Utilisateur, "lire", p: PointEntree) if
    regle("PTE-01") and
    allow(u, "lire_details", p.session);

# Les points d'entrée se changent avec les dates (C-01).
allow(u: Utilisateur, "modifier", p: PointEntree) if
    regle("PTE-02") and
    allow(u, "modifier_dates", p.session);

# Qui lit une session lit ses réunions d'information (R-242).
allow(u: Visiteur, "lire", r: Reunion) if
    regle("REU-01") and
    allow(u, "lire", r.session);

# Qui modifie une session en modifie les réunions d'information (R-242).
allow(u: Utilisateur, "modifier", r: Reunion) if
    regle("REU-02") and
    allow(u, "modifier", r.session);

# Qui lit une session lit ce qu'elle valide (R-229).
allow(u: Visiteur, "lire", k: SessionCertification) if
    regle("SCE-01") and
    allow(u, "lire", k.session);

# Qui modifie une session modifie ce qu'elle valide (R-231).
allow(u: Utilisateur, "modifier", k: SessionCertification) if
    regle("SCE-02") and
    allow(u, "modifier", k.session);
