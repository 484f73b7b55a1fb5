"""Droits, one by one: who gives them, to whom, and never two of a family."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Acteur, Monde

from . import actes
from .actes import codes
from .conftest import Api


async def affiliation(api: Api, monde: Monde, qui: Acteur) -> str:
    asked = "{ affiliations(first: 100) { nodes { id compte { prenom } } } }"
    found = (await api(monde.gaelle, asked))["affiliations"]["nodes"]
    return next(a["id"] for a in found if a["compte"]["prenom"] == qui.prenom)


async def ajouter(api: Api, par: Any, id: str, droit: str) -> list[str]:
    return codes((await api(par, actes.AJOUTER_DROIT, id=id, droit=droit))["ajouterDroit"])


async def retirer(api: Api, par: Any, id: str, droit: str) -> list[str]:
    return codes((await api(par, actes.RETIRER_DROIT, id=id, droit=droit))["retirerDroit"])


@pytest.mark.regle("R-025", "R-041")
async def test_a_member_holds_one_prescripteur_droit_at_a_time(api: Api, monde: Monde) -> None:
    paul = await affiliation(api, monde, monde.paul)

    assert await ajouter(api, monde.rosa, paul, "PRESCRIPTEUR_N3") == ["DROIT_DE_LA_MEME_FAMILLE"]
    assert await retirer(api, monde.rosa, paul, "PRESCRIPTEUR_N2") == []
    assert await ajouter(api, monde.rosa, paul, "PRESCRIPTEUR_N3") == []


@pytest.mark.regle("R-035")
async def test_a_member_holds_one_of_droit_at_a_time(api: Api, monde: Monde) -> None:
    ines = await affiliation(api, monde, monde.ines)

    assert await ajouter(api, monde.karim, ines, "OF_GENERAL") == ["DROIT_DE_LA_MEME_FAMILLE"]
    assert await retirer(api, monde.karim, ines, "OF_PREINSCRIPTION") == []
    assert await ajouter(api, monde.karim, ines, "OF_GENERAL") == []


@pytest.mark.regle("R-042")
async def test_a_prescripteur_droit_needs_a_structure_habilitee(api: Api, monde: Monde) -> None:
    ines = await affiliation(api, monde, monde.ines)
    paul = await affiliation(api, monde, monde.paul)

    assert await ajouter(api, monde.karim, ines, "PRESCRIPTEUR_N1") == ["INTERDIT"]
    assert await ajouter(api, monde.rosa, paul, "OF_CATALOGUE") == ["INTERDIT"]
    assert await ajouter(api, monde.rosa, paul, "EMPLOYEUR") == []


@pytest.mark.regle("R-020", "R-021")
async def test_a_referent_acts_on_its_own_structure_only_and_others_on_none(api: Api, monde: Monde) -> None:
    paul = await affiliation(api, monde, monde.paul)
    rosa = await affiliation(api, monde, monde.rosa)

    for qui in (monde.paul, monde.hugo, monde.nadia):
        assert await ajouter(api, qui, paul, "EMPLOYEUR") == ["INTERDIT"]
    for ailleurs in (monde.karim, monde.camille, None):
        assert await ajouter(api, ailleurs, paul, "EMPLOYEUR") == ["NON_TROUVE"]
    assert await ajouter(api, monde.rosa, rosa, "EMPLOYEUR") == []


@pytest.mark.regle("R-043")
async def test_nobody_loses_the_droit_of_every_account(api: Api, monde: Monde) -> None:
    paul = await affiliation(api, monde, monde.paul)

    for qui in (monde.rosa, monde.gaelle):
        assert await retirer(api, qui, paul, "BENEFICIAIRE") == ["INTERDIT"]


@pytest.mark.regle("R-018")
async def test_a_token_dies_with_the_droit_it_acted_under(api: Api, monde: Monde) -> None:
    paul = await affiliation(api, monde, monde.paul)
    assert (await api(monde.paul, actes.MOI))["moi"]["profilActif"]["droit"] == "PRESCRIPTEUR_N2"

    await retirer(api, monde.rosa, paul, "PRESCRIPTEUR_N2")
    api.oublier()

    answer = await api.brut(monde.paul, actes.MOI)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.regle("R-040")
async def test_a_n3_acts_on_what_a_n3_wrote_as_soon_as_its_author_is_none(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.hugo)
    seen = "query($r: String!) { candidature(reference: $r) { etat } }"
    assert (await api(monde.rosa, seen, r=candidature.reference))["candidature"] is None

    hugo = await affiliation(api, monde, monde.hugo)
    assert await retirer(api, monde.rosa, hugo, "PRESCRIPTEUR_N3") == []

    assert (await api(monde.rosa, seen, r=candidature.reference))["candidature"] == {"etat": "BROUILLON"}
