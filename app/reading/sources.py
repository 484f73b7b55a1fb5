"""What a field of the schema is made of: a source says its tables once, and renders itself in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    bindparam,
    case,
    column,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.kit.conditions import FALSE, TRUE, Condition
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.errors import bad_input
from app.reading.formats import constant, identifier, written
from app.reading.guarded import guarded
from app.reading.orders import Build, Tri
from app.reading.places import Place
from app.reading.rendering import Json, json_array

TAILLE, TAILLE_MAX = 20, 100
AU_PLUS: ColumnElement[int] = literal_column(str(TAILLE_MAX), BigInteger())
PEU = 10  # rows that a list shown whole is reckoned to have, when the cost of a request is


class Source:
    """What a field is made of."""

    nommee = False  # true of what gives rows that were asked for by themselves, by key

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        """In: the compilation, where it stands, what is asked. Out: the JSON value, in SQL."""
        raise NotImplementedError


@dataclass(frozen=True)
class Colonne(Source):
    """A column or a hybrid attribute of the row, masked by the policy."""

    attribute: Any

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return c.masked(place, (self.attribute,), written(place[self.attribute.key]))


@dataclass(frozen=True)
class Calcule(Source):
    """An SQL expression about the row, masked as the attributes that it reads."""

    build: Build
    lit: tuple[Any, ...]
    jamais_nul: bool = False

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return c.masked(place, self.lit, written(self.build(place, c)))


@dataclass(frozen=True)
class VraiSi(Source):
    """True if what the viewer may read of the row satisfies a condition.

    `public`: the rule that tells everybody whether it holds, whatever columns it rests on.
    """

    condition: Condition
    public: str = ""

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        wanted = self.condition if self.public else guarded(c, self.condition, place.model)
        return truth(c, wanted, place)


@dataclass(frozen=True)
class Identifiant(Source):
    """The global identifier of the row: its type and its key, opaque."""

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return identifier(asked.parent.name, place["id"])


@dataclass(frozen=True)
class MemeLigne(Source):
    """An object about the same row: a group of its fields, what the viewer may do with it…"""

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        return c.object(asked, place)


@dataclass(frozen=True)
class Un(Source):
    """The row at the end of a to-one relation; null if there is none or if the policy hides it."""

    relation: Any

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        child, where = c.follow(place, self.relation)
        found = select(c.object(asked, child)).where(*where).correlate_except(child.table)
        return c.masked(place, (self.relation,), found.scalar_subquery())


@dataclass(frozen=True)
class Liste(Source):
    """The first rows of a to-many relation (or of a model, at the root), in a fixed order."""

    target: Any
    ordre: Tri
    ou: Condition = TRUE
    entiere: bool = False  # no argument: all of them, which are few by nature (TAILLE_MAX at most)

    def render(self, c: Compiler, place: Place | None, asked: Asked) -> Json:
        child, where = kept(c, place, self.target, self.ou)
        slot = None if self.entiere else asked.slot("first", prepare=taille)
        size = AU_PLUS if slot is None else bindparam(slot, type_=BigInteger())
        first = select(child.table).where(*where).order_by(*self.ordre.by(c, child))
        limited = first.limit(size).correlate_except(child.table).subquery()
        page = child.on(limited)
        with c.rows(slot or PEU):
            item = c.object(asked, page)
        return select(json_array(item, *self.ordre.by(c, page))).scalar_subquery()


@dataclass(frozen=True)
class Premier(Source):
    """The first row of a to-many relation, or one value of it; null if there is none that the viewer reads."""

    relation: Any
    ordre: Tri
    ou: Condition = TRUE
    valeur: Any = None

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        child, where = kept(c, place, self.relation, self.ou)
        shown = (
            Colonne(self.valeur).render(c, child, asked)
            if self.valeur is not None
            else c.object(asked, child)
        )
        found = select(shown).where(*where).order_by(*self.ordre.by(c, child)).limit(1)
        return found.correlate_except(child.table).scalar_subquery()


@dataclass(frozen=True)
class Compteurs(Source):
    """An object of counts over the rows of a model or of a relation, all in one look."""

    target: Any
    ou: Condition = TRUE

    def render(self, c: Compiler, place: Place | None, asked: Asked) -> Json:
        row, where = kept(c, place, self.target, self.ou)
        with c.rows(None):
            counts = c.object(asked, row)
        one = func.count() >= 0  # always one object, even if `__typename` alone is asked
        found = select(counts).select_from(row.table).where(*where).having(one)
        return found.correlate_except(row.table).scalar_subquery()


@dataclass(frozen=True)
class Compteur(Source):
    """How many of the rows being counted satisfy a condition."""

    ou: Condition = TRUE

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        condition = guarded(c, self.ou, place.model)
        return func.count(place["id"]).filter(truth(c, condition, place))


@dataclass(frozen=True)
class ObjetJson(Source):
    """A JSONB column as an object whose fields are its keys."""

    attribute: Any

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        value = place[self.attribute.key]
        is_object = func.jsonb_typeof(value) == constant("object")  # a JSON null is not an object of nulls
        return c.masked(place, (self.attribute,), case((is_object, c.object(asked, value))))


@dataclass(frozen=True)
class ListeJson(Source):
    """The array under a key of a JSONB column as objects whose fields are keys of its items; null if there is none."""

    attribute: Any
    cle: str

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        value = place[self.attribute.key].op("->", return_type=JSONB)(constant(self.cle))
        is_array = func.jsonb_typeof(value) == constant("array")
        elements = func.jsonb_array_elements(case((is_array, value)))
        items = elements.table_valued(column("item", JSONB), with_ordinality="rang").render_derived("dites")
        with c.rows(PEU):
            item = c.object(asked, items.c.item)
        found = select(json_array(item, items.c.rang)).scalar_subquery()
        return c.masked(place, (self.attribute,), case((is_array, found)))


@dataclass(frozen=True)
class CleJson(Source):
    """The text under a key of a JSONB column, null if the key is missing."""

    cle: str

    def render(self, c: Compiler, place: ColumnElement[Any], asked: Asked) -> Json:
        return place.op("->>", return_type=Text())(constant(self.cle))


def kept(
    c: Compiler, place: Place | None, target: Any, ou: Condition
) -> tuple[Place, list[ColumnElement[bool]]]:
    """Out: the rows of a target that the viewer reads and that satisfy a condition, guarded."""
    row, where = c.reach(place, target)
    condition = guarded(c, ou, row.model)
    return row, where if condition == TRUE else [*where, c.where(condition, row)]


def truth(c: Compiler, condition: Condition, place: Place) -> ColumnElement[bool]:
    """Out: the condition as a boolean that is never null: what is unknown is false."""
    return false() if condition == FALSE else func.coalesce(c.where(condition, place), false())


def taille(value: int | None) -> int:
    """In: `first` or `last`. Out: the size of the page, or BAD_USER_INPUT."""
    size = TAILLE if value is None else value
    if not 0 <= size <= TAILLE_MAX:
        raise bad_input(f"Une page compte de 0 à {TAILLE_MAX} lignes.")
    return size
