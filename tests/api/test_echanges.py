"""What partners answer, by GraphQL or by a signed POST; what a gestionnaire sees of it, and sends again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app import models as m
from app.kit.clock import system
from app.kit.signature import HEADER, signer
from tests.cast import Acteur, Monde

from .actes import codes
from .actes_partenaires import ECHANGES, REJOUER, REPONDRE
from .conftest import Api

SECRET = "un-secret-d-essai-de-plus-de-trente-deux-signes"
OUI = {"cle": "reponse-0001", "message": "agora-7", "resultat": "ACCEPTEE"}
NON = {
    **OUI,
    "cle": "reponse-0002",
    "resultat": "REJETEE",
    "motif": "DONNEES_CANDIDAT",
    "champs": ["DATE_NAISSANCE"],
}


@pytest.fixture
async def message(monde: Monde) -> m.Echange:
    """A message about Nadia's candidature, that Agora was sent."""
    candidature = await monde.une_candidature(etat="en_attente_avis", auteur=monde.nadia)
    return await monde.inserer(
        m.Echange,
        partenaire=m.Correspondant.AGORA,
        type_echange=m.TypeEchange.VALIDEE,
        cle="agora-7",
        fait_id=7,
        candidature_id=candidature.id,
        etat=m.EtatEchange.ENVOYE,
        cree_le=monde.le,
    )


async def etat(monde: Monde, message: m.Echange) -> tuple[str, str]:
    """Out: the état of the message, and of its candidature."""
    async with monde.engine.connect() as db:
        row = await db.execute(
            text(
                "select e.etat, c.etat from echange e join candidature c on c.id = e.candidature_id where e.id = :id"
            ),
            {"id": message.id},
        )
        return tuple(row.one())


async def repondre(api: Api, qui: Acteur | None, entree: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await api(qui, REPONDRE, entree=entree))["repondreEchange"]
    return found


