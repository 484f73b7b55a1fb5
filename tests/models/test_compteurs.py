"""Counters and marks that the database keeps: exact after every change (C-17, C-30)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app import models as m
from tests.cast import JOUR, Monde, planter

PRENNENT = ("en_attente_avis", "retenue")  # C-30


@pytest_asyncio.fixture(loop_scope="session")
async def monde(base: Any) -> AsyncIterator[Monde]:
    yield await planter(base)


async def assert_exact(monde: Monde) -> int:
    """The places said are the candidatures that take one, per session and per point. Out: how many are taken."""
    taken = 0
    async with monde.engine.connect() as db:
        for model, column in (
            (m.SessionFormation, m.Candidature.session_id),
            (m.PointEntree, m.Candidature.point_entree_id),
        ):
            counted = (
                select(func.count())
                .where(column == model.id, m.Candidature.etat.in_(PRENNENT))
                .scalar_subquery()
                .correlate(model)
            )
            for said, true in await db.execute(select(model.places_prises, counted)):
                assert said == true
                taken += true
    return taken


@pytest.mark.regle("C-30")
@pytest.mark.parametrize("avant", list(m.EtatCandidature))
async def test_places_are_exact_after_every_change_of_etat(monde: Monde, avant: m.EtatCandidature) -> None:
    point = monde.prochain_point.id
    candidature = await monde.une_candidature(session=monde.session_hsp, point_entree_id=point, etat=avant)
    assert bool(await assert_exact(monde)) == (avant in PRENNENT)

    for apres in m.EtatCandidature:
        await monde.changer(candidature, etat=apres)
        assert bool(await assert_exact(monde)) == (apres in PRENNENT)
        await monde.changer(candidature, etat=avant)

    await monde.supprimer(candidature)
    assert await assert_exact(monde) == 0


@pytest.mark.regle("C-30", "C-25")
async def test_places_are_exact_through_a_long_life(monde: Monde) -> None:
    chance = random.Random(20260602)
    sessions = [monde.session_hsp, monde.session_maconnerie, monde.session_poec]
    living = [
        await monde.une_candidature(candidat=await monde.un_candidat(), session=chance.choice(sessions))
        for _ in range(4)
    ]
    for _ in range(60):
        session = chance.choice(sessions)
        point = chance.choice(monde.points_hsp).id if session is monde.session_hsp else None
        change = chance.choice(
            [
                {"etat": chance.choice(list(m.EtatCandidature))},
                {"session_id": session.id, "point_entree_id": point},
            ]
        )
        await monde.changer(chance.choice(living), **change)
        await assert_exact(monde)


@pytest.mark.regle("R-097")
async def test_a_session_is_complete_when_its_last_place_is_taken(monde: Monde) -> None:
    session = await monde.une_session(capacite_accueil=1, coefficient=1.5)
    assert (session.places_possibles, session.est_complete) == (1, False)  # rounded down (C-30)

    candidature = await monde.une_candidature(session=session, etat="en_attente_avis")
    assert (await monde.relire(session)).est_complete

    await monde.changer(candidature, etat="annulee")
    assert not (await monde.relire(session)).est_complete


@pytest.mark.regle("C-17")
async def test_the_author_is_a_n3_as_long_as_it_is_one_today(monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.rosa)
    assert candidature.auteur_est_n3
    droit = await monde.relire(_cle(monde.rosa.viewer.droit_accorde_id), m.DroitAccorde)

    await monde.changer(droit, droit="prescripteur_n2")
    assert not (await monde.relire(candidature)).auteur_est_n3

    await monde.changer(droit, droit="prescripteur_n3")
    assert (await monde.relire(candidature)).auteur_est_n3

    await monde.changer(_cle(monde.rosa.viewer.affiliation_id), m.Affiliation, etat="detachee")
    assert not (await monde.relire(candidature)).auteur_est_n3


@pytest.mark.regle("C-17")
async def test_a_droit_withdrawn_makes_the_author_a_n3_no_more(monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.hugo)
    droit = await monde.relire(_cle(monde.hugo.viewer.droit_accorde_id), m.DroitAccorde)
    async with monde.engine.begin() as db:
        await db.execute(m.Jeton.__table__.delete().where(m.Jeton.compte_id == monde.hugo.id))

    await monde.supprimer(droit)

    assert not (await monde.relire(candidature)).auteur_est_n3


@pytest.mark.regle("C-17")
async def test_a_n3_of_another_structure_is_no_n3_here(monde: Monde) -> None:
    candidature = await monde.une_candidature(
        auteur=monde.camille, structure_prescriptrice_id=monde.trois_vallees.id
    )
    assert not candidature.auteur_est_n3

    moved = await monde.changer(candidature, structure_prescriptrice_id=monde.agence_garonne.id)
    assert moved.auteur_est_n3


@pytest.mark.regle("R-006", "R-007")
async def test_a_structure_knows_whether_it_has_a_referent(monde: Monde) -> None:
    async def a_un_referent() -> bool:
        return (await monde.relire(monde.trois_vallees, m.Structure)).a_un_referent

    affiliation = _cle(monde.rosa.viewer.affiliation_id)
    assert await a_un_referent()

    await monde.changer(affiliation, m.Affiliation, est_referent=False)
    assert not await a_un_referent()

    await monde.changer(affiliation, m.Affiliation, est_referent=True)
    assert await a_un_referent()

    await monde.changer(affiliation, m.Affiliation, etat="detachee")
    assert not await a_un_referent()


@pytest.mark.regle("R-067")
async def test_each_entry_point_knows_the_one_before_it(monde: Monde) -> None:
    async def said() -> dict[Any, Any]:
        async with monde.engine.connect() as db:
            rows = await db.execute(
                select(m.PointEntree.date_entree, m.PointEntree.date_precedente).order_by(
                    m.PointEntree.date_entree
                )
            )
            return dict([tuple(row) for row in rows])

    def chained(*dans: int) -> dict[Any, Any]:
        days = [monde.jour(d) for d in dans]
        return dict(zip(days, [None, *days], strict=False))

    assert await said() == chained(-12, 16, 44, 72)

    ajoute = await monde.un_point(monde.session_hsp, 30)
    assert await said() == chained(-12, 16, 30, 44, 72)

    await monde.changer(ajoute, date_entree=monde.jour(50))
    assert await said() == chained(-12, 16, 44, 50, 72)

    await monde.supprimer(ajoute)
    assert await said() == chained(-12, 16, 44, 72)


@pytest.mark.parametrize("act", ["update", "delete"])
async def test_the_journal_is_written_once(monde: Monde, act: str) -> None:
    fait = await monde.inserer(m.Fait, survenu_le=monde.le, nom="Essai", profil="anonyme")

    with pytest.raises(DBAPIError, match="le journal ne se modifie pas"):
        await (monde.changer(fait, nom="Autre") if act == "update" else monde.supprimer(fait))


@pytest.mark.regle("R-180", "R-087")
async def test_references_never_change(monde: Monde) -> None:
    candidature = await monde.une_candidature()
    for row, model, columns in (
        (monde.action_maconnerie, m.Action, {"reference": "202699999999"}),
        (monde.session_maconnerie, m.SessionFormation, {"numero_carif": "00999999"}),
        (monde.lea, m.Candidat, {"reference": "2026999999"}),
        (candidature, m.Candidature, {"reference": "C2026999999"}),
    ):
        with pytest.raises(DBAPIError, match="ne change jamais"):
            await monde.changer(row, model, **columns)


async def test_an_affiliation_keeps_its_account_and_its_structure(monde: Monde) -> None:
    affiliation = _cle(monde.paul.viewer.affiliation_id)
    for columns in ({"structure_id": monde.landes.id}, {"compte_id": monde.jeanne.id}):
        with pytest.raises(DBAPIError, match="ne change jamais"):
            await monde.changer(affiliation, m.Affiliation, **columns)


@pytest.mark.regle("R-251")
async def test_saving_an_action_leaves_its_sessions_alone(monde: Monde) -> None:
    async def versions() -> set[Any]:
        async with monde.engine.connect() as db:
            table = m.SessionFormation.__table__
            return set(
                await db.scalars(select(_xmin(table)).where(table.c.action_id == monde.action_maconnerie.id))
            )

    before = await versions()
    await monde.changer(
        monde.action_maconnerie, m.Action, objectif="Autre objectif", modifiee_le=monde.le + JOUR
    )
    assert await versions() == before


def _xmin(table: Any) -> Any:
    from sqlalchemy import literal_column

    return literal_column(f"{table.name}.xmin::text")


class _cle:  # noqa: N801  reads as what it stands for: a row known by its key
    def __init__(self, id: int | None) -> None:
        self.id = id
