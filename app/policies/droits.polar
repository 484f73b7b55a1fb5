# DROITS ACCORDES
# Qui accorde et retire un droit, et qui s'en fait un profil actif. Guide : G4.
# Une ligne par affiliation et droit : décidée telle qu'elle est, ou telle qu'elle sera.
# Prouvé : INV-5 nul ne se donne un droit là où il n'est pas référent.
# Tableau : docs/matrice.md   Cas : droits.cas.yaml   Doctrine : docs/droits.md
permissions("DroitAccorde", ["lire", "choisir", "ajouter", "retirer"]);

# --- Vocabulaire
# Un référent n'accorde un droit que si la structure est du genre qui le porte (R-042, R-045).
convient(d: DroitAccorde) if
    d.droit in ["of_catalogue", "of_preinscription", "of_general", "prestataire"] and
    d.structure.est_organisme_formation = true;
convient(d: DroitAccorde) if
    d.droit in ["prescripteur_n1", "prescripteur_n2", "prescripteur_n3"] and
    d.structure.est_habilitee_prescrire = true;
convient(d: DroitAccorde) if d.droit = "employeur";
# Ce que le gestionnaire accorde : tout, sauf le droit que chaque compte a de lui-même (R-043).
accordable(d: DroitAccorde) if d.droit in [
    "prescripteur_n1", "prescripteur_n2", "prescripteur_n3", "of_catalogue", "of_preinscription",
    "of_general", "employeur", "prestataire", "gestionnaire", "auditeur"
];
# Qui n'est référent que par un prêt ne se donne rien : le prêt finit, le droit resterait.
pas_pour_soi(u: Utilisateur, d: DroitAccorde) if d.compte_id != u.id;
pas_pour_soi(_u: Utilisateur, d: DroitAccorde) if d.affiliation.est_referent = true;

# --- Lire, choisir
# Chacun lit ses propres droits (R-012).
allow(u: Utilisateur, "lire", d: DroitAccorde) if
    regle("DRA-01") and personne(u) and d.compte_id = u.id;
# Les membres d'une structure lisent les droits des membres (R-022, R-026).
allow(u: Utilisateur, "lire", d: DroitAccorde) if
    regle("DRA-02") and personne(u) and
    d.affiliation.etat = "acceptee" and d.structure_id = u.structure_id;
# Le référent lit tous les droits qui touchent sa structure (R-019).
allow(u: Utilisateur, "lire", d: DroitAccorde) if
    regle("DRA-03") and referent(u) and d.structure_id = u.structure_id;
# Le gestionnaire lit tous les droits (R-006).
allow(u: Utilisateur, "lire", _d: DroitAccorde) if
    regle("DRA-04") and gestionnaire(u);
# Chacun prend pour profil actif un de ses droits, là où il est membre (R-018).
allow(u: Utilisateur, "choisir", d: DroitAccorde) if
    regle("DRA-05") and personne(u) and d.affiliation.etat = "acceptee" and d.compte_id = u.id;
# Sans second facteur, nul ne prend un profil de gestionnaire : interdit (R-006).
interdit(_u: Utilisateur, "choisir", d: DroitAccorde) if
    regle("DRA-X1") and d.droit = "gestionnaire" and d.compte.a_un_second_facteur = false;

# --- Ajouter, retirer
# Le référent ajoute un droit dans sa structure, à lui-même comme à un autre (R-020, R-025).
allow(u: Utilisateur, "ajouter", d: DroitAccorde) if
    regle("DRA-06") and referent(u) and convient(d) and pas_pour_soi(u, d) and
    d.affiliation.etat = "acceptee" and d.structure_id = u.structure_id;
# Le référent retire un droit dans sa structure, à lui-même comme à un autre (R-020, R-025).
allow(u: Utilisateur, "retirer", d: DroitAccorde) if
    regle("DRA-07") and referent(u) and convient(d) and
    d.affiliation.etat = "acceptee" and d.structure_id = u.structure_id;
# Le gestionnaire ajoute et retire un droit à tout membre, mais pas à lui-même (R-006).
allow(u: Utilisateur, acte, d: DroitAccorde) if
    regle("DRA-08") and acte in ["ajouter", "retirer"] and
    gestionnaire(u) and accordable(d) and d.affiliation.etat = "acceptee" and d.compte_id != u.id;
