"""Delays are kept to the day, once, whatever ticks do: the clock is moved day by day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.domain.echeances import a_valider_avant
from app.kit.clock import PARIS
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Atelier, etat


async def faits(monde: Monde, nom: str) -> list[Any]:
    """Out: the facts of that name: under which profile, about which candidature."""
    async with monde.engine.connect() as db:
        rows = await db.execute(
            text("select profil, compte_id, candidature_id from fait where nom = :n order by id"), {"n": nom}
        )
        return [tuple(row) for row in rows]


@pytest.mark.regle("R-093")
async def test_a_draft_is_kept_fifteen_days_and_deleted_on_the_sixteenth(
    atelier: Atelier, monde: Monde
) -> None:
    brouillon = await monde.une_candidature(modifiee_le=MAINTENANT)
    await atelier.jours(15)
    assert await etat(monde, brouillon) == "brouillon"

    await atelier.jours(1)
    assert await etat(monde, brouillon) is None
    assert await faits(monde, "CandidaturePurgee") == [("systeme", None, brouillon.id)]


@pytest.mark.regle("R-093")
async def test_a_change_gives_a_draft_fifteen_more_days(atelier: Atelier, monde: Monde) -> None:
    brouillon = await monde.une_candidature(modifiee_le=MAINTENANT)
    await atelier.jours(15)
    await monde.changer(brouillon, modifiee_le=atelier.heure)
    await atelier.jours(15)

    assert await etat(monde, brouillon) == "brouillon"


@pytest.mark.regle("R-101")
async def test_the_corbeille_is_emptied_after_fifteen_days(atelier: Atelier, monde: Monde) -> None:
    jetee = await monde.une_candidature(etat="corbeille", modifiee_le=MAINTENANT, close_le=MAINTENANT)
    await atelier.jours(15)
    assert await etat(monde, jetee) == "corbeille"

    await atelier.jours(1)
    assert await etat(monde, jetee) is None


@pytest.mark.regle("R-038")
async def test_what_no_n3_validates_expires_on_the_sixteenth_day(atelier: Atelier, monde: Monde) -> None:
    soumise = await monde.une_candidature(
        auteur=monde.nadia,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )
    await atelier.jours(15)
    assert await etat(monde, soumise) == "en_attente_validation"

    await atelier.jours(1)
    assert await etat(monde, soumise) == "expiree"
    assert (await monde.relire(soumise)).close_le == atelier.heure
    assert await faits(monde, "CandidatureExpiree") == [("systeme", None, soumise.id)]


@pytest.mark.regle("R-038")
async def test_its_author_and_the_n3_are_told_five_days_before_then_at_the_end(
    atelier: Atelier, monde: Monde
) -> None:
    soumise = await monde.une_candidature(
        auteur=monde.nadia,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )
    await atelier.jours(10)
    assert atelier.boite.objets == []

    await atelier.jours(4)
    rappel = f"Candidature {soumise.reference} : dernier jour pour valider le 17 juin 2026"
    trois_vallees = (monde.nadia, monde.hugo, monde.rosa)  # its author, a N1; the two N3 of her structure
    assert atelier.boite.objets == sorted((qui.courriel, rappel) for qui in trois_vallees)

    await atelier.jours(1)
    atelier.boite.recus.clear()
    await atelier.jours(5)
    fin = f"Candidature {soumise.reference} : expirée"
    assert atelier.boite.objets == sorted((qui.courriel, fin) for qui in trois_vallees)


@pytest.mark.regle("R-167")
async def test_an_avis_is_awaited_three_weeks_after_the_end_and_not_a_day_more(
    atelier: Atelier, monde: Monde
) -> None:
    session = await monde.une_session(date_debut=monde.jour(-90), date_fin=monde.jour(0))
    attendue = await monde.une_candidature(session=session, etat="en_attente_avis")
    await atelier.jours(21)
    assert await etat(monde, attendue) == "en_attente_avis"

    await atelier.jours(1)
    assert await etat(monde, attendue) == "avis_non_transmis"
    assert await faits(monde, "AvisNonTransmis") == [("systeme", None, attendue.id)]


@pytest.mark.regle("R-167", "R-093", "R-038")
async def test_days_are_those_of_paris(atelier: Atelier, monde: Monde) -> None:
    """At ten in the evening in Greenwich it is tomorrow in Paris, and drafts are then too old."""
    brouillon = await monde.une_candidature(modifiee_le=MAINTENANT)
    minuit = datetime(2026, 6, 18, tzinfo=PARIS)
    atelier.heure = minuit - timedelta(seconds=1)
    await atelier.tic()
    assert await etat(monde, brouillon) == "brouillon"

    atelier.heure = minuit
    await atelier.tic()
    assert await etat(monde, brouillon) is None


async def test_the_jobs_of_a_day_done_twice_change_nothing(atelier: Atelier, monde: Monde) -> None:
    session = await monde.une_session(date_debut=monde.jour(-90), date_fin=monde.jour(-1))
    await monde.une_candidature(session=session, candidat=monde.lea, etat="en_attente_avis")
    await monde.une_candidature(modifiee_le=MAINTENANT)
    await monde.une_candidature(
        auteur=monde.nadia,
        candidat=monde.aicha,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )
    for _ in range(30):
        await atelier.jours(1)
        await un_quart_d_heure(atelier)  # what was done is told at the next tick
        before = await tout(monde), len(atelier.boite.recus)
        await un_quart_d_heure(atelier)
        assert (await tout(monde), len(atelier.boite.recus)) == before
        atelier.heure -= timedelta(minutes=30)


async def un_quart_d_heure(atelier: Atelier) -> None:
    """The next tick of what is periodic."""
    atelier.heure += timedelta(minutes=15)
    await atelier.tic()


async def tout(monde: Monde) -> list[Any]:
    """Out: every candidature, and every fact."""
    async with monde.engine.connect() as db:
        candidatures = await db.execute(text("select * from candidature order by id"))
        journal = await db.execute(text("select * from fait order by id"))
        return [tuple(row) for row in (*candidatures, *journal)]


async def test_days_without_any_worker_are_caught_up(atelier: Atelier, monde: Monde) -> None:
    soumise = await monde.une_candidature(
        auteur=monde.nadia,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )
    brouillon = await monde.une_candidature(modifiee_le=MAINTENANT)
    atelier.heure += 40 * JOUR
    await atelier.tic()

    assert await etat(monde, soumise) == "expiree"
    assert await etat(monde, brouillon) is None
    assert await faits(monde, "ValidationRappelee") == []


async def test_two_workers_at_once_do_each_row_once(atelier: Atelier, monde: Monde) -> None:
    import asyncio

    from app.jobs.echeances import EXPIRER, une

    soumise = await monde.une_candidature(
        auteur=monde.nadia,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )
    le = MAINTENANT + 16 * JOUR
    faites = await asyncio.gather(*(une(EXPIRER, atelier.outils, soumise.id, le) for _ in range(4)))

    assert sorted(faites) == [False, False, False, True]
    assert len(await faits(monde, "CandidatureExpiree")) == 1


async def test_a_row_that_fails_does_not_hold_the_others(atelier: Atelier, monde: Monde) -> None:
    brouillons = [
        await monde.une_candidature(candidat=qui, modifiee_le=MAINTENANT)
        for qui in (monde.lea, monde.mathis, monde.aicha)
    ]
    # a partner's exchange still points at the second one: the database refuses that it goes
    await monde.inserer(
        m.Echange,
        partenaire=m.Correspondant.AGORA,
        type_echange=m.TypeEchange.VALIDEE,
        cle="agora-1",
        candidature_id=brouillons[1].id,
        cree_le=MAINTENANT,
    )
    await atelier.jours(16)

    assert [await etat(monde, b) for b in brouillons] == [None, "brouillon", None]
    assert ("failed", 1) in await atelier.etats("purger_candidatures")
    noted = {(i.tache, i.erreur, i.explication) for i in await atelier.incidents()}
    assert ("purger_candidatures", "ForeignKeyViolationError", None) in noted
    assert (
        "purger_candidatures",
        "EchecTravail",
        "1 candidatures sur 3 n'ont pas pu être traitées.",
    ) in noted
