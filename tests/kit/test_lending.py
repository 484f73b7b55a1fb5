"""A pool that lends: one connection for each at a time, none lost, none broken handed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from app.kit.lending import Lending
from tests.conftest import Base


@pytest.fixture
async def pool(base: Base) -> AsyncIterator[Lending]:
    pool = await Lending(base.url, 1)
    yield pool
    with suppress(asyncpg.InterfaceError):
        await pool.close()


async def taken(pool: Lending, mine: asyncio.Event, done: asyncio.Event) -> int:
    async with pool.acquire() as connection:
        mine.set()
        await done.wait()
        return int(connection.get_server_pid())


async def turned(loops: int = 5) -> None:
    for _ in range(loops):
        await asyncio.sleep(0)


async def test_the_same_connection_serves_again(pool: Lending) -> None:
    pids = {await pool.fetchval("select pg_backend_pid()") for _ in range(20)}

    assert len(pids) == 1


async def test_what_is_lent_is_the_connection_itself_and_nothing_relays_its_calls(pool: Lending) -> None:
    async with pool.acquire() as connection:
        assert type(connection) is asyncpg.Connection


async def test_who_comes_second_waits_for_the_first_to_leave(pool: Lending) -> None:
    mine, done, second = asyncio.Event(), asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(taken(pool, mine, done))
    await mine.wait()
    after = asyncio.create_task(taken(pool, second, done))
    await turned()
    assert not second.is_set()

    done.set()

    assert await first == await after


@pytest.mark.parametrize("just_served", [False, True])
async def test_who_leaves_while_waiting_keeps_nothing(pool: Lending, just_served: bool) -> None:
    async with pool.acquire():
        leaving = asyncio.create_task(pool.fetchval("select 1"))
        await turned()
        if not just_served:
            leaving.cancel()
            await turned()
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving

    async with asyncio.timeout(5):
        assert await pool.fetchval("select 2") == 2
    assert (pool.open, len(pool.at_hand)) == (1, 1)


async def test_a_connection_that_postgresql_ended_is_replaced(pool: Lending, base: Base) -> None:
    pid = await pool.fetchval("select pg_backend_pid()")
    other = await asyncpg.connect(base.url)
    await other.fetchval("select pg_terminate_backend($1, 5000)", pid)
    await other.close()
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await pool.fetchval("select 1")

    assert await pool.fetchval("select pg_backend_pid()") != pid
    assert pool.open == 1


async def test_a_transaction_left_open_is_not_handed_on(pool: Lending) -> None:
    async with pool.acquire() as connection:
        await connection.execute("begin; create temporary table rien ()")

    async with pool.acquire() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("select to_regclass('rien')") is None


async def test_closing_waits_for_what_is_lent(pool: Lending) -> None:
    mine, done = asyncio.Event(), asyncio.Event()
    lent = asyncio.create_task(taken(pool, mine, done))
    await mine.wait()
    closing = asyncio.create_task(pool.close())
    await turned()
    assert not closing.done()

    done.set()
    await asyncio.gather(lent, closing)

    with pytest.raises(asyncpg.InterfaceError):
        await pool.fetchval("select 1")


async def test_a_base_that_cannot_be_reached_leaves_room_for_the_next(base: Base) -> None:
    pool = await Lending(base.url, 1)
    await pool.close()
    for _ in range(3):
        with pytest.raises(asyncpg.InterfaceError):
            await pool.fetchval("select 1")
    assert pool.open == 0
