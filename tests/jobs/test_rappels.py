"""Nobody loses anything without having been told: five days before, then the day before; and who is told of results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.domain.echeances import a_valider_avant
from app.jobs.composition import composer
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Atelier, etat
from .test_echeances import faits


async def boites(atelier: Atelier, jours: int) -> dict[int, list[tuple[str, str]]]:
    """Out: what left on each day that is passed, by its number, where anything did."""
    recus: dict[int, list[tuple[str, str]]] = {}
    for numero in range(1, jours + 1):
        await atelier.jours(1)
        if atelier.boite.objets:
            recus[numero] = atelier.boite.objets
        atelier.boite.recus.clear()
    return recus


@pytest.mark.regle("R-093")
async def test_the_author_of_a_draft_is_told_five_days_before_and_the_day_before(
    atelier: Atelier, monde: Monde
) -> None:
    brouillon = await monde.une_candidature(auteur=monde.paul, modifiee_le=MAINTENANT)

    recus = await boites(atelier, 16)

    objet = f"Brouillon {brouillon.reference} : supprimé le 18 juin 2026"
    assert recus == {11: [(monde.paul.courriel, objet)], 15: [(monde.paul.courriel, objet)]}
    assert await etat(monde, brouillon) is None


@pytest.mark.regle("R-038", "C-07")
async def test_those_who_may_validate_are_told_five_days_before_the_day_before_and_at_the_end(
    atelier: Atelier, monde: Monde
) -> None:
    await monde.une_candidature(
        auteur=monde.nadia,
        etat="en_attente_validation",
        soumise_le=MAINTENANT,
        valider_avant_le=a_valider_avant(MAINTENANT),
    )

    recus = await boites(atelier, 17)

    assert {numero: len(objets) for numero, objets in recus.items()} == {11: 3, 15: 3, 16: 3}
    assert "expirée" in recus[16][0][1]


@pytest.mark.regle("R-167")
async def test_who_recruits_is_told_once_for_a_session_five_days_before_and_the_day_before(
    atelier: Atelier, monde: Monde
) -> None:
    session = await monde.une_session(
        date_debut=monde.jour(-90), date_fin=monde.jour(-10), positionneur_id=monde.passerelles.id
    )
    attendues = [
        await monde.une_candidature(session=session, candidat=qui, etat="en_attente_avis")
        for qui in (monde.lea, monde.mathis)
    ]

    recus = await boites(atelier, 13)

    objet = f"Session {session.numero_carif} : avis à rendre avant le 13 juin 2026"
    assert {n: objets for n, objets in recus.items() if n < 12} == {
        6: [(monde.marc.courriel, objet)],
        10: [(monde.marc.courriel, objet)],
    }
    assert [await etat(monde, c) for c in attendues] == ["avis_non_transmis"] * 2
    dits = [
        *recus.get(12, []),
        *recus.get(13, []),
    ]  # what is found closed at a tick is told at that one, or at the next
    assert sorted(dits) == sorted(
        (monde.paul.courriel, f"Candidature {c.reference} : Avis non transmis") for c in attendues
    )


@pytest.mark.regle("R-167", "R-093", "R-038")
async def test_a_reminder_missed_while_nobody_worked_is_sent_once(atelier: Atelier, monde: Monde) -> None:
    await monde.une_candidature(auteur=monde.paul, modifiee_le=MAINTENANT)
    atelier.heure += 14 * JOUR + timedelta(hours=20)
    await atelier.tic()
    await atelier.tic()

    assert len(atelier.boite.recus) == 1
    assert len(await faits(monde, "BrouillonRappele")) == 1


# --- results ----------------------------------------------------------------------------------------------------------


async def retenue(monde: Monde, auteur: Any, candidat: Any) -> m.Candidature:
    return await monde.une_candidature(
        session=await monde.une_session(),
        candidat=candidat,
        auteur=auteur,
        etat="retenue",
        est_a_annoncer=True,
    )


@pytest.mark.regle("R-166")
async def test_an_author_is_told_each_result_or_once_a_day_or_not_at_all(
    atelier: Atelier, monde: Monde
) -> None:
    await monde.changer(monde.yann, m.Compte, envoi_avis="quotidien")
    await monde.changer(monde.camille, m.Compte, envoi_avis="aucun")
    de_paul = await retenue(monde, monde.paul, monde.lea)
    de_yann = [await retenue(monde, monde.yann, qui) for qui in (monde.mathis, monde.aicha)]
    await retenue(monde, monde.camille, monde.noemie)

    await atelier.tic()
    await atelier.tic()

    assert atelier.boite.objets == sorted(
        [
            (monde.paul.courriel, f"Candidature {de_paul.reference} : l'avis est rendu"),
            (monde.yann.courriel, "Vos candidatures : 2 résultats"),
        ]
    )
    resume = next(r for r in atelier.boite.recus if r["To"] == monde.yann.courriel)
    body = resume.get_body(("plain",))
    assert body is not None
    assert all(f"{c.reference} : Retenue" in body.get_content() for c in de_yann)
    assert len(await faits(monde, "ResultatAnnonce")) == 4


# --- the recap --------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-091", "R-116")
async def test_the_person_gets_a_recap_once_without_any_text_about_herself(
    atelier: Atelier, monde: Monde
) -> None:
    candidat = await monde.un_candidat(courriel="alex@courriel.example")
    candidature = await monde.une_candidature(
        candidat=candidat,
        auteur=monde.paul,
        etat="en_attente_avis",
        raisons="Une raison à garder entre nous.",
    )
    for _ in range(2):
        await atelier.confier("recapituler", candidature_id=candidature.id)
        await atelier.vider()

    [message] = atelier.boite.recus
    assert message["To"] == "alex@courriel.example"
    assert candidature.reference in message.as_string()
    body = message.get_body(("plain",))
    assert body is not None
    assert monde.trois_vallees.raison_sociale in body.get_content()
    assert "garder entre nous" not in body.get_content()


@pytest.mark.regle("R-091")
async def test_a_person_without_an_address_any_more_gets_nothing_and_nothing_fails(
    atelier: Atelier, monde: Monde
) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    await monde.changer(monde.mathis, m.Candidat, courriel=None)
    await atelier.confier("recapituler", candidature_id=candidature.id)
    await atelier.confier("recapituler", candidature_id=0)
    await atelier.vider()

    assert atelier.boite.recus == []
    assert {status for status, _ in await atelier.etats("recapituler")} == {"succeeded"}


def test_templates_are_written_for_one_and_for_many() -> None:
    common = {"a": "a@b.example", "de": "R <r@b.example>", "sujet": "s", "le": MAINTENANT}
    un = composer("resume_resultats", **common, contexte={"lignes": ["C : Retenue"]})  # type: ignore[arg-type]
    assert un["Subject"] == "Vos candidatures : 1 résultat"
