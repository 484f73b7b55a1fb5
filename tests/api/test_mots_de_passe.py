"""Passwords and tokens: changed by their owner, and then every other connexion is closed (R-014, R-018)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from app.domain.comptes import DUREE_OUBLI
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, courriels, essayer, liens, lignes, porteur
from .conftest import Api
from .test_comptes import MON_MOT, se_connecter


async def vit(api: Api, qui: Any) -> bool:
    """Out: whether a token still opens something."""
    api.oublier()
    return "errors" not in await api.brut(qui, actes.MOI)


@pytest.mark.regle("R-014")
async def test_a_changed_password_closes_every_other_connexion(api: Api, monde: Monde) -> None:
    autre = await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE)

    assert await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, ancien=MOT_DE_PASSE, nouveau=MON_MOT) == []

    assert await vit(api, monde.paul)
    assert not await vit(api, autre)
    assert await vit(api, monde.rosa)
    assert await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE) is None
    assert await se_connecter(api, monde.paul.courriel, MON_MOT) is not None
    assert [(k["gabarit"], k["compte_id"]) for k in await courriels(monde)] == [
        ("mot_de_passe_change", monde.paul.id)
    ]


@pytest.mark.regle("R-014")
async def test_a_token_alone_changes_no_password_and_guesses_are_counted(api: Api, monde: Monde) -> None:
    for _ in range(10):
        refus = await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, ancien="pas le bon", nouveau=MON_MOT)
        assert refus == ["IDENTIFIANTS_REFUSES"]
    juste = {"ancien": MOT_DE_PASSE, "nouveau": MON_MOT}
    assert await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, **juste) == ["IDENTIFIANTS_REFUSES"]
    assert await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE) is None  # the same lock
    api.montre.heure += timedelta(minutes=15)
    assert await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, **juste) == []
    for qui in (None, monde.hub_agora):
        assert await essayer(api, qui, c.CHANGER_MOT_DE_PASSE, **juste) == ["INTERDIT"]


@pytest.mark.regle("R-014")
async def test_a_weak_password_is_refused_and_the_old_one_stays(api: Api, monde: Monde) -> None:
    for faible, code in (
        ("court", "MOT_DE_PASSE_TROP_FAIBLE"),
        ("Motdepasse-2026!", "MOT_DE_PASSE_COURANT"),
        ("Etcheverry-1987", "MOT_DE_PASSE_TROP_PROCHE"),
    ):
        donnes = {"ancien": MOT_DE_PASSE, "nouveau": faible}
        assert await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, **donnes) == [code]
    assert await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE) is not None


@pytest.mark.regle("R-014")
async def test_a_forgotten_password_is_changed_by_a_link_that_serves_once(api: Api, monde: Monde) -> None:
    for _ in range(10):
        await se_connecter(api, monde.paul.courriel, "pas le bon")
    assert await essayer(api, None, c.OUBLIE, courriel=f" {monde.paul.courriel.upper()}") == []
    [jeton] = await liens(monde, api, "mot_de_passe_oublie", monde.paul)
    faible = await essayer(api, None, c.REINITIALISER, jeton=jeton, motDePasse="court")
    assert faible == ["MOT_DE_PASSE_TROP_FAIBLE"]  # and the link still serves

    assert await essayer(api, None, c.REINITIALISER, jeton=jeton, motDePasse=MON_MOT) == []

    assert not await vit(api, monde.paul)
    assert await se_connecter(api, monde.paul.courriel, MON_MOT) is not None  # the lock is gone too
    assert await essayer(api, None, c.REINITIALISER, jeton=jeton, motDePasse=MON_MOT) == ["LIEN_INVALIDE"]


@pytest.mark.regle("R-014")
async def test_a_link_for_a_forgotten_password_lives_an_hour(api: Api, monde: Monde) -> None:
    await essayer(api, None, c.OUBLIE, courriel=monde.paul.courriel)
    [jeton] = await liens(monde, api, "mot_de_passe_oublie")
    api.montre.heure += timedelta(hours=1)
    assert await essayer(api, None, c.REINITIALISER, jeton=jeton, motDePasse=MON_MOT) == ["LIEN_INVALIDE"]
    api.montre.heure -= timedelta(seconds=1)
    assert await essayer(api, None, c.REINITIALISER, jeton=jeton, motDePasse=MON_MOT) == []


@pytest.mark.regle("R-009")
async def test_asking_for_a_link_tells_nobody_who_has_an_account(api: Api, monde: Monde) -> None:
    adresses = (monde.paul.courriel, "personne@nulle-part.example", monde.hub_agora.courriel, "absurde")
    reponses = [await api.brut(None, c.OUBLIE, courriel=adresse) for adresse in adresses]
    assert reponses == [reponses[0]] * 4
    assert [k["compte_id"] for k in await courriels(monde)] == [monde.paul.id]


@pytest.mark.regle("R-009")
async def test_a_stopwatch_does_not_tell_either_who_has_an_account(api: Api, monde: Monde) -> None:
    """A link is written for the one, nothing for the others; the answer leaves at the same moment."""
    heure = asyncio.get_running_loop().time
    for adresse in (monde.paul.courriel, "personne@nulle-part.example", monde.hub_agora.courriel, "absurde"):
        debut = heure()
        assert await essayer(api, None, c.OUBLIE, courriel=adresse) == []
        assert heure() - debut >= DUREE_OUBLI, adresse


@pytest.mark.regle("R-018")
async def test_no_token_is_made_from_one_that_is_being_revoked(api: Api, monde: Monde) -> None:
    """A stolen token asks for more tokens while its owner changes the password."""
    for _ in range(10):
        base = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
        vole = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
        profils = (await api(base, "{ moi { profils { id } } }"))["moi"]["profils"]

        async def choisir(vole: Any = vole, profils: Any = profils) -> str | None:
            answer = await api.brut(vole, actes.CHOISIR, profil=profils[0]["id"])
            return ((answer.get("data") or {}).get("choisirProfil") or {}).get("jeton")

        faits = await asyncio.gather(choisir(), essayer(api, base, c.REVOQUER_AUTRES), choisir(), choisir())

        for jeton in (fait for fait in faits if isinstance(fait, str)):
            assert not await vit(api, porteur(jeton))
        assert await vit(api, base)


@pytest.mark.regle("R-002", "R-018")
async def test_somebody_sees_its_open_connexions_and_closes_one(api: Api, monde: Monde) -> None:
    autre = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
    jetons = (await api(autre, c.MES_JETONS))["mesJetons"]
    assert {j["profil"]["droit"] for j in jetons} == {"OF_GENERAL", "PRESCRIPTEUR_N2", "BENEFICIAIRE"}
    assert (await api(None, c.MES_JETONS))["mesJetons"] == []
    [sous_n2] = [j for j in jetons if j["profil"]["droit"] == "PRESCRIPTEUR_N2"]

    for qui in (monde.paul, monde.gaelle, None):
        assert await essayer(api, qui, c.REVOQUER_JETON, jeton=sous_n2["id"]) == ["NON_TROUVE"]
    codes, payload = await acte(api, autre, c.REVOQUER_JETON, jeton=sous_n2["id"])

    assert (codes, payload["jeton"]["id"]) == ([], sous_n2["id"])
    assert not await vit(api, monde.sophie.sous("prescripteur_n2"))
    assert await vit(api, monde.sophie.sous("of_general"))
    apres = (await api(autre, c.MES_JETONS))["mesJetons"]
    assert sous_n2["id"] not in [j["id"] for j in apres]
    assert len(apres) == len(jetons) - 1


async def test_what_proves_a_token_is_read_by_nobody(api: Api, monde: Monde) -> None:
    answer = await api.brut(monde.paul, "{ mesJetons { empreinte } }")
    assert "empreinte" in answer["errors"][0]["message"]


async def test_the_strength_of_a_password_is_said_in_words(api: Api, monde: Monde) -> None:
    document = """mutation($mot: String!) { evaluerMotDePasse(motDePasse: $mot, prenom: "Paul") {
      force phrase empechements { code } } }"""
    faible = (await api(None, document, mot="court"))["evaluerMotDePasse"]
    fort = (await api(None, document, mot="Brouette-Violon-83-Nuage-Cactus"))["evaluerMotDePasse"]
    assert (faible["force"], faible["phrase"]) == (0, "Trop faible : ce mot de passe n'est pas accepté.")
    assert (fort["force"], fort["empechements"]) == (3, [])


async def test_no_password_nor_link_is_kept_as_it_is(api: Api, monde: Monde) -> None:
    await essayer(api, monde.paul, c.CHANGER_MOT_DE_PASSE, ancien=MOT_DE_PASSE, nouveau=MON_MOT)
    await essayer(api, None, c.OUBLIE, courriel=monde.paul.courriel)
    [jeton] = await liens(monde, api, "mot_de_passe_oublie")
    async with monde.engine.connect() as db:
        tables = ("secret_compte", "lien_courriel", "procrastinate_jobs", "fait")
        tout = [str((await db.exec_driver_sql(f"select * from {table}")).all()) for table in tables]
    assert not [texte for texte in tout if MON_MOT in texte or jeton.partition(".")[2] in texte]
    assert len(await lignes(monde, m.LienCourriel)) == 1
