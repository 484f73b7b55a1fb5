"""A condition of a request, closed by what the viewer may read: a filter must not tell what a field hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from app.kit.conditions import (
    TRUE,
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Not,
    all_of,
    any_of,
    negated,
)
from app.policies.implication import under

if TYPE_CHECKING:
    from app.reading.compiler import Compiler


def guarded(c: Compiler, condition: Condition, model: Any) -> Condition:
    """Out: the condition where each column is worth nothing on rows where this profile does not read it."""
    match condition:
        case AllOf(parts=parts):
            return all_of(guarded(c, p, model) for p in parts)
        case AnyOf(parts=parts):
            return any_of(guarded(c, p, model) for p in parts)
        case Not(body=body):
            return negated(guarded(c, body, model))
        case Compare(path=path, value=value):
            other = _open(c, value.path, model) if isinstance(value, Column) else TRUE
            return all_of([_open(c, path, model), other, condition])
        case Exists(path=path, body=body):
            return all_of([_open(c, path[:-1], model), _exists(c, path, body, model)])
    return condition


def _open(c: Compiler, path: tuple[str, ...], model: Any) -> Condition:
    """Out: on which rows the profile reads what a path leads to: each relation, each row on the way, the column."""
    if not path:
        return TRUE
    first, *rest = path
    mapper = inspect(model)
    here = c.readable(getattr(model, first))
    if first not in mapper.relationships:
        return here
    target = mapper.relationships[first].mapper.class_
    there = all_of([c.condition("lire", target), _open(c, tuple(rest), target)])
    return all_of([here, under(there, first)])


def _exists(c: Compiler, path: tuple[str, ...], body: Condition, model: Any) -> Condition:
    """Some *visible* row at the end of the path satisfies what the viewer may know of the body."""
    for name in path[:-1]:
        model = inspect(model).relationships[name].mapper.class_
    target = inspect(model).relationships[path[-1]].mapper.class_
    return Exists(path, all_of([c.condition("lire", target), guarded(c, body, target)]))
