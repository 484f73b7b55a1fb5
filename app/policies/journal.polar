# JOURNAL, ECHANGES, RECHERCHES ENREGISTREES, VERSIONS DE LA POLITIQUE
# Qui relit ce qui est arrivé. Un fait ne porte que des identifiants ; le nom de son auteur se lit
# par la règle des comptes.
# Tableau : docs/matrice.md   Cas : journal.cas.yaml   Doctrine : docs/droits.md

permissions("Fait", ["lire"]);
permissions("Sceau", ["lire", "poser"]);
permissions("Consultation", ["lire", "oublier"]);
permissions("Echange", ["lire", "rejouer", "repondre", "emettre"]);
permissions("RechercheEnregistree", ["lire", "creer", "modifier", "supprimer", "alerter"]);
permissions("VersionPolitique", ["lire", "lire_instruction", "noter"]);

# --- Vocabulaire
# Le fait ne parle ni d'une candidature ni d'un candidat.
ne_parle_de_personne(f: Fait) if
    f.candidature_id = nil and
    f.candidat_id = nil;

# Le message est adressé à HUB Agora, et c'est lui qui le demande (R-118).
est_des_siens(u: Utilisateur, e: Echange) if
    u.profil = "candidatures_region" and
    e.partenaire = "agora";

# Le message est adressé à France Travail, et c'est lui qui le demande (R-120).
est_des_siens(u: Utilisateur, e: Echange) if
    u.profil = "candidatures_france_travail" and
    e.partenaire = "france_travail";

# --- Le journal
# L'auditeur lit toutes les décisions, tous les accès et tous les actes (R-116, C-28).
allow(u: Utilisateur, "lire", _f: Fait) if
    regle("JRN-01") and
    u.profil = "auditeur";

# Le gestionnaire lit les actes qui touchent une action (R-191).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-02") and
    gestionnaire(u) and
    f.action_id != nil;

# Le gestionnaire lit les actes qui touchent une session (R-191).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-03") and
    gestionnaire(u) and
    f.session_id != nil;

# Le gestionnaire lit les actes qui touchent une personne (R-116, C-28).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-04") and
    gestionnaire(u) and
    f.candidat_id != nil;

# Le gestionnaire lit les actes qui touchent une candidature (R-112).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-05") and
    gestionnaire(u) and
    f.candidature_id != nil;

# Le gestionnaire lit les actes qui touchent une structure (R-005).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-06") and
    gestionnaire(u) and
    f.structure_concernee_id != nil;

# Le gestionnaire lit les actes qui touchent un compte (R-006).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-07") and
    gestionnaire(u) and
    f.compte_concerne_id != nil;

# Le référent lit les actes qui touchent les comptes de sa structure (R-019).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-08") and
    personne(u) and
    u.est_referent = true and
    ne_parle_de_personne(f) and
    f.compte_concerne_id != nil and
    f.structure_concernee_id = u.structure_id;

# Qui tient le catalogue du responsable lit les actes qui touchent ses actions (R-173).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-09") and
    ne_parle_de_personne(f) and
    tient_action(u, f.action);

# Qui tient le catalogue du responsable lit les actes qui touchent ses sessions (R-250).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-10") and
    ne_parle_de_personne(f) and
    tient_session(u, f.session);

# Qui recrute lit les actes qui touchent les sessions conventionnées où il a un rôle (R-146).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-11") and
    ne_parle_de_personne(f) and
    recrute_sur(u, f.session);

# Qui recrute pour le responsable lit les actes qui touchent ses actions conventionnées (R-126).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-12") and
    recrute(u) and
    ne_parle_de_personne(f) and
    f.session_id = nil and
    f.action.est_conventionnee = true and
    f.action.responsable_id = u.structure_id;

# L'auteur d'une candidature, ou son niveau 3, lit les actes qui la touchent (R-166).
allow(u: Utilisateur, "lire", f: Fait) if
    regle("JRN-13") and
    suit(u, f.candidature);

# D'un fait, qui le lit sait quoi, quand, sous quel profil, pour quelle structure (R-166, R-191).
allow_field(_u: Utilisateur, "lire", _f: Fait, champ) if
    regle("JRN-F1") and
    champ in [
        "id", "survenu_le", "nom", "profil", "structure_id", "action_id", "session_id",
        "candidat_id", "candidature_id", "structure_concernee_id", "compte_concerne_id", "donnees"
    ];

# Qui l'a fait, l'auditeur le lit par un identifiant, le gestionnaire aussi (R-116, C-28).
allow_field(u: Utilisateur, "lire", _f: Fait, champ) if
    regle("JRN-F2") and
    u.profil in ["auditeur", "gestionnaire"] and
    champ in ["compte_id", "pour_compte_id"];

