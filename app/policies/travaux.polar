# TRAVAUX
# Ce que les travaux de fond font sans que personne ne le demande : échéances, courriels, incidents.
# Un Systeme n'est ni un Visiteur ni un Utilisateur : aucune autre règle ne parle de lui, et aucun
# jeton ne porte son profil. Ses actes sont au journal sous « systeme », sans compte.
# Tableau : docs/matrice.md   Cas : travaux.cas.yaml   Doctrine : docs/droits.md

permissions("IncidentTravail", ["lire", "noter"]);

# --- Échéances
# Les travaux lisent les candidatures, dont ils tiennent les échéances (R-038, R-093, R-167).
allow(_s: Systeme, "lire", _c: Candidature) if
    regle("TRV-01");

# Les travaux font expirer ce qu'aucun niveau 3 n'a validé à temps (R-038, C-07).
allow(_s: Systeme, "expirer", c: Candidature) if
    regle("TRV-02") and
    c.etat = "en_attente_validation";

# Les travaux rappellent qu'un délai va finir : brouillon, validation, avis (R-093, R-167, C-07).
allow(_s: Systeme, "rappeler", c: Candidature) if
    regle("TRV-10") and
    c.etat in ["brouillon", "en_attente_validation", "en_attente_avis"];

# Les travaux disent à son auteur ce qu'est devenue une candidature (R-166).
allow(_s: Systeme, "annoncer", c: Candidature) if
    regle("TRV-12") and
    c.etat in ["retenue", "non_retenue", "avis_non_transmis", "refus_session_complete"];

# Les travaux refusent ce qui attend sur une session à l'effectif atteint (R-168, C-10).
allow(_s: Systeme, "refuser", c: Candidature) if
    regle("TRV-13") and
    c.etat = "en_attente_avis";

# Les travaux constatent qu'un avis n'est pas venu à temps (R-167, C-16).
allow(_s: Systeme, "constater", c: Candidature) if
    regle("TRV-03") and
    c.etat = "en_attente_avis";

# Les travaux effacent les brouillons oubliés et ce qui a fini dans la corbeille (R-093, C-11).
allow(_s: Systeme, "purger", c: Candidature) if
    regle("TRV-04") and
    c.etat in ["brouillon", "corbeille"];

# --- Courriels
# Les travaux lisent le compte d'une personne à qui ils écrivent (R-002).
allow(_s: Systeme, "lire", c: Compte) if
    regle("TRV-05") and
    c.nature = "personne";

# Les travaux écrivent aux personnes, jamais au programme d'un partenaire (R-002, C-32).
allow(_s: Systeme, "prevenir", c: Compte) if
    regle("TRV-06") and
    c.nature = "personne";

# Les travaux lisent la structure que nomme un courriel (R-023, R-027).
allow(_s: Systeme, "lire", _t: Structure) if
    regle("TRV-07");

# Les travaux lisent l'affiliation dont parle un courriel (R-023, R-027).
allow(_s: Systeme, "lire", _a: Affiliation) if
    regle("TRV-11");

# Les travaux lisent le prêt d'un rôle dont parle un courriel (R-019, R-040).
allow(_s: Systeme, "lire", _d: Delegation) if
    regle("TRV-20");

# Les travaux lisent la recherche dont l'auteur veut savoir ce qui est nouveau (R-048).
allow(_s: Systeme, "lire", r: RechercheEnregistree) if
    regle("TRV-21") and
    veut_savoir(r);

# Les travaux écrivent à l'auteur d'une recherche ce qui est nouveau, s'il le veut (R-048).
allow(_s: Systeme, "alerter", r: RechercheEnregistree) if
    regle("TRV-22") and
    veut_savoir(r);

# Son auteur a choisi d'être prévenu, et son compte est ouvert.
veut_savoir(r: RechercheEnregistree) if
    r.frequence in ["quotidienne", "hebdomadaire"] and
    r.compte.etat = "actif";

# --- Échanges avec les partenaires
# Les travaux lisent les échanges avec les partenaires (R-118, R-119).
allow(_s: Systeme, "lire", _e: Echange) if
    regle("TRV-31");

