"""The life of an action, as one table: both machines, non conventionnée and conventionnée (R-124 to R-133, R-173 to R-190).

Who may act is the policies'; a gestionnaire's change of a published action leaves its état as it is, so it has no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.models import Action
from app.models import EtatAction as Etat

from .actions_faits import FaitAction
from .empechements import Empeche, EtatIncompatible

F = TypeVar("F", bound=FaitAction)


@dataclass(frozen=True)
class Transition:
    """One line: an act leads from an état to another, for actions of a kind.

    vers                       None: the état that came before the alerte (`lever_alerte`), or no row any more
    est_conventionnee          of which machine; None: of both
    est_connue                 was it ever published? None: whatever
    certification_changee      does what is confirmed change a certification? None: whatever (R-133, R-176)
    """

    verbe: str
    depuis: frozenset[Etat]
    vers: Etat | None
    est_conventionnee: bool | None = None
    est_connue: bool | None = None
    certification_changee: bool | None = None

    def vaut(self, action: Action, certification_changee: bool) -> bool:
        """Out: True if this is the line of the action."""
        dits = (
            (self.est_conventionnee, action.est_conventionnee),
            (self.est_connue, action.premiere_publication_le is not None),
            (self.certification_changee, certification_changee),
        )
        return action.etat in self.depuis and all(voulu in (None, vrai) for voulu, vrai in dits)


def _t(verbe: str, depuis: str, vers: Etat | None, **si: bool) -> Transition:
    return Transition(verbe, frozenset(Etat[mot] for mot in depuis.split()), vers, **si)


OUI_CONV, NON_CONV = {"est_conventionnee": True}, {"est_conventionnee": False}
CERTIFICATION, AUTRE_CHAMP = {"certification_changee": True}, {"certification_changee": False}
CONNUE, NEUVE = {"est_connue": True}, {"est_connue": False}

TRANSITIONS: tuple[Transition, ...] = (
    # non conventionnée
    _t("confirmer", "BROUILLON", Etat.CREEE, **NON_CONV),
    _t("confirmer", "ALERTE", Etat.CREEE, **NON_CONV, **NEUVE),
    _t("confirmer", "ALERTE", Etat.MODIFIEE, **NON_CONV, **CONNUE),
    _t("confirmer", "PUBLIEE", Etat.PUBLIEE, **NON_CONV, **AUTRE_CHAMP),
    _t("confirmer", "PUBLIEE", Etat.MODIFIEE, **NON_CONV, **CERTIFICATION),
    _t("publier", "CREEE MODIFIEE", Etat.PUBLIEE, **NON_CONV),
    _t("signaler", "CREEE MODIFIEE", Etat.ALERTE, **NON_CONV),
    _t("supprimer", "BROUILLON", None, **NON_CONV),
    # conventionnée
    _t("confirmer", "ALERTE", Etat.EN_ATTENTE_PUBLICATION, **OUI_CONV, **NEUVE),
    _t("confirmer", "ALERTE", Etat.EN_ATTENTE_VALIDATION, **OUI_CONV, **CONNUE),
    _t("confirmer", "PUBLIEE", Etat.PUBLIEE, **OUI_CONV, **AUTRE_CHAMP),
    _t("confirmer", "PUBLIEE", Etat.EN_ATTENTE_VALIDATION, **OUI_CONV, **CERTIFICATION),
    _t("publier", "EN_ATTENTE_PUBLICATION EN_ATTENTE_VALIDATION", Etat.PUBLIEE, **OUI_CONV),
    _t("signaler", "EN_ATTENTE_PUBLICATION EN_ATTENTE_VALIDATION", Etat.ALERTE, **OUI_CONV),
    # both
    _t("lever_alerte", "ALERTE", None),
    _t("archiver", "PUBLIEE", Etat.ARCHIVEE),
    _t("supprimer", "PUBLIEE", Etat.SUPPRIMEE),
    _t("republier", "ARCHIVEE SUPPRIMEE", Etat.PUBLIEE),
)
"""Every act that moves an action."""

A_CONTROLER = frozenset[Etat]().union(*(ligne.depuis for ligne in TRANSITIONS if ligne.verbe == "publier"))
"""What waits for a gestionnaire (R-126, R-175, R-176)."""


def transition(action: Action, verbe: str, *, certification_changee: bool = False) -> Transition:
    """Out: the line of an act for this action. Raises Empeche(ETAT_INCOMPATIBLE) where there is none."""
    for ligne in TRANSITIONS:
        if ligne.verbe == verbe and ligne.vaut(action, certification_changee):
            return ligne
    raise Empeche([EtatIncompatible()])


def passer(action: Action, fait: type[F], vers: Etat | None, *, le: datetime) -> F:
    """Move the action, date the move, and tell it."""
    avant = action.etat
    if vers is not None:
        action.etat = vers
    action.modifiee_le = le
    return fait(action_id=action.id, avant=str(avant), apres=vers and str(vers))
