"""A server killed in the middle of a write: nothing is half done, and the next one answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import func, insert, select

from app import models as m
from tests.cast import CIPHER, MAINTENANT, Monde
from tests.conftest import Base
from tests.house.test_serving import Servir

from . import actes
from .identifiants import gid

VERROU = 5_021  # any number: the pause of this test
PAUSE = f"""
create function pause() returns trigger language plpgsql as $$
begin perform pg_advisory_xact_lock({VERROU}); return null; end $$;
create trigger pause after insert on fait for each row execute function pause()"""
EN_ATTENTE = f"select count(*) from pg_locks where locktype = 'advisory' and objid = {VERROU} and not granted"
EN_COURS = (
    "select count(*) from pg_stat_activity where datname = current_database() and backend_xid is not null"
)
Demarrer = Callable[[], Servir]


@pytest.fixture
def demarrer(tmp_path: Path, base: Base) -> Iterator[Demarrer]:
    """What starts the command on the base of the test: one process, so that to kill it is to kill all."""
    started: list[Servir] = []

    def start() -> Servir:
        said = {"HORLOGE": MAINTENANT.isoformat(), "CLE_CHIFFREMENT": CIPHER.key.decode(), "TRAVAUX": "non"}
        started.append(Servir(tmp_path / "donnees", DATABASE_URL=base.url, WORKERS="1", **said))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.terminate()
        one.gone()


@asynccontextmanager
async def en_pause(url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Meanwhile a line of the journal waits once it is written: the act is done, and nothing is committed."""
    db = await asyncpg.connect(url)
    try:
        await db.execute(PAUSE)
        await db.execute(f"select pg_advisory_lock({VERROU})")
        yield db
    finally:
        await db.execute("select pg_advisory_unlock_all(); drop trigger pause on fait; drop function pause")
        await db.close()


async def demander(adresse: str, monde: Monde, document: str, **variables: Any) -> Any:
    async with httpx.AsyncClient(timeout=60) as client:
        body = {"query": document, "variables": variables}
        answer = await client.post(f"{adresse}graphql", json=body, headers=monde.paul.entetes)
        assert "data" in answer.json(), answer.text
        return answer.json()["data"]


async def jusqu_a(db: Any, question: str, attendu: int, asked: asyncio.Task[Any] | None = None) -> None:
    """Wait until the base says so, half a minute at most, while what was asked is not answered."""
    async with asyncio.timeout(30):
        while await db.fetchval(question) != attendu:
            assert asked is None or not asked.done(), asked and asked.result()
            await asyncio.sleep(0.01)


async def comptes(monde: Monde) -> list[int]:
    """Out: how many candidatures, and how many lines of the journal."""
    async with monde.engine.connect() as db:
        return [
            int((await db.execute(select(func.count()).select_from(table))).scalar_one())
            for table in (m.Candidature, m.Fait)
        ]


async def test_a_server_killed_in_the_middle_of_a_write_leaves_nothing_half_done(
    monde: Monde, base: Base, demarrer: Demarrer
) -> None:
    entree = {"session": gid("Session", monde.session_maconnerie), "candidat": gid("Candidat", monde.mathis)}
    async with monde.engine.begin() as db:  # time may only be told on such a base
        await db.execute(insert(m.Reglage).values(cle=m.DEMONSTRATION, valeur="true"))
    avant, one = await comptes(monde), demarrer()
    adresse = await asyncio.to_thread(one.address)
    async with en_pause(base.url) as pause:
        asked = asyncio.create_task(demander(adresse, monde, actes.CREER, entree=entree))
        await jusqu_a(pause, EN_ATTENTE, 1, asked)
        one.process.kill()
        with pytest.raises(httpx.TransportError):
            await asked
        await pause.execute("select pg_advisory_unlock_all()")
        await jusqu_a(pause, EN_COURS, 0)  # what the dead server had begun is undone
    assert await comptes(monde) == avant

    autre = demarrer()
    adresse = await asyncio.to_thread(autre.address)
    made = (await demander(adresse, monde, actes.CREER, entree=entree))["creerCandidature"]

    assert made["empechements"] == []
    assert made["candidature"]["etat"] == "BROUILLON"
    assert await comptes(monde) == [avant[0] + 1, avant[1] + 1]
