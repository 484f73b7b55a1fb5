"""Columns that the database keeps equal to a column of a related row: two ways to say one value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect

from app.kit.conditions import AllOf, AnyOf, Column, Compare, Condition, Exists, Not, all_of, any_of


def canonical(condition: Condition, model: Any) -> Condition:
    """Out: the same condition, said with the copies that rows keep of the columns of their neighbours."""
    match condition:
        case AllOf(parts=parts):
            return all_of(canonical(p, model) for p in parts)
        case AnyOf(parts=parts):
            return any_of(canonical(p, model) for p in parts)
        case Not(body=body):
            return Not(canonical(body, model))
        case Exists(path=path, body=body):
            return Exists(path, canonical(body, end_of(model, path)))
        case Compare(path=path, op=op, value=value) if not isinstance(value, Column):
            return Compare(_shortened(path, model, null_safe=op == "!=" or value is None), op, value)
    return condition


def end_of(model: Any, path: Iterable[str]) -> Any:
    """Out: the model at the end of relations."""
    for name in path:
        model = inspect(model).relationships[name].mapper.class_
    return model


def _shortened(path: tuple[str, ...], model: Any, *, null_safe: bool) -> tuple[str, ...]:
    """(session, action, responsable_id)  →  (responsable_id,), if each row keeps a copy of the next one's."""
    if len(path) == 1:
        return path
    first, *rest = path
    rest = list(_shortened(tuple(rest), end_of(model, [first]), null_safe=null_safe))
    if len(rest) > 1 or (null_safe and _may_lead_nowhere(model, first)):
        return first, *rest
    copy = _copies(model).get(f"{first}.{rest[0]}")
    return (copy,) if copy else (first, *rest)


def _may_lead_nowhere(model: Any, relation: str) -> bool:
    """A comparison through a missing relation is false; with a copy that is null, `!=` would be true."""
    return any(column.nullable for column, _ in inspect(model).relationships[relation].local_remote_pairs)


def _copies(model: Any) -> dict[str, str]:
    """Out: of a model, {"relation.column": the column that copies it}."""
    found = ((a.columns[0].info.get("copie"), a.key) for a in inspect(model).column_attrs)
    return {source: key for source, key in found if source}


def uncopied(condition: Condition, relation: str, model: Any) -> Condition:
    """Out: the same condition, where the copies of columns of the next row are said as that row's columns."""
    match condition:
        case AllOf(parts=parts):
            return all_of(uncopied(p, relation, model) for p in parts)
        case AnyOf(parts=parts):
            return any_of(uncopied(p, relation, model) for p in parts)
        case Not(body=body):
            return Not(uncopied(body, relation, model))
        case Compare(path=(name,), op=op, value=value) if not isinstance(value, Column):
            source = (
                inspect(model).column_attrs[name].columns[0].info.get("copie")
                if _is_column(model, name)
                else None
            )
            if source and source.startswith(f"{relation}."):
                return Compare(tuple(source.split(".")), op, value)
    return condition


def _is_column(model: Any, name: str) -> bool:
    return name in inspect(model).column_attrs
