# ROLES
# Qui est l'acteur, et rien d'autre : ce fichier n'accorde aucun droit. Doctrine : docs/droits.md.
# Une requête agit pour un compte sous un seul profil actif (R-017, R-018) : `u.profil` est le droit
# de ce profil, `u.structure_id` sa structure, `u.est_referent` vrai si le compte en est référent.
# Un Visiteur est n'importe qui, anonymes compris ; un Utilisateur est un Visiteur qui a un compte.

# --- Marqueur
# Toujours vrai : il met dans la trace de Polar l'identifiant de la règle qui a répondu.
regle(_identifiant);

# --- Profils
# Un prescripteur, quel que soit son niveau (R-036).
prescripteur(u: Utilisateur) if
    u.profil in ["prescripteur_n1", "prescripteur_n2", "prescripteur_n3"];

# Celui qui tient le catalogue d'un organisme : profils catalogue et général (R-032, R-034).
tient_catalogue(u: Utilisateur) if u.profil in ["of_catalogue", "of_general"];

# Celui qui recrute pour un organisme : profils préinscription et général (R-033, R-034).
recrute(u: Utilisateur) if u.profil in ["of_preinscription", "of_general"];

# N'importe lequel des trois droits d'organisme de formation (C-20).
gere_un_of(u: Utilisateur) if u.profil in ["of_catalogue", "of_preinscription", "of_general"];

# Le gestionnaire de Cap Métiers.
gestionnaire(u: Utilisateur) if u.profil = "gestionnaire";

# Le compte d'une personne ; celui d'un partenaire est un programme, qui n'a que sa portée.
personne(u: Utilisateur) if
    u.profil in [
        "beneficiaire", "prescripteur_n1", "prescripteur_n2", "prescripteur_n3",
        "of_catalogue", "of_preinscription", "of_general", "employeur", "prestataire",
        "gestionnaire", "auditeur"
    ];

# Le référent de la structure au titre de laquelle il agit (R-019).
referent(u: Utilisateur) if personne(u) and u.est_referent = true;

# Une personne que sa fonction n'oblige pas à ignorer les identités : tous, sauf l'auditeur.
lit_les_identites(u: Utilisateur) if
    u.profil in [
        "beneficiaire", "prescripteur_n1", "prescripteur_n2", "prescripteur_n3",
        "of_catalogue", "of_preinscription", "of_general", "employeur", "prestataire",
        "gestionnaire"
    ];

# Qui voit les détails de l'offre : tout compte de personne, et le partenaire admis à lire l'offre.
lit_le_detail(u: Utilisateur) if personne(u);
lit_le_detail(u: Utilisateur) if u.profil = "offre_lire";

# Les portées qui lisent des candidatures.
portee_de_lecture(u: Utilisateur) if
    u.profil in ["candidatures_region", "candidatures_france_travail"];

# Tous ceux qui peuvent lire un candidat ; les autres n'en lisent aucune colonne.
lit_des_candidats(u: Utilisateur) if prescripteur(u);
lit_des_candidats(u: Utilisateur) if recrute(u);
lit_des_candidats(u: Utilisateur) if portee_de_lecture(u);
lit_des_candidats(u: Utilisateur) if gestionnaire(u);
