"""The base cuts its connections: it starts again, somebody ends them. A reading is sent again, and nobody sees it."""

from __future__ import annotations

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.cast import Monde
from tests.conftest import Base

from .conftest import Api

PATIENCE = 30  # seconds
LIRE = "{ candidatures { totalCount } }"
LECTURES = "datname = current_database() and query like '%totalCount%' and pid <> pg_backend_pid()"
COUPER = f"select count(pg_terminate_backend(pid)) from pg_stat_activity where {LECTURES}"
ATTEND = f"select count(*) from pg_stat_activity where {LECTURES} and wait_event_type = 'Lock'"


async def test_a_reading_that_is_cut_half_way_is_answered_all_the_same(
    api: Api, monde: Monde, base: Base
) -> None:
    attendu = await api(monde.paul, LIRE)
    async with base.engine.connect() as autre, base.engine.connect() as verrou:
        await verrou.execute(text("lock table candidature in access exclusive mode"))
        lecture = asyncio.create_task(api(monde.paul, LIRE))
        await asyncio.wait_for(attend(autre), PATIENCE)
        assert await autre.scalar(text(COUPER)) > 0
        await verrou.rollback()
        assert await asyncio.wait_for(lecture, PATIENCE) == attendu


async def test_connections_that_died_while_nobody_used_them_are_not_missed(
    api: Api, monde: Monde, base: Base
) -> None:
    attendu = await asyncio.gather(*(api(monde.paul, LIRE) for _ in range(5)))
    async with base.engine.connect() as autre:
        assert await autre.scalar(text(COUPER)) > 0
    assert await asyncio.gather(*(api(monde.paul, LIRE) for _ in range(5))) == attendu


async def attend(autre: AsyncConnection) -> None:
    """Wait until somebody waits for the lock."""
    while not await autre.scalar(text(ATTEND)):  # another process says it: there is no event
        await autre.rollback()
        await asyncio.sleep(0.01)
