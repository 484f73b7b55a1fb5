"""What a provider opens, and what our second factor still asks."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from app import models as m
from tests.api import actes
from tests.api import actes_comptes as c
from tests.api.conftest import Api
from tests.api.fournisseur import SECRET, Op
from tests.api.identifiants import gid
from tests.api.test_seconds_facteurs import code
from tests.cast import CIPHER, Monde

from .navigateur import ECHANGER, ICI, Navigateur, agent, verifie

# --- off, and its price --------------------------------------------------------------------------------------------


async def test_without_an_issuer_nothing_of_it_is_there(api: Api) -> None:
    for path in ("/connexion/externe", "/connexion/externe/retour"):
        assert (await api.client.get(path)).status_code == 404
    assert await c.essayer(api, None, ECHANGER, passage="x" * 43, verificateur="y") == ["PASSAGE_INVALIDE"]


async def test_its_library_is_loaded_only_where_an_issuer_is_named() -> None:
    code = (
        "import sys; from app.main import create_app; from app.kit.settings import Settings;"
        "create_app(Settings.read({'DATABASE_URL': 'postgresql://x', 'CLE_CHIFFREMENT': sys.argv[1]}));"
        "print([n for n in sys.modules if n.split('.')[0] in ('authlib', 'joserfc', 'httpx')])"
    )
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, CIPHER.key.decode(), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await run.communicate()
    assert (run.returncode, out.decode().strip()) == (0, "[]")


# --- what it opens -------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-002", "R-018")
@pytest.mark.parametrize("alg", ["RS256", "ES256"])
async def test_a_verified_address_is_linked_at_sight_then_the_subject_opens(
    navigateur: Navigateur, op: Op, api: Api, monde: Monde, alg: str
) -> None:
    op.alg = alg
    op.tourner("cle-1")
    refus, rendu = await navigateur.connecter(verifie(monde.paul))
    assert (refus, rendu["identite"]) == ([], None)
    moi = (await api(c.porteur(rendu["jeton"]), actes.MOI))["moi"]
    assert moi["compte"]["prenom"] == "Paul"
    assert [mail["gabarit"] for mail in await c.courriels(monde)] == ["identite_reliee"]

    change = agent(
        monde.paul, email="autre@ailleurs.example"
    )  # the address is the provider's affair from now on
    refus, rendu = await navigateur.connecter(change)
    assert refus == []
    assert (await api(c.porteur(rendu["jeton"]), actes.MOI))["moi"]["compte"]["prenom"] == "Paul"
    assert len(await c.lignes(monde, m.IdentiteExterne)) == 1
    assert len(await c.courriels(monde)) == 1


async def test_the_request_is_the_one_that_the_provider_expects(
    navigateur: Navigateur, op: Op, monde: Monde
) -> None:
    await navigateur.connecter(verifie(monde.paul))
    [asked], [exchanged] = op.demandes, op.echanges
    assert asked["scope"] == "openid given_name usual_name email siret uid"
    assert (asked["response_type"], asked["acr_values"]) == ("code", "eidas1")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{ICI}/connexion/externe/retour"
    assert len(asked["state"]) >= 32  # what ProConnect asks for
    assert len(asked["nonce"]) >= 32
    assert exchanged["client_secret"] == SECRET  # client_secret_post
    assert SECRET not in str(asked)


async def test_an_address_that_is_not_verified_asks_for_the_password_once(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    passage = await navigateur.passage(agent(monde.paul))
    refus, rendu = await navigateur.echanger(passage)
    assert refus == ["IDENTITE_NON_RELIEE"]
    assert rendu["identite"] == {
        "courriel": monde.paul.courriel,
        "nom": monde.paul.nom,
        "prenom": "Paul",
        "siret": "13000000000018",
    }
    assert await c.lignes(monde, m.IdentiteExterne) == []

    refus, rendu = await navigateur.relier(passage, monde.paul)
    assert refus == []
    assert (await api(c.porteur(rendu["jeton"]), actes.MOI))["moi"]["compte"]["prenom"] == "Paul"
    assert (await navigateur.connecter(agent(monde.paul)))[0] == []


@pytest.mark.regle("R-007", "R-009")
async def test_somebody_unknown_is_led_to_a_request_and_given_nothing(
    navigateur: Navigateur, monde: Monde
) -> None:
    avant = [await c.lignes(monde, table) for table in (m.Compte, m.Affiliation, m.DroitAccorde, m.Jeton)]
    inconnue = verifie(monde.paul, sub="inconnue", email="inconnue@nulle-part.example")
    refus, rendu = await navigateur.connecter(inconnue)
    assert (refus, rendu["jeton"], rendu["identite"]["courriel"]) == (
        ["IDENTITE_NON_RELIEE"],
        None,
        "inconnue@nulle-part.example",
    )
    assert avant == [
        await c.lignes(monde, table) for table in (m.Compte, m.Affiliation, m.DroitAccorde, m.Jeton)
    ]


async def test_what_is_answered_does_not_tell_who_has_an_account(
    navigateur: Navigateur, monde: Monde
) -> None:
    """An address that nobody verified says as much of somebody as of nobody."""
    vus = []
    for courriel in (monde.paul.courriel, "personne@nulle-part.example"):
        refus, rendu = await navigateur.connecter(agent(monde.paul, sub=courriel, email=courriel))
        vus.append((refus, rendu | {"identite": rendu["identite"] | {"courriel": ""}}))
    assert vus[0] == vus[1]


async def test_the_provider_gives_no_droit(navigateur: Navigateur, api: Api, monde: Monde) -> None:
    """Roles, groups, a SIRET of another structure: words, and nothing else."""
    dit = verifie(
        monde.jeanne, roles=["gestionnaire"], groups=["admin"], droit="gestionnaire", est_referent=True
    )
    refus, rendu = await navigateur.connecter(dit)
    assert refus == []
    profils = (await api(c.porteur(rendu["jeton"]), "{ moi { profils { droit } } }"))["moi"]["profils"]
    assert profils == []


async def test_somebody_who_was_detached_signs_in_as_a_beneficiary(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    refus, rendu = await navigateur.connecter(verifie(monde.paul))
    jeton = c.porteur(rendu["jeton"])
    affiliation = await c.affiliation_de(monde, monde.paul, monde.trois_vallees)
    assert await c.essayer(api, monde.rosa, c.DETACHER, affiliation=gid("Affiliation", affiliation)) == []
    api.oublier()
    assert (await api.brut(jeton, actes.MOI))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    refus, rendu = await navigateur.connecter(agent(monde.paul))
    moi = await api(c.porteur(rendu["jeton"]), "{ moi { profilActif { droit } profils { droit } } }")
    assert (refus, moi["moi"]["profils"]) == ([], [])


async def test_signing_out_leads_out_of_the_provider_too(
    navigateur: Navigateur, op: Op, api: Api, monde: Monde
) -> None:
    _, rendu = await navigateur.connecter(verifie(monde.paul))
    there = urlsplit(rendu["adresseDeconnexion"])
    said = parse_qs(there.query)
    assert rendu["adresseDeconnexion"].startswith(f"{op.url}/session/end?")
    assert said["id_token_hint"][0].count(".") == 2
    assert len(said["state"][0]) >= 32
    assert said["post_logout_redirect_uri"] == [f"{ICI}/"]
    await api(c.porteur(rendu["jeton"]), "mutation { deconnexion { empechements { code } } }")
    api.oublier()
    assert "errors" in await api.brut(c.porteur(rendu["jeton"]), actes.MOI)


# --- the second factor ---------------------------------------------------------------------------------------------


@pytest.mark.regle("R-006")
async def test_our_second_factor_is_asked_for_whatever_the_provider_proved(
    navigateur: Navigateur, op: Op, api: Api, monde: Monde
) -> None:
    op.mensonges.jeton = lambda claims: claims | {"acr": "eidas3", "amr": ["pwd", "otp", "mfa"]}
    passage = await navigateur.passage(verifie(monde.gaelle))
    assert (await navigateur.echanger(passage))[0] == ["CODE_ATTENDU"]
    assert (await navigateur.echanger(passage, code="000000"))[0] == ["CODE_INCORRECT"]
    assert await c.lignes(monde, m.IdentiteExterne) == []  # not linked by one factor out of two

    refus, rendu = await navigateur.echanger(passage, code=code())
    assert refus == []
    moi = await api(c.porteur(rendu["jeton"]), "{ moi { profilActif { droit } } }")
    assert moi["moi"]["profilActif"]["droit"] == "GESTIONNAIRE"


async def test_guesses_of_the_code_lock_the_account_here_too(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    passage = await navigateur.passage(verifie(monde.gaelle))
    for n in range(10):
        api.d_ailleurs()
        assert (await navigateur.echanger(passage, code=f"{n:06}"))[0] == ["CODE_INCORRECT"]
    assert (await navigateur.echanger(passage, code=code()))[0] == ["COMPTE_VERROUILLE"]


async def test_an_account_that_is_locked_is_not_opened_by_another_way(
    navigateur: Navigateur, api: Api, monde: Monde
) -> None:
    await navigateur.connecter(verifie(monde.paul))
    for _ in range(10):
        api.d_ailleurs()
        await api(None, actes.CONNEXION, email=monde.paul.courriel, motDePasse="non")
    assert (await navigateur.connecter(agent(monde.paul)))[0] == ["COMPTE_VERROUILLE"]
