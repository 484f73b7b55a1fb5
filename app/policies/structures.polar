# STRUCTURES, DEMANDES DE MODIFICATION
# Qui lit, déclare, valide et fait corriger une structure. Guide : G4. Garant : référent sécurité.
# Tableau : docs/matrice.md   Cas : structures.cas.yaml   Doctrine : docs/droits.md
permissions("Structure", [
    "lire", "declarer", "creer", "valider", "refuser", "modifier",
    "lire_membres", "exporter_membres", "lire_statistiques",
    "demander_modification", "demander_affiliation"
]);
permissions("DemandeModification", ["lire", "creer", "decider"]);

# --- Lire
# Chacun lit une structure validée, pour la trouver et s'y rattacher (R-004).
allow(_u: Visiteur, "lire", s: Structure) if
    regle("STR-01") and s.etat = "validee";
# Qui a déclaré une structure la lit pendant qu'elle attend (R-005).
allow(u: Utilisateur, "lire", s: Structure) if
    regle("STR-02") and personne(u) and s.etat = "a_valider" and s.declaree_par_id = u.id;
# Le gestionnaire lit, valide et refuse les structures à valider (R-005).
allow(u: Utilisateur, acte, s: Structure) if
    regle("STR-03") and acte in ["lire", "valider", "refuser"] and
    gestionnaire(u) and s.etat = "a_valider";
# Un membre lit la liste des membres de sa structure (R-022).
allow(u: Utilisateur, "lire_membres", s: Structure) if
    regle("STR-04") and personne(u) and s.id = u.structure_id;
# Un organisme de formation lit les statistiques de sa structure (R-143).
allow(u: Utilisateur, "lire_statistiques", s: Structure) if
    regle("STR-05") and gere_un_of(u) and s.id = u.structure_id;
# Un prescripteur lit les statistiques de sa structure (R-101).
allow(u: Utilisateur, "lire_statistiques", s: Structure) if
    regle("STR-06") and prescripteur(u) and s.id = u.structure_id;

# --- Déclarer, corriger, rejoindre
# Un visiteur sans compte déclare la structure qu'il ne trouve pas dans la liste (R-005).
allow(_u: Visiteur, "declarer", s: Structure) if
    regle("STR-07") and s.etat = "a_valider" and s.declaree_par_id = nil;
# Un compte déclare, en son nom, la structure qu'il ne trouve pas dans la liste (R-005).
allow(u: Utilisateur, "declarer", s: Structure) if
    regle("STR-08") and personne(u) and s.etat = "a_valider" and s.declaree_par_id = u.id;
# Le gestionnaire crée la structure que nomme une offre ou une liste qu'il importe (R-005, R-128).
allow(u: Utilisateur, "creer", s: Structure) if
    regle("STR-09") and gestionnaire(u) and s.etat = "validee" and s.est_cap_metiers = false;
# Le gestionnaire corrige toute structure, lit et exporte ses membres, ses chiffres (R-022, R-031).
allow(u: Utilisateur, acte, _s: Structure) if
    regle("STR-10") and
    acte in ["modifier", "lire_membres", "exporter_membres", "lire_statistiques"] and
    gestionnaire(u);
# Le référent exporte les membres de sa structure, et demande à la modifier (R-030, R-031).
allow(u: Utilisateur, acte, s: Structure) if
    regle("STR-11") and acte in ["exporter_membres", "demander_modification"] and
    referent(u) and s.id = u.structure_id;
# Tout compte demande à rejoindre une structure qu'il peut lire (R-010).
allow(u: Utilisateur, "demander_affiliation", s: Structure) if
    regle("STR-12") and personne(u) and allow(u, "lire", s);

# --- Champs
# Chacun lit l'identité et l'adresse d'une structure (R-004).
allow_field(_u: Visiteur, "lire", _s: Structure, champ) if
    regle("STR-F1") and champ in [
        "id", "raison_sociale", "sigle", "siret", "siren", "numero_activite",
        "voie", "code_postal", "ville", "departement",
        "est_organisme_formation", "est_habilitee_prescrire", "est_cap_metiers",
        "est_qualiopi_apprentissage", "etat", "a_un_referent",
        "source", "numero_source", "texte_recherche", "cree_le", "modifiee_le"
    ];
# Il faut un compte pour lire le téléphone et l'adresse e-mail d'une structure (R-001, R-080).
allow_field(u: Utilisateur, "lire", _s: Structure, champ) if
    regle("STR-F2") and lit_le_detail(u) and champ in ["telephone", "courriel"];
# Le gestionnaire lit qui a déclaré une structure (R-005).
allow_field(u: Utilisateur, "lire", _s: Structure, "declaree_par_id") if
    regle("STR-F3") and gestionnaire(u);
# Qui a déclaré une structure lit que c'est lui (R-005).
allow_field(u: Utilisateur, "lire", s: Structure, "declaree_par_id") if
    regle("STR-F4") and personne(u) and s.declaree_par_id = u.id;

# --- Demandes de modification
# Les référents d'une structure lisent ce qui est demandé pour elle (R-031).
allow(u: Utilisateur, "lire", d: DemandeModification) if
    regle("DEM-01") and referent(u) and d.structure_id = u.structure_id;
# Le gestionnaire lit toutes les demandes de modification (R-031).
allow(u: Utilisateur, "lire", _d: DemandeModification) if
    regle("DEM-02") and gestionnaire(u);
# Le référent, et lui seul, demande en son nom la modification de sa structure (R-031).
allow(u: Utilisateur, "creer", d: DemandeModification) if
    regle("DEM-03") and referent(u) and
    d.etat = "en_attente" and d.auteur_id = u.id and d.structure_id = u.structure_id;
# Le gestionnaire applique ou refuse une demande qui attend (R-031).
allow(u: Utilisateur, "decider", d: DemandeModification) if
    regle("DEM-04") and gestionnaire(u) and d.etat = "en_attente";
