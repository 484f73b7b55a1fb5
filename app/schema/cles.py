"""The identifier under a key, as fields: for what outlives what it speaks of."""

from __future__ import annotations

from typing import Any

from app.reading.fields import calcule
from app.reading.formats import identifier


def cle(type_name: str, colonne: Any, description: str, *, jamais_nul: bool = False) -> Any:
    """In: the type and the column of a key. Out: the field of its identifier, even of what is there no more."""
    return calcule(
        lambda row, _: identifier(type_name, row[colonne.key]),
        description,
        lit=(colonne,),
        jamais_nul=jamais_nul,
    )
