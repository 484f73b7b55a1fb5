"""Where the compiler stands: one row in scope, and what is already guaranteed of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, inspect

from app.kit.conditions import Condition
from app.policies.implication import implies, through, under
from app.policies.predicate import Row, link, predicate

REMEMBERED = (
    4  # what rows further away guarantee is forgotten: doubt keeps a condition, and costs nothing else
)


@dataclass(frozen=True)
class Place(Row):
    """A row in scope, and the conditions that its presence here guarantees."""

    known: tuple[Condition, ...] = ()

    def knows(self, condition: Condition) -> bool:
        """True if the condition is proven here, so that SQL need not test it again."""
        return any(implies(k, condition, self.model) for k in self.known)

    def on(self, rows: FromClause) -> Place:
        """The same place, its row read from a derived table."""
        return replace(self, table=rows)


def root(model: Any, condition: Condition) -> tuple[Place, list[ColumnElement[bool]]]:
    """Enter a table from nowhere. Out: the place, and the WHERE that holds the policy."""
    place = Place(model, inspect(model).local_table.alias(), {}, (condition,))
    return place, [predicate(condition, place)]


def step(parent: Place, relation: Any, condition: Condition) -> tuple[Place, list[ColumnElement[bool]]]:
    """Enter a table from a row. The policy of the target is kept unless the parent proves it."""
    prop = relation.property
    back = _to_one_back(prop)
    known = [] if prop.uselist else [through(k, prop.key, parent.model) for k in parent.known]
    if back:  # the child leads back to its parent, whose alias answers for it
        known += [under(k, back) for k in parent.known]
    model = prop.mapper.class_
    near = {back: parent} if back else {}
    place = Place(model, prop.mapper.local_table.alias(), near, (condition, *known[:REMEMBERED]))
    proven = any(implies(k, condition, model) for k in known)
    joined = link(prop, parent, place)
    return place, [joined] if proven else [joined, predicate(condition, place)]


def _to_one_back(prop: Any) -> str | None:
    """Out: the relation of the target that leads to this very row, if it leads to one row."""
    back: str | None = prop.back_populates
    return back if back and not prop.mapper.relationships[back].uselist else None
