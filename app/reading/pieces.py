"""What a field is made of at a place, in SQL: built and written once, whatever the documents that ask for it.

The expression is SQLAlchemy's, its text SQLAlchemy's too: only their making is spared. That is sound where the text says the
same in any statement: every alias in it has its name, every bind its own, and it asked nothing of the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import FieldNode
from sqlalchemy import AliasedReturnsRows, BindParameter, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import Grouping

from app.reading.limits import Cache
from app.reading.places import Place

if TYPE_CHECKING:
    from app.reading.asked import Asked
    from app.reading.compiler import Compiler

Key = tuple[Any, ...]
AROUND, UNWRITTEN = 500, 5_000  # bytes of a piece beside its text; of an expression that has none yet
Needs = tuple[tuple[str, str], ...]  # columns of derived tables: the name of the table, the key


class Piece(ColumnElement[Any]):
    """An expression, then its text alone once a statement has been written with it."""

    inherit_cache = False
    _traverse_internals = []  # what is inside is whole: nothing there is to be replaced

    def __init__(
        self, made: ColumnElement[Any], binds: tuple[BindParameter[Any], ...], needs: Needs, spent: Spent
    ) -> None:
        """In: the expression, its binds, the columns that it asked of derived tables, what making it took."""
        self.made: ColumnElement[Any] | None = made
        self.type, self.binds, self.needs, self.spent, self.text = made.type, binds, needs, spent, ""
        self._tables = list(made._from_objects)

    @property
    def _from_objects(self) -> list[Any]:  # what SQLAlchemy makes FROM of
        return self._tables

    def self_group(self, against: Any = None) -> Any:
        """Out: itself among arguments, in parentheses beside an operator: which one it holds is no longer known."""
        return self if against in (None, operators.comma_op) else Grouping(self)

    def written(self, compiler: Any, **kw: Any) -> str:
        """Out: its text, its binds known to the statement being written."""
        if self.made is not None:
            self.text, self.made = compiler.process(self.made, **kw), None
            as_they_come = sorted(self.binds, key=lambda bind: self.text.find(f"%({bind.key})"))
            self.binds = tuple(as_they_come)
            return self.text
        for bind in self.binds:
            if bind.key not in compiler.binds:
                compiler.process(bind)
        return self.text


@compiles(Piece)
def _written(element: Piece, compiler: Any, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)  # nobody names the columns of an answer: it has one
    return element.written(compiler, **kw)


@dataclass(frozen=True)
class Spent:
    """What compiling has used of what a statement may hold, besides columns."""

    fields: int
    tables: int
    traces: int
    given: int  # binds that carry an argument, lists that a request sizes
    aliases: Counter[Any]

    def since(self, before: Spent) -> Spent:
        """Out: what was used since then."""
        return Spent(
            self.fields - before.fields,
            self.tables - before.tables,
            self.traces - before.traces,
            self.given - before.given,
            self.aliases - before.aliases,
        )


class Pieces:
    """Those that one compilation uses: found among those that are kept, or made, and kept once they are written."""

    def __init__(self, kept: Cache[Key, Piece]) -> None:
        """In: those that are kept, for all compilations."""
        self.kept = kept
        self.made: dict[Key, Piece] = {}

    def of(
        self, c: Compiler, key: Key, make: Callable[[], ColumnElement[Any]], depth: int = 0
    ) -> ColumnElement[Any]:
        """Out: the expression of that key, as it was made before or made now. `depth`: of the objects in it."""
        found = self.made.get(key)
        if found is None:
            found = self.kept.get(key)
        if found is not None and c.takes(found.spent, depth):
            c.aliases.need(found.needs)
            return found
        before, noted = c.spent, len(c.aliases.noted)
        made = make()
        spent, binds = c.spent.since(before), binds_of(made)
        if spent.given or binds is None:
            return made
        piece = self.made[key] = Piece(made, binds, tuple(c.aliases.noted[noted:]), spent)
        return piece

    def keep(self) -> None:
        """Keep what was made. What the statement had no use for is not written yet: the first one that has writes it."""
        for key, piece in self.made.items():
            if key not in self.kept:
                self.kept.put(key, piece, (len(piece.text) or UNWRITTEN) + AROUND)


def key_of(c: Compiler, type_: Any, asked: Asked, place: Any) -> tuple[Key, int] | None:
    """Out: what a value depends on, and how deep objects nest in it, if that is what is asked and its place alone."""
    if type(place) is not Place or asked.definition.args or (mark := place.mark) is None:
        return None
    node, here = asked.details[0].node, (c.profil, type_.name, asked.name, mark)
    if not node.selection_set:
        return here, 0
    plain = selected(node) if len(asked.details) == 1 else None
    if not plain:
        return None
    return (*here, plain, c.typed, frozenset(c.aliases.used.items())), depth_of(plain)


def selected(node: FieldNode) -> tuple[Any, ...] | None:
    """Out: the keys and the fields selected under a field, None if there is more to say of them than that."""
    found = []
    for each in node.selection_set.selections if node.selection_set else ():
        if not isinstance(each, FieldNode) or each.directives or each.arguments:
            return None
        below = selected(each)
        if below is None:
            return None
        found.append((each.alias.value if each.alias else "", each.name.value, below))
    return tuple(found)


def depth_of(plain: tuple[Any, ...]) -> int:
    """In: what is selected. Out: how deep objects nest in it."""
    return 1 + max((depth_of(below) for _, _, below in plain if below), default=0)


def binds_of(made: ColumnElement[Any]) -> tuple[BindParameter[Any], ...] | None:
    """Out: the binds of an expression; None if a name in it belongs to one statement."""
    binds: dict[str, BindParameter[Any]] = {}
    for element in visitors.iterate(made):
        if isinstance(element, Piece):
            binds |= {bind.key: bind for bind in element.binds}
        elif isinstance(element, BindParameter):
            if element.unique:
                return None
            binds[element.key] = element
        elif isinstance(element, AliasedReturnsRows) and "%(" in element.name:
            return None
    return tuple(binds.values())
