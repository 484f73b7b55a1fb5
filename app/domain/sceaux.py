"""How the journal is sealed: each seal is a hash of the facts since the one before, and of that one (decision 0044).

Whoever holds the rows can compute it again with nothing but SHA-256:

    SHA-256( the seal before, in hexadecimal, nothing for the first · newline
             for each fact, in the order of its identifier: its line · newline
             the moment the seal was put · newline )

A line is the JSON object of the columns that are not null, its keys sorted, without spaces, in ASCII; moments are in UTC with six
decimals. A column that comes later, and is null in what is there, changes no line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app import models as m
from app.kit.conditions import Compare, Ref, all_of

APRES, JUSQU_A = Compare(("id",), ">", Ref("apres")), Compare(("id",), "<=", Ref("jusqu_a"))
ENTRE = all_of([APRES, JUSQU_A])
COLONNES = tuple(column.key for column in m.Fait.__mapper__.column_attrs)


def instant(moment: datetime) -> str:
    """Out: an aware moment as lines say it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ligne(fait: m.Fait) -> bytes:
    """Out: what is hashed of a fact."""
    dites = {colonne: _dite(getattr(fait, colonne)) for colonne in COLONNES}
    presentes = {colonne: valeur for colonne, valeur in dites.items() if valeur is not None}
    return json.dumps(presentes, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def _dite(valeur: Any) -> Any:
    return instant(valeur) if isinstance(valeur, datetime) else valeur


@dataclass
class Cire:
    """The wax: facts are poured in, in order; then the seal is put."""

    precedente: str = ""
    nombre: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        """Begin with the seal before."""
        self._hash.update(f"{self.precedente}\n".encode("ascii"))

    def verser(self, faits: Iterable[m.Fait]) -> None:
        """In: the next facts, in the order of their keys."""
        for fait in faits:
            self._hash.update(ligne(fait))
            self.nombre += 1

    def empreinte(self, le: datetime) -> str:
        """In: the moment the seal is put. Out: its hash; the wax may be poured on."""
        fin = self._hash.copy()
        fin.update(f"{instant(le)}\n".encode("ascii"))
        return str(fin.hexdigest())
