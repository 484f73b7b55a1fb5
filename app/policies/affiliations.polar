# AFFILIATIONS
# Ce qui lie un compte à une structure : demander, accepter, détacher, nommer référent. Guide : G4.
# Prouvé : INV-4 rien d'une autre structure ; INV-5 nul ne se détache, nul ne se nomme référent.
# Tableau : docs/matrice.md   Cas : affiliations.cas.yaml   Doctrine : docs/droits.md
permissions("Affiliation", [
    "lire", "demander", "valider", "refuser", "detacher", "nommer_referent", "retirer_referent"
]);

# --- Lire, demander
# Chacun lit ses propres affiliations, demandes comprises (R-011, R-012).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-01") and personne(u) and a.compte_id = u.id;
# Les membres d'une structure lisent qui en est membre (R-022).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-02") and personne(u) and a.etat = "acceptee" and a.structure_id = u.structure_id;
# Le référent lit toutes les affiliations à sa structure, demandes et détachées comprises (R-023).
allow(u: Utilisateur, "lire", a: Affiliation) if
    regle("AFF-03") and referent(u) and a.structure_id = u.structure_id;
# Le gestionnaire lit toutes les affiliations (R-006).
allow(u: Utilisateur, "lire", _a: Affiliation) if
    regle("AFF-04") and gestionnaire(u);
# Tout compte demande, pour lui seul, à rejoindre une structure, sans en être référent (R-010).
allow(u: Utilisateur, "demander", a: Affiliation) if
    regle("AFF-05") and personne(u) and
    a.etat = "en_attente" and a.est_referent = false and a.compte_id = u.id;

# --- Répondre, détacher, nommer un référent
# Le référent accepte ou refuse une demande faite à sa structure (R-007, R-023).
allow(u: Utilisateur, acte, a: Affiliation) if
    regle("AFF-06") and acte in ["valider", "refuser"] and
    referent(u) and a.etat = "en_attente" and a.structure_id = u.structure_id;
# Le gestionnaire répond à la demande faite à une structure qui n'a pas de référent (R-006).
allow(u: Utilisateur, acte, a: Affiliation) if
    regle("AFF-07") and acte in ["valider", "refuser"] and
    gestionnaire(u) and a.etat = "en_attente" and a.structure.a_un_referent = false;
# Le référent détache un membre de sa structure (R-027, R-028).
allow(u: Utilisateur, "detacher", a: Affiliation) if
    regle("AFF-08") and referent(u) and a.etat = "acceptee" and a.structure_id = u.structure_id;
# Le gestionnaire détache un membre, le nomme référent, lui en retire le rôle (R-006, R-029).
allow(u: Utilisateur, acte, a: Affiliation) if
    regle("AFF-09") and acte in ["detacher", "nommer_referent", "retirer_referent"] and
    gestionnaire(u) and a.etat = "acceptee";
# Nul ne décide de sa propre affiliation : interdit, quoi que dise une autre règle (R-007, R-029).
interdit(u: Utilisateur, acte, a: Affiliation) if
    regle("AFF-X1") and
    acte in ["valider", "refuser", "detacher", "nommer_referent", "retirer_referent"] and
    a.compte_id = u.id;
