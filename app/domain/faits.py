"""Facts: something that happened, told in the past participle, written in the journal by the writing door.

A field named like a column of the journal (`candidature_id`, `session_id`, …) links the row; every other field
goes to its data. A fact holds identifiers, states and days; never a name, never a text that somebody typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

LIENS = frozenset(
    {
        "action_id",
        "session_id",
        "candidat_id",
        "candidature_id",
        "structure_concernee_id",
        "compte_concerne_id",
    }
)


@dataclass(frozen=True)
class FaitMetier:
    """Base of the facts; its class name is the name of the fact."""

    def liens(self) -> Mapping[str, int]:
        """Out: the columns of the journal that this fact fills."""
        return {nom: getattr(self, nom) for nom in self.__dataclass_fields__ if nom in LIENS}

    def donnees(self) -> Mapping[str, Any]:
        """Out: the rest, as JSON holds it."""
        return {nom: _json(getattr(self, nom)) for nom in self.__dataclass_fields__ if nom not in LIENS}


def _json(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date | datetime) else valeur
