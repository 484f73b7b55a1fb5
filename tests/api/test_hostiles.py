"""Somebody who means harm: what is not shown elsewhere of what the chapter of accounts must resist."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from app.kit import crypto
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import affiliation_de, courriels, essayer, id_de, liens, lignes
from .conftest import Api
from .identifiants import gid
from .test_comptes import MON_MOT, demander


@pytest.mark.regle("R-008")
async def test_one_password_is_verified_whatever_the_account_is(
    api: Api, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown, known, locked, of a partner, waiting for its e-mail, right or wrong: one, and the same refusal."""
    verified: list[bool] = []
    real = crypto.password_matches

    async def watched(kept: str | None, password: str) -> bool:
        verified.append(kept is not None)
        return await real(kept, password)

    await demander(api, monde)
    for _ in range(10):
        api.d_ailleurs()
        await api(None, actes.CONNEXION, email=monde.hugo.courriel, motDePasse="non")
    monkeypatch.setattr(crypto, "password_matches", watched)
    answers = []
    for email in (
        "personne@nulle-part.example",
        monde.paul.courriel,
        monde.hugo.courriel,  # locked: even with its password
        monde.hub_agora.courriel,
        "alix.roche@courriel.example",  # asked for, not confirmed
        "pas une adresse",
        "",
    ):
        mot = MOT_DE_PASSE if email == monde.hugo.courriel else "non"
        api.d_ailleurs()
        verified.clear()
        answers.append(await api.brut(None, actes.CONNEXION, email=email, motDePasse=mot))
        assert len(verified) == 1, email
    assert answers == [answers[0]] * len(answers)


@pytest.mark.regle("R-009")
async def test_a_request_for_an_account_writes_to_one_address_whether_it_is_known_or_not(
    api: Api, monde: Monde
) -> None:
    """Who asks cannot see the mail; who receives it learns that somebody asked, and nothing of anybody else."""
    for courriel in ("libre@nulle-part.example", monde.paul.courriel):
        await demander(api, monde, courriel=courriel)
    found = [(mail["gabarit"], sorted(mail)) for mail in await courriels(monde)]
    assert [gabarit for gabarit, _ in found] == ["confirmation_courriel", "compte_existant"]
    assert all("courriel" not in keys for _, keys in found)  # no address in the queue


@pytest.mark.regle("R-021", "R-031")
async def test_a_referent_reaches_another_structure_by_no_nested_input(api: Api, monde: Monde) -> None:
    ailleurs = await id_de(api, monde, monde.trois_vallees)
    entree = {"structure": ailleurs, "sigle": "VOLE"}
    assert await essayer(api, monde.karim, c.DEMANDER_MODIFICATION, entree=entree) == ["INTERDIT"]
    assert await essayer(api, monde.karim, c.MODIFIER_STRUCTURE, entree=entree) == ["INTERDIT"]
    membres = "query($f: FiltreAffiliations) { affiliations(filtre: $f) { totalCount } }"
    filtre = {"structure": ailleurs, "etat": "EN_ATTENTE"}
    assert (await api(monde.karim, membres, f=filtre))["affiliations"]["totalCount"] == 0
    par_structure = (
        "query($id: ID!) { node(id: $id) { ... on Structure { peut { lireMembres exporterMembres } } } }"
    )
    vue = (await api(monde.karim, par_structure, id=ailleurs))["node"]
    assert vue == {"peut": {"lireMembres": False, "exporterMembres": False}}


@pytest.mark.regle("R-006", "R-021")
@pytest.mark.parametrize("champ", ["referent", "estReferent", "est_referent", "droits", "etat"])
async def test_nobody_becomes_referent_by_the_input_of_an_update(api: Api, monde: Monde, champ: str) -> None:
    for document, entree in (
        (c.MODIFIER_MON_COMPTE, {"telephone": "05 55 00 00 01"}),
        (c.DEMANDER_MODIFICATION, {"structure": await id_de(api, monde, monde.trois_vallees), "sigle": "X"}),
    ):
        answer = await api.brut(monde.paul, document, entree=entree | {champ: True})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert not (await affiliation_de(monde, monde.paul, monde.trois_vallees)).est_referent


@pytest.mark.regle("R-020", "R-021")
async def test_two_hands_give_two_droits_of_a_family_at_once_and_one_is_given(api: Api, monde: Monde) -> None:
    lucas = await affiliation_de(monde, monde.lucas, monde.trois_vallees)
    id = gid("Affiliation", lucas)
    assert await essayer(api, monde.rosa, c.ACCEPTER, affiliation=id) == []
    niveaux = ["PRESCRIPTEUR_N1", "PRESCRIPTEUR_N2", "PRESCRIPTEUR_N3"] * 2
    given = await asyncio.gather(
        *[essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=id, droit=niveau) for niveau in niveaux]
    )
    assert sorted(given) == [[], *[["DROIT_DE_LA_MEME_FAMILLE"]] * 5]
    droits = [d["droit"] for d in await lignes(monde, m.DroitAccorde, affiliation_id=lucas.id)]
    assert len(droits) == 2  # with « bénéficiaire »


@pytest.mark.regle("R-014")
async def test_a_link_of_one_account_changes_no_other(api: Api, monde: Monde) -> None:
    await essayer(api, None, c.OUBLIE, courriel=monde.paul.courriel)
    await essayer(api, None, c.OUBLIE, courriel=monde.rosa.courriel)
    [de_paul] = await liens(monde, api, "mot_de_passe_oublie", monde.paul)
    [de_rosa] = await liens(monde, api, "mot_de_passe_oublie", monde.rosa)
    croise = de_rosa.partition(".")[0] + "." + de_paul.partition(".")[2]
    assert await essayer(api, None, c.REINITIALISER, jeton=croise, motDePasse=MON_MOT) == ["LIEN_INVALIDE"]
    assert await essayer(api, None, c.REINITIALISER, jeton=de_paul, motDePasse=MON_MOT) == []
    rosa: Any = await api(None, actes.CONNEXION, email=monde.rosa.courriel, motDePasse=MOT_DE_PASSE)
    assert rosa["connexion"]["jeton"]
