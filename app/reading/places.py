"""Where the compiler stands: one row in scope, how it was reached, and what that guarantees of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, FromClause, TableClause, inspect, literal_column
from sqlalchemy.dialects import postgresql

from app.kit.conditions import TRUE, Condition
from app.policies.implication import implies, through, under
from app.policies.predicate import Row, link

REMEMBERED = 4  # what rows further away guarantee is forgotten: doubt keeps a condition
KEPT = 2000  # ways remembered for a profile: documents take the same ones again and again
quoted = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
POOL = 16  # aliases kept of a table: a document seldom meets one more often

Said = Callable[[Condition, Row], ColumnElement[bool]]
Lire = Callable[[Any], Condition]  # the rows of a model that a profile reads


@dataclass(frozen=True)
class Ground:
    """A way from a root to a row: the policy of that row, what the way guarantees, and if that proves the policy."""

    path: tuple[str, ...]
    condition: Condition
    known: tuple[Condition, ...]
    proven: bool = False


@dataclass(frozen=True)
class Place(Row):
    """A row in scope, and the way by which it was reached."""

    ground: Ground = Ground((), TRUE, ())

    def knows(self, condition: Condition) -> bool:
        """True if the condition is proven here, so that SQL need not test it again."""
        return any(implies(k, condition, self.model) for k in self.ground.known)

    def on(self, rows: FromClause) -> Place:
        """The same place, its row read from a derived table."""
        return replace(self, table=rows)

    @cached_property
    def mark(self) -> int | None:
        """A number for all that SQL may say here: the same at places where it says the same; None where a name is not ours."""
        name = getattr(self.table, "name", "%(")
        around = tuple((relation, getattr(row, "mark", None)) for relation, row in self.near.items())
        if "%(" in name or any(mark is None for _, mark in around):
            return None
        key = (self.model, name, self.ground.path, self.alone, around)
        if key not in _MARKS:
            if len(_MARKS) >= KEPT:
                _MARKS.clear()  # numbers never serve again
            _MARKS[key] = next(_NUMBERS)
        return _MARKS[key]


_MARKS: dict[tuple[Any, ...], int] = {}
_NUMBERS = count()


class Grounds:
    """What is proven along each way, for one profile: asked once, whatever the document."""

    def __init__(self, lire: Lire) -> None:
        """In: what says the rows of a model that the profile reads."""
        self.lire = lire
        self._found: dict[tuple[str, ...], Ground] = {}

    def root(self, model: Any) -> Ground:
        """Out: the ground of a row of a model, reached from nowhere."""
        condition = self.lire(model)
        return Ground((model.__name__,), condition, (condition,))

    def step(self, parent: Place, relation: Any) -> Ground:
        """Out: the ground of the row that a relation leads to."""
        path = (*parent.ground.path, relation.property.key)
        if path not in self._found:
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[path] = self._proven(path, parent, relation.property)
        return self._found[path]

    def _proven(self, path: tuple[str, ...], parent: Place, prop: Any) -> Ground:
        model, before = prop.mapper.class_, parent.ground.known
        condition = self.lire(model)
        known = [] if prop.uselist else [through(k, prop.key, parent.model) for k in before]
        if back := to_one_back(prop):
            known += [under(k, back) for k in before]
        proven = any(implies(k, condition, model) for k in known)
        return Ground(path, condition, (condition, *known[:REMEMBERED]), proven)


class Derived(TableClause):
    """Rows of a derived table, known by their name before the table is made: it holds the columns that were asked for.

    All the columns of a table would be written, read and carried by PostgreSQL; making them costs SQLAlchemy a fifth of
    a plan.
    """

    inherit_cache = False

    def __init__(self, name: str, rows: FromClause, noted: list[tuple[str, str]]) -> None:
        """In: its name in the statement, the rows that it is made of, where to note which columns are asked for."""
        super().__init__(name)
        self.rows, self.noted = rows, noted
        self.asked: dict[str, ColumnElement[Any]] = {}  # of the rows
        self.more: dict[str, ColumnElement[Any]] = {}  # computed beside, by their label

    @property
    def c(self) -> Any:
        """Its columns."""
        return Columns(self)

    def column(self, key: str) -> ColumnElement[Any]:
        """Out: a column of the table, by its key or its label."""
        made = self.need(key)
        name = getattr(made, "name", key)
        return literal_column(f"{self.name}.{quoted(name)}", made.type)

    def need(self, key: str) -> ColumnElement[Any]:
        """Hold a column. Out: what it is made of."""
        self.noted.append((self.name, key))
        made = self.more.get(key)
        if made is None:
            made = self.asked[key] = self.rows.c[key]
        return made

    @property
    def selected(self) -> list[ColumnElement[Any]]:
        """Out: what the table must hold."""
        return [*self.asked.values(), *self.more.values()]


@dataclass(frozen=True)
class Columns:
    """The columns of a derived table: asked for, they are in it."""

    table: Derived

    def __getitem__(self, key: str) -> ColumnElement[Any]:
        return self.table.column(key)

    def __getattr__(self, key: str) -> ColumnElement[Any]:
        return self.table.column(key)


@dataclass
class Aliases:
    """The aliases of a compilation. Their names say the table and a rank, so that a text that names one stays true."""

    used: Counter[Any] = field(default_factory=Counter)
    tables: dict[str, Derived] = field(default_factory=dict)
    # the columns asked of derived tables, in this order
    noted: list[tuple[str, str]] = field(default_factory=list)

    def derived(self, rows: FromClause) -> Derived:
        """Out: a derived table of some rows, under a name that this compilation does not use yet."""
        self.used[Derived] += 1
        made = Derived(f"page_{self.used[Derived]}", rows, self.noted)
        self.tables[made.name] = made
        return made

    def need(self, columns: Iterable[tuple[str, str]]) -> None:
        """Ask derived tables for columns again: their name, the key."""
        for name, key in columns:
            self.tables[name].need(key)

    def take(self, model: Any) -> FromClause:
        """Out: an alias of the table of a model that this compilation does not use yet."""
        table = inspect(model).local_table
        rank = self.used[table]
        self.used[table] += 1
        pool = _POOLS.setdefault(table, [])
        if rank < len(pool):
            return pool[rank]
        if rank >= POOL:  # SQLAlchemy names it
            beyond: FromClause = table.alias()
            return beyond
        made: FromClause = table.alias(f"{table.name}_{rank + 1}")
        pool.append(made)
        return made


_POOLS: dict[Any, list[FromClause]] = {}  # by table; no more than POOL each


def enter(
    said: Said, model: Any, ground: Ground, table: FromClause
) -> tuple[Place, list[ColumnElement[bool]]]:
    """Enter a table from nowhere. Out: the place, and the WHERE that holds the policy. `said`: a condition in SQL."""
    place = Place(model, table, {}, ground)
    return place, [said(ground.condition, place)]


def step(
    said: Said, parent: Place, relation: Any, ground: Ground, table: FromClause
) -> tuple[Place, list[ColumnElement[bool]]]:
    """Enter a table from a row. The policy of the target is kept unless the way proves it."""
    prop = relation.property
    back = to_one_back(prop)
    near = {back: parent} if back else {}  # the child leads back to its parent, whose alias answers for it
    place = Place(prop.mapper.class_, table, near, ground)
    joined = link(prop, parent, place)
    return place, [joined] if ground.proven else [joined, said(ground.condition, place)]


def to_one_back(prop: Any) -> str | None:
    """Out: the relation of the target that leads to this very row, if it leads to one row."""
    back: str | None = prop.back_populates
    return back if back and not prop.mapper.relationships[back].uselist else None
