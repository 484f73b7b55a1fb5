# CANDIDATS
# Qui cherche, inscrit, lit et corrige une personne ; qui voit son NIR. Guide : G0.
# Un candidat n'appartient à aucune structure : on le lit parce qu'un lien est écrit quelque part.
# Prouvé : INV-1 ; INV-2 nul autre que le gestionnaire ne lit un NIR ; INV-7 jamais un inconnu.
# Le profil que disent CAT-04 et CAT-05 ne ferme rien de plus : une consultation garde la règle qui
# l'a permise, et ne doit pas dire d'un partenaire qu'il recrute.
# Tableau : docs/matrice.md   Cas : candidats.cas.yaml   Doctrine : docs/droits.md

permissions("Candidat", [
    "lire", "creer", "recevoir", "modifier",
    "demander_nir", "ecrire_nir", "lire_nir",
    "fusionner", "defaire_fusion", "exporter", "effacer",
    "anonymiser", "rechiffrer_nir", "rapprocher"
]);
permissions("RechercheCandidat", ["lire", "creer", "oublier"]);
permissions("Rapprochement", ["lire", "ecarter"]);
permissions("AccesCandidat", ["lire", "creer"]);

# --- Chercher
# Un prescripteur cherche une personne, au titre de sa structure (R-081, R-082, C-28).
allow(u: Utilisateur, "creer", r: RechercheCandidat) if
    regle("RCA-01") and
    prescripteur(u) and
    r.compte_id = u.id and
    r.structure_id = u.structure_id;

# Le gestionnaire cherche une personne (C-28).
allow(u: Utilisateur, "creer", r: RechercheCandidat) if
    regle("RCA-02") and
    gestionnaire(u) and
    r.compte_id = u.id;

# Un prescripteur relit ses recherches : inscrire quelqu'un suppose de l'avoir cherché (R-081).
allow(u: Utilisateur, "lire", r: RechercheCandidat) if
    regle("RCA-03") and
    prescripteur(u) and
    r.compte_id = u.id;

# Le gestionnaire relit ses propres recherches (R-081).
allow(u: Utilisateur, "lire", r: RechercheCandidat) if
    regle("RCA-04") and
    gestionnaire(u) and
    r.compte_id = u.id;

# Une recherche exacte ouvre à la structure la personne trouvée, pour un temps (C-28).
allow(u: Utilisateur, "creer", a: AccesCandidat) if
    regle("ACA-01") and
    prescripteur(u) and
    a.compte_id = u.id and
    a.structure_id = u.structure_id;

# Un prescripteur lit les accès ouverts à sa structure (C-28).
allow(u: Utilisateur, "lire", a: AccesCandidat) if
    regle("ACA-02") and
    prescripteur(u) and
    a.structure_id = u.structure_id;

# Le gestionnaire lit tous les accès ouverts (C-28).
allow(u: Utilisateur, "lire", _a: AccesCandidat) if
    regle("ACA-03") and
    gestionnaire(u);

# --- Lire
# Un prescripteur lit les personnes que sa structure a inscrites (C-28).
allow(u: Utilisateur, "lire", c: Candidat) if
    regle("CAT-01") and
    prescripteur(u) and
    c.createur_structure_id = u.structure_id;

# Un prescripteur lit les personnes que sa structure a proposées (C-28, R-084).
allow(u: Utilisateur, "lire", c: Candidat) if
    regle("CAT-02") and
    prescripteur(u) and
    k in c.candidatures and
    k.structure_prescriptrice_id = u.structure_id;

# Un prescripteur lit les personnes que sa structure vient de trouver exactement (C-28, R-084).
allow(u: Utilisateur, "lire", c: Candidat) if
    regle("CAT-03") and
    prescripteur(u) and
    trouvee(u, c);

# Qui recrute lit les personnes dont il lit une candidature (R-154).
allow(u: Utilisateur, "lire", c: Candidat) if
    regle("CAT-04") and
    recrute(u) and
    k in c.candidatures and
    allow(u, "lire", k);

# Un partenaire lit les personnes dont il lit une candidature (R-118, R-120).
allow(u: Utilisateur, "lire", c: Candidat) if
    regle("CAT-05") and
    portee_de_lecture(u) and
    k in c.candidatures and
    allow(u, "lire", k);

# Le gestionnaire lit toutes les personnes (R-116).
allow(u: Utilisateur, "lire", _c: Candidat) if
    regle("CAT-06") and
    gestionnaire(u);

# La structure a trouvé la personne par une recherche exacte, et son accès court encore.
trouvee(u: Utilisateur, c: Candidat) if
    a in c.acces and
    a.structure_id = u.structure_id and
    a.jusqu_au > u.maintenant;

# --- Créer, modifier
# Un prescripteur inscrit une personne, au titre de sa structure (R-088).
allow(u: Utilisateur, "creer", c: Candidat) if
    regle("CAT-07") and
    prescripteur(u) and
    c.createur_id = u.id and
    c.createur_structure_id = u.structure_id;

# Le gestionnaire inscrit une personne (R-088).
allow(u: Utilisateur, "creer", c: Candidat) if
    regle("CAT-08") and
    gestionnaire(u) and
    c.createur_id = u.id;

# Un partenaire qui transmet une candidature inscrit la personne, sans la lire (C-32).
allow(u: Utilisateur, "recevoir", c: Candidat) if
    regle("CAT-09") and
    u.profil in ["candidatures_france_travail", "candidatures_libre"] and
    c.createur_id = nil and
    c.createur_structure_id = nil;

