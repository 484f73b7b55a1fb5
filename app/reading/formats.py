"""How a value is written in an answer: each form once in SQL and once in Python, side by side."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Enum,
    Float,
    LargeBinary,
    Numeric,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine

from app.reading.errors import bad_input

INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
INT4, INT8 = 2**31, 2**63


def write_instant(value: datetime) -> str:
    """Out: UTC, always six decimals; isoformat() drops them at zero and PostgreSQL trims zeros."""
    return value.astimezone(UTC).strftime(INSTANT)


def read_instant(text: str) -> datetime:
    """Out: an instant; one without a time zone is refused (ValueError)."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return read.astimezone(UTC)


def read_day(text: str) -> date:
    """Out: a day written YYYY-MM-DD, in no other form (ValueError)."""
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def constant(text: str) -> ColumnElement[str]:
    """A word of the schema or a response key, as SQL text: it has no value of a request in it."""
    return literal_column(quoted(text), Text)


def quoted(text: str) -> str:
    """Out: a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def written(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """In: an expression. Out: the same, written as its GraphQL scalar would write it."""
    match value.type:
        case ARRAY():
            return _written_items(value)
        case Enum():  # checked at start: a name is its stored value in upper case
            return func.upper(cast(value, Text).collate("C"))
        case DateTime():
            return func.to_char(
                func.timezone(constant("UTC"), value), constant('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            )
        case Numeric() if not isinstance(value.type, Float):
            return cast(value, Text)
    return value


def _written_items(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A list column: PostgreSQL writes plain items as JSON already; the others are written one by one, in order."""
    item_type = value.type.item_type  # type: ignore[attr-defined]  # value.type is an ARRAY
    items = func.unnest(value).table_valued("item", with_ordinality="rang").render_derived()
    item: ColumnElement[Any] = items.c.item
    item.type = item_type
    as_written = written(item)
    if as_written is item:
        return value
    ordered = select(as_written).select_from(items).order_by(items.c.rang).scalar_subquery()
    return case((value.is_not(None), func.array_to_json(func.array(ordered))))


def opaque(text: ColumnElement[str]) -> ColumnElement[str]:
    """SQL twin of `encode_opaque`. PostgreSQL breaks base64 lines at 76 characters: they are joined."""
    coded = func.encode(func.convert_to(text, constant("UTF8")), constant("base64"))
    return func.translate(coded, literal_column("E'\\n'"), constant(""))


def identifier(type_name: str, key: ColumnElement[Any]) -> ColumnElement[str]:
    """SQL twin of `encode_id`: an identifier is too short for PostgreSQL to break it, and ASCII: its bytes are its text."""
    text = constant(type_name + ":").concat(cast(key, Text))
    return func.encode(cast(text, LargeBinary), constant("base64"))


def encode_opaque(text: str) -> str:
    """Python twin of `opaque`."""
    return base64.b64encode(text.encode()).decode()


def decode_opaque(value: str) -> str:
    """Out: the text under an identifier or a cursor; BAD_USER_INPUT if there is none."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        raise bad_input("Identifiant ou curseur illisible.") from None


def encode_id(type_name: str, key: int) -> str:
    """Out: the global identifier of a row: the name of its GraphQL type and its key, opaque."""
    return encode_opaque(f"{type_name}:{key}")


def decode_id(value: str) -> tuple[str, int]:
    """Out: the type and the key under a global identifier; BAD_USER_INPUT if it is not one."""
    type_name, _, key = decode_opaque(value).partition(":")
    if not (key.isascii() and key.isdecimal() and len(key) < 20):
        raise bad_input("Identifiant illisible.")
    return type_name, int(key)


def held(key: int, type_: TypeEngine[Any]) -> int | None:
    """Out: the key, or None, which finds nothing, if it is beyond what a column of this type holds."""
    return key if key < (INT8 if isinstance(type_, BigInteger) else INT4) else None


def storable(value: Any) -> Any:
    """Out: the value; PostgreSQL stores no NUL, and UTF-8 no lone surrogate: BAD_USER_INPUT."""
    if isinstance(value, list):
        return [storable(v) for v in value]
    if isinstance(value, str) and ("\0" in value or (not value.isprintable() and _has_surrogate(value))):
        raise bad_input("Ce texte contient un caractère interdit.")
    return value


def _has_surrogate(value: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in value)
