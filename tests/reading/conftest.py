"""A base of their own for the tests of the reading door: their tables, their schema, their policy."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from app.reading.limits import Limits
from app.reading.reader import Reader
from tests.conftest import Serveur
from tests.reading.policy import Rights, Viewer
from tests.reading.schema import build_schema
from tests.reading.world import MOMENT, World, fill, install, random_world

Run = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="session")
async def adresse(serveur: Serveur) -> AsyncIterator[str]:
    """A base of their own on the server of the tests, dropped at the end."""
    name = f"rafael_lecture_des_tests_{os.getpid()}"
    connection = await asyncpg.connect(serveur.url())
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")
        yield serveur.url(name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def pool(adresse: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(adresse, min_size=1, max_size=2) as pool:
        async with pool.acquire() as connection:
            await install(random_world(15), connection)
        yield pool


def extra_values(viewer: Viewer, moment: Any) -> dict[str, Any]:
    """Closed for those whose structure is even: a request value that conditions may name."""
    return {"hors_horaires": (viewer.ma_structure or 1) % 2 == 0}


@pytest.fixture(scope="session")
def reader(pool: Any) -> Reader:
    return Reader(build_schema(), Rights(), pool, extra_values=extra_values, limits=Limits(nodes=10**9))


@pytest.fixture(scope="session")
def world() -> World:
    return random_world(15)  # a world where each case below has its row


@pytest.fixture(scope="module")
async def run(reader: Reader, pool: Any, world: World) -> Run:
    """Out: what asks a document of a viewer and reads the JSON of the answer."""
    async with pool.acquire() as connection:
        await fill(world, connection)

    async def run(viewer: Viewer, text: str, variables: Any = None, name: str | None = None) -> Any:
        return json.loads(await reader.execute(viewer, text, variables, name, MOMENT))

    return run
