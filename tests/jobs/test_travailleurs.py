"""Workers of the queue: started again when they end, taken over when they die."""

from __future__ import annotations

import asyncio
import io
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from rich.console import Console
from sqlalchemy import text

from app.jobs.application import au_travail
from app.jobs.etat import montrer, reprendre
from app.kit.settings import Settings
from app.main import faire_les_travaux
from tests.cast import Monde
from tests.conftest import Base, Serveur
from tests.template import base_of_the_process

from .conftest import Atelier, etat
from .test_courriels import confier

PATIENCE = 20.0


@pytest.fixture
def settings(base: Base, tmp_path: Path) -> Settings:
    return replace(Settings.read({"DATABASE_URL": base.url}), donnees=tmp_path)


async def enfin(atelier: Atelier, tache: str, attendu: list[tuple[str, int]]) -> None:
    """Wait for the jobs of a task to be so."""
    async with asyncio.timeout(PATIENCE):
        while await atelier.etats(tache) != attendu:  # noqa: ASYNC110  # the condition is in the database
            await asyncio.sleep(0.01)


async def test_a_job_that_is_handed_over_is_done(atelier: Atelier, monde: Monde, base: Base) -> None:
    async with au_travail(base.url, atelier.outils):
        await confier(atelier, monde)
        await enfin(atelier, "courriel", [("succeeded", 1)])

    assert len(atelier.boite.recus) == 1


async def test_a_worker_that_lost_the_database_is_started_again(
    atelier: Atelier, monde: Monde, base: Base
) -> None:
    async with au_travail(base.url, atelier.outils):
        await confier(atelier, monde)
        await enfin(atelier, "courriel", [("succeeded", 1)])
        async with base.engine.begin() as db:
            await db.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and application_name <> 'rafael'"
                    " and query ilike '%procrastinate%'"
                )
            )
        await atelier.confier(
            "courriel", gabarit="structure_validee", compte_id=monde.rosa.id, structure_id=monde.estuaire.id
        )
        await enfin(atelier, "courriel", [("succeeded", 1), ("succeeded", 1)])


async def test_told_to_stop_while_the_database_is_away_a_worker_stops(
    atelier: Atelier, serveur: Serveur
) -> None:
    with base_of_the_process(serveur.adresse) as url:
        async with au_travail(url, atelier.outils):
            await registered(url)
            await gone(serveur, url)
            told = time.monotonic()
    assert time.monotonic() - told < PATIENCE


async def registered(url: str) -> None:
    """Wait for a worker of a base to be at work."""
    db = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(PATIENCE):
            while not await db.fetchval(  # noqa: ASYNC110  # the condition is in the database
                "select exists (select from procrastinate_workers)"
            ):
                await asyncio.sleep(0.01)
    finally:
        await db.close()


async def gone(serveur: Serveur, url: str) -> None:
    """Close a base to all, and end the connections that are open."""
    name = urlsplit(url).path[1:]
    admin = await asyncpg.connect(serveur.url())
    try:
        await admin.execute(f"alter database {name} allow_connections false")
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    finally:
        await admin.close()


async def test_the_job_of_a_worker_that_died_runs_again(atelier: Atelier, monde: Monde, base: Base) -> None:
    await confier(atelier, monde)
    async with base.engine.begin() as db:
        worker = await db.scalar(
            text(
                "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
            )
        )
        await db.execute(
            text("update procrastinate_jobs set status = 'doing', worker_id = :w"), {"w": worker}
        )
    await atelier.vider()
    assert await atelier.etats("courriel") == [("doing", 0)]

    await atelier.tic()
    await atelier.vider()
    assert await atelier.etats("courriel") == [("succeeded", 2)]
    assert len(atelier.boite.recus) == 1


async def test_a_tick_whose_worker_died_is_left_to_the_one_that_waits(
    atelier: Atelier, base: Base, monde: Monde
) -> None:
    async with base.engine.begin() as db:
        await db.execute(
            text(
                "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status, args, scheduled_at)"
                " select 'default', 'purger_candidatures', 'purger_candidatures', status::procrastinate_job_status,"
                " '{\"timestamp\": 0}', now() + interval '1 hour' from unnest(array['doing', 'todo']) as status"
            )
        )
    await atelier.confier("reprendre_travaux_perdus", timestamp=0)
    await atelier.vider()

    assert await atelier.etats("purger_candidatures") == [("failed", 1), ("todo", 0)]


async def test_once_is_enough_for_cron(settings: Settings, monde: Monde) -> None:
    oublie = await monde.une_candidature(modifiee_le=datetime.now(UTC) - timedelta(days=20))
    await faire_les_travaux(settings, une_fois=True)

    assert await etat(monde, oublie) is None


async def test_jobs_are_done_until_told_to_stop(settings: Settings, monde: Monde, base: Base) -> None:
    work = asyncio.create_task(faire_les_travaux(settings, une_fois=False))
    async with asyncio.timeout(PATIENCE):
        while await workers(base) == 0:  # noqa: ASYNC110  # the same
            await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert await workers(base) == 0


async def workers(base: Base) -> int:
    async with base.engine.connect() as db:
        return int(await db.scalar(text("select count(*) from procrastinate_workers")))


async def test_the_state_of_the_queue_is_told(
    atelier: Atelier, monde: Monde, base: Base, settings: Settings
) -> None:
    atelier.heure = datetime.now(UTC)
    await atelier.confier("courriel", gabarit="inconnu", compte_id=monde.rosa.id)
    await atelier.confier("oublier_vieux_travaux", timestamp=0)
    await atelier.vider()

    said = await told(settings)
    [courriel] = [line for line in said.splitlines() if line.strip().startswith("courriel ")]
    assert courriel.split()[:5] == ["courriel", "0", "0", "1", "0"]
    assert "courriel, essai 1, abandonné : Le gabarit « inconnu » n'existe pas" in said
    assert "oublier_vieux_travaux" in said


async def told(settings: Settings) -> str:
    out = io.StringIO()
    await montrer(settings, Console(file=out, width=160))
    return out.getvalue()


async def test_what_failed_can_be_done_again_and_nothing_else(
    atelier: Atelier, monde: Monde, base: Base, settings: Settings
) -> None:
    await atelier.confier("courriel", gabarit="inconnu", compte_id=monde.rosa.id)
    await atelier.vider()
    async with base.engine.begin() as db:
        key = await db.scalar(text("select id from procrastinate_jobs"))
        await db.execute(
            text(
                "update procrastinate_jobs set args = args || jsonb_build_object('gabarit', 'structure_validee', 'structure_id', cast(:s as int))"
            ),
            {"s": monde.estuaire.id},
        )
    await reprendre(settings, key)
    await atelier.vider()

    assert len(atelier.boite.recus) == 1
    with pytest.raises(ValueError, match="ni en cours ni en échec"):
        await reprendre(settings, key)


async def test_what_ended_long_ago_is_forgotten(atelier: Atelier, monde: Monde, base: Base) -> None:
    await confier(atelier, monde)
    await atelier.vider()
    await atelier.confier("oublier_vieux_travaux", timestamp=0)
    await atelier.vider()
    assert await atelier.etats("courriel") == [("succeeded", 1)]

    async with base.engine.begin() as db:
        await db.execute(text("update procrastinate_events set at = at - interval '8 days'"))
    await atelier.confier("oublier_vieux_travaux", timestamp=0)
    await atelier.vider()
    assert await atelier.etats("courriel") == []
