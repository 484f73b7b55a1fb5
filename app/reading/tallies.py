"""Rows counted together, and group by group: what statistics are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Integer, cast, func, literal, select

from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.filters import wheres
from app.reading.places import Place
from app.reading.rendering import Json, json_array
from app.reading.sources import TAILLE_MAX, Source


@dataclass(frozen=True)
class Releve(Source):
    """An object of counts over the rows of a model that a filter keeps: `Ensemble`, `Repartition`.

    The rows are found once, whatever the ways to count them, with no more columns than those ways name.
    """

    model: Any
    filtre: Any
    argument: str = "filtre"

    def render(self, c: Compiler, place: None, asked: Asked) -> Json:
        row, where = c.enter(self.model)
        where = [*where, *wheres(c, asked, row, self.argument)]
        lot = c.aliases.derived(row.table)
        counts = c.object(asked, row.on(lot))
        found = select(*(lot.selected or [literal(1)])).select_from(row.table).where(*where)
        rows = found.correlate(None).cte(lot.name).prefix_with("MATERIALIZED")
        return select(counts).add_cte(rows, nest_here=True).scalar_subquery()


@dataclass(frozen=True)
class Ensemble(Source):
    """All the rows, counted together."""

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        with c.rows(None):
            counts = c.object(asked, place)
        found = select(counts).select_from(place.table).having(func.count() >= literal(0))
        return found.scalar_subquery()


@dataclass(frozen=True)
class Repartition(Source):
    """The rows counted by the values of columns, in their order; the first thousand groups."""

    cles: tuple[Any, ...]

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        keys = [place[cle.key] for cle in self.cles]
        with c.rows(TAILLE_MAX):
            counts = c.object(asked, place)
        ranked = [key.label(f"cle_{rang}") for rang, key in enumerate(keys)]
        counted = select(counts.label("ligne"), *ranked).select_from(place.table).group_by(*keys)
        groups = counted.order_by(*keys).limit(GROUPES).subquery()
        order = [groups.c[key.name] for key in ranked]
        return select(json_array(groups.c.ligne, *order)).scalar_subquery()


GROUPES = 1000


@dataclass(frozen=True)
class Somme(Source):
    """The sum of a column over the rows being counted."""

    attribute: Any

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return func.coalesce(func.sum(place[self.attribute.key]), literal(0))


@dataclass(frozen=True)
class Centile(Source):
    """The smallest value of a column that so great a part of the rows being counted does not exceed; null without any."""

    attribute: Any
    part: float

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        rank = func.percentile_disc(cast(literal(self.part), Float))
        return cast(rank.within_group(place[self.attribute.key]), Integer)
