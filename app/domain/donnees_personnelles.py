"""All that is known of a person, table by table: what an export holds, and what it leaves out with the reason.

A test of the house finds every column that points at a candidat or an account and is in neither list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import models as m
from app.models import Mot

from .faits import FaitMetier


class MotifExport(Mot):
    """Why all that is known of somebody is taken out: kept at the journal."""

    DEMANDE = "demande", "La personne exerce son droit d'accès"
    PORTABILITE = "portabilite", "La personne emporte ses données"
    CONTROLE = "controle", "Contrôle de l'autorité de protection des données"


@dataclass(frozen=True)
class DonneesExportees(FaitMetier):
    """All that is known of a candidat was taken out."""

    candidat_id: int
    motif: str


@dataclass(frozen=True)
class DonneesDeCompteExportees(FaitMetier):
    """All that is known of an account was taken out."""

    compte_concerne_id: int
    motif: str


@dataclass(frozen=True)
class Part:
    """Rows of a document: those of a model of which one column is the person, or one of its candidatures."""

    nom: str
    modele: type[m.Base]
    colonne: str


DU_CANDIDAT = (
    Part("fiche", m.Candidat, "id"),
    Part("acces_ouverts", m.AccesCandidat, "candidat_id"),
    Part("courriels_envoyes", m.CourrielEnvoye, "candidat_id"),
    Part("fusions", m.FusionCandidat, "candidat_id"),
    Part("references_absorbees", m.ReferenceAbsorbee, "candidat_id"),
    Part("ressemblances", m.Rapprochement, "candidat_id"),
    Part("autres_ressemblances", m.Rapprochement, "autre_id"),
    Part("candidatures", m.Candidature, "candidat_id"),
)
SOUS_CHAQUE_CLE = (
    Part("actes", m.Fait, "candidat_id"),
    Part("consultations", m.Consultation, "candidat_id"),
)
"""What is kept under the key that a fiche had then: those that a merge absorbed are hers too."""
DE_SES_CANDIDATURES = (
    Part("convocations", m.Convocation, "candidature_id"),
    Part("avis", m.Avis, "candidature_id"),
    Part("transmissions", m.Echange, "candidature_id"),
    Part("actes_sur_ses_candidatures", m.Fait, "candidature_id"),
)
DU_COMPTE = (
    Part("compte", m.Compte, "id"),
    Part("rattachements", m.Affiliation, "compte_id"),
    Part("droits", m.DroitAccorde, "compte_id"),
    Part("roles_pretes", m.Delegation, "de_compte_id"),
    Part("roles_recus", m.Delegation, "a_compte_id"),
    Part("programme", m.CompteMachine, "compte_id"),
    Part("connexions", m.Jeton, "compte_id"),
    Part("identites_externes", m.IdentiteExterne, "compte_id"),
    Part("liens_recus", m.LienCourriel, "compte_id"),
    Part("recherches_enregistrees", m.RechercheEnregistree, "compte_id"),
    Part("recherches_dans_l_annuaire", m.RechercheCandidat, "compte_id"),
    Part("acces_ouverts", m.AccesCandidat, "compte_id"),
    Part("fiches_consultees", m.Consultation, "compte_id"),
    Part("fiches_consultees_en_son_nom", m.Consultation, "pour_compte_id"),
    Part("courriels_envoyes", m.CourrielEnvoye, "compte_id"),
    Part("messages", m.MessageAction, "auteur_id"),
    Part("ses_actes", m.Fait, "compte_id"),
    Part("actes_en_son_nom", m.Fait, "pour_compte_id"),
    Part("actes_a_son_sujet", m.Fait, "compte_concerne_id"),
)
PARTS = (*DU_CANDIDAT, *SOUS_CHAQUE_CLE, *DE_SES_CANDIDATURES, *DU_COMPTE)

_QUI = "an act of the account about something else: the journal, which is exported, says it"
EXCUSES: Mapping[str, str] = {
    "secret_compte.compte_id": "what proves the account: whoever holds the file could become it",
    "nir_candidat.candidat_id": "the NIR is in no export (R-116): the document says whether one is kept",
    "candidat.createur_id": _QUI,
    "candidat.nir_demande_a_id": _QUI,
    "candidature.auteur_id": "it is the file of somebody else; the journal says each act on it",
    "candidature.soumise_par_id": "the same",
    "candidature.validee_par_id": "the same",
    "avis.rendu_par_id": "the same",
    "affiliation.decidee_par_id": _QUI,
    "droit_accorde.accorde_par_id": _QUI,
    "structure.declaree_par_id": _QUI,
    "demande_modification.auteur_id": _QUI,
    "demande_modification.decidee_par_id": _QUI,
    "action_modification.auteur_id": _QUI,
    "compte_machine.cree_par_id": _QUI,
    "fusion_candidat.faite_par_id": _QUI,
    "rapprochement.decide_par_id": _QUI,
}
"""Columns that point at somebody and are in no part, and why."""

SECRETS: Mapping[str, str] = {
    "jeton.empreinte": "proves the connection",
    "lien_courriel.sel": "proves the link",
    "recherche_candidat.empreinte": "of somebody else, and of no use but to guess",
}
"""Columns of the parts that are in no document, and why."""
AUTRES = frozenset(
    {"compte_id", "pour_compte_id", "createur_id", "nir_demande_a_id", "auteur_id", "soumise_par_id"}
    | {"validee_par_id", "rendu_par_id", "faite_par_id", "decide_par_id"}
)
"""In the document of a candidat, who of the staff did it is left out: a right of access is not over other people."""


def colonnes(part: Part, sauf: frozenset[str] = frozenset()) -> Sequence[str]:
    """Out: the columns of a part that its document holds."""
    table = part.modele.__table__
    return [
        c.key
        for c in table.columns
        if f"{part.modele.__tablename__}.{c.key}" not in SECRETS and c.key not in sauf
    ]
