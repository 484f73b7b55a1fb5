"""What the provider says, true and false."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from app import models as m
from app.kit.clock import system
from app.kit.settings import Settings
from tests.api import actes_comptes as c
from tests.api.fournisseur import CLIENT, Op, par_la_cle_publique, sans_signature
from tests.cast import Monde

from .navigateur import Navigateur, verifie

# --- what the provider says ----------------------------------------------------------------------------------------

AUTRE = {"iss": "https://autre.example", "aud": "un-autre-client"}
FAUX: dict[str, Any] = {
    "another issuer": lambda claims: claims | {"iss": AUTRE["iss"]},
    "no issuer": lambda claims: {k: v for k, v in claims.items() if k != "iss"},
    "for another client": lambda claims: claims | {"aud": AUTRE["aud"]},
    "for several, without azp": lambda claims: claims | {"aud": [CLIENT, AUTRE["aud"]]},
    "azp of another client": lambda claims: claims | {"aud": [CLIENT, AUTRE["aud"]], "azp": AUTRE["aud"]},
    "another nonce": lambda claims: claims | {"nonce": "x" * 43},
    "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "expired": lambda claims: claims | {"exp": claims["iat"] - 60},
    "no end": lambda claims: {k: v for k, v in claims.items() if k != "exp"},
    "made in the future": lambda claims: claims | {"iat": claims["iat"] + 600},
    "not yet": lambda claims: claims | {"nbf": claims["iat"] + 600},
    "no subject": lambda claims: {k: v for k, v in claims.items() if k != "sub"},
    "an empty subject": lambda claims: claims | {"sub": ""},
    "a subject that is no text": lambda claims: claims | {"sub": ["x"]},
    "another access token": lambda claims: claims | {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


async def tente(navigateur: Navigateur, monde: Monde) -> str:
    """Out: what came of a journey: the code of the error, or "passage"."""
    said = await navigateur.revenir(await navigateur.chez_le_fournisseur(verifie(monde.paul)))
    assert "message" in said or "passage" in said
    return said.get("erreur", "passage")


@pytest.mark.parametrize("faux", FAUX)
async def test_an_id_token_that_is_not_for_this_is_refused(
    navigateur: Navigateur, op: Op, monde: Monde, faux: str
) -> None:
    op.mensonges.jeton = FAUX[faux]
    assert await tente(navigateur, monde) == "REPONSE_REFUSEE"
    assert await c.lignes(monde, m.PassageExterne) == []


@pytest.mark.parametrize("sujet", ["a\0b", "x" * 256, "sujet-é", " \n"])
async def test_a_subject_that_cannot_be_kept_as_it_is_is_none(
    navigateur: Navigateur, monde: Monde, sujet: str
) -> None:
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul, sub=sujet))
    assert (await navigateur.revenir(retour))["erreur"] == "REPONSE_REFUSEE"


async def test_an_audience_of_several_with_our_azp_is_ours(
    navigateur: Navigateur, op: Op, monde: Monde
) -> None:
    op.mensonges.jeton = lambda claims: claims | {"aud": [CLIENT, AUTRE["aud"]], "azp": CLIENT}
    assert await tente(navigateur, monde) == "passage"


@pytest.mark.parametrize("comment", ["none", "HS256 with the public key", "another key", "not a token"])
async def test_a_signature_that_proves_nothing_is_refused(
    navigateur: Navigateur, op: Op, monde: Monde, comment: str
) -> None:
    autre = Op()
    op.mensonges.signer = {
        "none": sans_signature,
        "HS256 with the public key": par_la_cle_publique(op),
        "another key": autre.signe,  # under the same kid
        "not a token": lambda claims: "rien",
    }[comment]
    assert await tente(navigateur, monde) == "REPONSE_REFUSEE"


@pytest.mark.parametrize(
    "faux",
    [
        {"sub": "un-autre"},
        {"iss": AUTRE["iss"]},
        {"aud": AUTRE["aud"]},
        {"exp": 1},
    ],
)
async def test_a_userinfo_of_somebody_else_is_refused(
    navigateur: Navigateur, op: Op, monde: Monde, faux: dict[str, Any]
) -> None:
    op.mensonges.infos = lambda claims: claims | faux
    assert await tente(navigateur, monde) == "REPONSE_REFUSEE"


async def test_a_userinfo_that_is_not_signed_is_read_as_well(
    navigateur: Navigateur, op: Op, monde: Monde
) -> None:
    op.mensonges.infos_en_json = True
    assert await tente(navigateur, monde) == "passage"


async def test_a_code_is_exchanged_by_who_asked_for_it(navigateur: Navigateur, op: Op, monde: Monde) -> None:
    """A code of another journey, put into this one: PKCE and the nonce both stand in its way."""
    vole = parse_qs(urlsplit(await navigateur.chez_le_fournisseur(verifie(monde.rosa))).query)["code"][0]
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul))
    etat = parse_qs(urlsplit(retour).query)["state"][0]
    said = await navigateur.revenir(f"/connexion/externe/retour?code={vole}&state={etat}")
    assert said["erreur"] == "REPONSE_REFUSEE"


async def test_two_providers_are_not_mixed_up(navigateur: Navigateur, op: Op, monde: Monde) -> None:
    """RFC 9207: who answers says so; where it promised to, silence is another one."""
    op.mensonges.iss = "https://autre.example"
    assert await tente(navigateur, monde) == "REPONSE_REFUSEE"
    op.mensonges.iss = op.url
    assert await tente(navigateur, monde) == "passage"


async def test_a_provider_that_promised_to_say_who_it_is_must(
    navigateur: Navigateur, op: Op, monde: Monde
) -> None:
    op.mensonges.decouverte = {"authorization_response_iss_parameter_supported": True}
    assert await tente(navigateur, monde) == "REPONSE_REFUSEE"


@pytest.mark.parametrize(
    "decouverte",
    [
        {"issuer": "https://autre.example"},
        {"token_endpoint": None},
        {"jwks_uri": "http://ailleurs.example/jwks", "issuer": "x"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
    ],
)
async def test_a_discovery_of_another_or_without_its_addresses_sends_nobody_anywhere(
    navigateur: Navigateur, op: Op, decouverte: dict[str, Any]
) -> None:
    op.mensonges.decouverte = decouverte
    location = (await navigateur.partir()).headers["location"]
    assert "erreur=FOURNISSEUR_INDISPONIBLE" in location


async def test_keys_that_turn_are_asked_for_again_once_in_a_while(
    navigateur: Navigateur, op: Op, app_externe: Starlette, monde: Monde
) -> None:
    heure = 0.0
    app_externe.state.desk.externe.provider.monotonic = lambda: heure
    assert await tente(navigateur, monde) == "passage"
    assert op.nb_cles == 1
    op.tourner("cle-2")
    assert (
        await tente(navigateur, monde) == "REPONSE_REFUSEE"
    )  # a minute has not passed since they were asked for
    assert op.nb_cles == 1
    heure = 61.0
    assert [await tente(navigateur, monde) for _ in range(3)] == ["passage"] * 3
    assert op.nb_cles == 2


@pytest.mark.parametrize("panne", [500, 503, 429])
async def test_a_provider_that_is_away_says_so_in_french(
    navigateur: Navigateur, op: Op, monde: Monde, panne: int
) -> None:
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul))
    op.mensonges.panne = panne
    said = await navigateur.revenir(retour)
    assert said["erreur"] == "FOURNISSEUR_INDISPONIBLE"
    assert "ne répond pas" in said["message"]


async def test_a_provider_that_is_not_there_or_too_slow_keeps_nobody_waiting(
    navigateur: Navigateur, op: Op, app_externe: Starlette, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = app_externe.state.desk.externe.provider
    provider.http = httpx.AsyncClient(timeout=0.2)
    op.mensonges.attendre = 0.5
    debut = system()()
    assert "FOURNISSEUR_INDISPONIBLE" in (await navigateur.partir()).headers["location"]
    assert system()() - debut < timedelta(seconds=5)
    provider.issuer = "http://127.0.0.1:9"
    assert "FOURNISSEUR_INDISPONIBLE" in (await navigateur.partir()).headers["location"]
    await provider.http.aclose()


async def test_settings_that_are_half_a_provider_are_refused() -> None:
    whole = {"OIDC_EMETTEUR": "https://op.example", "OIDC_CLIENT": "a", "OIDC_SECRET": "tres-secret"}
    assert Settings.read(whole).oidc_emetteur == "https://op.example"
    assert Settings.read(Settings.read(whole).environ()).oidc_secret == "tres-secret"
    assert "tres-secret" not in repr(Settings.read(whole))
    for name in whole:
        with pytest.raises(ValueError, match="vont ensemble") as refus:
            Settings.read({k: v for k, v in whole.items() if k != name})
        assert "tres-secret" not in str(refus.value)
    for wrong in ("http://op.example", "op.example", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="OIDC_EMETTEUR"):
            Settings.read(whole | {"OIDC_EMETTEUR": wrong})
