"""Readings that last leave room for those that do not: they wait for each other, at most four in a process at once."""

from __future__ import annotations

import asyncio
import json

from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.database import AT_ONCE
from app.policies.viewer import Anonymous
from app.reading.reader import LONGS
from tests.conftest import Base
from tests.reading.maison.caches import HOT, Edge
from tests.reading.maison.world import MAINTENANT

LOURDE = "{ structures(first: 5) { nodes { raisonSociale } } }"
BLOQUEES = """select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and application_name = 'rafael' and datname = current_database()"""


async def test_as_many_long_readings_as_there_are_connections_leave_some_to_the_others(base: Base) -> None:
    edge = Edge(base.lecture)
    known = await edge.ask(HOT)
    edge.reader.plan(edge.reader.request(Anonymous(), LOURDE, {}, None, MAINTENANT)).took(60)
    async with base.engine.connect() as held, base.engine.connect() as other:
        watch = await other.execution_options(isolation_level="AUTOCOMMIT")  # each look is a new one
        await held.exec_driver_sql("lock table structure in access exclusive mode")
        longues = [asyncio.create_task(edge.ask(LOURDE)) for _ in range(AT_ONCE * 2)]
        async with asyncio.timeout(30):
            while await bloquees(watch) < LONGS:
                pass

        assert await asyncio.wait_for(edge.ask(HOT), 5) == known

        assert await bloquees(watch) == LONGS
        await held.rollback()
        for answer in await asyncio.gather(*longues):
            assert "errors" not in json.loads(answer)


async def bloquees(watch: AsyncConnection) -> int:
    """Out: how many connections wait for a lock."""
    return int((await watch.exec_driver_sql(BLOQUEES)).scalar_one())


async def test_a_reading_is_long_by_what_it_took_and_no_longer_when_it_takes_little(base: Base) -> None:
    edge = Edge(base.lecture)
    plan = edge.reader.plan(edge.reader.request(Anonymous(), HOT, {}, None, MAINTENANT))
    await edge.ask(HOT)
    assert not plan.is_long

    plan.took(10)

    assert plan.is_long
    for _ in range(30):
        await edge.ask(HOT)
    assert not plan.is_long
