"""The scalars of the API, written the same by PostgreSQL and by Python."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry

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

SCALARS: dict[object, Any] = {datetime: DateHeure, date: Date}  # for StrawberryConfig(scalar_map=…)
