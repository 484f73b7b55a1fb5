"""Lists as pages: keyset cursors, counts, groups. Each field of a connection is a source too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    any_,
    bindparam,
    column,
    exists,
    false,
    func,
    literal_column,
    select,
    table,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.kit.conditions import TRUE, Condition
from app.reading.asked import Asked
from app.reading.compiler import Compiler, Rows
from app.reading.cursors import cursor_text, decode_cursor
from app.reading.errors import bad_input
from app.reading.filters import CritereLie, criteria, wheres
from app.reading.formats import written
from app.reading.orders import Tri
from app.reading.places import Place
from app.reading.rendering import EMPTY, Json, json_array
from app.reading.shapes import Ordre
from app.reading.sources import Source, kept, taille
from app.reading.ways import ways

LISTE = "liste"


@dataclass(frozen=True)
class Page(Source):
    """A connection: the rows of a model or of a relation, filtered, ordered, cut by keyset cursors."""

    target: Any
    ordre: type[Ordre]
    filtre: Any = None
    ou: Condition = TRUE  # what the list is made of, before any filter
    argument: str = "filtre"  # how the filter is named

    def render(self, c: Compiler, place: Place | None, asked: Asked) -> Json:
        rows = PageRows(c, place, asked, self)
        value = c.object(asked, rows)
        if rows.listed_by is None and not rows.read:
            return value
        answer = select(value).select_from(rows.table) if rows.read else select(value)
        return answer.add_cte(*rows.ctes, nest_here=True).scalar_subquery()


class PageRows:
    """One page being compiled: its WHERE, its cut, its rows. The place of every field of a connection."""

    read = False  # True once a field needs the rows: `totalCount` alone reads none
    _cut_to: Any = None
    lot: Any = None  # what facets count, where the list is found by counting it
    listed_by: Any = None  # what finds the keys of the whole list, once, where finding them is what costs

    def __init__(self, c: Compiler, parent: Place | None, asked: Asked, page: Page) -> None:
        """In: where the compiler stands, and the field that asks for the page."""
        self.c, self.parent, self.asked, self.page = c, parent, asked, page
        self.backward = asked.has("last") or asked.has("before")
        if self.backward and (asked.has("first") or asked.has("after")):
            raise bad_input("Demandez first et after, ou bien last et before.")
        self.size, self.cursor = ("last", "before") if self.backward else ("first", "after")
        self.tri: Tri = asked.arguments["tri"].value
        self._keys: dict[Any, list[ColumnElement[Any]]] = {}
        self._cut: ColumnElement[Any] | None = None

    def all_rows(self) -> Rows:
        """Out: every row of the list that the viewer may read, as a new alias and its WHERE."""
        if not self.is_found_once:
            return self._filtered()
        self.find()
        place, _ = self.c.reach(self.parent, self.page.target)  # the policy and the link have chosen the keys
        return place, [self.listed(place)]

    def find(self) -> None:
        """Find the keys of the list, once; where facets look at the same related rows, they find them."""
        if self.listed_by is not None:
            return
        counts = [source for source in self.c.sources(self.asked) if self._counts(source)]
        if counts:
            self.lot = counts[0].lot(self.c, self)
            self.listed_by = self.lot.keys
        else:
            row, where = self._filtered()
            keys = select(row["id"]).where(*where).correlate_except(row.table)
            self.listed_by = lambda: keys

    def _counts(self, source: Any) -> bool:
        """Whether a source is facets, about the related rows of which the request asks something."""
        asked = [f for f, _ in criteria(self.asked, self.page.argument) if isinstance(f, CritereLie)]
        return hasattr(source, "lot") and any(f.relation is source.relation for f in asked)

    @property
    def ctes(self) -> list[Any]:
        """What the page rests on. To be asked last: facets say what they count as they are compiled."""
        if self.listed_by is None:
            return []
        found = [] if self.lot is None else [self.lot.cte()]
        return [*found, self.listed_by().cte(LISTE).prefix_with("MATERIALIZED")]

    @property
    def is_found_once(self) -> bool:
        """Whether finding the rows is what costs: words are looked for."""
        return any(critere.is_search for critere, _ in criteria(self.asked, self.page.argument))

    def listed(self, place: Place) -> ColumnElement[bool]:
        """The row is one of the list, once the list is found."""
        return place["id"].in_(select(column("id", place["id"].type)).select_from(table(LISTE)))

    def _filtered(self) -> Rows:
        place, where = kept(self.c, self.parent, self.page.target, self.page.ou)
        return place, [*where, *wheres(self.c, self.asked, place, self.page.argument)]

    @cached_property
    def slot(self) -> str:
        """The name of the bind of the page's size."""
        return self.asked.slot(self.size, prepare=taille)

    @cached_property
    def limit(self) -> ColumnElement[Any]:
        """The size of the page, a bind."""
        return bindparam(self.slot, type_=BigInteger())

    @cached_property
    def is_numbered(self) -> bool:
        """Whether it must be known if more rows follow: PostgreSQL pays for numbers that nobody asks for."""
        return any(isinstance(source, InfoPage) for source in self.c.sources(self.asked))

    @cached_property
    def reach(self) -> ColumnElement[Any]:
        """How many rows are read: one more than the page to know that more follow."""
        return self.limit + 1 if self.is_numbered else self.limit

    def keys(self, place: Place) -> list[ColumnElement[Any]]:
        """Out: the keys of the order at a place; the same ones each time they are asked for."""
        if place.table not in self._keys:
            self._keys[place.table] = self.tri.columns(self.c, place, self)
        return self._keys[place.table]

    def cut(self, keys: list[ColumnElement[Any]]) -> ColumnElement[Any]:
        """Out: the keys of the cursor, a row of binds of the types of the order's keys."""
        if self._cut is None:
            types, ordre = [key.type for key in keys], self.asked.arguments["tri"].name

            def part(i: int, of: Any) -> ColumnElement[Any]:
                return self.asked.bind(
                    of, self.cursor, prepare=lambda value: decode_cursor(value, ordre, types)[i]
                )

            self._cut = tuple_(*[part(i, of) for i, of in enumerate(types)])
        return self._cut

    @cached_property
    def row(self) -> Place:
        """The rows of the page; numbered from the cursor, and one more, where that is asked. The place of a node."""
        place, where = self.all_rows()
        order = self.tri.directed(self.keys(place), reverse=self.backward)
        if self.asked.has(self.cursor):
            where = [*where, self.beyond(place)]
        if (found := self.by_ways()) is not None:
            where = [*where, place["id"] == any_(func.array(found))]
        page = self.c.aliases.derived(place.table)
        page.more = {f"cle_{i}": key.label(f"cle_{i}") for i, key in enumerate(self.keys(place))}
        if self.is_numbered:
            page.more["rang"] = func.row_number().over(order_by=order).label("rang")
        self._cut_to = page, place, where, order
        self.read = True
        return place.on(page)

    @property
    def table(self) -> Any:
        """The rows of the page as a derived table. To be asked last: fields say which columns they need as they are compiled."""
        page, place, where, order = self._cut_to
        cut = select(*page.selected).where(*where).order_by(*order).limit(self.reach)
        return cut.correlate_except(place.table).subquery(page.name)

    def by_ways(self) -> Any:
        """Out: the keys of the rows of the page, found way by way; None where the policy is not made of such ways."""
        model = self.page.target
        if self.parent is not None or self.page.ou != TRUE or self.listed_by is not None:
            return None
        found = ways(self.c.condition("lire", model), model, self.tri)
        if not found:
            return None
        best = union(*[self.first_by(model, way) for way in found]).subquery()
        order = self.tri.directed(list(best.c), reverse=self.backward)
        return select(best.c.id).order_by(*order).limit(self.reach).scalar_subquery()

    def first_by(self, model: Any, way: Condition) -> Any:
        """Out: the keys of the first rows that one way gives, beyond the cursor."""
        place, where = self.c.way(model, way)
        where = [*where, *wheres(self.c, self.asked, place, self.page.argument)]
        if self.asked.has(self.cursor):
            where = [*where, self.beyond(place)]
        order = self.tri.directed(self.keys(place), reverse=self.backward)
        found = select(*self.keys(place)).where(*where).order_by(*order).limit(self.reach)
        return found.correlate_except(place.table)

    @cached_property
    def in_page(self) -> ColumnElement[bool]:
        """False on the row that only tells that more follow."""
        return self.row.table.c.rang <= self.limit

    def beyond(self, place: Place, *, before: bool = False) -> ColumnElement[bool]:
        """The rows after the cursor in reading direction, or (`before`) up to the cursor itself."""
        keys = self.keys(place)
        key, cut = tuple_(*keys), self.cut(keys)
        ascending = self.tri.descendant == self.backward
        if before:
            return key <= cut if ascending else key >= cut
        return key > cut if ascending else key < cut

    def array(self, item: Json) -> Json:
        """Out: an item for each row of the page, in the offered order."""
        cut = self.row.table.c
        if not self.is_numbered:
            keys: list[ColumnElement[Any]] = [cut[f"cle_{i}"] for i in range(len(self.tri.keys) + 1)]
            return json_array(item, *self.tri.directed(keys, reverse=False))
        order = aggregate_order_by(item, cut.rang.desc() if self.backward else cut.rang)
        return func.coalesce(func.json_agg(order).filter(self.in_page), EMPTY)

    def more(self) -> Json:
        """True if rows follow in the reading direction: one more than asked came back."""
        return func.count(self.row.table.c.rang) > self.limit

    def less(self) -> Json:
        """True if rows lie on the other side of the cursor."""
        if not self.asked.has(self.cursor):
            return false()
        place, where = self.all_rows()
        behind = self.beyond(place, before=True)
        return exists(select(1).where(*where, behind).correlate_except(place.table))

    def cursor_json(self) -> Json:
        """Out: the cursor of a row of the page."""
        count = len(self.tri.keys) + 1
        return cursor_text(
            self.asked.arguments["tri"].name, [self.row.table.c[f"cle_{i}"] for i in range(count)]
        )


