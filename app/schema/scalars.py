"""The scalars of the API, written the same by PostgreSQL and by Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON

from app.reading.formats import read_day, read_instant, write_instant

T = TypeVar("T")
JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    JOUR.pattern + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339"


def lu(forme: re.Pattern[str], read: Callable[[str], T], attendu: str) -> Callable[[Any], T]:
    """In: how a value is written, what reads it, what to say otherwise. Out: what reads it, or raises GraphQLError."""

    def read_value(value: Any) -> T:
        try:
            if forme.fullmatch(str(value)) and not isinstance(value, bool):
                return read(str(value))
        except (
            ValueError,
            OverflowError,
        ):  # a thirtieth of February; a moment before the year 1 in universal time
            pass
        raise GraphQLError(attendu)

    return read_value


DateHeure = strawberry.scalar(
    name="DateHeure",
    description="Un instant, en temps universel (RFC 3339) : `2026-03-02T08:30:00.000000Z`.",
    specified_by_url=RFC_3339,
    serialize=write_instant,
    parse_value=lu(INSTANT, read_instant, "Un instant s'écrit comme 2026-03-02T08:30:00Z."),
)

Date = strawberry.scalar(
    name="Date",
    description="Un jour, année-mois-jour (RFC 3339, full-date) : `2026-03-02`.",
    specified_by_url=RFC_3339,
    serialize=date.isoformat,
    parse_value=lu(JOUR, read_day, "Un jour s'écrit comme 2026-03-02."),
)

Decimale = strawberry.scalar(
    name="Decimal",
    description='Un nombre décimal exact, donné en texte : `"35.00"`.',
    serialize=str,
    parse_value=lu(
        DECIMAL, Decimal, "Un nombre décimal s'écrit comme 35.00, de douze chiffres et six décimales au plus."
    ),
)

Valeur = strawberry.scalar(
    name="JSON",
    description="Une valeur JSON quelconque (ECMA-404).",
    specified_by_url="https://ecma-international.org/publications-and-standards/standards/ecma-404/",
)

SCALARS: dict[object, Any] = {  # for StrawberryConfig(scalar_map=…)
    datetime: DateHeure,
    date: Date,
    Decimal: Decimale,
    JSON: Valeur,
}
