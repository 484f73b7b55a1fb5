"""Sign-in through an identity provider that runs on loopback: what it opens, and everything that it must not."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from app.http.portes import PORTES
from app.kit.cipher import Cipher
from app.kit.clock import system
from app.kit.settings import Settings
from app.main import create_app
from tests.cast import CIPHER, Acteur, Monde

from . import actes
from . import actes_comptes as c
from .conftest import Api, Montre
from .fournisseur import CLIENT, SECRET, Op, par_la_cle_publique, sans_signature, servi
from .identifiants import gid
from .test_comptes import demander
from .test_seconds_facteurs import code

ICI, FRONT = "http://127.0.0.1:8000", "https://front.example"
RETOUR = f"{FRONT}/connecte"
RENDU = "jeton expireLe adresseDeconnexion identite { courriel nom prenom siret }"
TEXTES = {"passage": "String!", "verificateur": "String!"}
ECHANGER = c._acte("connexionExterne", TEXTES | {"code": "String"}, RENDU)
RELIER = c._acte(
    "relierIdentite", TEXTES | {"email": "String!", "motDePasse": "String!", "code": "String"}, RENDU
)
DELIER = c._acte("delierIdentites", {"motDePasse": "String!"}, "")
OUBLIE, REINITIALISER = c.OUBLIE, c.REINITIALISER
ADRESSES = count(1)  # each browser has its own


@pytest.fixture
async def op() -> AsyncIterator[Op]:
    async with servi(Op()) as op:
        yield op


@pytest.fixture
async def app_externe(url_du_processus: str, montre: Montre, op: Op) -> AsyncIterator[Starlette]:
    """The application, whose settings name the provider."""
    given = {
        "DATABASE_URL": url_du_processus,
        "CLE_CHIFFREMENT": CIPHER.key.decode(),
        "OIDC_EMETTEUR": op.url,
        "OIDC_CLIENT": CLIENT,
        "OIDC_SECRET": SECRET,
        "ORIGINES": FRONT,
    }
    settings = dataclasses.replace(Settings.read(given), demo=False, lectures_anonymes=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        desk = app.state.desk
        room = dataclasses.replace(desk.executor, machine=montre)
        externe = dataclasses.replace(desk.externe, clock=montre)
        app.state.desk = dataclasses.replace(desk, clock=montre, executor=room, externe=externe)
        yield app


class Navigateur:
    """A browser: it follows redirections, keeps its cookies, and the verifier of its tab."""

    def __init__(self, app: Starlette, op: Op, api: Api) -> None:
        self.op, self.api = op, api
        depuis = (f"198.51.100.{next(ADRESSES) % 256}", 1)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=depuis)
        self.client = httpx.AsyncClient(transport=transport, base_url=ICI)
        self.dehors = httpx.AsyncClient()
        self.verificateur = secrets.token_urlsafe(32)

    @property
    def defi(self) -> str:
        digest = hashlib.sha256(self.verificateur.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    async def partir(self, retour: str = RETOUR, **autres: str) -> httpx.Response:
        """Out: the answer of the first step."""
        return await self.client.get(
            "/connexion/externe", params={"retour": retour, "defi": self.defi} | autres
        )

    async def chez_le_fournisseur(self, qui: dict[str, Any]) -> str:
        """Sign in there. Out: the address that it sends back to."""
        there = (await self.partir()).headers["location"]
        assert there.startswith(self.op.url)
        self.op.qui = qui
        return str((await self.dehors.get(there)).headers["location"])

    async def revenir(self, retour: str) -> dict[str, str]:
        """Out: what the front-end reads behind the `#`."""
        back = await self.client.get(retour)
        assert back.status_code == 303, back.text
        assert back.headers["location"].startswith(RETOUR + "#")
        return {
            nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(back.headers["location"]).fragment).items()
        }

    async def passage(self, qui: dict[str, Any]) -> str:
        """Out: the passage of a whole journey."""
        return (await self.revenir(await self.chez_le_fournisseur(qui)))["passage"]

    async def echanger(self, passage: str, **autres: Any) -> tuple[list[str], dict[str, Any]]:
        given = {"passage": passage, "verificateur": self.verificateur} | autres
        return await c.acte(self.api, None, ECHANGER, **given)

    async def connecter(self, qui: dict[str, Any], **autres: Any) -> tuple[list[str], dict[str, Any]]:
        """Out: the codes that stopped a whole sign-in, and its payload."""
        return await self.echanger(await self.passage(qui), **autres)

    async def relier(self, passage: str, qui: Acteur, mot: str = MOT_DE_PASSE, **autres: Any) -> Any:
        given = {"email": qui.courriel, "motDePasse": mot, "verificateur": self.verificateur}
        return await c.acte(self.api, None, RELIER, passage=passage, **given | autres)

    async def fermer(self) -> None:
        await self.client.aclose()
        await self.dehors.aclose()


@pytest.fixture
async def navigateur(app_externe: Starlette, op: Op, api: Api) -> AsyncIterator[Navigateur]:
    made = Navigateur(app_externe, op, api)
    yield made
    await made.fermer()


def agent(qui: Acteur, **autres: Any) -> dict[str, Any]:
    """Out: what the provider says of somebody of the cast: as ProConnect does, and nothing about the address."""
    known = {"given_name": qui.prenom, "usual_name": qui.nom, "email": qui.courriel, "uid": "42"}
    return {"sub": f"sujet-{qui.cle}", "siret": "13000000000018"} | known | autres


def verifie(qui: Acteur, **autres: Any) -> dict[str, Any]:
    """Out: the same, from a provider that has verified the address."""
    return agent(qui, email_verified=True) | autres


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


# --- the passage ---------------------------------------------------------------------------------------------------


async def test_a_passage_serves_once_even_sent_together(navigateur: Navigateur, monde: Monde) -> None:
    await navigateur.connecter(verifie(monde.paul))
    passage = await navigateur.passage(agent(monde.paul))
    rendus = await asyncio.gather(*[navigateur.echanger(passage) for _ in range(5)])
    assert sorted(refus for refus, _ in rendus) == [[], *[["PASSAGE_INVALIDE"]] * 4]


async def test_a_passage_serves_who_began_and_nobody_else(navigateur: Navigateur, monde: Monde) -> None:
    """Stolen on its way, or handed to a victim who would sign in as somebody else."""
    passage = await navigateur.passage(verifie(monde.paul))
    for autre in (secrets.token_urlsafe(32), "", navigateur.defi):
        assert (await navigateur.echanger(passage, verificateur=autre))[0] == ["PASSAGE_INVALIDE"]
    assert (await navigateur.echanger(passage))[0] == []


async def test_a_passage_sealed_under_a_key_that_was_changed_since_is_none(
    navigateur: Navigateur, monde: Monde
) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    ancienne = Cipher(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    async with monde.engine.begin() as db:
        await db.execute(update(m.PassageExterne).values(contenu=ancienne.seal("{}")))
    assert (await navigateur.echanger(passage))[0] == ["PASSAGE_INVALIDE"]


async def test_a_passage_waits_ten_minutes(navigateur: Navigateur, montre: Montre, monde: Monde) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    montre.heure += timedelta(minutes=10)
    assert (await navigateur.echanger(passage))[0] == ["PASSAGE_INVALIDE"]
    passage = await navigateur.passage(verifie(monde.paul))
    montre.heure += timedelta(minutes=9, seconds=59)
    assert (await navigateur.echanger(passage))[0] == []


async def test_what_waits_is_sealed(navigateur: Navigateur, monde: Monde) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    [row] = await c.lignes(monde, m.PassageExterne)
    assert monde.paul.courriel not in str(row)
    assert passage not in str(row)
    assert navigateur.defi not in str(row)


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
