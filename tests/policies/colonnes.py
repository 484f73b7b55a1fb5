"""Who reads and who writes each column, read a second time from docs/droits.md and the guides, in plain Python.

`COLONNES[Model, verb][column](regard, row)`; `RESTE` is for the columns that are not named. The row itself is decided
elsewhere (`DROITS`): what stands here hides a column of a row that is shown, or keeps it out of a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import models as m
from tests.policies.seconde_lecture import DROITS, LECTEURS, OF, Droits, Regard, pour

RESTE = "le reste"


def chacun(v: Regard, row: Any) -> bool:
    """Everybody, with or without an account."""
    return True


def nul(v: Regard, row: Any) -> bool:
    """Nobody: it is the house's own, or it changes by an act that has its own permission."""
    return False


def tout_compte(v: Regard, row: Any) -> bool:
    """Any account, a program's included."""
    return v.moi is not None


def gestionnaire(v: Regard, row: Any) -> bool:
    """A gestionnaire."""
    return v.gestionnaire


def avec_un_compte(v: Regard, row: Any) -> bool:
    """A person's account, or the program that reads the offer (R-001)."""
    return v.personne or v.droit == "offre_lire"


# -- offer: who fills the form, who sets the opening (C-20) ------------------------------------


def _enrichit(v: Regard, a: Any) -> bool:
    return v.gestionnaire or v.tient(a)


def _remplit(v: Regard, a: Any) -> bool:
    return v.gestionnaire or (v.tient(a) and not a.est_conventionnee)


def _remplit_session(v: Regard, s: Any) -> bool:
    return _remplit(v, s.action)


def _regle(v: Regard, s: Any) -> bool:
    return v.gestionnaire or (v.catalogue and s.action.est_conventionnee and v.role(s))


def _ouvre(v: Regard, s: Any) -> bool:
    return v.gestionnaire or (v.droit in OF and s.action.est_conventionnee and v.role(s))


def _fixe_la_fin(v: Regard, s: Any) -> bool:
    return v.gestionnaire or (_remplit(v, s.action) and s.etat == "brouillon")


# -- people ----------------------------------------------------------------------------------------------------------


def _lit_des_candidats(v: Regard, p: Any) -> bool:
    return v.prescripteur or v.recrute or v.gestionnaire or v.droit in LECTEURS


def _sait_qui_a_inscrit(v: Regard, p: Any) -> bool:
    return v.gestionnaire or (v.prescripteur and v.chez(p.createur_structure_id))


def _sait_a_qui_le_nir_est_demande(v: Regard, p: Any) -> bool:
    return v.gestionnaire or (v.prescripteur and v.est(p.nir_demande_a_id))


def _tient_des_fiches(v: Regard, p: Any) -> bool:
    return v.gestionnaire or v.prescripteur


def _lui_meme(v: Regard, c: Any) -> bool:
    return v.est(c.id)


def _le_joint(v: Regard, c: Any) -> bool:
    referent = v.est_referent and v.droit != "auditeur" and v.membre(c.id, "acceptee", "en_attente")
    return v.est(c.id) or v.gestionnaire or referent


def _son_jeton(v: Regard, j: Any) -> bool:
    return v.personne and v.est(j.compte_id)


def _cle_de_partenaire(v: Regard, j: Any) -> bool:
    return v.gestionnaire and j.compte.nature == "machine"


def _jeton(v: Regard, j: Any) -> bool:
    return _son_jeton(v, j) or _cle_de_partenaire(v, j)


def _nomme(v: Regard, compte: Any) -> bool:
    lisible = compte is not None and tout_compte(v, compte) and DROITS[m.Compte]["lire"](v, compte)
    return v.droit in ("auditeur", "gestionnaire") or bool(lisible)


