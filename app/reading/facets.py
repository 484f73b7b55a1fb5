"""Facets: the whole list counted by what would refine it, in one look at its rows however many are asked.

A facet counts rows of the list, filters included: a value and its number are what the list would be with that value
as one more criterion. Where a filter speaks of related rows, the values are those of the rows that satisfy it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, distinct, func, literal_column, select, table

from app.kit.conditions import Condition
from app.reading.asked import Asked
from app.reading.compiler import Compiler, Rows
from app.reading.filters import CritereLie, along, criteria, wheres
from app.reading.guarded import guarded
from app.reading.orders import Cle
from app.reading.pages import LISTE, PageRows
from app.reading.places import Place
from app.reading.rendering import Json, json_array
from app.reading.sources import AU_PLUS, TAILLE_MAX, Source, kept, truth

LOT, CLE = "lot", "cle"  # the rows that facets count, and the key of the row of the list that each comes from
Fold = Callable[[ColumnElement[Any]], ColumnElement[Any]]


@dataclass
class Lot:
    """The rows of a list, with what its facets count: the place of a facet."""

    c: Compiler
    page: PageRows
    relation: Any = None  # whose rows filters and facets may speak of
    finds: bool = False  # the list is found here, with what its facets count
    name: str = LOT
    values: list[ColumnElement[Any]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)  # the columns that the list holds too, beside its keys

    def of(self, criteres: tuple[str, ...]) -> Lot:
        """Out: the lot that a facet counts: the same for all, whatever criteria it refines."""
        return self

    @property
    def ref(self) -> ColumnElement[Any]:
        """The key of the row of the list that a row of the lot comes from."""
        return literal_column(f"{self.name}.{CLE}")

    @cached_property
    def row(self) -> Place:
        """A row of the list."""
        return self.rows[0]

    @cached_property
    def rows(self) -> Rows:
        """The rows of the list; before the filters of the request, unless they were found once already."""
        if self.page.is_found_once and not self.finds:
            return self.page.all_rows()
        source = self.page.page
        return kept(self.c, self.page.parent, source.target, source.ou)

    @cached_property
    def related(self) -> Rows:
        """The related rows that satisfy what the request asks of them."""
        return along(self.c, self.page.asked, self.row, self.page.page.argument, self.relation)

    def take(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """In: an expression about the rows. Out: the column of the lot that holds it."""
        self.values.append(value)
        return literal_column(f"{self.name}.f{len(self.values)}", value.type)

    def at(self, par: tuple[Any, ...], model_value: Any) -> ColumnElement[Any]:
        """Out: a column of the lot: the value at the end of relations; an array of them beyond a to-many one."""
        if par and par[0] is self.relation:
            return self.take(self._beyond(self.related[0], par[1:], model_value))
        return self.take(self._beyond(self.row, par, model_value))

    def of_list(self, value: Any) -> ColumnElement[Any]:
        """In: an attribute of the rows. Out: the column of the list, found here, that holds it: each row has it once."""
        column_ = self.at((), value)
        name = f"f{len(self.values)}"
        self.listed.append(name)
        return literal_column(f"{LISTE}.{name}", column_.type)

    def keys(self) -> Select[Any]:
        """Out: the list, each of its rows once. To be asked last."""
        others: list[ColumnElement[Any]] = [column(name) for name in self.listed]
        return select(column(CLE).label("id"), *others).select_from(table(self.name)).distinct()

    def _beyond(self, place: Place, par: tuple[Any, ...], value: Any) -> ColumnElement[Any]:
        """In: a place, relations to follow from it, an attribute or a key computed at their end."""
        if not par:
            return value.build(place, self.c) if isinstance(value, Cle) else place[value.key]
        wheres_, tables = [], []
        for relation in par:
            place, where = self.c.follow(place, relation)
            wheres_ += where
            tables.append(place.table)
        found = (
            select(self._beyond(place, (), value)).where(*wheres_).correlate_except(*tables).scalar_subquery()
        )
        return func.array(found) if is_many(par) else found

    def statement(self) -> Select[Any]:
        """Out: what the lot is made of. To be asked last: facets say what they need as they are compiled."""
        row, where = self.rows
        asked, argument = self.page.asked, self.page.page.argument
        columns = [row["id"].label(CLE), *[v.label(f"f{i}") for i, v in enumerate(self.values, 1)]]
        found = select(*columns)
        if self.finds or not self.page.is_found_once:
            but = self.relation if "related" in self.__dict__ else None
            where = [*where, *wheres(self.c, asked, row, argument, but=but)]
        found = found.where(*where)
        if "related" not in self.__dict__:
            return found.correlate_except(row.table)
        child, joined = self.related
        if any(isinstance(f, CritereLie) for f, _ in criteria(asked, argument)):
            found = found.where(*joined)
        else:  # nothing is asked of related rows: a row that has none is in the list all the same
            found = found.select_from(row.table.outerjoin(child.table, and_(*joined)))
        return found.correlate_except(row.table, child.table)

    def cte(self) -> Any:
        """Out: the statement, under its name. To be asked last too."""
        return self.statement().cte(self.name).prefix_with("MATERIALIZED")


@dataclass
class Larges:
    """The lots of facets that each ignore the criterion that they refine: the place of such a facet."""

    c: Compiler
    page: PageRows
    relation: Any = None
    lots: dict[tuple[str, ...], Lot] = field(default_factory=dict)

    def of(self, criteres: tuple[str, ...]) -> Lot:
        """Out: the lot of a facet: the list without those of its criteria that are given; one for all that have none."""
        argument = self.page.page.argument
        given = tuple(nom for nom in criteres if self.page.asked.has(argument, nom))
        if given not in self.lots:
            asked = self.page.asked.without(argument, given)
            page = PageRows(self.c, self.page.parent, asked, self.page.page)
            self.lots[given] = Lot(self.c, page, self.relation, True, f"large_{len(self.lots)}")
        return self.lots[given]


def is_many(par: tuple[Any, ...]) -> bool:
    """True if relations may lead to several rows."""
    return any(relation.property.uselist for relation in par)


@dataclass(frozen=True)
class Facettes(Source):
    """An object of facets over the whole list; `relation`: whose rows the filter speaks of too."""

    relation: Any = None

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        if place.is_found_once:
            place.find()
        lot = place.lot or Lot(c, place, self.relation)
        with c.rows(None):
            counted = select(c.object(asked, lot))
        if lot is place.lot:  # the page bears it
            return counted.scalar_subquery()
        return counted.add_cte(lot.cte(), nest_here=True).scalar_subquery()

    def lot(self, c: Compiler, page: PageRows) -> Lot:
        """Out: the rows of a list, found with what its facets count."""
        lot = Lot(c, page, self.relation, finds=True)
        lot.related  # noqa: B018  # it is their place: what is asked of them is asked here
        return lot


@dataclass(frozen=True)
class FacettesLarges(Source):
    """The same facets, each without the criterion that it refines: what other values would give in its place."""

    relation: Any = None

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        larges = Larges(c, place, self.relation)
        with c.rows(None):
            counted = select(c.object(asked, larges))
        return counted.add_cte(*[lot.cte() for lot in larges.lots.values()], nest_here=True).scalar_subquery()


@dataclass(frozen=True)
class Facette(Source):
    """The list counted by a value, the most frequent first; nothing is said of rows that have none.

    `par`: the relations that lead to it; `repliee`: what makes several values one, in SQL: the last of them stands for
    all; `suivie`: in the order of values instead; `criteres`: those of the list that it refines.
    """

    valeur: Any  # an attribute, or a `Cle`
    par: tuple[Any, ...] = ()
    repliee: Fold | None = None
    suivie: bool = False
    criteres: tuple[str, ...] = ()

    def render(self, c: Compiler, place: Lot | Larges, asked: Asked) -> Json:
        groups = self._groups(place.of(self.criteres)).subquery()
        order = [groups.c.valeur] if self.suivie else [groups.c.nombre.desc(), groups.c.valeur]
        with c.rows(TAILLE_MAX):
            item = c.object(asked, groups)
        return select(json_array(item, *order)).scalar_subquery()

    def _groups(self, lot: Lot) -> Select[Any]:
        """Out: the hundred first values, and how many rows of the list have each."""
        if lot.page.lot is lot and not self.par and self.repliee is None:  # the list is made of this lot
            return self._counted(table(LISTE), lot.of_list(self.valeur))
        rows: Any = table(lot.name)
        value = lot.at(self.par, self.valeur)
        if many := is_many(self.par[1:] if self.par and self.par[0] is lot.relation else self.par):
            items = func.unnest(value).table_valued(column("valeur", value.type)).render_derived("valeurs")
            rows, value = rows.join(items, literal_column("true")), items.c.valeur
        if self.repliee is None and lot.relation is None and not many:  # a row of the lot, one of the list
            return self._counted(rows, value)
        # a row once for each of its values, by hashes: sorting texts to count the different ones takes ten times longer
        once = (
            _once(rows, value, lot.ref)
            if self.repliee is None
            else _folded(rows, value, lot.ref, self.repliee)
        )
        shown = once.c.groupe if self.repliee is None else func.max(once.c.valeur)
        counted = select(shown.label("valeur"), func.count().label("nombre"))
        return self._firsts(counted.group_by(once.c.groupe))

    def _counted(self, rows: Any, value: ColumnElement[Any]) -> Select[Any]:
        """In: rows of the list, each once, and their value. Out: the first values, and how many rows have each."""
        found = select(value.label("valeur"), func.count().label("nombre")).select_from(rows)
        return self._firsts(found.where(value.is_not(None)).group_by(value))

    def _firsts(self, found: Select[Any]) -> Select[Any]:
        valeur, nombre = found.selected_columns.valeur, found.selected_columns.nombre
        return found.order_by(*[valeur] if self.suivie else [nombre.desc(), valeur]).limit(AU_PLUS)

    @property
    def reads(self) -> tuple[Any, ...]:
        """The attributes that the facet reads."""
        return self.valeur.lit if isinstance(self.valeur, Cle) else (self.valeur,)


def _once(rows: Any, value: ColumnElement[Any], row: ColumnElement[Any]) -> Any:
    """Out: each row of the list and each of its values, once."""
    pair = select(value.label("groupe"), row).select_from(rows)
    return pair.where(value.is_not(None)).distinct().subquery()


def _folded(rows: Any, value: ColumnElement[Any], row: ColumnElement[Any], fold: Fold) -> Any:
    """Out: each row of the list and each of its folded values, once; the values are folded once each."""
    apart = (
        select(value.label("valeur")).select_from(rows).where(value.is_not(None)).group_by(value).subquery()
    )
    folded = select(apart.c.valeur, fold(apart.c.valeur).label("groupe"))
    names = folded.offset(literal_column("0")).subquery()  # a fence: PostgreSQL would fold again for each row
    joined = rows.join(names, value == names.c.valeur)
    shown = func.max(value).label("valeur")
    return select(names.c.groupe, shown, row).select_from(joined).group_by(names.c.groupe, row).subquery()


@dataclass(frozen=True)
class FacetteSi(Source):
    """How many rows of the list satisfy a condition, or have a row of the relation that does.

    `public`: the rule that tells everybody whether the condition holds, whatever columns it rests on.
    """

    condition: Condition
    par: tuple[Any, ...] = ()
    public: str = ""
    criteres: tuple[str, ...] = ()

    def render(self, c: Compiler, place: Lot | Larges, asked: Asked) -> Json:
        lot = place.of(self.criteres)
        row = lot.related[0] if self.par else lot.row
        wanted = self.condition if self.public else guarded(c, self.condition, row.model)
        holds = lot.take(truth(c, wanted, row))
        counted = func.count(distinct(lot.ref)).filter(holds)
        return select(counted).select_from(table(lot.name)).scalar_subquery()


@dataclass(frozen=True)
class LigneDeGroupe(Source):
    """The row whose key is the value of a group; null if the viewer does not read it."""

    model: Any

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        row, where = c.enter(self.model)
        found = select(c.object(asked, row)).where(row["id"] == place.c.valeur, *where)
        return found.correlate_except(row.table).scalar_subquery()
