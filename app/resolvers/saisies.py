"""From an input of the API to what the domain takes: columns by name, what is absent left out."""

from __future__ import annotations

from functools import cache
from typing import Any

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

BOOLEENS = frozenset(
    {"inscrit_france_travail", "organisme_formation", "habilitee_prescrire", "qualiopi_apprentissage"}
)  # `est_…` in the tables


def saisie(entree: Any, *, sauf: tuple[str, ...] = ()) -> dict[str, Any]:
    """In: an input object. Out: the fields that it gives; a null yes or no says nothing, and is left out."""
    type_: Any = type(entree)
    donnes = vars(entree)
    return {
        colonne: valeur
        for nom, colonne, oui_ou_non in _champs(type_)
        if (valeur := donnes[nom]) is not strawberry.UNSET
        and not (valeur is None and oui_ou_non)
        and nom not in sauf
    }


@cache
def _champs(entree: Any) -> list[tuple[str, str, bool]]:
    """In: an input type. Out: its fields, the column that each fills, and whether it says a yes or no."""
    fields = get_object_definition(entree, strict=True).fields
    return [(f.python_name, colonne(f.python_name), _oui_ou_non(f)) for f in fields]


def colonne(nom: str) -> str:
    """Out: the column that a field of an input fills."""
    return f"est_{nom}" if nom in BOOLEENS else nom


def _oui_ou_non(field: StrawberryField) -> bool:
    return getattr(field.type, "of_type", field.type) is bool