COLONNES: Mapping[tuple[Any, str], Droits] = {
    (m.Structure, "lire"): {
        RESTE: chacun,
        **pour("telephone courriel", avec_un_compte),
        "declaree_par_id": lambda v, s: v.gestionnaire or (v.personne and v.est(s.declaree_par_id)),
        "empreintes": nul,
    },
    (m.Compte, "lire"): {
        **pour("id nom prenom nature", tout_compte),
        **pour("courriel telephone etat cree_le", _le_joint),
        **pour("a_un_second_facteur envoi_avis", _lui_meme),
        RESTE: nul,
    },
    (m.Compte, "modifier"): {
        **pour("courriel telephone envoi_avis", lambda v, c: v.personne and v.est(c.id)),
        RESTE: nul,
    },
    (m.Jeton, "lire"): {
        **pour("id compte_id portee cree_le expire_le revoque_le", _jeton),
        **pour("affiliation_id droit_accorde_id delegation_id", _son_jeton),
        **pour("prefixe vu_le", _cle_de_partenaire),
        RESTE: nul,
    },
    (m.Action, "lire"): {
        RESTE: chacun,
        **pour("contact_nom contact_telephone contact_courriel", avec_un_compte),
        **pour("demande_complement etat_avant_alerte est_sans_reponse", _enrichit),
        "empreintes": nul,
    },
    (m.Action, "modifier"): {
        **pour("contact_nom contact_telephone contact_courriel le_plus objectif programme", _enrichit),
        **pour("conditions_acces prerequis", _enrichit),
        **pour("intitule objectif_general validations resultats_attendus lien_web", _remplit),
        **pour("formacodes responsable_id dispositif financeur numero_marche mesure", gestionnaire),
        RESTE: nul,
    },
    (m.SessionFormation, "lire"): {
        RESTE: chacun,
        **pour("contact_nom contact_telephone contact_courriel referent_handicap", avec_un_compte),
        **pour("capacite_accueil coefficient ratio_suite_parcours places_possibles", avec_un_compte),
        **pour("places_prises est_complete motif_annulation", avec_un_compte),
        "motif_suppression": lambda v, s: _enrichit(v, s.action),
        "empreintes": nul,
    },
    (m.SessionFormation, "modifier"): {
        **pour("formateur_id type_entree voie_acces annees_apprentissage modalite", _remplit_session),
        **pour("heures_centre heures_entreprise lieu_nom lieu_voie lieu_code_postal", _remplit_session),
        **pour("lieu_ville lieu_code_insee lieu_departement modalites_recrutement", _remplit_session),
        **pour("contact_nom contact_telephone contact_courriel referent_handicap", _remplit_session),
        **pour("positionneur_id mode_candidature", gestionnaire),
        **pour("date_limite_inscription date_entree_tardive", _ouvre),
        **pour("capacite_accueil coefficient ratio_suite_parcours", _regle),
        "commentaire": lambda v, s: _regle(v, s) or _remplit_session(v, s),
        "date_debut": lambda v, s: _regle(v, s) or _fixe_la_fin(v, s),
        "date_fin": _fixe_la_fin,
        RESTE: nul,
    },
    (m.Candidat, "lire"): {
        RESTE: _lit_des_candidats,
        **pour("createur_structure_id createur_id", _sait_qui_a_inscrit),
        "nir_demande_a_id": _sait_a_qui_le_nir_est_demande,
    },
    (m.Candidat, "modifier"): {
        **pour("civilite nom prenom date_naissance courriel telephone", _tient_des_fiches),
        **pour("voie code_postal ville est_inscrit_france_travail", _tient_des_fiches),
        **pour("numero_france_travail identifiant_regional", _tient_des_fiches),
        RESTE: nul,
    },
    (m.Rapprochement, "lire"): {RESTE: gestionnaire},
    (m.Candidature, "modifier"): {
        **pour("point_entree_id est_inscrit_france_travail niveau_formation situation", Regard.suit),
        **pour("parcours_anterieur raisons suites_parcours envoyer_recapitulatif", Regard.suit),
        RESTE: nul,
    },
    (m.Fait, "lire"): {
        RESTE: tout_compte,
        "compte_id": lambda v, f: _nomme(v, f.compte),
        "pour_compte_id": lambda v, f: _nomme(v, f.pour_compte),
    },
    (m.Echange, "lire"): {RESTE: tout_compte, **pour("resultat nb_tentatives", gestionnaire)},
}
