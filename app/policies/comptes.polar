# COMPTES, JETONS
# Qui lit et modifie un compte, et les jetons par lesquels il se connecte. Guide : G4.
# Un compte A_CONFIRMER ne se connecte pas : aucune règle ne parle de lui comme acteur.
# Tableau : docs/matrice.md   Cas : comptes.cas.yaml   Doctrine : docs/droits.md
permissions("Compte", ["lire", "creer", "modifier", "prevenir", "purger", "exporter"]);
permissions("Jeton", ["lire", "creer", "revoquer", "purger"]);

# --- Vocabulaire
# Le compte est membre de la structure au titre de laquelle on agit ; ou il demande à l'être.
collegue(u: Utilisateur, c: Compte) if
    a in c.affiliations and a.etat = "acceptee" and a.structure_id = u.structure_id;
postulant(u: Utilisateur, c: Compte) if
    a in c.affiliations and a.etat = "en_attente" and a.structure_id = u.structure_id;

# --- Lire, créer, modifier un compte
# Chacun lit son propre compte (R-014).
allow(u: Utilisateur, "lire", c: Compte) if
    regle("CPT-01") and c.id = u.id;
# Les membres d'une structure se lisent entre eux (R-022).
allow(u: Utilisateur, "lire", c: Compte) if
    regle("CPT-02") and lit_les_identites(u) and collegue(u, c);
# Le référent lit qui demande à rejoindre sa structure (R-007, R-023).
allow(u: Utilisateur, "lire", c: Compte) if
    regle("CPT-03") and lit_les_identites(u) and u.est_referent = true and postulant(u, c);
# Le gestionnaire lit tous les comptes, et sort ce que l'on sait de qui le demande (R-006).
allow(u: Utilisateur, acte, _c: Compte) if
    regle("CPT-04") and acte in ["lire", "exporter"] and gestionnaire(u);
# Qui lit une candidature lit qui l'a écrite (R-105, R-148).
allow(u: Utilisateur, "lire", c: Compte) if
    regle("CPT-05") and k in c.candidatures_ecrites and allow(u, "lire", k);
# Chacun crée le compte d'une personne, qui devra confirmer son adresse (R-008, R-009).
allow(_u: Visiteur, "creer", c: Compte) if
    regle("CPT-06") and c.etat = "a_confirmer" and c.nature = "personne";
# Le gestionnaire crée le compte du programme d'un partenaire (C-32).
allow(u: Utilisateur, "creer", c: Compte) if
    regle("CPT-07") and gestionnaire(u) and c.nature = "machine";
# Chacun modifie son propre compte, et emporte tout ce que l'on en sait (R-014).
allow(u: Utilisateur, acte, c: Compte) if
    regle("CPT-08") and acte in ["modifier", "exporter"] and personne(u) and c.id = u.id;

# --- Jetons
# Chacun lit et révoque ses propres jetons (R-002).
allow(u: Utilisateur, acte, j: Jeton) if
    regle("JTN-01") and acte in ["lire", "revoquer"] and personne(u) and j.compte_id = u.id;
# Chacun se donne un jeton, pour agir sous un autre de ses profils (R-018).
allow(u: Utilisateur, "creer", j: Jeton) if
    regle("JTN-02") and personne(u) and j.compte_id = u.id and j.portee = nil;
# Le gestionnaire lit et révoque les clés des partenaires (C-32).
allow(u: Utilisateur, acte, j: Jeton) if
    regle("JTN-03") and acte in ["lire", "revoquer"] and
    gestionnaire(u) and j.compte.nature = "machine";
# Le gestionnaire donne une clé au programme d'un partenaire (C-32).
allow(u: Utilisateur, "creer", j: Jeton) if
    regle("JTN-04") and gestionnaire(u) and j.compte.nature = "machine" and j.portee in [
        "offre_lire", "candidatures_region", "candidatures_france_travail", "candidatures_libre"
    ];

# --- Champs
# Qui lit un compte en lit le nom (R-022).
allow_field(_u: Utilisateur, "lire", _c: Compte, champ) if
    regle("CPT-F1") and champ in ["id", "nom", "prenom", "nature"];
# Chacun lit tout de son propre compte ; nul autre, son second facteur et son choix d'avis (R-014).
allow_field(u: Utilisateur, "lire", c: Compte, champ) if
    regle("CPT-F2") and c.id = u.id and
    champ in ["courriel", "telephone", "etat", "cree_le", "a_un_second_facteur", "envoi_avis"];
# Le référent lit les coordonnées des membres de sa structure, pour les joindre (R-019).
allow_field(u: Utilisateur, "lire", c: Compte, champ) if
    regle("CPT-F3") and lit_les_identites(u) and u.est_referent = true and
    coordonnee(champ) and collegue(u, c);
# Le référent lit les coordonnées de qui demande à rejoindre sa structure (R-023).
allow_field(u: Utilisateur, "lire", c: Compte, champ) if
    regle("CPT-F4") and lit_les_identites(u) and u.est_referent = true and
    coordonnee(champ) and postulant(u, c);
# Le gestionnaire lit les coordonnées de tous les comptes (R-006).
allow_field(u: Utilisateur, "lire", _c: Compte, champ) if
    regle("CPT-F5") and gestionnaire(u) and coordonnee(champ);
coordonnee(champ) if champ in ["courriel", "telephone", "etat", "cree_le"];
# Chacun change son adresse, son téléphone, et comment on le prévient (R-014, R-166).
allow_field(u: Utilisateur, "modifier", c: Compte, champ) if
    regle("CPT-F6") and personne(u) and c.id = u.id and
    champ in ["courriel", "telephone", "envoi_avis"];
# D'un jeton se lit tout, sauf l'empreinte qui le prouve (R-002).
allow_field(u: Utilisateur, "lire", j: Jeton, champ) if
    regle("JTN-F1") and personne(u) and j.compte_id = u.id and champ in [
        "id", "compte_id", "affiliation_id", "droit_accorde_id", "delegation_id", "portee",
        "cree_le", "expire_le", "revoque_le"
    ];
# De la clé d'un partenaire, le gestionnaire lit tout, sauf l'empreinte (C-32).
allow_field(u: Utilisateur, "lire", j: Jeton, champ) if
    regle("JTN-F2") and gestionnaire(u) and j.compte.nature = "machine" and champ in [
        "id", "compte_id", "portee", "prefixe", "vu_le", "cree_le", "expire_le", "revoque_le"
    ];
