"""A policy that says « mine by this column, or by that one »: each way has an index in the order of the list.

Asked all at once, PostgreSQL must either read every row of mine and sort them, or read the list of everybody until
enough are mine. Asked way by way, each index gives its first rows in order, and the best of these few are the page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect

from app.kit.conditions import AnyOf, Compare, Condition, Ref, atoms, in_order
from app.reading.orders import Tri

WAYS = 4  # beyond, a statement would hold too many branches


def ways(condition: Condition, model: Any, tri: Tri) -> list[Condition]:
    """Out: conditions that say the condition together, each served by an index of its own in this order; else nothing."""
    if not isinstance(condition, AnyOf) or len(condition.parts) > WAYS:
        return []
    parts = in_order(condition.parts)
    served = [frozenset(leading(part, model, tri)) for part in parts]
    return parts if all(served) and len(set(served)) == len(served) else []


def leading(condition: Condition, model: Any, tri: Tri) -> list[str]:
    """Out: the columns equal to a value of the request, whose index goes on with the keys of the order."""
    keys = [getattr(key, "key", "") for key in tri.keys]  # a computed key has no name, and no index here
    return [
        atom.path[0]
        for atom in atoms(condition)
        if isinstance(atom, Compare)
        and atom.op == "="
        and isinstance(atom.value, Ref)
        and len(atom.path) == 1
        if is_indexed(model, [atom.path[0], *keys, "id"])
    ]


def is_indexed(model: Any, names: list[str]) -> bool:
    """True if an index of all the rows begins with these columns."""
    return any(
        [column.name for column in index.columns][: len(names)] == names
        for index in inspect(model).local_table.indexes
        if index.dialect_options["postgresql"]["where"] is None
    )
