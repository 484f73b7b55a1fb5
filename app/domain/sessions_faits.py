"""What happens to a session, told to the journal: identifiers, états, days, names of fields."""

from __future__ import annotations

from dataclasses import dataclass

from .differences import Difference
from .faits import FaitMetier


@dataclass(frozen=True, kw_only=True)
class FaitSession(FaitMetier):
    """Base: which session, and the état it left and reached."""

    action_id: int
    session_id: int
    avant: str | None
    apres: str | None


class SessionAjoutee(FaitSession):
    """It was begun (R-246)."""


@dataclass(frozen=True, kw_only=True)
class SessionDupliquee(FaitSession):
    """It was begun from another (R-245)."""

    modele_id: int


@dataclass(frozen=True, kw_only=True)
class SessionModifiee(FaitSession):
    """Its form changed (R-188)."""

    champs: tuple[str, ...]
    differences: tuple[Difference, ...] = ()


class SessionAnnulee(FaitSession):
    """A gestionnaire cancelled it for the financeur (R-169)."""


class SessionSupprimee(FaitSession):
    """It left the catalogue (R-249), or its draft is gone."""


class SuppressionDemandee(FaitSession):
    """Its organisme asked that it leave the catalogue (R-250)."""


class SuppressionRefusee(FaitSession):
    """A gestionnaire said no: it stays (R-250)."""
