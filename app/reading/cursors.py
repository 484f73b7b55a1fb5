"""Cursors: the order's keys of a row and its own key, opaque; written in SQL, read back in Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from graphql import GraphQLError
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Numeric,
    Text,
    cast,
    func,
)
from sqlalchemy.types import TypeEngine

from app.reading.errors import bad_input
from app.reading.formats import (
    INT4,
    INT8,
    constant,
    decode_opaque,
    opaque,
    read_day,
    read_instant,
    storable,
    written,
)


def cursor_text(ordre: str, keys: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """SQL of the cursor of a row. Keys, the row's own last, keep their stored form so that they compare again."""
    raw = [cast(key, Text) if isinstance(key.type, Enum) else written(key) for key in keys]
    return opaque(cast(func.json_build_array(constant(ordre), *raw), Text))


def decode_cursor(value: str, ordre: str, types: Sequence[TypeEngine[Any]]) -> tuple[Any, ...]:
    """In: a cursor, and the order and types of the keys that it must hold. Out: them; else BAD_USER_INPUT."""
    try:
        name, *keys = json.loads(decode_opaque(value))
        if name == ordre and len(keys) == len(types):
            return tuple(_read(key, type_) for key, type_ in zip(keys, types, strict=True))
    except (ValueError, TypeError, ArithmeticError, RecursionError, GraphQLError):
        pass  # a forged cursor: said below
    raise bad_input("Ce curseur n'est pas de cette liste.")


def _read(key: Any, type_: TypeEngine[Any]) -> Any:
    """Out: a key as its column compares it. Raises for what such a column cannot hold."""
    match type_:
        case Boolean():
            return _of(bool, key)
        case BigInteger():
            return _whole(key, INT8)
        case Integer():
            return _whole(key, INT4)
        case DateTime():
            return read_instant(_of(str, key))
        case Date():
            return read_day(_of(str, key))
        case Float():
            return float(key)
        case Numeric():
            return _finite(Decimal(_of(str, key)))
    return storable(_of(str, key))


def _of(kind: type, key: Any) -> Any:
    if type(key) is not kind:
        raise TypeError(key)
    return key


def _whole(key: Any, limit: int) -> int:
    whole: int = _of(int, key)
    if not -limit <= whole < limit:
        raise ValueError(key)
    return whole


def _finite(key: Decimal) -> Decimal:
    if not key.is_finite():
        raise ValueError(key)
    return key
