"""Keys of an order that depend on what is looked for: relevance, the next date, the distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, Float, Text, bindparam, cast, func, literal_column, select

from app.kit.conditions import Condition
from app.reading.criteria import distance
from app.reading.filters import along
from app.reading.orders import CleDemandee
from app.reading.places import Place

if TYPE_CHECKING:
    from app.reading.pages import PageRows

NULLE_PART = cast(literal_column("99999"), Float)  # kilometres: further than anything on the Earth
JAMAIS = cast(literal_column("'9999-12-31'"), Date)
SANS_RANG = cast(literal_column("0"), Float)


@dataclass(frozen=True)
class Pertinence(CleDemandee):
    """How well a text answers the words looked for, zero without words; `relation` leads to the row that has it.

    `selon`: a yes or no beside the words, and the attribute and the function to take in their stead where it is given true.
    """

    attribute: Any
    cherche: str
    critere: str
    relation: Any = None
    selon: tuple[str, Any, str] | None = None
    type = Float()

    def build(self, row: Place, page: PageRows) -> ColumnElement[Any]:
        path = (page.page.argument, self.critere)
        if not page.asked.has(*path):
            return SANS_RANG
        attribute, cherche = self.attribute, self.cherche
        if self.selon is not None and page.asked.given(page.page.argument, self.selon[0]) is True:
            _, attribute, cherche = self.selon
        given = bindparam(page.asked.shared(*path), type_=Text())
        words = select(reduce(getattr, cherche.split("."), func)(given)).scalar_subquery()

        def rank(there: Place) -> ColumnElement[Any]:
            return cast(func.ts_rank(there[attribute.key], words), Float)

        return rank(row) if self.relation is None else one(page, row, self.relation, rank, SANS_RANG)


@dataclass(frozen=True)
class Prochain(CleDemandee):
    """The first date of related rows that satisfy a condition and what is asked of them; far away without any."""

    relation: Any
    attribute: Any
    ou: Condition
    type = Date()

    def build(self, row: Place, page: PageRows) -> ColumnElement[Any]:
        there, where = along(page.c, page.asked, row, page.page.argument, self.relation)
        first = func.min(there[self.attribute.key], type_=Date())
        found = select(first).where(*where, page.c.where(self.ou, there)).correlate_except(there.table)
        return func.coalesce(found.scalar_subquery(), JAMAIS, type_=Date())


@dataclass(frozen=True)
class Eloignement(CleDemandee):
    """The kilometres to the point given, of the nearest related row; far away if no place is known, or no point given."""

    relation: Any  # leads to the row that has coordinates
    critere: str
    par: Any = None  # the relation, before it, whose rows the filter speaks of
    type = Float()

    def build(self, row: Place, page: PageRows) -> ColumnElement[Any]:
        path = (page.page.argument, self.critere)
        if not page.asked.has(*path):
            return NULLE_PART
        rows, where = (row, []) if self.par is None else along(page.c, page.asked, row, path[0], self.par)
        there, led = page.c.follow(rows, self.relation)
        tables = [there.table] if self.par is None else [there.table, rows.table]
        nearest = func.min(distance(there, page.asked, path), type_=Float())
        found = select(nearest).where(*where, *led).correlate_except(*tables).scalar_subquery()
        return func.coalesce(found, NULLE_PART, type_=Float())


def one(
    page: PageRows,
    row: Place,
    relation: Any,
    key: Callable[[Place], ColumnElement[Any]],
    otherwise: ColumnElement[Any],
) -> ColumnElement[Any]:
    """Out: a key of the row that a to-one relation leads to, if the viewer reads it."""
    there, where = page.c.follow(row, relation)
    found = select(key(there)).where(*where).correlate_except(there.table).scalar_subquery()
    return func.coalesce(found, otherwise, type_=otherwise.type)
