"""Criteria made of others: one text that is words or a number, one choice among two, what lies around a point."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Float, Text, any_, bindparam, exists, func, or_, select

from app.kit.conditions import Condition
from app.policies.predicate import ends, equal
from app.reading.asked import Asked
from app.reading.choices import Selon
from app.reading.compiler import Compiler
from app.reading.errors import bad_input
from app.reading.filters import Critere, CritereCalcule, Filtre
from app.reading.formats import constant
from app.reading.guarded import guarded
from app.reading.places import Place

MOTS_MAX = 200  # characters: what is typed in a search box


@dataclass(frozen=True)
class CritereOu(Filtre):
    """Any of several criteria, which look at one and the same argument; `prepare` reads it for all of them."""

    criteres: tuple[Filtre, ...]
    prepare: Callable[[Any], Any]

    @property
    def is_search(self) -> bool:  # type: ignore[override]  # read only, as the others are in fact
        """True if one of them is."""
        return any(critere.is_search for critere in self.criteres)

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        asked.shared(*path, prepare=self.prepare)
        return or_(*[critere.where(c, place, asked, path) for critere in self.criteres])


@dataclass(frozen=True)
class CritereChez(Filtre):
    """A criterion on the row at the end of a relation, where it is looked for first: few rows satisfy it.

    Their keys are found once, and an `or` around this still finds its rows by indexes.
    """

    relation: Any
    critere: Filtre

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        prop = self.relation.property
        ((local, remote),) = ends(prop)
        there, where = c.enter(prop.mapper.class_)
        inner = self.critere.where(c, there, asked, path)
        found = select(there[remote]).where(*where, inner).correlate_except(there.table)
        among = equal(place[local], any_(func.array(found.scalar_subquery())))
        return c.where(c.readable(self.relation), place) & among


@dataclass(frozen=True)
class CritereSelon(Filtre):
    """A criterion; another one in its stead where the yes or no of that name is given true beside it."""

    critere: Filtre
    autre: Filtre
    mode: str  # as the API names it

    @property
    def is_search(self) -> bool:  # type: ignore[override]  # read only, as the others are in fact
        """True if it is, whichever is asked."""
        return self.critere.is_search

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        chosen = self.autre if asked.given(*path[:-1], self.mode) is True else self.critere
        return chosen.where(c, place, asked, path)


@dataclass(frozen=True)
class CritereMode(Filtre):
    """A yes or no that asks nothing of any row: it says how a `CritereSelon` is understood."""

    def is_silent(self, asked: Asked, path: tuple[str, ...]) -> bool:
        return True


@dataclass(frozen=True)
class CritereVers(Filtre):
    """A criterion on the row at the end of a to-one relation, tested row by row: the list is short, the others' is not."""

    relation: Any
    critere: Filtre

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        there, where = c.follow(place, self.relation)
        inner = self.critere.where(c, there, asked, path)
        led_to = exists(select(1).where(*where, inner).correlate_except(there.table))
        return c.where(c.readable(self.relation), place) & led_to


@dataclass(frozen=True)
class CritereMots(Critere):
    """A word of the request that stands for several words of the column: a tab that holds several états."""

    groupes: tuple[tuple[enum.Enum, tuple[str, ...]], ...] = ()
    op: str = "parmi"

    def value(self, given: Any) -> Any:
        """Out: the words that the given one stands for."""
        return list(dict(self.groupes)[given])


@dataclass(frozen=True)
class CritereSelonMot(Filtre):
    """The condition that the given word stands for."""

    conditions: tuple[tuple[enum.Enum, Condition], ...]

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        given = bindparam(asked.shared(*path, prepare=nom), type_=Text())
        return or_(
            *[
                equal(given, constant(mot.name)) & c.where(guarded(c, condition, place.model), place)
                for mot, condition in self.conditions
            ]
        )


