"""What happens to an action, told to the journal: identifiers, états, names of fields."""

from __future__ import annotations

from dataclasses import dataclass

from .differences import Difference
from .faits import FaitMetier


@dataclass(frozen=True, kw_only=True)
class FaitAction(FaitMetier):
    """Base: which action, and the état it left and reached."""

    action_id: int
    avant: str | None
    apres: str | None


class ActionCreee(FaitAction):
    """It was begun (R-177), or entered by a gestionnaire (R-128)."""


@dataclass(frozen=True, kw_only=True)
class ActionModifiee(FaitAction):
    """Its content changed: at once, or apart from what is published (C-33)."""

    champs: tuple[str, ...]
    est_a_part: bool
    differences: tuple[Difference, ...] = ()


class ActionConfirmee(FaitAction):
    """Its organisme confirmed what it had checked (R-189)."""


class ComplementDemande(FaitAction):
    """A gestionnaire asked for a complement (R-173)."""


class AlerteLevee(FaitAction):
    """A gestionnaire took the request back."""


class ActionArchivee(FaitAction):
    """It left the catalogue (R-178)."""


class ActionSupprimee(FaitAction):
    """It left the catalogue, or its draft is gone (R-183)."""


class ActionRepubliee(FaitAction):
    """A gestionnaire published it again (R-179)."""
