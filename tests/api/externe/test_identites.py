"""Whose account an identity is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from tests.api import actes_comptes as c
from tests.api.conftest import Api
from tests.api.test_comptes import demander
from tests.cast import Monde

from .navigateur import DELIER, OUBLIE, REINITIALISER, Navigateur, agent, verifie

# --- whose account it is -------------------------------------------------------------------------------------------


async def test_another_subject_with_the_same_address_is_somebody_else_until_the_password_says_not(
    navigateur: Navigateur, monde: Monde
) -> None:
    """Addresses are given again to who comes after; another identity provider of the federation has another subject."""
    await navigateur.connecter(verifie(monde.paul))
    passage = await navigateur.passage(verifie(monde.paul, sub="un-autre"))
    assert (await navigateur.echanger(passage))[0] == ["IDENTITE_NON_RELIEE"]
    assert (await navigateur.relier(passage, monde.paul))[0] == []
    [identite] = await c.lignes(monde, m.IdentiteExterne)
    assert identite["sujet"] == "un-autre"
    assert (await navigateur.connecter(verifie(monde.paul)))[0] == ["IDENTITE_NON_RELIEE"]


@pytest.mark.parametrize(
    "courriel",
    [
        "p\u0430ul@trois-vallees.example",  # Cyrillic
        "\uff50aul@trois-vallees.example",  # full width: NFKC would make it Paul's
        "paul@trois\u2010vallees.example",
        "paul@trois-vallees.example\u200b",
        "",
    ],
)
async def test_an_address_that_looks_like_another_links_nothing(
    navigateur: Navigateur, monde: Monde, courriel: str
) -> None:
    refus, _ = await navigateur.connecter(verifie(monde.paul, email=courriel))
    assert refus == ["IDENTITE_NON_RELIEE"]
    assert await c.lignes(monde, m.IdentiteExterne) == []


@pytest.mark.parametrize("dit", ["true", 1, None, False, ["true"]])
async def test_verified_is_a_yes_and_nothing_that_looks_like_one(
    navigateur: Navigateur, monde: Monde, dit: Any
) -> None:
    refus, _ = await navigateur.connecter(agent(monde.paul, email_verified=dit))
    assert refus == ["IDENTITE_NON_RELIEE"]


async def test_a_partner_and_an_account_that_waits_are_not_linked(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    await demander(api, monde)
    for courriel in (monde.hub_agora.courriel, "alix.roche@courriel.example"):
        dit = verifie(monde.paul, sub=courriel, email=courriel)
        assert (await navigateur.connecter(dit))[0] == ["IDENTITE_NON_RELIEE"]


async def test_an_identity_is_linked_to_one_account(navigateur: Navigateur, monde: Monde) -> None:
    await navigateur.connecter(verifie(monde.paul))
    passage = await navigateur.passage(verifie(monde.paul))
    assert (await navigateur.relier(passage, monde.rosa))[0] == ["IDENTITE_DEJA_RELIEE"]


async def test_two_tabs_that_come_back_together_are_one_account(navigateur: Navigateur, monde: Monde) -> None:
    passages = [await navigateur.passage(verifie(monde.paul)) for _ in range(2)]
    rendus = await asyncio.gather(*[navigateur.echanger(passage) for passage in passages])
    assert [refus for refus, _ in rendus] == [[], []]
    assert len(await c.lignes(monde, m.IdentiteExterne)) == 1


async def test_a_wrong_password_links_nothing_and_counts(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    passage = await navigateur.passage(agent(monde.paul))
    for _ in range(10):
        api.d_ailleurs()
        assert (await navigateur.relier(passage, monde.paul, "pas le bon"))[0] == ["IDENTIFIANTS_REFUSES"]
    api.d_ailleurs()
    assert (await navigateur.relier(passage, monde.paul))[0] == ["IDENTIFIANTS_REFUSES"]  # it is locked
    assert await c.lignes(monde, m.IdentiteExterne) == []


@pytest.mark.regle("R-014")
async def test_who_takes_its_account_back_closes_this_way_in(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    await navigateur.connecter(verifie(monde.paul))
    await c.essayer(api, None, OUBLIE, courriel=monde.paul.courriel)
    [mot] = await c.liens(monde, api, "mot_de_passe_oublie")
    nouveau = "Brouette-Violon-83"
    assert await c.essayer(api, None, REINITIALISER, jeton=mot, motDePasse=nouveau) == []
    assert (await navigateur.connecter(agent(monde.paul)))[0] == ["IDENTITE_NON_RELIEE"]


async def test_one_may_leave_the_provider(navigateur: Navigateur, api: Api, monde: Monde) -> None:
    _, rendu = await navigateur.connecter(verifie(monde.paul))
    moi = c.porteur(rendu["jeton"])
    assert await c.essayer(api, moi, DELIER, motDePasse="pas le bon") == ["IDENTIFIANTS_REFUSES"]
    assert await c.essayer(api, moi, DELIER, motDePasse=MOT_DE_PASSE) == []
    assert (await navigateur.connecter(agent(monde.paul)))[0] == ["IDENTITE_NON_RELIEE"]
