"""Signing in: one refusal for all, ten failures at most, a token that ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from tests.cast import Monde

from . import actes
from .actes import codes
from .conftest import Api


async def connexion(api: Api, email: str, mot_de_passe: str, code: str | None = None) -> dict[str, Any]:
    api.d_ailleurs()  # what is counted here is the account, not the address
    answer = await api(None, actes.CONNEXION, email=email, motDePasse=mot_de_passe, code=code)
    return answer["connexion"]  # type: ignore[no-any-return]


def porteur(jeton: str) -> Any:
    return type("Porteur", (), {"entetes": {"authorization": f"Bearer {jeton}"}})


@pytest.mark.regle("R-008", "R-002")
async def test_the_e_mail_whatever_its_case_and_the_password_open_a_session(api: Api, monde: Monde) -> None:
    done = await connexion(api, f" {monde.paul.courriel.upper()} ", MOT_DE_PASSE)

    assert codes(done) == []
    assert (await api(porteur(done["jeton"]), actes.MOI))["moi"]["compte"]["courriel"] == monde.paul.courriel


async def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(api: Api, monde: Monde) -> None:
    wrong = await connexion(api, monde.paul.courriel, "pas le bon")
    unknown = await connexion(api, "personne@nulle-part.example", "pas le bon")

    assert wrong == unknown
    assert codes(wrong) == ["IDENTIFIANTS_REFUSES"]


async def test_ten_failures_lock_the_account_for_a_while(api: Api, monde: Monde) -> None:
    for _ in range(9):
        await connexion(api, monde.paul.courriel, "pas le bon")
    assert codes(await connexion(api, monde.paul.courriel, MOT_DE_PASSE)) == []

    for _ in range(10):
        await connexion(api, monde.paul.courriel, "pas le bon")
    assert codes(await connexion(api, monde.paul.courriel, MOT_DE_PASSE)) == ["IDENTIFIANTS_REFUSES"]
    api.montre.heure += timedelta(minutes=14, seconds=59)
    assert codes(await connexion(api, monde.paul.courriel, MOT_DE_PASSE)) == ["IDENTIFIANTS_REFUSES"]
    api.montre.heure += timedelta(seconds=1)
    assert codes(await connexion(api, monde.paul.courriel, MOT_DE_PASSE)) == []


async def test_failures_sent_together_are_all_counted(api: Api, monde: Monde) -> None:
    await asyncio.gather(*[connexion(api, monde.paul.courriel, "pas le bon") for _ in range(12)])

    secret = await monde.relire(type("Cle", (), {"id": monde.paul.id}), m.SecretCompte)
    assert secret.nb_echecs == 10  # then it is locked, and nothing more is counted
    assert codes(await connexion(api, monde.paul.courriel, MOT_DE_PASSE)) == ["IDENTIFIANTS_REFUSES"]


async def test_signing_out_ends_the_token(api: Api, monde: Monde) -> None:
    jeton = (await connexion(api, monde.paul.courriel, MOT_DE_PASSE))["jeton"]
    assert (await api(porteur(jeton), actes.MOI))["moi"] is not None

    assert codes((await api(porteur(jeton), actes.DECONNEXION))["deconnexion"]) == []
    api.oublier()

    answer = await api.brut(porteur(jeton), actes.MOI)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" not in answer


async def test_a_token_lives_twelve_hours(api: Api, monde: Monde) -> None:
    jeton = (await connexion(api, monde.paul.courriel, MOT_DE_PASSE))["jeton"]
    api.montre.heure += timedelta(hours=11, minutes=59)
    api.oublier()
    assert (await api(porteur(jeton), actes.MOI))["moi"] is not None

    api.montre.heure += timedelta(minutes=1)
    api.oublier()
    answer = await api.brut(porteur(jeton), actes.MOI)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_nobody_is_anonymous_with_an_account(api: Api, monde: Monde) -> None:
    assert (await api(None, actes.MOI))["moi"] is None
    assert codes((await api(None, actes.DECONNEXION))["deconnexion"]) == ["INTERDIT"]
    jeanne = (await connexion(api, monde.jeanne.courriel, MOT_DE_PASSE))["jeton"]
    moi = (await api(porteur(jeanne), actes.MOI))["moi"]
    assert (moi["compte"]["prenom"], moi["profils"], moi["profilActif"]) == ("Jeanne", [], None)


async def test_a_token_is_kept_only_as_a_fingerprint(api: Api, monde: Monde) -> None:
    jeton = (await connexion(api, monde.paul.courriel, MOT_DE_PASSE))["jeton"]

    async with monde.engine.connect() as db:
        rows = (await db.exec_driver_sql("select * from jeton")).all()
    assert jeton not in str(rows)
