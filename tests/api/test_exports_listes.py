"""The lists as files: the same filters and masks as the API, streamed; convocations as a calendar."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import text

from app import models as m
from tests.cast import MAINTENANT, Monde

from .conftest import Api
from .test_lots import plusieurs


async def telecharger(api: Api, qui: Any, fichier: str, filtre: Any = None) -> Any:
    params = {} if filtre is None else {"filtre": filtre if isinstance(filtre, str) else json.dumps(filtre)}
    return await api.client.get(f"/exports/{fichier}", params=params, headers=qui.entetes if qui else {})


def lignes(answer: Any) -> list[dict[str, str]]:
    """Out: the rows of a CSV, by header."""
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.regle("R-153", "R-151")
async def test_the_candidatures_of_a_filter_leave_as_a_table(api: Api, monde: Monde) -> None:
    session = await monde.une_session()
    (attend,) = await plusieurs(monde, 1, session=session)
    await monde.changer(attend, intitule='=HYPERLINK("http://x")')
    await monde.une_candidature(session=session, auteur=monde.paul, etat="retenue")
    await monde.inserer(
        m.Convocation,
        candidature_id=attend.id,
        numero=1,
        date_rendez_vous=monde.jour(3),
        resultat="prevue",
        cree_le=MAINTENANT,
    )

    answer = await telecharger(api, monde.ines, "candidatures.csv", {"onglet": "EN_ATTENTE_AVIS"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="candidatures.csv"'
    assert answer.headers["cache-control"] == "no-store"
    [ligne] = lignes(answer)
    assert (ligne["Référence"], ligne["Candidat"]) == (attend.reference, "Alex Lot0")
    assert ligne["Intitulé"] == '\'=HYPERLINK("http://x")'
    assert ligne["État"] == "Validée, en attente d'avis de recrutement"
    assert (ligne["Convocations"], ligne["Réponse"], ligne["Dernier rendez-vous"]) == (
        "1",
        "Prévue",
        "05/06/2026",
    )
    assert ligne["Session"] == session.numero_carif
    assert len(lignes(await telecharger(api, monde.ines, "candidatures.csv"))) == 2


@pytest.mark.regle("R-153")
async def test_a_file_holds_all_its_pages_and_what_one_may_read_only(api: Api, monde: Monde) -> None:
    attendues = {c.reference for c in await plusieurs(monde, 205)}

    toutes = lignes(await telecharger(api, monde.ines, "candidatures.csv"))
    assert {ligne["Référence"] for ligne in toutes} == attendues
    assert len(toutes) == 205
    for aveugle in (monde.karim, monde.marc, monde.camille):
        assert lignes(await telecharger(api, aveugle, "candidatures.csv")) == []
    auditeur = await telecharger(api, monde.adrien, "candidatures.csv")
    assert monde.paul.nom not in auditeur.text


@pytest.mark.regle("R-153", "R-149")
async def test_sessions_leave_as_a_table_too(api: Api, monde: Monde) -> None:
    finie = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(-1))
    await monde.une_session(capacite_accueil=15, coefficient=2)

    found = lignes(await telecharger(api, monde.ines, "sessions.csv", {"texte": finie.numero_carif}))

    assert [(x["Référence"], x["État"], x["Fin"]) for x in found] == [
        (finie.numero_carif, "Terminée", "01/06/2026")
    ]


@pytest.mark.regle("R-153")
async def test_what_leaves_is_kept_in_the_journal_and_refusals_leave_nothing(api: Api, monde: Monde) -> None:
    assert (await telecharger(api, None, "candidatures.csv")).status_code == 403
    for absurde in ("[]", "{", json.dumps({"inconnu": 1}), json.dumps({"texte": "  "})):
        assert (await telecharger(api, monde.ines, "candidatures.csv", absurde)).status_code == 400, absurde
    faux = await api.client.get(
        "/exports/candidatures.csv", headers={"authorization": "Bearer aaaaaaaaaaaaaaaaaaaa"}
    )
    assert faux.status_code == 401
    assert (await telecharger(api, monde.ines, "comptes.csv")).status_code == 404
    await telecharger(api, monde.ines, "candidatures.csv")

    async with monde.engine.connect() as db:
        found = await db.execute(
            text("select compte_id, structure_concernee_id, donnees from fait where nom = 'ListeSortie'")
        )
        assert [tuple(row) for row in found] == [
            (monde.ines.id, monde.estuaire.id, {"liste": "candidatures"})
        ]


@pytest.mark.regle("R-156")
async def test_convocations_leave_as_a_calendar(api: Api, monde: Monde) -> None:
    (attend,) = await plusieurs(monde, 1)
    for numero, resultat in ((1, "absence_justifiee"), (2, "prevue")):
        await monde.inserer(
            m.Convocation,
            candidature_id=attend.id,
            numero=numero,
            date_rendez_vous=monde.jour(numero),
            resultat=resultat,
            cree_le=MAINTENANT,
        )

    answer = await telecharger(api, monde.ines, "convocations.ics", {"texte": attend.reference})

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [(e["uid"], e.decoded("dtstart"), str(e["status"]), str(e["summary"])) for e in events] == [
        (f"{attend.reference}-1@rafaelpro", monde.jour(1), "CANCELLED", "Entretien : Alex Lot0"),
        (f"{attend.reference}-2@rafaelpro", monde.jour(2), "TENTATIVE", "Entretien : Alex Lot0"),
    ]
    assert "Royan" in str(events[0]["location"])
    vide = await telecharger(api, monde.karim, "convocations.ics", {"texte": attend.reference})
    assert list(Calendar.from_ical(vide.content).walk("VEVENT")) == []
