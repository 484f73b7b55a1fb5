"""The life of a session, as one table. Its own état never changes with its action's (R-183)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from app.models import EtatSession as Etat
from app.models import SessionFormation

from . import sessions_faits as f
from .empechements import Empeche, EtatIncompatible

F = TypeVar("F", bound=f.FaitSession)


@dataclass(frozen=True)
class Transition(Generic[F]):
    """One act. `vers` None: the état does not change, or the row goes away with it."""

    verbe: str
    depuis: frozenset[Etat]
    vers: Etat | None
    fait: type[F]


_TABLE: dict[str, Transition[Any]] = {}


def _t(verbe: str, depuis: str, vers: Etat | None, fait: type[F]) -> Transition[F]:
    ligne = Transition(verbe, frozenset(Etat[mot] for mot in depuis.split()), vers, fait)
    _TABLE[verbe] = ligne
    return ligne


MODIFIER = _t("modifier", "BROUILLON PUBLIEE SUPPRESSION_DEMANDEE", None, f.SessionModifiee)
DUPLIQUER = _t("dupliquer", "BROUILLON PUBLIEE SUPPRESSION_DEMANDEE ANNULEE", None, f.SessionDupliquee)
ANNULER = _t("annuler", "PUBLIEE SUPPRESSION_DEMANDEE", Etat.ANNULEE, f.SessionAnnulee)
JETER = _t("jeter", "BROUILLON", None, f.SessionSupprimee)
SUPPRIMER = _t("supprimer", "PUBLIEE ANNULEE", Etat.SUPPRIMEE, f.SessionSupprimee)
DEMANDER = _t("demander_suppression", "PUBLIEE", Etat.SUPPRESSION_DEMANDEE, f.SuppressionDemandee)
ACCEPTER = _t("accepter_suppression", "SUPPRESSION_DEMANDEE", Etat.SUPPRIMEE, f.SessionSupprimee)
REFUSER = _t("refuser_suppression", "SUPPRESSION_DEMANDEE", Etat.PUBLIEE, f.SuppressionRefusee)

TRANSITIONS: Mapping[str, Transition[Any]] = MappingProxyType(_TABLE)
"""Every act, by its verb. What publishes a session is the act on its action."""


def exiger(session: SessionFormation, ligne: Transition[Any]) -> None:
    """Raise Empeche(ETAT_INCOMPATIBLE) where the act does not start from the état of this session."""
    if session.etat not in ligne.depuis:
        raise Empeche([EtatIncompatible()])


def passer(session: SessionFormation, ligne: Transition[F], le: datetime, **details: Any) -> F:
    """Move the session, date the move, and tell it. Raises Empeche(ETAT_INCOMPATIBLE)."""
    exiger(session, ligne)
    avant, session.etat = session.etat, ligne.vers or session.etat
    session.modifiee_le = le
    apres = None if ligne is JETER else session.etat
    return dire(ligne.fait, session, avant, apres, **details)


def dire(
    fait: type[F], session: SessionFormation, avant: Etat | None, apres: Etat | None, **details: Any
) -> F:
    """Out: the fact, about this session."""
    return fait(
        action_id=session.action_id,
        session_id=session.id,
        avant=avant and str(avant),
        apres=apres and str(apres),
        **details,
    )
