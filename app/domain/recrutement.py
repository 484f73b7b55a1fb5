"""How one is admitted to a session, and the information meetings that this may say (R-242)."""

from __future__ import annotations

from collections.abc import Iterable

from app.models import ModaliteRecrutement

from .empechements import Empechement
from .formulaires import RACINE

MODALITES = "modalites_recrutement"
COLLECTIVE = str(ModaliteRecrutement.INFORMATION_COLLECTIVE)


class ReunionsSansInformationCollective(Empechement):
    """Les dates de réunion se donnent quand l'information collective est cochée : cochez-la, ou retirez les dates."""

    regle = "R-242"


def ordonnees(mots: Iterable[str] | None) -> list[str]:
    """Out: the words, each once, in the order of the list; what is no word of it comes last, for the base to refuse."""
    dits = [str(mot) for mot in mots or ()]
    connus = [str(mot) for mot in ModaliteRecrutement if str(mot) in dits]
    return connus + sorted(set(dits) - set(connus))


def avec_des_reunions(actuelles: Iterable[str]) -> list[str]:
    """Out: the same, where meetings are given and nothing else is said: giving their dates ticks it."""
    return ordonnees([*actuelles, COLLECTIVE])


def problemes_recrutement(modalites: Iterable[str], *, a_des_reunions: bool) -> list[Empechement]:
    """Out: what is wrong with the way one is admitted to a session."""
    datees = a_des_reunions and COLLECTIVE not in modalites
    return [ReunionsSansInformationCollective(RACINE, MODALITES)] if datees else []
