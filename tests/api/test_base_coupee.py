"""The base cuts its connections: it starts again, somebody ends them. A reading is sent again, and nobody sees it."""

from __future__ import annotations

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.cast import Monde
from tests.conftest import Base

from . import actes
from .conftest import Api
from .identifiants import gid

PATIENCE = 30  # seconds
LIRE = "{ candidatures { totalCount } }"
LECTURES = "datname = current_database() and query like '%totalCount%' and pid <> pg_backend_pid()"
COUPER = f"select count(pg_terminate_backend(pid)) from pg_stat_activity where {LECTURES}"
ATTEND = f"select count(*) from pg_stat_activity where {LECTURES} and wait_event_type = 'Lock'"
ACTE_QUI_ATTEND = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)
ANNULER = ACTE_QUI_ATTEND.replace("count(*)", "count(pg_cancel_backend(pid))")


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


async def test_what_somebody_else_holds_is_not_our_fault_and_may_be_asked_again(
    api: Api, monde: Monde, base: Base
) -> None:
    """Somebody at a console left a transaction open: who acts is told to come again, and nothing is half done."""
    candidature = await monde.une_candidature(auteur=monde.paul)
    async with base.engine.connect() as autre, base.engine.connect() as verrou:
        await verrou.execute(text("select id from candidature for update"))
        acte = asyncio.create_task(api.brut(monde.paul, actes.SUPPRIMER, id=gid("Candidature", candidature)))
        await asyncio.wait_for(attend(autre, ACTE_QUI_ATTEND), PATIENCE)
        assert await autre.scalar(text(ANNULER)) == 1  # as the limit of ten seconds does
        [erreur] = (await asyncio.wait_for(acte, PATIENCE))["errors"]
    assert erreur["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert "modifiées ailleurs" in erreur["message"]

    await api(monde.paul, actes.SUPPRIMER, id=gid("Candidature", candidature))


async def attend(autre: AsyncConnection, quoi: str = ATTEND) -> None:
    """Wait until somebody waits for the lock."""
    while not await autre.scalar(text(quoi)):  # another process says it: there is no event
        await autre.rollback()
        await asyncio.sleep(0.01)
