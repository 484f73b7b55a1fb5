"""The scalars of the API, written the same by PostgreSQL and by Python."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.scalars import JSON

from app.reading.formats import read_day, read_instant, write_instant

RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339"

DateHeure = strawberry.scalar(
    name="DateHeure",
    description="Un instant, en temps universel (RFC 3339) : `2026-03-02T08:30:00.000000Z`.",
    specified_by_url=RFC_3339,
    serialize=write_instant,
    parse_value=read_instant,
)

Date = strawberry.scalar(
    name="Date",
    description="Un jour, année-mois-jour (RFC 3339, full-date) : `2026-03-02`.",
    specified_by_url=RFC_3339,
    serialize=date.isoformat,
    parse_value=read_day,
)

Decimale = strawberry.scalar(
    name="Decimal",
    description='Un nombre décimal exact, donné en texte : `"35.00"`.',
    serialize=str,
    parse_value=Decimal,
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
