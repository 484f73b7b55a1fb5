"""A job is handed over in the transaction of the act: it happens with it, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from asyncpg import PostgresError
from sqlalchemy import text

from app import models as m
from app.policies.policy import Policy
from app.writing import UndecidedWrite, Writer
from tests.cast import Monde, planter
from tests.conftest import Base


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


@pytest.fixture
def writer(base: Base) -> Writer:
    return Writer(base.ecriture, Policy.load())


async def queue(base: Base) -> list[Any]:
    """Out: the jobs that wait: their task and their arguments."""
    async with base.engine.connect() as db:
        rows = await db.execute(text("select task_name, args from procrastinate_jobs order by id"))
    return [tuple(row) for row in rows]


async def test_a_job_is_there_once_the_act_is_committed(base: Base, writer: Writer, monde: Monde) -> None:
    async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
        await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
        await tx.confier("courriel", gabarit="essai", compte_id=3)
        assert await queue(base) == []

    assert await queue(base) == [("courriel", {"gabarit": "essai", "compte_id": 3})]


async def test_an_act_that_fails_takes_its_job_away(base: Base, writer: Writer, monde: Monde) -> None:
    with pytest.raises(ZeroDivisionError):
        async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            await tx.confier("courriel", gabarit="essai")
            raise ZeroDivisionError

    assert await queue(base) == []


async def test_a_job_alone_is_no_decision(base: Base, writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite):
        async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
            await tx.confier("courriel", gabarit="essai")

    assert await queue(base) == []


async def test_a_second_job_of_a_kind_that_waits_is_not_made_and_spoils_nothing(
    base: Base, writer: Writer, monde: Monde
) -> None:
    candidature = await monde.une_candidature(etat="en_attente_avis")
    async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
        taken = await tx.take(m.Candidature, candidature.id, pour="annuler")
        taken.motif_fin = "avant"
        assert await tx.confier("balayer", unique="balayer")
        assert not await tx.confier("balayer", unique="balayer")
        await tx.confier("autre")

    assert [task for task, _ in await queue(base)] == ["balayer", "autre"]
    assert (await monde.relire(candidature)).motif_fin == "avant"


async def test_the_fault_of_another_constraint_is_not_hidden(writer: Writer, monde: Monde) -> None:
    with pytest.raises(PostgresError):
        async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            await tx.confier("x" * 200)


async def test_a_job_may_wait_for_its_moment(base: Base, writer: Writer, monde: Monde) -> None:
    async with writer.writing(monde.gaelle.viewer, monde.le) as tx:
        await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
        await tx.confier("plus_tard", le=monde.le, verrou="dossier-1", file="flux")

    async with base.engine.connect() as db:
        [row] = await db.execute(text("select scheduled_at, lock, queue_name from procrastinate_jobs"))
    assert tuple(row) == (monde.le, "dossier-1", "flux")