# Qui l'a fait, le lit aussi qui peut lire son compte (R-191).
allow_field(u: Utilisateur, "lire", f: Fait, "compte_id") if
    regle("JRN-F3") and
    allow(u, "lire", f.compte);

# Au nom de qui, de même, quand le rôle était prêté (R-019).
allow_field(u: Utilisateur, "lire", f: Fait, "pour_compte_id") if
    regle("JRN-F4") and
    allow(u, "lire", f.pour_compte);

# --- Les sceaux du journal
# L'auditeur lit les sceaux, qui montrent que le journal n'a pas été réécrit (C-28).
allow(u: Utilisateur, "lire", _s: Sceau) if
    regle("JRN-14") and
    u.profil = "auditeur";

# --- Les consultations
# L'auditeur lit qui a consulté quelle fiche, par quelle règle (C-28).
allow(u: Utilisateur, "lire", _c: Consultation) if
    regle("CNS-01") and
    u.profil = "auditeur";

# Le gestionnaire lit qui a consulté la fiche d'une personne (C-28).
allow(u: Utilisateur, "lire", _c: Consultation) if
    regle("CNS-02") and
    gestionnaire(u);

# --- Échanges avec les partenaires
# Le gestionnaire lit les échanges avec les partenaires (R-118, R-119).
allow(u: Utilisateur, "lire", _e: Echange) if
    regle("ECH-01") and
    gestionnaire(u);

# Le gestionnaire rejoue un échange avec un partenaire (R-118, R-119).
allow(u: Utilisateur, "rejouer", _e: Echange) if
    regle("ECH-02") and
    gestionnaire(u);

# Qui suit une candidature sait où en sont les échanges à son sujet (R-118, R-119).
allow(u: Utilisateur, "lire", e: Echange) if
    regle("ECH-03") and
    suit(u, e.candidature);

# Un partenaire lit les échanges qu'il a eus au sujet d'une candidature qu'il lit (R-114, R-118).
allow(u: Utilisateur, "lire", e: Echange) if
    regle("ECH-04") and
    est_des_siens(u, e) and
    allow(u, "lire", e.candidature);

# Un partenaire répond au message qu'il a reçu (R-112, R-114).
allow(u: Utilisateur, "repondre", e: Echange) if
    regle("ECH-05") and
    est_des_siens(u, e) and
    e.sens = "sortant" and
    allow(u, "lire", e.candidature);

# Ce qu'un échange a d'une panne ne regarde que le gestionnaire (R-118).
allow_field(u: Utilisateur, "lire", _e: Echange, champ) if
    regle("ECH-F1") and
    gestionnaire(u) and
    champ in ["resultat", "nb_tentatives"];

# De l'échange, qui le lit sait vers qui, de quoi, quand, et où il en est (R-118, R-119).
allow_field(_u: Utilisateur, "lire", _e: Echange, champ) if
    regle("ECH-F2") and
    champ in [
        "id", "partenaire", "sens", "type_echange", "cle", "fait_id", "candidature_id", "etat",
        "cree_le", "derniere_tentative_le"
    ];

# --- Recherches enregistrées
# Chacun lit ses recherches, et les siennes seules (R-048).
allow(u: Utilisateur, "lire", r: RechercheEnregistree) if
    regle("REC-01") and
    personne(u) and
    r.compte_id = u.id;

# Chacun enregistre une recherche, pour lui seul (R-048).
allow(u: Utilisateur, "creer", r: RechercheEnregistree) if
    regle("REC-02") and
    personne(u) and
    r.compte_id = u.id;

# Chacun modifie ses recherches, et les siennes seules (R-048).
allow(u: Utilisateur, "modifier", r: RechercheEnregistree) if
    regle("REC-03") and
    personne(u) and
    r.compte_id = u.id;

# Chacun supprime ses recherches, et les siennes seules (R-048).
allow(u: Utilisateur, "supprimer", r: RechercheEnregistree) if
    regle("REC-04") and
    personne(u) and
    r.compte_id = u.id;

# --- La politique elle-même
# L'auditeur lit la politique, son tableau et ses conditions (R-032).
allow(u: Utilisateur, "lire", _v: VersionPolitique) if
    regle("VER-01") and
    u.profil = "auditeur";

# Le gestionnaire lit la politique, son tableau et ses conditions (R-032).
allow(u: Utilisateur, "lire", _v: VersionPolitique) if
    regle("VER-02") and
    gestionnaire(u);

# L'auditeur voit l'instruction SQL que sa lecture devient, avec les conditions qu'elle porte
# (R-032).
allow(u: Utilisateur, "lire_instruction", _v: VersionPolitique) if
    regle("VER-03") and
    u.profil = "auditeur";
