"""The two ways to the database: what each may do, and how an address is written for each tool."""

from __future__ import annotations

import asyncpg
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.kit.database import Database, is_away, plain, with_base, with_driver
from tests.conftest import Base


@pytest.mark.parametrize(
    "said", ["postgres://", "postgresql://", "postgresql+asyncpg://", "postgresql+psycopg://"]
)
def test_an_address_is_read_however_it_is_written(said: str) -> None:
    assert (
        plain(f"{said}moi@ici:5432/base?sslmode=require") == "postgresql://moi@ici:5432/base?sslmode=require"
    )


def test_an_address_names_a_driver_or_another_base() -> None:
    socket = "postgresql://postgres@/base?host=/un%20dossier"
    assert with_driver(socket, "asyncpg") == "postgresql+asyncpg://postgres@/base?host=/un%20dossier"
    assert with_base(socket, "autre") == "postgresql://postgres@/autre?host=/un%20dossier"
    assert with_base("postgresql://u:p@h:1/a", "b") == "postgresql://u:p@h:1/b"


async def test_the_address_of_the_server_works_for_every_tool(base: Base) -> None:
    raw = await asyncpg.connect(base.url)
    assert await raw.fetchval("select 1") == 1
    await raw.close()
    with psycopg.connect(base.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    engine = create_async_engine(with_driver(base.url, "asyncpg"))
    async with engine.connect() as alchemy:
        assert await alchemy.scalar(text("select 1")) == 1
    await engine.dispose()


async def test_readings_are_made_under_their_own_role(base: Base) -> None:
    assert await base.lecture.fetchval("select current_user") == "rafael_lecture"


@pytest.mark.parametrize("secret", ["secret_compte", "nir_candidat"])
async def test_readings_never_reach_a_secret(base: Base, secret: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await base.lecture.fetch(f"select * from {secret}")


@pytest.mark.parametrize("write", ["delete from compte", "create table x ()", "update compte set id = id"])
async def test_readings_write_nothing(base: Base, write: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
        await base.lecture.execute(write)


async def test_the_role_is_refused_the_write_even_in_a_writing_transaction(base: Base) -> None:
    async with base.lecture.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction(readonly=False):
                await connection.execute("set transaction read write; delete from compte")


async def test_a_connection_given_back_is_still_a_reader(base: Base) -> None:
    async with Database(base.url, connections=1) as alone:
        for _ in range(2):
            async with alone.reading.acquire() as connection:
                assert await connection.fetchval("select current_user") == "rafael_lecture"
                assert await connection.fetchval("show jit") == "off"


async def test_an_abandoned_transaction_is_not_handed_to_the_next(base: Base) -> None:
    async with Database(base.url, connections=1) as alone:
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with alone.reading.acquire() as connection, connection.transaction():
                await connection.fetchval("select 1 / 0")
        assert await alone.reading.fetchval("select 1") == 1


async def test_a_reading_that_lasts_is_cut(base: Base) -> None:
    async with base.lecture.acquire() as connection, connection.transaction():
        await connection.execute("set local statement_timeout = 20")
        with pytest.raises(asyncpg.QueryCanceledError):
            await connection.execute("select pg_sleep(5)")
    assert await base.lecture.fetchval("show statement_timeout") == "10s"


async def test_a_write_that_commits_is_read(base: Base) -> None:
    async with base.engine.begin() as connection:
        await connection.execute(
            text("insert into version_politique (sha256, mise_en_service_le) values ('x', now())")
        )
    assert await base.lecture.fetchval("select count(*) from version_politique") == 1


async def test_nothing_is_left_of_the_test_before(base: Base) -> None:
    assert await base.lecture.fetchval("select count(*) from version_politique") == 0


async def test_a_write_that_waits_too_long_for_a_lock_gives_up(base: Base) -> None:
    async with base.engine.begin() as connection:
        assert await connection.scalar(text("show lock_timeout")) == "10s"


def test_a_disk_that_is_full_is_a_base_that_is_away() -> None:
    """It is nobody's fault who asks, and is over once somebody makes room."""
    assert is_away(asyncpg.DiskFullError("could not extend file"))
    assert not is_away(asyncpg.UniqueViolationError("twice"))
