"""What an import changes of a row, in words that a person compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from app import models as m
from app.kit.clock import PARIS

from .bilan import Difference

Structures = Mapping[str, m.Structure]
CLE = "_id"
MONTRE = 200  # characters of a value that a report shows


def valeurs(row: m.Base, noms: Iterable[str]) -> dict[str, Any]:
    """Out: these columns of a row, as they are now."""
    return {nom: getattr(row, nom) for nom in noms}


def avant_apres(
    changees: Iterable[str], avant: Mapping[str, Any], apres: Mapping[str, Any], structures: Structures
) -> list[Difference]:
    """In: what changed, what it was, what its source says; structures by SIRET, to name them so.

    Of parts, only what the source says is known.
    """
    sirets = {row.id: siret for siret, row in structures.items()}
    return [_difference(nom, avant.get(nom), apres.get(nom), sirets) for nom in changees]


def _difference(nom: str, avant: Any, apres: Any, sirets: Mapping[int, str]) -> Difference:
    if nom.endswith(CLE):
        return Difference(nom.removesuffix(CLE), sirets.get(avant), sirets.get(apres))
    return Difference(nom, dit(avant), dit(apres))


def dit(valeur: Any) -> str | None:
    """Out: a value in words, cut where it is long; None where it says nothing."""
    if isinstance(valeur, list | tuple):
        return _coupe(", ".join(mot for mot in map(dit, valeur) if mot))
    if isinstance(valeur, Enum):
        return str(valeur.value)
    if isinstance(valeur, datetime):
        return valeur.astimezone(PARIS).isoformat(sep=" ", timespec="minutes")[:16]
    return None if valeur is None else _coupe(str(valeur))


def _coupe(texte: str) -> str | None:
    return (texte if len(texte) <= MONTRE else texte[: MONTRE - 1] + "…") or None
