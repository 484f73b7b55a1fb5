"""A condition becomes SQL. The only place where the rows of the policy meet the database.

What is unknown does not hold: a null column or a null request value satisfies no comparison but `= None`, and
`!=` a constant. A `Not` therefore holds on what is unknown: its body is coalesced to false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    FromClause,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    inspect,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.types import Boolean, TypeEngine

from app.kit.conditions import Column, Compare, Condition, Given, Ref, Truth

from .plan import Both, Either, Hop, Plan, Some, Without, anchored, plan

MOT = re.compile(r"[A-Za-z0-9_]+")  # a word of ours, the name of a fact: nothing to escape
# One parameter has one type in a statement, whatever columns it meets.
REQUEST_TYPES: dict[str, TypeEngine[Any]] = {
    "moi": Integer(),
    "ma_structure": Integer(),
    "maintenant": DateTime(timezone=True),
    "aujourd_hui": Date(),
}


@dataclass(frozen=True)
class Row:
    """A row in scope: its model, its table alias, and the rows in scope to which its to-one relations lead.

    `alone`: it was found by its key. What a condition looks for is then looked for from this row; where many rows
    are asked about, what is the same for all of them is gathered once.

    Table aliases and not `aliased(Model)`: the ORM adapts each attribute anew, a third of the compile time.
    """

    model: Any
    table: FromClause
    near: Mapping[str, Row] = field(default_factory=dict)
    alone: bool = field(default=False, kw_only=True)

    def __getitem__(self, key: str) -> ColumnElement[Any]:
        """Out: the SQL of an attribute of this row, column or hybrid."""
        mapper = inspect(self.model)
        computed: Any = mapper.all_orm_descriptors[key]
        if isinstance(computed, hybrid_property):
            # its SQL side asks for columns by name: those of this alias answer
            expression: Any = computed.expr or computed.fget
            return cast("ColumnElement[Any]", expression(self.table.c))
        return cast("ColumnElement[Any]", self.table.c[mapper.column_attrs[key].columns[0].key])


def new_row(model: Any, *, alone: bool = False) -> Row:
    """Out: any row of a model, under a new alias."""
    return Row(model, inspect(model).local_table.alias(), alone=alone)


def link(prop: Any, here: Row, there: Row) -> ColumnElement[bool]:
    """Out: the equality of keys that a relation stands for."""
    return and_(*[equal(there[remote], here[local]) for local, remote in ends(prop)])


def ends(prop: Any) -> list[tuple[str, str]]:
    """Out: the pairs of attributes that a relation compares, here and there."""
    pairs = prop.local_remote_pairs
    return [
        (prop.parent.get_property_by_column(local).key, prop.mapper.get_property_by_column(remote).key)
        for local, remote in pairs
    ]


def predicate(condition: Condition, row: Row) -> ColumnElement[bool]:
    """In: a condition and the row it speaks of. Out: its SQL; request values stay named binds."""
    return _render(plan(condition), row, count(1))


Ranks = Iterator[int]  # of the rows that one condition looks at: no two of them bear one name


def _looked(model: Any, ranks: Ranks, *, alone: bool) -> Row:
    """Out: a row that a condition looks at, under a name that says the same in every statement."""
    table = inspect(model).local_table
    return Row(model, table.alias(f"{table.name}_v{next(ranks)}"), alone=alone)


def _render(node: Plan, row: Row, ranks: Ranks) -> ColumnElement[bool]:
    match node:
        case Truth(value=value):
            return true() if value else false()
        case Both(parts=parts):
            return and_(*[_render(p, row, ranks) for p in parts])
        case Either(parts=parts):
            return or_(*[_render(p, row, ranks) for p in parts])
        case Without(body=body):
            return not_(func.coalesce(_render(body, row, ranks), false()))
        case Given(name=name):
            return func.coalesce(bindparam(name, type_=Boolean()), false())
        case Hop(relation=relation, body=body) if relation in row.near:
            return _render(body, row.near[relation], ranks)  # the parent is that row: no second look
        case Hop(relation=relation, body=body) | Some(relation=relation, body=body):
            return _look(row, relation, body, ranks)
        case Compare():
            return _compare(node, row, ranks)
    raise TypeError(node)


def _look(row: Row, relation: str, body: Plan, ranks: Ranks) -> ColumnElement[bool]:
    """Rows at the end of a relation: a small set fetched once if anchored on the request, else EXISTS."""
    prop = inspect(row.model).relationships[relation]
    target = _looked(prop.mapper.class_, ranks, alone=row.alone)
    inner = _render(body, target, ranks)
    pairs = ends(prop)
    if anchored(body) and len(pairs) == 1 and not row.alone:
        ((local, remote),) = pairs
        found = select(target[remote]).where(inner).correlate_except(target.table)
        return equal(row[local], any_(func.array(found.scalar_subquery())))
    return _exists(link(prop, row, target), inner, target)


def _exists(joined: ColumnElement[bool], inner: ColumnElement[bool], target: Row) -> ColumnElement[bool]:
    return exists(select(1).where(joined, inner).correlate_except(target.table))


def _at_the_end(
    row: Row, path: tuple[str, ...], ranks: Ranks, then: Callable[[Row], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """In: to-one relations to follow one after the other, and what to say of the last row."""
    if not path:
        return then(row)
    if path[0] in row.near:
        return _at_the_end(row.near[path[0]], path[1:], ranks, then)
    prop = inspect(row.model).relationships[path[0]]
    target = _looked(prop.mapper.class_, ranks, alone=row.alone)
    return _exists(link(prop, row, target), _at_the_end(target, path[1:], ranks, then), target)


def _compare(node: Compare, row: Row, ranks: Ranks) -> ColumnElement[bool]:
    value, op = node.value, node.op
    if isinstance(value, Column):
        return _compare_columns(node, value, row, ranks)
    column = row[node.path[-1]]
    if value is None:
        return column.is_(None) if op == "=" else column.is_not(None)
    if isinstance(value, bool):
        return _compare_truth(column, op, value)
    if isinstance(value, Ref):
        return _compare_bind(column, op, value)
    return OPERATORS[op](column, _constants(column, value))


def _compare_truth(column: ColumnElement[bool], op: str, value: bool) -> ColumnElement[bool]:
    """No bind: a partial index WHERE the column is true would not be recognised."""
    if op == "=":
        return column if value else not_(column)
    return column.is_distinct_from(true() if value else false())


def _constants(column: ColumnElement[Any], value: Any) -> Any:
    """One array, whatever the number of words: IN would expand the text of the statement."""
    type_: TypeEngine[Any] = Text() if isinstance(column.type, Enum) else column.type
    if isinstance(value, tuple):
        return any_(_said(sorted(_plain(v) for v in value), ARRAY(type_)))
    return _said(_plain(value), type_)


def _said(value: Any, type_: TypeEngine[Any]) -> ColumnElement[Any]:
    """Words of the policy stand in the text: nothing to send each time, and a partial index is recognised by them."""
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(word, str) and MOT.fullmatch(word) for word in words):
        return literal(value, type_)
    return literal_column(f"'{{{','.join(words)}}}'::text[]" if words is value else f"'{value}'", type_)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _compare_columns(node: Compare, value: Column, row: Row, ranks: Ranks) -> ColumnElement[bool]:
    """Two columns, of this row or of rows that to-one relations lead to: all of them must be there."""

    def compared(left: Row) -> ColumnElement[bool]:
        return _at_the_end(
            row,
            value.path[:-1],
            ranks,
            lambda right: OPERATORS[node.op](left[node.path[-1]], right[value.path[-1]]),
        )

    return _at_the_end(row, node.path[:-1], ranks, compared)


def _compare_bind(column: ColumnElement[Any], op: str, ref: Ref) -> ColumnElement[bool]:
    if ref.many:
        return equal(column, any_(bindparam(ref.name, type_=ARRAY(column.type))))
    # an enum is a text to PostgreSQL, which must be told so where the bind stands alone (IS NOT NULL)
    text = Text() if isinstance(column.type, Enum) else column.type
    bind = bindparam(ref.name, type_=REQUEST_TYPES.get(ref.name, text))
    # a request value that is null must never widen access: x IS DISTINCT FROM NULL would be true
    return and_(bind.is_not(None), OPERATORS[op](column, bind)) if op == "!=" else OPERATORS[op](column, bind)


def equal(a: Any, b: Any) -> ColumnElement[bool]:
    """`a == b`, typed: for the type checker, `==` of SQL expressions is any object."""
    found: ColumnElement[bool] = a == b
    return found


OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": equal,
    "!=": lambda a, b: a.is_distinct_from(b),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": equal,
}
