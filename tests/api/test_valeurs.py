"""Days, instants and decimals: written as they are published, and refused with a sentence otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError

from app.schema import scalars
from tests.cast import Monde

from .conftest import Api

SESSIONS = "query($d: Date) { sessions(first: 1, filtre: { debutApres: $d }) { totalCount } }"
AUTREMENT: dict[str, list[Any]] = {
    "Date": [
        *("2026-02-30", "0000-01-01", "10000-01-01", "2026-W01-1", "20260302", "2026-3-2", "２０２６-03-02"),
        *("2026-03-02\n", "", "infinity", 1, 1.5, True, [], {}),
    ],
    "DateHeure": [
        *(
            "2026-03-02",
            "2026-03-02T08:30:00",
            "2026-03-02T25:00:00Z",
            "2026-W10-1T08:30:00Z",
            "20260302T083000Z",
        ),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "now", 0, True, ["2026-03-02T08:30:00Z"]),
    ],
    "Decimal": [
        "NaN",
        "Infinity",
        "-Infinity",
        "sNaN",
        "1E400",
        "1e3",
        "1_000",
        "",
        " 1",
        "9" * 13,
        True,
        None,
        [1],
    ],
}


@pytest.mark.parametrize(
    ("scalar", "value"), [(scalar, value) for scalar, values in AUTREMENT.items() for value in values]
)
def test_what_is_written_otherwise_is_refused_with_a_sentence(scalar: str, value: Any) -> None:
    read: Any = {"Date": scalars.Date, "DateHeure": scalars.DateHeure, "Decimal": scalars.Decimale}[scalar]

    with pytest.raises(GraphQLError, match=r"^Un .* s'écrit comme "):
        read.parse_value(value)


@pytest.mark.parametrize(
    ("scalar", "written", "wanted"),
    [
        (scalars.Date, "2026-03-02", date(2026, 3, 2)),
        (scalars.DateHeure, "2026-03-02T09:30:00.5+01:00", datetime(2026, 3, 2, 8, 30, 0, 500_000, UTC)),
        (scalars.DateHeure, "2026-03-02T08:30:00Z", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        (scalars.Decimale, "35.00", Decimal("35.00")),
        (scalars.Decimale, 35.5, Decimal("35.5")),
        (scalars.Decimale, -2, Decimal(-2)),
    ],
)
def test_what_is_written_so_is_read(scalar: Any, written: Any, wanted: Any) -> None:
    assert scalar.parse_value(written) == wanted


async def test_a_client_is_told_what_a_day_looks_like(api: Api, monde: Monde) -> None:
    answer = await api.client.post("/graphql", json={"query": SESSIONS, "variables": {"d": 1}})

    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Un jour s'écrit comme 2026-03-02." in error["message"]
    assert "len()" not in error["message"]
