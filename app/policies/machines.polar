# COMPTES DE PARTENAIRES
# Les programmes des partenaires et leurs portées : la seule façon d'être partenaire (C-32).
# Tableau : docs/matrice.md   Cas : machines.cas.yaml   Doctrine : docs/droits.md
permissions("CompteMachine", ["lire", "creer", "modifier", "revoquer"]);

# Le gestionnaire lit les comptes de partenaires, change leurs portées, les révoque (C-32).
allow(u: Utilisateur, acte, _m: CompteMachine) if
    regle("MAC-01") and acte in ["lire", "modifier", "revoquer"] and gestionnaire(u);
# Le gestionnaire crée, en son nom, le compte d'un partenaire (C-32).
allow(u: Utilisateur, "creer", m: CompteMachine) if
    regle("MAC-02") and gestionnaire(u) and m.cree_par_id = u.id;