@dataclass(frozen=True)
class Aretes(Source):
    """The edges of a page; with `nu`, its nodes without their cursors."""

    nu: bool = False

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        with c.rows(place.slot):
            item = c.object(asked, place.row if self.nu else place)
        return place.array(item)


@dataclass(frozen=True)
class Noeud(Source):
    """The node of an edge."""

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        return c.object(asked, place.row)


@dataclass(frozen=True)
class Curseur(Source):
    """The cursor of an edge."""

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        return place.cursor_json()


@dataclass(frozen=True)
class InfoPage(Source):
    """`pageInfo`: an object about the same page."""

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        return c.object(asked, place)


@dataclass(frozen=True)
class Borne(Source):
    """The cursor of the first (0) or of the last (-1) row of the page."""

    position: int

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        return place.array(place.cursor_json()).op("->>", return_type=Text())(
            literal_column(str(self.position), Integer)
        )


@dataclass(frozen=True)
class Suite(Source):
    """True if rows lie after (or before) the page, in the offered order."""

    apres: bool

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        return place.more() if self.apres != place.backward else place.less()


@dataclass(frozen=True)
class Total(Source):
    """How many rows the whole list has for this viewer."""

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        with c.rows(None):
            row, where = place.all_rows()
        if place.listed_by is not None:  # policy, link and filters have chosen its keys, each once
            return select(func.count()).select_from(table(LISTE)).scalar_subquery()
        return select(func.count(row["id"])).where(*where).correlate_except(row.table).scalar_subquery()


@dataclass(frozen=True)
class Comptes(Source):
    """The whole list counted by the values of one column, in the order of these values."""

    attribute: Any

    def render(self, c: Compiler, place: PageRows, asked: Asked) -> Json:
        row, where = place.all_rows()
        value = row[self.attribute.key]
        groups = select(value.label("valeur"), func.count().label("nombre")).where(*where).group_by(value)
        table = groups.correlate_except(row.table).subquery()
        with c.rows(None):
            item = c.object(asked, table)
        return select(json_array(item, table.c.valeur)).scalar_subquery()


@dataclass(frozen=True)
class Groupe(Source):
    """The value or the number of a group."""

    nom: str

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        return written(place.c[self.nom])
