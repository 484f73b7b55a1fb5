"""The published offer, downloaded by the program of a partner (R-193)."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from tests.cast import JOUR, MAINTENANT, Acteur, Connexion, Monde
from tests.exports.test_lheo import valide

from .conftest import Api

CHEMIN = "/exports/lheo.xml"


async def telecharge(
    api: Api, qui: Acteur | Connexion | None, entetes: dict[str, str] | None = None, **params: str
) -> Any:
    """Out: the answer, not compressed unless it is asked for."""
    headers = (qui.entetes if qui else {}) | {"accept-encoding": "identity"} | (entetes or {})
    return await api.client.get(CHEMIN, params=params, headers=headers)


@pytest.mark.regle("R-193")
async def test_a_partner_admitted_to_the_offer_downloads_it(api: Api, monde: Monde) -> None:
    answer = await telecharge(api, monde.reseau_carif)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="lheo-tout.xml"'
    valide(answer.content)


@pytest.mark.regle("R-193")
async def test_nobody_else_does(api: Api, monde: Monde) -> None:
    for qui in (monde.hub_agora, monde.cmaformation, monde.karim, monde.gaelle, monde.adrien, None):
        answer = await telecharge(api, qui)
        assert (answer.status_code, answer.text) == (403, "Votre profil ne permet pas cet acte.")
    faux = await telecharge(api, None, {"authorization": "Bearer aaaaaaaaaaaaaaaaaaaaaaaaaa"})
    assert faux.status_code == 401


async def test_a_partner_that_has_this_file_does_not_get_it_twice(
    api: Api,
    monde: Monde,
) -> None:
    premier = await telecharge(api, monde.reseau_carif)
    tag, date = premier.headers["etag"], premier.headers["last-modified"]

    for entetes in ({"if-none-match": tag}, {"if-none-match": f'"x", {tag}'}, {"if-modified-since": date}):
        encore = await telecharge(api, monde.reseau_carif, entetes)
        assert (encore.status_code, encore.content) == (304, b"")
        assert encore.headers["etag"] == tag
    autre = await telecharge(api, monde.reseau_carif, {"if-none-match": tag}, flux="kairos")
    assert autre.status_code == 200

    await monde.changer(
        monde.session_anglais,
        m.SessionFormation,
        date_fin=monde.session_anglais.date_fin + JOUR,
        modifiee_le=MAINTENANT + JOUR,
    )
    for entetes in (
        {"if-none-match": tag},
        {"if-modified-since": date},
        {"if-none-match": tag, "if-modified-since": date},
    ):
        change = await telecharge(api, monde.reseau_carif, entetes)
        assert change.status_code == 200
        assert change.headers["etag"] != tag


async def test_a_second_change_of_the_same_second_is_not_missed_by_who_asks_by_the_date(
    api: Api, monde: Monde
) -> None:
    """Nor one that was being written when the file was taken, and that its clock dates before."""
    moitie = timedelta(milliseconds=500)
    for retard in (timedelta(0), timedelta(seconds=30)):
        await monde.changer(monde.action_anglais, m.Action, modifiee_le=api.montre.heure)
        premier = await telecharge(api, monde.reseau_carif)
        await monde.changer(monde.action_anglais, m.Action, modifiee_le=api.montre.heure + moitie - retard)
        encore = await telecharge(
            api, monde.reseau_carif, {"if-modified-since": premier.headers["last-modified"]}
        )
        assert encore.status_code == 200
        api.montre.heure += JOUR
        calme = {"if-modified-since": (await telecharge(api, monde.reseau_carif)).headers["last-modified"]}
        assert (await telecharge(api, monde.reseau_carif, calme)).status_code == 304


async def test_a_date_to_come_says_nothing(api: Api, monde: Monde) -> None:
    answer = await telecharge(api, monde.reseau_carif, {"if-modified-since": "Sun, 06 Nov 2994 08:49:37 GMT"})
    assert answer.status_code == 200


async def test_it_travels_compressed_where_the_partner_takes_it_so(
    api: Api,
    monde: Monde,
) -> None:
    plain = await telecharge(api, monde.reseau_carif)
    headers = monde.reseau_carif.entetes | {"accept-encoding": "gzip;q=0.8"}
    async with api.client.stream("GET", CHEMIN, headers=headers) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 3


async def test_an_absurd_question_is_told_so(api: Api, monde: Monde) -> None:
    for params in ({"depuis": "hier"}, {"flux": "la-lune"}, {"depuis": "2026-13-40"}):
        answer = await telecharge(api, monde.reseau_carif, **params)
        assert answer.status_code == 400
        assert answer.text.endswith(".")
        assert answer.text[0].isupper()
    loin = ("0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02T24:61")
    for depuis in loin:
        answer = await telecharge(api, monde.reseau_carif, depuis=depuis)
        assert answer.status_code == 400
        assert answer.text.endswith("écrivez 2026-03-02 ou 2026-03-02T20:00.")
    rien = await telecharge(api, monde.reseau_carif, depuis="2040-01-01")
    assert (rien.status_code, rien.content) == (204, b"")


async def test_a_partner_asks_whether_the_file_changed_without_taking_it(api: Api, monde: Monde) -> None:
    file = await telecharge(api, monde.reseau_carif)
    entetes = monde.reseau_carif.entetes
    tete = await api.client.head(CHEMIN, headers=entetes)
    assert (tete.status_code, tete.content) == (200, b"")
    for nom in ("etag", "last-modified", "content-type", "content-disposition"):
        assert tete.headers[nom] == file.headers[nom]
    connue = await api.client.head(CHEMIN, headers=entetes | {"if-none-match": tete.headers["etag"]})
    assert connue.status_code == 304


async def test_a_piece_of_the_file_is_not_for_sale_the_whole_comes(api: Api, monde: Monde) -> None:
    file = await telecharge(api, monde.reseau_carif)
    morceau = await telecharge(api, monde.reseau_carif, {"range": "bytes=0-99"})
    assert (morceau.status_code, morceau.content) == (200, file.content)
