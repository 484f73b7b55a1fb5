"""What readings may never reach: the reading role sees the tables that a revision names, and no secret."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models as m

SECRETS = {
    "secret_compte": "what proves that somebody is the account",
    "lien_courriel": "what proves that somebody reads an address",
    "identite_externe": "who somebody is elsewhere",
    "passage_externe": "what proves that somebody came back from an identity provider",
    "frein": "how often an address asked; no reading needs it",
    "fusion_candidat": "what two fiches were; only undoing a merge needs it, by the writing door",
    "nir_candidat": "the NIR, encrypted (C-22); an access goes through the writing door, and is logged",
}


async def granted(base: Any) -> set[str]:
    """Out: the tables that the reading role may read."""
    rows = await base.lecture.fetch(
        "select table_name from information_schema.role_table_grants"
        " where grantee = 'rafael_lecture' and privilege_type = 'SELECT' and table_schema = 'public'"
    )
    return {row["table_name"] for row in rows}


async def test_every_table_is_granted_or_secret(base: Any) -> None:
    tables = {table.name for table in m.Base.metadata.sorted_tables}
    assert await granted(base) & tables == tables - set(SECRETS)


async def test_the_reading_role_is_granted_nothing_but_readings(base: Any) -> None:
    rows = await base.lecture.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants"
        " where grantee = 'rafael_lecture' and privilege_type <> 'SELECT'"
    )
    assert not rows


@pytest.mark.parametrize("table", SECRETS)
async def test_a_reading_of_a_secret_is_refused(base: Any, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await base.lecture.fetchval(f"select count(*) from {table}")


async def test_a_reading_cannot_write(base: Any) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
        await base.lecture.execute("insert into reglage (cle, valeur) values ('a', 'b')")
