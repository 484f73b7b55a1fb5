"""A deadlock or a serialization failure is nobody's fault: the act is run again, whole."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from app import models as m
from app.domain.candidats_faits import CandidatCree
from app.policies.policy import Policy
from app.resolvers.verbs import ESSAIS, Acte, tenter
from app.writing import Writer, Writing
from tests.cast import Monde, planter
from tests.conftest import Base


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


@pytest.fixture
def info(base: Base, monde: Monde) -> Any:
    """What `tenter` needs of a request: a writer, a moment, who asks."""
    writer = Writer(base.ecriture, Policy.load())
    return SimpleNamespace(
        context=SimpleNamespace(writer=writer, moment=monde.le, viewer=monde.gaelle.viewer)
    )


async def faits(monde: Monde) -> int:
    async with monde.engine.connect() as db:
        return int((await db.execute(select(func.count()).select_from(m.Fait))).scalar_one())


async def test_of_two_acts_that_lock_each_other_out_one_is_run_again_and_both_take_place(
    info: Any, monde: Monde
) -> None:
    rencontre, essais = asyncio.Barrier(2), []

    def acte(premier: int, second: int) -> Acte:
        async def run(tx: Writing) -> dict[Any, Any]:
            croises = premier not in essais
            essais.append(premier)
            await tx.take(m.Structure, premier, pour="lire")
            if croises:
                await rencontre.wait()  # each holds what the other one wants
            await tx.hold(m.Structure, second)
            tx.record(CandidatCree(monde.lea.id))
            return {m.Structure: premier}

        return run

    une, autre = monde.cap_metiers.id, monde.passerelles.id
    avant = await faits(monde)
    done = await asyncio.gather(tenter(info, acte(une, autre)), tenter(info, acte(autre, une)))

    assert done == [({m.Structure: une}, []), ({m.Structure: autre}, [])]
    assert len(essais) > 2  # PostgreSQL may end both, and they then meet again
    assert await faits(monde) == avant + 2


@pytest.mark.parametrize("erreur", [asyncpg.SerializationError, asyncpg.DeadlockDetectedError])
async def test_what_never_passes_is_given_up_and_wrote_nothing(
    info: Any, monde: Monde, erreur: type[asyncpg.PostgresError]
) -> None:
    essais, avant = [], await faits(monde)

    async def acte(tx: Writing) -> dict[Any, Any]:
        essais.append(1)
        await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
        tx.record(CandidatCree(monde.lea.id))
        await tx.ecrire()
        raise erreur("encore")

    with pytest.raises(erreur):
        await tenter(info, acte)

    assert len(essais) == ESSAIS
    assert await faits(monde) == avant


async def test_another_error_of_the_base_is_not_tried_again(info: Any, monde: Monde) -> None:
    essais = []

    async def acte(tx: Writing) -> dict[Any, Any]:
        essais.append(1)
        await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
        await tx.avancer("numero_qui_n_existe_pas", 1)
        return {}

    with pytest.raises(asyncpg.UndefinedTableError):
        await tenter(info, acte)

    assert essais == [1]
