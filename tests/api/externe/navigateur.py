"""Who signs in: a browser, what it asks of us, what the provider says of somebody."""

from __future__ import annotations

import base64
import hashlib
import secrets
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette

from app.demo.distribution import MOT_DE_PASSE
from tests.api import actes_comptes as c
from tests.api.conftest import Api
from tests.api.fournisseur import Op
from tests.cast import Acteur

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


def agent(qui: Acteur, **autres: Any) -> dict[str, Any]:
    """Out: what the provider says of somebody of the cast: as ProConnect does, and nothing about the address."""
    known = {"given_name": qui.prenom, "usual_name": qui.nom, "email": qui.courriel, "uid": "42"}
    return {"sub": f"sujet-{qui.cle}", "siret": "13000000000018"} | known | autres


def verifie(qui: Acteur, **autres: Any) -> dict[str, Any]:
    """Out: the same, from a provider that has verified the address."""
    return agent(qui, email_verified=True) | autres