# Les travaux écrivent et envoient ce qui va vers un partenaire (R-118, R-119).
allow(_s: Systeme, "emettre", e: Echange) if
    regle("TRV-32") and
    e.sens = "sortant" and
    e.etat = "a_envoyer";

# --- Sceaux du journal
# Les travaux lisent les sceaux, dont chacun suit celui d'avant (C-28).
allow(_s: Systeme, "lire", _c: Sceau) if
    regle("TRV-73");

# Les travaux scellent le journal (C-28).
allow(_s: Systeme, "poser", _c: Sceau) if
    regle("TRV-74");

# --- Versions de la politique
# La maison lit la dernière politique qui a servi, pour savoir si celle-ci en est une autre (R-032).
allow(_s: Systeme, "lire", _v: VersionPolitique) if
    regle("TRV-75");

# La maison note la politique qui entre en service (R-032).
allow(_s: Systeme, "noter", _v: VersionPolitique) if
    regle("TRV-76");

# --- Consultations
# Les travaux lisent la trace des consultations, dont ils tiennent la durée (C-28).
allow(_s: Systeme, "lire", _c: Consultation) if
    regle("TRV-71");

# Les travaux oublient les consultations d'il y a plus d'un an (C-28).
allow(_s: Systeme, "oublier", _c: Consultation) if
    regle("TRV-72");

# --- Statistiques
# Les travaux lisent les statistiques publiées (R-252).
allow(_s: Systeme, "lire", _p: StatistiquePubliee) if
    regle("TRV-51");

# Les travaux publient celles d'un trimestre, une fois (R-252).
allow(_s: Systeme, "creer", _p: StatistiquePubliee) if
    regle("TRV-52");

# --- Jetons
# Les travaux lisent les jetons des personnes ; la clé d'un partenaire garde son histoire (R-002).
allow(_s: Systeme, "lire", j: Jeton) if
    regle("TRV-41") and
    j.compte.nature = "personne";

# Les travaux oublient ceux qui ne valent plus rien depuis longtemps (R-002).
allow(_s: Systeme, "purger", j: Jeton) if
    regle("TRV-42") and
    j.compte.nature = "personne";

# Les travaux effacent une demande de compte que personne n'a confirmée (R-008).
allow(_s: Systeme, "purger", c: Compte) if
    regle("TRV-43") and
    c.etat = "a_confirmer" and
    c.nature = "personne";


# --- Conservation
# Les travaux lisent qui est encore désigné, pour en tenir le terme (C-23).
allow(_s: Systeme, "lire", c: Candidat) if
    regle("TRV-61") and
    c.anonymise_le = nil;

# Les travaux anonymisent une personne au terme de la conservation (C-23).
allow(_s: Systeme, "anonymiser", c: Candidat) if
    regle("TRV-62") and
    c.anonymise_le = nil;

# Les travaux changent la clé sous laquelle un NIR est chiffré, sans le montrer à personne (C-22).
allow(_s: Systeme, "rechiffrer_nir", c: Candidat) if
    regle("TRV-65") and
    c.anonymise_le = nil;

# Les travaux comparent les fiches qui se ressemblent, pour qu'un gestionnaire les revoie (R-095).
allow(_s: Systeme, "rapprocher", c: Candidat) if
    regle("TRV-66") and
    c.anonymise_le = nil;

# Les travaux lisent les traces des recherches, dont ils tiennent le terme (C-28).
allow(_s: Systeme, "lire", _r: RechercheCandidat) if
    regle("TRV-63");

# Les travaux oublient ce qui fut cherché, puis la trace elle-même (C-28).
allow(_s: Systeme, "oublier", _r: RechercheCandidat) if
    regle("TRV-64");

# --- Incidents
# Les travaux notent leurs échecs, pour que personne ne les découvre par leurs suites (R-167).
allow(_s: Systeme, "noter", _i: IncidentTravail) if
    regle("TRV-08");

# Le gestionnaire lit les incidents des travaux de fond (R-112).
allow(u: Utilisateur, "lire", _i: IncidentTravail) if
    regle("TRV-09") and
    gestionnaire(u);
