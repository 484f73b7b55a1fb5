"""The life of a candidature, as one table: each act, the états it starts from, the one it leads to.

Who may act is the policies'; when, and under which conditions, is in the verbs that use this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from app.models import Candidature
from app.models import EtatCandidature as Etat

from . import candidatures_faits as f
from .empechements import Empeche, EtatIncompatible

F = TypeVar("F", bound=f.FaitCandidature)


@dataclass(frozen=True)
class Transition(Generic[F]):
    """One act. `vers` None: the état does not change (or the row goes away with it)."""

    verbe: str
    depuis: frozenset[Etat]
    vers: Etat | None
    fait: type[F]


_TABLE: dict[str, Transition[Any]] = {}


def _etats(mots: str) -> frozenset[Etat]:
    return frozenset(Etat[mot] for mot in mots.split())


def _t(verbe: str, depuis: str, vers: Etat | None, fait: type[F]) -> Transition[F]:
    transition = Transition(verbe, _etats(depuis), vers, fait)
    _TABLE[verbe] = transition
    return transition


EN_ATTENTE = "EN_ATTENTE_AVIS"
AVANT_VALIDATION = "BROUILLON EN_ATTENTE_VALIDATION"

MODIFIER = _t("modifier", AVANT_VALIDATION, None, f.CandidatureModifiee)
SUPPRIMER = _t("supprimer", AVANT_VALIDATION, Etat.CORBEILLE, f.CandidatureSupprimee)
RESTAURER = _t("restaurer", "CORBEILLE", Etat.BROUILLON, f.CandidatureRestauree)
SOUMETTRE = _t("soumettre", "BROUILLON", Etat.EN_ATTENTE_VALIDATION, f.CandidatureSoumise)
VALIDER = _t("valider", AVANT_VALIDATION, Etat.EN_ATTENTE_AVIS, f.CandidatureValidee)
ANNULER = _t("annuler", EN_ATTENTE, Etat.ANNULEE, f.CandidatureAnnulee)
REJETER = _t("rejeter", EN_ATTENTE, Etat.REJETEE, f.CandidatureRejetee)
REFUSER_COMPLETE = _t(
    "refuser_session_complete", EN_ATTENTE, Etat.REFUS_SESSION_COMPLETE, f.CandidatureRefusee
)
REFUSER_ANNULEE = _t("refuser_session_annulee", EN_ATTENTE, Etat.REFUS_SESSION_ANNULEE, f.CandidatureRefusee)
REPORTER_POINT = _t("reporter_point", EN_ATTENTE, None, f.PointEntreeReporte)
CONVOQUER = _t("convoquer", EN_ATTENTE, None, f.CandidatConvoque)
NOTER_RESULTAT = _t("noter_resultat", EN_ATTENTE, None, f.ConvocationNotee)
RETENIR = _t("retenir", EN_ATTENTE, Etat.RETENUE, f.AvisRendu)
NE_PAS_RETENIR = _t("ne_pas_retenir", EN_ATTENTE, Etat.NON_RETENUE, f.AvisRendu)
CORRIGER_EN_RETENUE = _t("corriger_en_retenue", "RETENUE NON_RETENUE", Etat.RETENUE, f.AvisCorrige)
CORRIGER_EN_NON_RETENUE = _t(
    "corriger_en_non_retenue", "RETENUE NON_RETENUE", Etat.NON_RETENUE, f.AvisCorrige
)
# the jobs'
EXPIRER = _t("expirer", "EN_ATTENTE_VALIDATION", Etat.EXPIREE, f.CandidatureExpiree)
AVIS_NON_TRANSMIS = _t("avis_non_transmis", EN_ATTENTE, Etat.AVIS_NON_TRANSMIS, f.AvisNonTransmis)
PURGER = _t("purger", "BROUILLON CORBEILLE", None, f.CandidaturePurgee)

TRANSITIONS: Mapping[str, Transition[Any]] = MappingProxyType(_TABLE)
"""Every act, by its verb."""

FINALS = _etats(
    "RETENUE NON_RETENUE AVIS_NON_TRANSMIS REFUS_SESSION_COMPLETE REFUS_SESSION_ANNULEE ANNULEE REJETEE EXPIREE"
)
"""R-165, R-111: nothing leaves these, but a correction of the avis by a gestionnaire (C-24)."""

BLOQUANTS = _etats("EN_ATTENTE_VALIDATION EN_ATTENTE_AVIS RETENUE NON_RETENUE")
"""C-18: one of these forbids a second candidature of the same person on the same session."""

A_DIRE = _etats("RETENUE NON_RETENUE AVIS_NON_TRANSMIS REFUS_SESSION_COMPLETE")
"""R-166: what its author is told of; of a cancelled session, the act itself tells."""

DUPLICABLES = _etats("EXPIREE ANNULEE REJETEE")
"""A new draft may be made from one of these (C-07)."""


def exiger(candidature: Candidature, transition: Transition[Any]) -> None:
    """Raise Empeche(ETAT_INCOMPATIBLE) where the act does not start from the état of this candidature."""
    if candidature.etat not in transition.depuis:
        raise Empeche([EtatIncompatible()])


def passer(candidature: Candidature, transition: Transition[F], le: datetime, **details: Any) -> F:
    """Move the candidature, date the move, and tell it. Raises Empeche(ETAT_INCOMPATIBLE)."""
    exiger(candidature, transition)
    avant, apres = candidature.etat, transition.vers or candidature.etat
    candidature.etat, candidature.modifiee_le = apres, le
    if apres in FINALS or apres is Etat.CORBEILLE:
        candidature.close_le = le
    if (apres in A_DIRE and apres is not avant) or transition.fait is f.AvisCorrige:
        candidature.est_a_annoncer = candidature.auteur_id is not None
    return dire(transition.fait, candidature, avant, apres, **details)


def dire(
    fait: type[F], candidature: Candidature, avant: Etat | None, apres: Etat | None, **details: Any
) -> F:
    """Out: the fact, about this candidature."""
    return fait(
        candidature_id=candidature.id,
        session_id=candidature.session_id,
        candidat_id=candidature.candidat_id,
        avant=avant and str(avant),
        apres=apres and str(apres),
        **details,
    )
