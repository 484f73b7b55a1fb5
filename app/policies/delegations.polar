# DELEGATIONS
# Un référent ou un niveau 3 prête son rôle à un membre de sa structure, d'un jour à un jour.
# Tableau : docs/matrice.md   Cas : delegations.cas.yaml   Doctrine : docs/droits.md
permissions("Delegation", ["lire", "choisir", "creer", "revoquer"]);

# --- Vocabulaire
# Le rôle que l'on prête est celui dont on use, et que l'on tient : un rôle prêté ne se prête pas.
prete_le_sien(u: Utilisateur, d: Delegation) if
    referent(u) and d.role = "referent" and s in d.de_compte.affiliations and
    s.etat = "acceptee" and s.est_referent = true and s.structure_id = u.structure_id;
prete_le_sien(u: Utilisateur, d: Delegation) if
    u.profil = "prescripteur_n3" and d.role = "prescripteur_n3" and o in d.de_compte.droits and
    o.droit = "prescripteur_n3" and o.affiliation.etat = "acceptee" and
    o.structure_id = u.structure_id;

# --- Règles
# Qui prête un rôle lit la délégation (R-019).
allow(u: Utilisateur, "lire", d: Delegation) if
    regle("DLG-01") and personne(u) and d.de_compte_id = u.id;
# À qui un rôle est prêté lit la délégation (R-019).
allow(u: Utilisateur, "lire", d: Delegation) if
    regle("DLG-02") and personne(u) and d.a_compte_id = u.id;
# Le référent lit les prêts de sa structure, et met fin à tout prêt d'un de ses rôles (R-019).
allow(u: Utilisateur, acte, d: Delegation) if
    regle("DLG-03") and acte in ["lire", "revoquer"] and
    referent(u) and d.structure_id = u.structure_id;
# À qui un rôle est prêté le prend pour profil, tant que le prêt tient (R-018).
allow(u: Utilisateur, "choisir", d: Delegation) if
    regle("DLG-04") and personne(u) and
    d.est_tenue = true and d.revoquee_le = nil and d.a_compte_id = u.id;
# Un référent ou un niveau 3 prête son rôle à un membre de sa structure (R-019, R-040).
allow(u: Utilisateur, "creer", d: Delegation) if
    regle("DLG-05") and prete_le_sien(u, d) and
    d.de_compte_id = u.id and d.structure_id = u.structure_id and
    a in d.a_compte.affiliations and a.etat = "acceptee" and a.structure_id = u.structure_id;
# Qui a prêté son rôle le reprend (R-019, R-040).
allow(u: Utilisateur, "revoquer", d: Delegation) if
    regle("DLG-06") and personne(u) and d.de_compte_id = u.id and d.structure_id = u.structure_id;