@dataclass(frozen=True)
class CritereParmiCas(Filtre):
    """The word that a table of conditions says of the row (`Selon`), to this viewer, is one of those given."""

    selon: Selon

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        given = bindparam(asked.shared(*path, prepare=noms), type_=ARRAY(Text))
        return equal(self.selon.render(c, place, asked), any_(given))


def nom(given: enum.Enum) -> str:
    """Out: the name of the word, as the API says it."""
    return given.name


def noms(given: list[enum.Enum | None]) -> list[str]:
    """Out: the names of the words, as the API says them."""
    return [one.name for one in given if one is not None]


@dataclass(frozen=True)
class CritereSans(Filtre):
    """A criterion that is refused beside another one: a choice among two."""

    critere: Filtre
    autre: str  # as the API names it
    message: str

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        if asked.has(*path[:-1], self.autre):
            raise bad_input(self.message)
        return self.critere.where(c, place, asked, path)


@dataclass(frozen=True)
class CritereAutour(Filtre):
    """Rows whose place lies within so many kilometres of a point; without a radius, the point only serves an order."""

    relation: Any  # leads to the row that has a latitude and a longitude

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        there, where = c.follow(place, self.relation)
        near = distance(there, asked, path) <= asked.bind(Float(), *path, "rayonKm", prepare=rayon)
        return exists(select(1).where(*where, near).correlate_except(there.table))

    def is_silent(self, asked: Asked, path: tuple[str, ...]) -> bool:
        return not asked.has(*path, "rayonKm")


def distance(there: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[float]:
    """Out: the kilometres between a row that has coordinates and the point given at a path; null if it has none."""
    latitude = asked.bind(Float(), *path, "latitude", prepare=degres(90))
    longitude = asked.bind(Float(), *path, "longitude", prepare=degres(180))
    found: ColumnElement[float] = func.distance_km(
        there["latitude"], there["longitude"], latitude, longitude, type_=Float()
    )
    return found


def degres(limit: int) -> Callable[[float], float]:
    """Out: what refuses a coordinate that is nowhere on the Earth."""

    def read(value: float) -> float:
        if not -limit <= value <= limit:
            raise bad_input(f"Une coordonnée va de -{limit} à {limit} degrés.")
        return value

    return read


def rayon(value: int | None) -> int | None:
    """Out: a radius that finds something, in kilometres."""
    if value is not None and not 0 < value <= 1000:
        raise bad_input("Le rayon va de 1 à 1 000 km.")
    return value


def numero(attribute: Any, *, plie: bool = False) -> Filtre:
    """A number that is exactly what is typed, blanks aside; `plie`: accents, case and punctuation aside too."""

    def build(row: Place, given: ColumnElement[Any]) -> ColumnElement[bool]:
        if plie:
            return equal(func.plier(row[attribute.key]), func.plier(given))
        return equal(row[attribute.key], func.translate(given, constant(" "), constant("")))

    return CritereCalcule(build, (attribute,))


def contient(*attributes: Any) -> Filtre:
    """A piece of the text of a column, or of several read in a row or in the contrary order; accents and case aside."""

    def build(row: Place, given: ColumnElement[Any]) -> ColumnElement[bool]:
        columns = [row[a.key] for a in attributes]
        texts = [func.concat_ws(" ", *columns), func.concat_ws(" ", *columns[::-1])][: len(columns)]
        return or_(*[func.plier(text).contains(func.plier(given), autoescape=False) for text in texts])

    return CritereCalcule(build, attributes)


def mots_typed(value: str) -> str:
    """Out: what is typed in a search box; BAD_USER_INPUT if it is blank, or a text rather than words."""
    if not any(character.isalnum() for character in value):
        raise bad_input("Donnez au moins un mot ou un numéro, ou n'envoyez pas ce critère.")
    if len(value) > MOTS_MAX:
        raise bad_input(f"Une recherche compte {MOTS_MAX} caractères au plus.")
    return value


def premier_du_mois(value: date) -> date:
    """Out: the first day of the month of a day."""
    return value.replace(day=1)
