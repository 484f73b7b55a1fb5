"""The grammar of LHEO 2.3, as data: which element holds which, in which order, how often, and with which values.

`grammaire.json` holds facts only (names, order, cardinalities, lengths, codes). An element is one of:
a `suite` of children in order, each `[name, at least, at most or null]`; a `choix` of children in any order;
`texte` within two lengths, `codes`, `date`, `entier`; or `libre`: anything inside, known elements as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any

from .valeurs import Controle, controle

SANS_LIMITE = 1 << 62


@dataclass(frozen=True, slots=True)
class Modele:
    """What one element may hold.

    places      the rank of each child that a suite knows
    noms        the same children, in order
    maxima      how often each may come
    attendu     for each rank, the rank of the first compulsory child from there on
    choix       children in any order
    controle    checks the text of an element without children; None: it holds elements only
    libre       anything may stand inside
    """

    nom: str
    places: Mapping[str, int] = field(default_factory=dict)
    noms: tuple[str, ...] = ()
    maxima: tuple[int, ...] = ()
    attendu: tuple[int, ...] = (SANS_LIMITE,)
    choix: frozenset[str] = frozenset()
    attributs: Mapping[str, str] = field(default_factory=dict)
    controle: Controle | None = None
    libre: bool = False

    def fils(self) -> tuple[str, ...]:
        """Out: the names that may stand inside."""
        return self.noms or tuple(sorted(self.choix))


LIBRE = Modele("", libre=True)
"""An element that the grammar does not know, inside an `extra`."""


@cache
def grammaire() -> Mapping[str, Modele]:
    """Out: the model of every element, by its name."""
    donnees = json.loads(files(__package__).joinpath("grammaire.json").read_text(encoding="utf-8"))
    communs = donnees["attributs"]
    return {
        nom: _modele(nom, {**communs, **fait.get("attributs", {})}, fait)
        for nom, fait in donnees["elements"].items()
    }


def _modele(nom: str, attributs: Mapping[str, str], fait: Mapping[str, Any]) -> Modele:
    if "suite" in fait:
        return _suite(nom, attributs, fait["suite"])
    if "choix" in fait:
        return Modele(nom, choix=frozenset(fait["choix"]), attributs=attributs)
    if "libre" in fait:
        return Modele(nom, attributs=attributs, libre=True)
    return Modele(nom, attributs=attributs, controle=controle(fait))


def _suite(nom: str, attributs: Mapping[str, str], suite: list[tuple[str, int, int | None]]) -> Modele:
    attendu = [SANS_LIMITE]
    for rang in range(len(suite) - 1, -1, -1):
        attendu.insert(0, rang if suite[rang][1] else attendu[0])
    return Modele(
        nom,
        places=dict(zip((fils for fils, _, _ in suite), count(), strict=False)),
        noms=tuple(fils for fils, _, _ in suite),
        maxima=tuple(SANS_LIMITE if plus is None else plus for _, _, plus in suite),
        attendu=tuple(attendu),
        attributs=attributs,
    )


def ressemble(nom: str, possibles: tuple[str, ...]) -> str | None:
    """Out: the possible name that looks most like a misspelt one, or None."""
    proches = get_close_matches(nom, possibles, n=1, cutoff=0.8)
    return proches[0] if proches else None