@pytest.mark.regle("R-112", "R-113", "R-114")
async def test_a_rejection_comes_back_once_and_its_author_is_written_to(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    for _ in range(2):
        said = await repondre(api, monde.hub_agora, NON)
        assert (said["echange"], said["empechements"]) == ({"cle": "agora-7", "etat": "REFUSE"}, [])
    assert await etat(monde, message) == ("refuse", "rejetee")
    async with monde.engine.connect() as db:
        jobs = (await db.execute(text("select args from procrastinate_jobs"))).scalars().all()
    assert [(j["gabarit"], j["compte_id"], j["motif"], j["champs"]) for j in jobs] == [
        ("candidature_rejetee", monde.nadia.id, "donnees_candidat", "date_naissance")
    ]


async def test_an_acceptance_changes_nothing_of_the_candidature(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    assert (await repondre(api, monde.hub_agora, OUI))["echange"]["etat"] == "ACCEPTE"
    assert await etat(monde, message) == ("accepte", "en_attente_avis")


async def test_a_rejection_that_comes_too_late_is_kept_for_a_gestionnaire(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    assert message.candidature_id is not None
    async with monde.engine.begin() as db:
        await db.execute(text("update candidature set etat = 'annulee'"))
    assert codes(await repondre(api, monde.hub_agora, NON)) == ["ETAT_INCOMPATIBLE"]
    nodes = (await api(monde.gaelle, ECHANGES, filtre={"etats": ["EN_ERREUR"]}))["echanges"]["nodes"]
    assert [(n["sens"], n["resultat"]) for n in nodes] == [("ENTRANT", "donnees_candidat")]


async def test_nobody_answers_for_another(api: Api, monde: Monde, message: m.Echange) -> None:
    for qui in (monde.france_travail, monde.cmaformation, monde.paul, monde.ines, None):
        assert codes(await repondre(api, qui, NON)) == ["NON_TROUVE"]
    assert codes(await repondre(api, monde.nadia, NON)) == ["INTERDIT"]  # its author reads where it is
    assert await etat(monde, message) == ("envoye", "en_attente_avis")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cle": "court"}, "CLE_INVALIDE"),
        ({"motif": None, "champs": []}, "REFUS_SANS_MOTIF"),
        ({"resultat": "ACCEPTEE"}, "MOTIF_SANS_REFUS"),
        ({"motif": "DATE_SESSION"}, "CHAMPS_SANS_OBJET"),
    ],
)
async def test_an_answer_that_means_nothing_is_refused(
    api: Api, monde: Monde, message: m.Echange, change: dict[str, Any], code: str
) -> None:
    assert codes(await repondre(api, monde.hub_agora, {**NON, **change})) == [code]
    assert (await etat(monde, message))[1] == "en_attente_avis"


@pytest.mark.regle("R-118", "R-119")
async def test_a_gestionnaire_sends_a_dead_letter_again_and_nobody_else(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    id = (await api(monde.gaelle, ECHANGES))["echanges"]["nodes"][0]["id"]
    assert codes((await api(monde.gaelle, REJOUER, id=id))["rejouerEchange"]) == ["ETAT_INCOMPATIBLE"]
    await monde.changer(message, etat=m.EtatEchange.EN_ERREUR, nb_tentatives=9)
    for qui in (monde.nadia, monde.hub_agora):
        assert codes((await api(qui, REJOUER, id=id))["rejouerEchange"]) == ["INTERDIT"]
    again = (await api(monde.gaelle, REJOUER, id=id))["rejouerEchange"]
    assert again["echange"] == {"cle": "agora-7", "etat": "A_ENVOYER", "nbTentatives": 0}
    async with monde.engine.connect() as db:
        taches = (await db.execute(text("select task_name from procrastinate_jobs"))).scalars().all()
    assert taches == ["transmettre"]


async def test_who_follows_a_candidature_sees_where_its_exchanges_are_not_what_failed(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    vu = "{ candidatures { nodes { echanges { partenaire etat resultat nbTentatives } } } }"
    de_nadia = (await api(monde.nadia, vu))["candidatures"]["nodes"]
    assert de_nadia == [
        {"echanges": [{"partenaire": "AGORA", "etat": "ENVOYE", "resultat": None, "nbTentatives": None}]}
    ]
    assert (await api(monde.ines, vu))["candidatures"]["nodes"] == [{"echanges": []}]


# --- the signed endpoint -----------------------------------------------------------------------------------------


@pytest.fixture
async def signe(application: Starlette) -> AsyncIterator[None]:
    """Agora shares a key with this installation."""
    before = application.state.desk
    application.state.desk = dataclasses.replace(before, secrets={"candidatures_region": SECRET})
    yield
    application.state.desk = before


def corps(**change: Any) -> bytes:
    said = {
        "version": 1,
        "cle": "reponse-0002",
        "message": "agora-7",
        "resultat": "rejetee",
        "motif": "donnees_candidat",
        "champs": ["nom"],
    }
    return json.dumps({**said, **change}).encode()


async def poster(
    api: Api, qui: Acteur | None, body: bytes, signature: str | None = "", secret: str = SECRET
) -> Any:
    maintenant = int(system()().timestamp())
    headers = {} if qui is None else dict(qui.entetes)
    if signature is not None:
        headers[HEADER] = signature or signer(secret, body, maintenant)
    return await api.client.post("/partenaires/reponses", content=body, headers=headers)


@pytest.mark.usefixtures("signe")
@pytest.mark.regle("R-112", "R-114")
async def test_a_signed_answer_rejects_once(api: Api, monde: Monde, message: m.Echange) -> None:
    for _ in range(2):
        answer = await poster(api, monde.hub_agora, corps())
        assert (answer.status_code, answer.json()["echange"]["etat"]) == (200, "REFUSE")
    assert await etat(monde, message) == ("refuse", "rejetee")


@pytest.mark.usefixtures("signe")
async def test_what_is_not_signed_or_too_old_or_of_nobody_changes_nothing(
    api: Api, monde: Monde, message: m.Echange
) -> None:
    vieux = int(system()().timestamp()) - 400
    tries = [
        (monde.hub_agora, None, SECRET, 403),
        (monde.hub_agora, "t=1,v1=00", SECRET, 403),
        (monde.hub_agora, "", "un-autre-secret-de-plus-de-trente-deux-signes", 403),
        (monde.hub_agora, signer(SECRET, corps(), vieux), SECRET, 403),
        (monde.france_travail, "", SECRET, 403),
        (monde.gaelle, "", SECRET, 403),
        (None, "", SECRET, 403),
    ]
    for qui, signature, secret, status in tries:
        assert (await poster(api, qui, corps(), signature, secret)).status_code == status
    assert await etat(monde, message) == ("envoye", "en_attente_avis")


@pytest.mark.usefixtures("signe")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (corps(version=2), 400),
        (corps(resultat="peut-etre"), 400),
        (corps(champs="nom"), 400),
        (corps(champs=[1]), 400),
        (corps(message="agora-8"), 404),
        (corps(cle="x"), 422),
    ],
)
async def test_a_message_that_means_nothing_is_said_so(
    api: Api, monde: Monde, message: m.Echange, body: bytes, status: int
) -> None:
    answer = await poster(api, monde.hub_agora, body)
    assert (answer.status_code, await etat(monde, message)) == (status, ("envoye", "en_attente_avis"))
