"""C-10: where the house has chosen it, the avis that fills a session refuses what still waits on it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app import models as m
from app.jobs.completes import refusee
from tests.cast import Monde
from tests.conftest import Base
from tests.jobs.conftest import Atelier, atelier

from . import actes, actes_lots
from .actes_comptes import essayer
from .conftest import Api
from .test_lots import avis, hsp, ids, recus

__all__ = ["atelier"]
ATTEND_LA_SESSION = """select count(*) from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like '%session%'"""
RETENUE, ATTEND, REFUSEE = "retenue", "en_attente_avis", "refus_session_complete"


@pytest.fixture
def allume(api: Api, application: Starlette) -> Iterator[None]:
    """The setting, on."""
    desk = application.state.desk
    room = dataclasses.replace(desk.executor, refus_session_complete=True)
    application.state.desk = dataclasses.replace(desk, executor=room)
    yield
    application.state.desk = desk


async def rendre(api: Api, monde: Monde, candidature: m.Candidature, **champs: Any) -> list[str]:
    """Give an avis; it retains, unless said."""
    [id] = ids([candidature])
    return await essayer(api, monde.ines, actes.AVIS, entree=avis(id, **champs))


async def etats(monde: Monde, candidatures: Sequence[m.Candidature]) -> list[str]:
    return [str((await monde.relire(candidature)).etat) for candidature in candidatures]


async def refus(monde: Monde) -> list[tuple[str, int]]:
    """Out: who refused which, as the journal says."""
    asked = "select profil, candidature_id from fait where nom = 'CandidatureRefusee' order by candidature_id"
    async with monde.engine.connect() as db:
        return [tuple(row) for row in await db.execute(text(asked))]


@pytest.mark.regle("C-10", "R-168")
@pytest.mark.usefixtures("allume")
async def test_the_avis_that_fills_a_session_refuses_what_waits_on_it(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    lot = await recus(monde, 4, session=await monde.une_session(capacite_accueil=2, coefficient=2))
    ailleurs = await recus(monde, 1)

    assert await rendre(api, monde, lot[0]) == []
    await atelier.vider()
    assert await etats(monde, lot) == [RETENUE, ATTEND, ATTEND, ATTEND]

    assert await rendre(api, monde, lot[1]) == []
    await atelier.vider()
    assert await etats(monde, [*lot, *ailleurs]) == [RETENUE, RETENUE, REFUSEE, REFUSEE, ATTEND]
    assert await refus(monde) == [("systeme", lot[2].id), ("systeme", lot[3].id)]
    dits = [objet for _, objet in atelier.boite.objets if objet.endswith("Refus : session complète")]
    assert len(dits) == 2


@pytest.mark.regle("C-10", "R-168")
async def test_it_refuses_nothing_unless_the_house_has_chosen_it(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    lot = await recus(monde, 2, session=await monde.une_session(capacite_accueil=1, coefficient=2))

    assert await rendre(api, monde, lot[0]) == []
    await atelier.vider()

    assert await etats(monde, lot) == [RETENUE, ATTEND]
    assert await atelier.etats("fermer_session_complete") == []


@pytest.mark.regle("C-10", "R-160")
@pytest.mark.usefixtures("allume")
async def test_neither_a_refusal_nor_a_session_without_a_capacity_fills_anything(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    pleine = await recus(monde, 2, session=await monde.une_session(capacite_accueil=1, coefficient=2))
    sans = await recus(monde, 2, session=await monde.une_session(capacite_accueil=None, coefficient=None))

    assert await rendre(api, monde, pleine[0], retenu=False, motif="PREREQUIS", raison="Le niveau.") == []
    assert await rendre(api, monde, sans[0]) == []
    await atelier.vider()

    assert await etats(monde, [*pleine, *sans]) == ["non_retenue", ATTEND, RETENUE, ATTEND]


@pytest.mark.regle("C-10", "R-168", "R-071")
@pytest.mark.usefixtures("allume")
async def test_of_a_hsp_each_entry_point_fills_on_its_own(api: Api, monde: Monde, atelier: Atelier) -> None:
    session, (demain, plus_tard) = await hsp(monde, capacite_accueil=1, coefficient=2)
    ici = await recus(monde, 2, session=session, point_entree_id=demain.id)
    apres = await recus(monde, 1, session=session, point_entree_id=plus_tard.id)

    assert await rendre(api, monde, ici[0]) == []
    await atelier.vider()

    assert await etats(monde, [*ici, *apres]) == [RETENUE, REFUSEE, ATTEND]


@pytest.mark.regle("C-10", "R-168")
@pytest.mark.usefixtures("allume")
async def test_two_avis_at_once_refuse_each_of_the_others_once(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    lot = await recus(monde, 6, session=await monde.une_session(capacite_accueil=2, coefficient=3))

    assert await asyncio.gather(*(rendre(api, monde, un) for un in lot[:2])) == [[], []]
    await atelier.vider()
    await atelier.confier("fermer_session_complete", candidature_id=lot[0].id)
    await atelier.vider()

    assert await etats(monde, lot) == [RETENUE] * 2 + [REFUSEE] * 4
    assert await refus(monde) == [("systeme", refusee.id) for refusee in lot[2:]]


@pytest.mark.regle("C-10", "C-24")
@pytest.mark.usefixtures("allume")
async def test_a_correction_fills_a_session_or_makes_room_before_anybody_is_refused(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    lot = await recus(monde, 2, session=await monde.une_session(capacite_accueil=1, coefficient=2))
    [id] = ids(lot[:1])
    non = avis(id, retenu=False, motif="PREREQUIS", raison="Le niveau.", motifCorrection="Une erreur.")
    oui = avis(id, motifCorrection="Une autre erreur.")

    assert await rendre(api, monde, lot[0]) == []
    assert await essayer(api, monde.gaelle, actes_lots.CORRIGER, entree=non) == []
    await atelier.vider()
    assert await etats(monde, lot) == ["non_retenue", ATTEND]

    assert await essayer(api, monde.gaelle, actes_lots.CORRIGER, entree=oui) == []
    await atelier.vider()
    assert await etats(monde, lot) == [RETENUE, REFUSEE]


@pytest.mark.regle("C-10", "C-24")
@pytest.mark.usefixtures("allume")
async def test_a_correction_that_is_being_written_is_waited_for_before_anybody_is_refused(
    api: Api, monde: Monde, atelier: Atelier, base: Base
) -> None:
    lot = await recus(monde, 2, session=await monde.une_session(capacite_accueil=1, coefficient=2))
    assert await rendre(api, monde, lot[0]) == []
    async with base.engine.connect() as correction, base.engine.connect() as autre:
        await correction.execute(
            text("update candidature set etat = 'non_retenue' where id = :c"), {"c": lot[0].id}
        )
        travail = asyncio.create_task(refusee(atelier.outils, lot[1].id, atelier.heure))
        async with asyncio.timeout(30):
            while not await autre.scalar(text(ATTEND_LA_SESSION)) and not travail.done():
                await autre.rollback()
                await asyncio.sleep(0.01)  # another process says it: there is no event
        assert not travail.done()
        await correction.commit()
        assert not await travail
    assert await etats(monde, lot) == ["non_retenue", ATTEND]
