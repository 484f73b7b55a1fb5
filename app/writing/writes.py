"""What is written: INSERT, UPDATE and DELETE, built once for each model and set of columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, bindparam, delete, func, insert, select, update
from sqlalchemy.sql.dml import Insert

from app import models as m
from app.kit.conditions import Condition
from app.policies.predicate import Row

from .questions import CLE, CLES, flag
from .shapes import shape_of
from .statements import Statement, compiled

FAIT = "fait."  # what begins the names of the binds of a line of the journal beside a change


@lru_cache(maxsize=1024)
def inserting(model: type[m.Base], given: tuple[str, ...]) -> Statement:
    """Out: a new row with these columns; it comes back as the base has it."""
    shape = shape_of(model)
    return compiled(_insert(model, given).returning(*shape.of(shape.table)))


@lru_cache(maxsize=1024)
def creating(model: type[m.Base], given: tuple[str, ...], condition: Condition) -> Statement:
    """Out: the same, then whether a condition holds of the row as it is written: one statement."""
    shape = shape_of(model)
    written = _insert(model, given).returning(*shape.of(shape.table)).cte("ecrite")
    return compiled(select(*shape.of(written), flag(condition, Row(model, written))))


@lru_cache(maxsize=2048)
def updating(model: type[m.Base], changed: tuple[str, ...], told: tuple[str, ...] = ()) -> Statement:
    """Out: a change of these columns of the row of a key, which comes back if it was there.

    And a line of the journal, whose key follows.
    """
    shape = shape_of(model)
    (key,) = shape.table.primary_key
    changing = update(shape.table).where(key == bindparam(CLE, type_=key.type)).returning(key)
    changing = changing.values(_values(model, changed))
    if not told:
        return compiled(changing)
    found = changing.cte("changee")
    line = _insert(m.Fait, told, FAIT).returning(shape_of(m.Fait).table.c.id).cte("dite")
    return compiled(select(found.c[key.key], line.c.id))


@lru_cache(maxsize=256)
def deleting(model: type[m.Base]) -> Statement:
    """Out: the end of the rows of these keys."""
    (key,) = shape_of(model).table.primary_key
    return compiled(
        delete(shape_of(model).table).where(key == func.any(bindparam(CLES, type_=ARRAY(key.type))))
    )


def _insert(model: type[m.Base], given: tuple[str, ...], prefix: str = "") -> Insert:
    return insert(shape_of(model).table).values(_values(model, given, prefix))


def _values(model: type[m.Base], names: tuple[str, ...], prefix: str = "") -> dict[Any, Any]:
    columns = shape_of(model).columns
    return {
        columns[name].key: bindparam(f"{prefix}{name}.", type_=columns[name].type, required=True)
        for name in names
    }


def bound(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """In: columns of a row. Out: the values of the binds that stand for them."""
    return {f"{prefix}{name}.": value for name, value in values.items()}
