"""Saved searches: found again as they were asked, by their owner alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.domain.recherches import MAXIMUM
from tests.cast import Acteur, Monde

from .actes import codes
from .conftest import Api
from .test_delegations import prendre, preter

ENREGISTREE = "recherche { id nom criteres } empechements { code chemin }"
ENREGISTRER = (
    f"mutation($e: EnregistrerRechercheInput!) {{ enregistrerRecherche(entree: $e) {{ {ENREGISTREE} }} }}"
)
RENOMMER = (
    f"mutation($id: ID!, $nom: String!) {{ renommerRecherche(id: $id, nom: $nom) {{ {ENREGISTREE} }} }}"
)
SUPPRIMER = f"mutation($id: ID!) {{ supprimerRecherche(id: $id) {{ {ENREGISTREE} }} }}"
LISTE = "{ recherchesEnregistrees { id nom criteres } }"
CRITERES = {
    "mots": "maçon",
    "departements": ["40", "17"],
    "dispositif": "PRF",
    "inclureTerminees": False,
    "debutApres": "2026-01-01",
    "autour": {"latitude": 45.5, "longitude": -0.5},
}


async def enregistrer(api: Api, qui: Acteur | None, nom: str = "Près de chez moi", **criteres: Any) -> Any:
    """Out: the payload of the act."""
    return (await api(qui, ENREGISTRER, e={"nom": nom, "recherche": criteres or CRITERES}))[
        "enregistrerRecherche"
    ]


@pytest.mark.regle("R-048")
async def test_a_search_is_found_again_as_it_was_asked(api: Api, monde: Monde) -> None:
    saved = (await enregistrer(api, monde.paul))["recherche"]
    assert (saved["nom"], saved["criteres"]) == ("Près de chez moi", CRITERES)

    [again] = (await api(monde.paul, LISTE))["recherchesEnregistrees"]
    asked = "query($r: RechercheActions) { actions(recherche: $r) { nodes { intitule } } }"
    found = (await api(monde.paul, asked, r=again["criteres"]))["actions"]["nodes"]
    assert [a["intitule"] for a in found] == ["Maçon du bâti ancien"]


@pytest.mark.regle("R-048")
async def test_nobody_else_reads_nor_changes_it(api: Api, monde: Monde) -> None:
    saved = (await enregistrer(api, monde.paul))["recherche"]
    for qui in (monde.nadia, monde.gaelle, None):
        assert (await api(qui, LISTE))["recherchesEnregistrees"] == []
        assert codes((await api(qui, SUPPRIMER, id=saved["id"]))["supprimerRecherche"]) == ["NON_TROUVE"]
    assert codes(await enregistrer(api, None)) == ["INTERDIT"]
    assert codes(await enregistrer(api, monde.hub_agora)) == ["INTERDIT"]


async def test_it_is_renamed_then_deleted(api: Api, monde: Monde) -> None:
    saved = (await enregistrer(api, monde.paul))["recherche"]
    renamed = (await api(monde.paul, RENOMMER, id=saved["id"], nom=" Bâti "))["renommerRecherche"]
    assert renamed["recherche"]["nom"] == "Bâti"
    refused = (await api(monde.paul, RENOMMER, id=saved["id"], nom=" "))["renommerRecherche"]
    assert refused["empechements"] == [{"code": "CHAMP_OBLIGATOIRE", "chemin": ["entree", "nom"]}]

    gone = (await api(monde.paul, SUPPRIMER, id=saved["id"]))["supprimerRecherche"]
    assert (gone["recherche"], gone["empechements"]) == (None, [])
    assert (await api(monde.paul, LISTE))["recherchesEnregistrees"] == []


async def test_its_owner_says_how_often_to_be_told_what_is_new(api: Api, monde: Monde) -> None:
    regler = """mutation($id: ID!, $f: FrequenceAlerte!) { reglerAlerte(id: $id, frequence: $f) {
      recherche { frequence alerteeLe } empechements { code chemin } } }"""
    saved = (await enregistrer(api, monde.paul))["recherche"]

    async def dire(qui: Acteur | None, frequence: str) -> Any:
        return (await api(qui, regler, id=saved["id"], f=frequence))["reglerAlerte"]

    assert (await dire(monde.paul, "JAMAIS"))["recherche"] == {"frequence": "JAMAIS", "alerteeLe": None}
    told = (await dire(monde.paul, "HEBDOMADAIRE"))["recherche"]
    assert (told["frequence"], told["alerteeLe"] is None) == ("HEBDOMADAIRE", False)
    for qui in (monde.nadia, monde.gaelle, None):
        assert codes(await dire(qui, "JAMAIS")) == ["NON_TROUVE"]


@pytest.mark.regle("R-048")
async def test_it_tells_for_the_profile_under_which_it_was_asked_to(api: Api, monde: Monde) -> None:
    liste = "{ recherchesEnregistrees { droit structure { raisonSociale } } }"
    regler = "mutation($id: ID!) { reglerAlerte(id: $id, frequence: QUOTIDIENNE) { empechements { code } } }"
    saved = (await enregistrer(api, monde.karim))["recherche"]
    [found] = (await api(monde.karim, liste))["recherchesEnregistrees"]
    estuaire = monde.raisons_sociales[monde.estuaire.id]
    assert found == {"droit": "OF_CATALOGUE", "structure": {"raisonSociale": estuaire}}

    await api(monde.karim.sous("beneficiaire"), regler, id=saved["id"])
    [found] = (await api(monde.karim, liste))["recherchesEnregistrees"]
    assert found["droit"] == "BENEFICIAIRE"


@pytest.mark.regle("R-048", "R-019")
async def test_a_lent_role_which_ends_by_itself_tells_nothing_afterwards(api: Api, monde: Monde) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.nadia)
    emprunteuse = await prendre(api, monde.nadia, pret)
    await enregistrer(api, emprunteuse)
    [found] = (await api(monde.nadia, "{ recherchesEnregistrees { droit structure { id } } }"))[
        "recherchesEnregistrees"
    ]
    assert found == {"droit": None, "structure": None}


async def test_what_was_published_since_a_moment_is_a_criterion(api: Api, monde: Monde) -> None:
    asked = "query($r: RechercheActions) { actions(recherche: $r) { nodes { intitule } } }"
    recente = await monde.une_action(intitule="Récente")
    await monde.une_session(recente, publiee_le=monde.le)
    depuis = monde.le.isoformat()

    async def trouvees(**criteres: str) -> list[str]:
        return [a["intitule"] for a in (await api(None, asked, r=criteres))["actions"]["nodes"]]

    assert await trouvees(publieesApres=depuis) == ["Récente"]
    assert "Récente" not in await trouvees(publieesAvant=depuis)


async def test_an_account_keeps_fifty_at_most(api: Api, monde: Monde) -> None:
    for i in range(MAXIMUM):
        assert codes(await enregistrer(api, monde.paul, f"Essai {i}", mots="essai")) == []
    assert codes(await enregistrer(api, monde.paul)) == ["TROP_DE_RECHERCHES"]
    assert codes(await enregistrer(api, monde.nadia)) == []


async def test_the_last_searches_asked_at_once_go_no_further_than_the_number(api: Api, monde: Monde) -> None:
    ensemble = [enregistrer(api, monde.paul, nom=f"N° {i}") for i in range(MAXIMUM + 10)]
    answers = [codes(payload) for payload in await asyncio.gather(*ensemble)]
    assert sorted(answers) == [*[[]] * MAXIMUM, *[["TROP_DE_RECHERCHES"]] * 10]
