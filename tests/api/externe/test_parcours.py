"""The journey of a browser: there and back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette

from app.http.portes import PORTES
from tests.api.conftest import Api, Montre
from tests.api.fournisseur import Op
from tests.cast import Monde

from .navigateur import Navigateur, verifie

# --- the journey ---------------------------------------------------------------------------------------------------


async def test_a_state_of_another_browser_or_of_nobody_is_refused(
    navigateur: Navigateur, app_externe: Starlette, op: Op, api: Api, monde: Monde
) -> None:
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul))
    autre = Navigateur(app_externe, op, api)
    await autre.partir()
    for address in (
        retour,
        "/connexion/externe/retour?code=x&state=invente",
        "/connexion/externe/retour?code=x",
    ):
        answer = await autre.client.get(address)
        assert answer.status_code == 400
        assert "recommencez-la" in answer.text
    assert op.echanges == []
    await autre.fermer()


async def test_a_state_answers_once(navigateur: Navigateur, op: Op, monde: Monde) -> None:
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul))
    cookies = dict(navigateur.client.cookies)
    assert "passage" in await navigateur.revenir(retour)
    assert (await navigateur.client.get(retour)).status_code == 400  # the cookie is gone
    navigateur.client.cookies.update(cookies)
    assert (await navigateur.revenir(retour))["erreur"] == "REPONSE_REFUSEE"  # its code was spent
    navigateur.client.cookies.update(cookies)
    [asked] = op.demandes
    op.codes["un-autre"] = asked  # another code of the provider, for the same request
    etat = parse_qs(urlsplit(retour).query)["state"][0]
    rejoue = f"/connexion/externe/retour?code=un-autre&state={etat}"
    assert (await navigateur.revenir(rejoue))["erreur"] == "REPONSE_REFUSEE"


async def test_a_request_waits_ten_minutes(navigateur: Navigateur, montre: Montre, monde: Monde) -> None:
    retour = await navigateur.chez_le_fournisseur(verifie(monde.paul))
    montre.heure += timedelta(minutes=10)
    assert (await navigateur.client.get(retour)).status_code == 400


async def test_the_cookie_is_for_these_paths_and_no_script(navigateur: Navigateur) -> None:
    said = (await navigateur.partir()).headers["set-cookie"].lower()
    assert all(
        word in said for word in ("httponly", "samesite=lax", "path=/connexion/externe", "max-age=600")
    )


@pytest.mark.parametrize(
    "retour",
    [
        "https://mechant.example/",
        "https://front.example.mechant.example/",
        "https://front.example@mechant.example/",
        "https://mechant.example\\@front.example/",
        "//mechant.example",
        "javascript:alert(1)",
        "http://front.example/",
        "https://front.example:8443/",
        "https://front.exa\nmple/",
        "https://front.example/#passage=vole",
        "/graphiql",
        "",
        "https://[front.example/",
    ],
)
async def test_nobody_is_sent_back_to_a_site_that_is_not_ours(navigateur: Navigateur, retour: str) -> None:
    answer = await navigateur.partir(retour)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize("defi", ["", "court", "x" * 44, "é" * 43])
async def test_who_begins_says_how_it_will_end(navigateur: Navigateur, defi: str) -> None:
    assert (await navigateur.partir(defi=defi)).status_code == 400


async def test_who_gives_up_at_the_provider_is_told(navigateur: Navigateur) -> None:
    said = await navigateur.revenir(await navigateur.chez_le_fournisseur({}))
    assert said["erreur"] == "CONNEXION_ABANDONNEE"
    assert "recommencez-la" in said["message"]


async def test_the_paths_are_doors_too(navigateur: Navigateur) -> None:
    passes = [
        (await navigateur.partir(retour="")).status_code
        for _ in range(PORTES["connexionExterne"].a_la_fois + 1)
    ]
    assert passes == [400] * (len(passes) - 1) + [429]
