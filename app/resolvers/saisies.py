"""From an input of the API to what the domain takes: columns by name, what is absent left out."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types.base import get_object_definition

BOOLEENS = frozenset(
    {"inscrit_france_travail", "organisme_formation", "habilitee_prescrire", "qualiopi_apprentissage"}
)  # `est_…` in the tables


def saisie(entree: Any, *, sauf: tuple[str, ...] = ()) -> dict[str, Any]:
    """In: an input object. Out: the fields that it gives; a null yes or no says nothing, and is left out."""
    definition = get_object_definition(entree, strict=True)
    noms = [f.python_name for f in definition.fields if f.python_name not in sauf]
    donnes = {nom: getattr(entree, nom) for nom in noms if getattr(entree, nom) is not strawberry.UNSET}
    muets = {nom for nom in donnes if donnes[nom] is None and _oui_ou_non(definition, nom)}
    return {colonne(nom): valeur for nom, valeur in donnes.items() if nom not in muets}


def colonne(nom: str) -> str:
    """Out: the column that a field of an input fills."""
    return f"est_{nom}" if nom in BOOLEENS else nom


def _oui_ou_non(definition: Any, nom: str) -> bool:
    type_ = next(f for f in definition.fields if f.python_name == nom).type
    return getattr(type_, "of_type", type_) is bool