# Un prescripteur met à jour la fiche des personnes qu'il peut lire (R-085).
allow(u: Utilisateur, "modifier", c: Candidat) if
    regle("CAT-10") and
    prescripteur(u) and
    allow(u, "lire", c);

# Le gestionnaire met à jour toutes les fiches (R-085).
allow(u: Utilisateur, "modifier", _c: Candidat) if
    regle("CAT-11") and
    gestionnaire(u);

# --- NIR
# Le gestionnaire demande le NIR à un compte qu'il nomme (R-116, C-22).
allow(u: Utilisateur, "demander_nir", _c: Candidat) if
    regle("CAT-12") and
    gestionnaire(u);

# Le prescripteur à qui le NIR est demandé l'écrit (R-116, C-22).
allow(u: Utilisateur, "ecrire_nir", c: Candidat) if
    regle("CAT-13") and
    prescripteur(u) and
    c.nir_demande_a_id = u.id and
    allow(u, "lire", c);

# Le gestionnaire écrit un NIR (C-22).
allow(u: Utilisateur, "ecrire_nir", _c: Candidat) if
    regle("CAT-14") and
    gestionnaire(u);

# Le gestionnaire, et lui seul, lit un NIR (C-22).
allow(u: Utilisateur, "lire_nir", _c: Candidat) if
    regle("CAT-15") and
    gestionnaire(u);

# --- Tenir l'annuaire
# Le gestionnaire fusionne deux fiches d'une même personne (R-095).
allow(u: Utilisateur, "fusionner", _c: Candidat) if
    regle("CAT-16") and
    gestionnaire(u);

# Le gestionnaire défait une fusion (R-095).
allow(u: Utilisateur, "defaire_fusion", _c: Candidat) if
    regle("CAT-17") and
    gestionnaire(u);

# Le gestionnaire lit les fiches qui se ressemblent (R-095).
allow(u: Utilisateur, "lire", _r: Rapprochement) if
    regle("RAP-01") and
    gestionnaire(u);

# Le gestionnaire dit que deux fiches qui se ressemblent sont de deux personnes (R-095).
allow(u: Utilisateur, "ecarter", r: Rapprochement) if
    regle("RAP-02") and
    gestionnaire(u) and
    r.etat = "a_revoir";

# Le gestionnaire exporte ce que l'on sait d'une personne, à sa demande (C-28).
allow(u: Utilisateur, "exporter", _c: Candidat) if
    regle("CAT-18") and
    gestionnaire(u);

# Le gestionnaire efface une personne, à sa demande (C-23).
allow(u: Utilisateur, "effacer", _c: Candidat) if
    regle("CAT-19") and
    gestionnaire(u);

# --- Champs
# Qui lit une personne lit sa fiche, mais pas qui l'a inscrite (R-154, C-27).
allow_field(u: Utilisateur, "lire", _c: Candidat, champ) if
    regle("CAT-F1") and
    lit_des_candidats(u) and
    champ in [
        "id", "reference", "civilite", "nom", "prenom", "nom_plie", "prenom_plie",
        "date_naissance", "courriel", "telephone", "voie", "code_postal", "ville",
        "est_inscrit_france_travail", "numero_france_travail", "identifiant_regional",
        "cree_le", "modifie_le", "anonymise_le", "rapproche_le"
    ];

# La structure qui a inscrit une personne lit qui l'a fait (R-002).
allow_field(u: Utilisateur, "lire", c: Candidat, champ) if
    regle("CAT-F2") and
    prescripteur(u) and
    champ in ["createur_structure_id", "createur_id"] and
    c.createur_structure_id = u.structure_id;

# Le compte à qui un NIR est demandé le lit (R-116).
allow_field(u: Utilisateur, "lire", c: Candidat, "nir_demande_a_id") if
    regle("CAT-F3") and
    prescripteur(u) and
    c.nir_demande_a_id = u.id;

# Le gestionnaire lit qui a inscrit une personne et à qui un NIR est demandé (R-116).
allow_field(u: Utilisateur, "lire", _c: Candidat, champ) if
    regle("CAT-F4") and
    gestionnaire(u) and
    champ in ["createur_structure_id", "createur_id", "nir_demande_a_id"];

# Un prescripteur met à jour la fiche, et rien d'autre (R-085).
allow_field(u: Utilisateur, "modifier", _c: Candidat, champ) if
    regle("CAT-F5") and
    prescripteur(u) and
    de_la_fiche(champ);

# Le gestionnaire met à jour la fiche, et rien d'autre (R-085).
allow_field(u: Utilisateur, "modifier", _c: Candidat, champ) if
    regle("CAT-F6") and
    gestionnaire(u) and
    de_la_fiche(champ);

# Le gestionnaire lit tout de ce qui rapproche deux fiches (R-095).
allow_field(u: Utilisateur, "lire", _r: Rapprochement, champ) if
    regle("RAP-F1") and
    gestionnaire(u) and
    champ in [
        "id", "candidat_id", "autre_id", "score", "raisons", "etat", "trouve_le",
        "decide_par_id", "decide_le"
    ];

de_la_fiche("civilite");
de_la_fiche("nom");
de_la_fiche("prenom");
de_la_fiche("date_naissance");
de_la_fiche("courriel");
de_la_fiche("telephone");
de_la_fiche("voie");
de_la_fiche("code_postal");
de_la_fiche("ville");
de_la_fiche("est_inscrit_france_travail");
de_la_fiche("numero_france_travail");
de_la_fiche("identifiant_regional");
