"""A transaction begins with its first statement: it is whole all the same, and its connection can serve again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.writing.transactions import Transaction, savepoint
from tests.conftest import Base

LOCAL = "select set_config('rafael.essai', $1, true)"  # a setting lasts as long as a transaction
DIT = "select coalesce(current_setting('rafael.essai', true), '')"


@pytest.fixture
async def connection(base: Base) -> AsyncIterator[Any]:
    async with base.ecriture.acquire() as lent:
        await lent.execute("drop table if exists essai; create temporary table essai (cle int primary key)")
        yield lent
        assert not lent.is_in_transaction()
        assert await lent.fetchval(DIT) == ""


async def test_what_is_asked_first_is_in_the_transaction(connection: Any) -> None:
    async with Transaction(connection):
        await connection.fetchval(LOCAL, "ici")
        assert await connection.fetchval(DIT) == "ici"


async def test_so_is_what_has_been_asked_before(connection: Any) -> None:
    for fois in ("une", "deux"):  # prepared the first time, known the second
        async with Transaction(connection):
            assert await connection.fetchval(DIT) == ""
            await connection.fetchval(LOCAL, fois)
            assert await connection.fetchval(DIT) == fois


async def test_an_exception_undoes_all_of_it(connection: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with Transaction(connection):
            await connection.execute("insert into essai values (1)")
            raise ZeroDivisionError
    assert await connection.fetchval("select count(*) from essai") == 0


async def test_what_is_not_to_be_kept_is_undone(connection: Any) -> None:
    async with Transaction(connection, kept=False):
        await connection.execute("insert into essai values (1)")
    assert await connection.fetchval("select count(*) from essai") == 0


@pytest.mark.parametrize("premiere", ["select 1 / 0", "selectionner", "select * from nulle_part"])
async def test_a_first_statement_may_be_refused(connection: Any, premiere: str) -> None:
    with pytest.raises(asyncpg.PostgresError):
        async with Transaction(connection):
            await connection.fetchval(premiere)


async def test_a_value_that_cannot_be_sent_is_refused_before_anything(connection: Any) -> None:
    with pytest.raises(asyncpg.DataError):
        async with Transaction(connection):
            await connection.fetchval("select $1::int", "un mot")


async def test_nothing_may_be_asked(connection: Any) -> None:
    async with Transaction(connection):
        pass


async def test_a_part_is_undone_alone(connection: Any) -> None:
    async with Transaction(connection):
        await connection.execute("insert into essai values (1)")
        with pytest.raises(asyncpg.UniqueViolationError):
            async with savepoint(connection):
                await connection.execute("insert into essai values (1)")
        async with savepoint(connection):
            await connection.execute("insert into essai values (2)")
    assert await connection.fetchval("select count(*) from essai") == 2


async def test_who_leaves_before_the_first_statement_leaves_nothing_open(connection: Any) -> None:
    inside = asyncio.Event()

    async def waits() -> None:
        async with Transaction(connection):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(waits())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
