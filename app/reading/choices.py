"""Sources that choose: one value or another where a condition holds, or the first word of a table that does."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case

from app.kit.conditions import TRUE, Condition
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.fields import field_of
from app.reading.formats import constant
from app.reading.guarded import guarded
from app.reading.places import Place
from app.reading.rendering import Json
from app.reading.sources import Source, truth


@dataclass(frozen=True)
class Choix(Source):
    """One source where what the viewer may read of the row satisfies a condition, another one elsewhere."""

    condition: Condition
    alors: Source
    sinon: Source

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        holds = truth(c, guarded(c, self.condition, place.model), place)
        return case((holds, self.alors.render(c, place, asked)), else_=self.sinon.render(c, place, asked))


@dataclass(frozen=True)
class Cas:
    """A word, and when it is the one; said as another word to who lacks a permission on the row."""

    mot: enum.Enum
    si: Condition
    permission: str = ""
    sinon: enum.Enum | None = None


@dataclass(frozen=True)
class Selon(Source):
    """The first word whose condition holds; the last one always does.

    `public`: the rule that tells this word to everybody, whatever columns the conditions rest on.
    """

    cas: tuple[Cas, ...]
    public: str

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        *firsts, last = self.cas
        return case(
            *[(c.where(one.si, place), self._word(c, place, one)) for one in firsts],
            else_=self._word(c, place, last),
        )

    def _word(self, c: Compiler, place: Place, one: Cas) -> Json:
        said = constant(one.mot.name)
        if one.sinon is None:
            return said
        allowed = c.condition(one.permission, place.model)
        return (
            said
            if allowed == TRUE
            else case((truth(c, allowed, place), said), else_=constant(one.sinon.name))
        )


def choix(condition: Condition, description: str, *, alors: Source, sinon: Source) -> Any:
    """A value made of one source or of another."""
    return field_of(Choix(condition, alors, sinon), description)


def selon(cas: Sequence[Cas], description: str, *, public: str) -> Any:
    """A word of an enum, chosen by the first condition that holds."""
    return field_of(Selon(tuple(cas), public), description)
