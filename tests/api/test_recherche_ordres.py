"""The orders of the search: relevance, next start, distance; and pages that follow one another in each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app import models as m
from tests.cast import Acteur, Monde

from .conftest import Api

PLACES = {"Saintes": ("17415", 45.746, -0.633), "Royan": ("17306", 45.623, -1.028)}
ANGOULEME = {"latitude": 45.65, "longitude": 0.156}


@pytest.fixture
async def communes(monde: Monde) -> AsyncIterator[None]:
    """Reference data stay in the base from one test to the next: they are taken away."""
    rows = [
        await monde.inserer(
            m.Commune,
            code_insee=insee,
            nom=nom,
            code_postal="17000",
            departement="17",
            latitude=y,
            longitude=x,
        )
        for nom, (insee, y, x) in PLACES.items()
    ]
    yield
    for row in rows:
        await monde.supprimer(row)


async def titres(api: Api, tri: str, qui: Acteur | None = None, **recherche: Any) -> list[str]:
    """Out: the titles, in order."""
    asked = f"query($r: RechercheActions) {{ actions(recherche: $r, tri: {tri}) {{ nodes {{ intitule }} }} }}"
    return [a["intitule"] for a in (await api(qui, asked, r=recherche))["actions"]["nodes"]]


async def test_a_word_of_the_title_is_worth_more_than_one_of_the_programme(api: Api, monde: Monde) -> None:
    for intitule, programme in (("Zinguerie", None), ("Couverture", "Poser la zinguerie"), ("Toiture", None)):
        action = await monde.une_action(intitule=intitule, programme=programme)
        await monde.une_session(action)

    assert await titres(api, "INTITULE", mots="zinguerie") == ["Couverture", "Zinguerie"]
    assert await titres(api, "PERTINENCE", mots="zinguerie") == ["Zinguerie", "Couverture"]


async def test_the_next_start_is_that_of_the_sessions_that_are_looked_for(api: Api, monde: Monde) -> None:
    tot, tard = [await monde.une_action(intitule=f"Essai {x}") for x in ("un", "deux")]
    await monde.une_session(tot, date_debut=monde.jour(5), lieu_departement="33")
    await monde.une_session(tot, date_debut=monde.jour(60), lieu_departement="24")
    await monde.une_session(tard, date_debut=monde.jour(20), lieu_departement="24")
    commencee = await monde.une_action(intitule="Essai commencé")
    await monde.une_session(commencee, date_debut=monde.jour(-5), lieu_departement="24")

    assert await titres(api, "PROCHAIN_DEBUT", mots="essai") == ["Essai un", "Essai deux", "Essai commencé"]
    ici = await titres(api, "PROCHAIN_DEBUT", mots="essai", departements=["24"])
    assert ici == ["Essai deux", "Essai un", "Essai commencé"]


async def test_the_nearest_comes_first_and_what_has_no_place_last(
    api: Api, monde: Monde, communes: None
) -> None:
    asked = {"autour": ANGOULEME, "inclureTerminees": True}
    assert await titres(api, "DISTANCE", **asked) == [
        "Anglais professionnel",  # at Royan, and once at Saintes
        "Compétences clés pour l'emploi",
        "Maçon du bâti ancien",
        "Secrétariat médico-social",
        "[POEC] Préparateur de commandes en entrepôt",
    ]
    assert (await titres(api, "DISTANCE", autour=ANGOULEME))[0] == "Compétences clés pour l'emploi"
    found = await api(
        None,
        "query($f: FiltreSessions) { sessions(filtre: $f, tri: DISTANCE) { nodes { lieu { ville } } } }",
        f={"autour": ANGOULEME | {"rayonKm": 200}},
    )
    assert [s["lieu"]["ville"] for s in found["sessions"]["nodes"]] == ["Saintes", "Royan", "Royan"]


@pytest.mark.parametrize("tri", ["PERTINENCE", "PROCHAIN_DEBUT", "DISTANCE", "INTITULE", "PLUS_RECENTES"])
async def test_pages_follow_one_another_without_loss_or_repetition(
    api: Api, monde: Monde, communes: None, tri: str
) -> None:
    for i in range(7):
        action = await monde.une_action(intitule=f"Essai {i % 3}", objectif="essai " * (i % 4))
        await monde.une_session(
            action, date_debut=monde.jour(i % 2), lieu_code_insee=["17415", "17306", None][i % 3]
        )
    asked = f"""query($a: String, $r: RechercheActions) {{ actions(recherche: $r, tri: {tri}, first: 2, after: $a) {{
      nodes {{ reference }} pageInfo {{ endCursor hasNextPage }} }} }}"""
    recherche = {"mots": "essai", "autour": ANGOULEME}
    pages, after = [], None
    while True:
        found = (await api(None, asked, a=after, r=recherche))["actions"]
        pages += [a["reference"] for a in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    whole = asked.replace("first: 2", "first: 50")
    assert pages == [a["reference"] for a in (await api(None, whole, r=recherche))["actions"]["nodes"]]
    assert len(set(pages)) == 7
