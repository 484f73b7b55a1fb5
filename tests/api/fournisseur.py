"""A real OpenID Connect provider on loopback: real HTTP, real RSA and EC keys, codes with PKCE, a signed userinfo.

It is as honest as a test wants: each lie of `Mensonges` is one thing that a hostile, broken or other provider does.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.loopback import ecoute

CLIENT, SECRET = "rafaelpro", "secret-de-loopback-pour-les-essais-seulement"
Claims = dict[str, Any]


def cle(alg: str, kid: str) -> Any:
    """Out: a new key pair for this algorithm."""
    use = {"kid": kid, "use": "sig", "alg": alg}
    return RSAKey.generate_key(2048, use) if alg == "RS256" else ECKey.generate_key("P-256", use)


@dataclass
class Mensonges:
    """What is not as it should be."""

    jeton: Callable[[Claims], Claims] = lambda claims: claims  # of the ID token, before it is signed
    infos: Callable[[Claims], Claims] = lambda claims: claims
    signer: Callable[[Claims], str] | None = None  # instead of signing with the key that is published
    infos_en_json: bool = False
    attendre: float = 0.0  # before any answer
    panne: int = 0  # a status for everything
    iss: str | None = None  # of the answer to the authorization request
    decouverte: Claims = field(default_factory=dict)
    access_token: str | None = None


@dataclass
class Op:
    """The provider: who signs in next, what it hands out, what it was asked."""

    qui: Claims = field(default_factory=dict)
    alg: str = "RS256"
    url: str = ""
    key: Any = None
    mensonges: Mensonges = field(default_factory=Mensonges)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    acces: dict[str, Claims] = field(default_factory=dict)
    demandes: list[dict[str, str]] = field(default_factory=list)
    echanges: list[dict[str, str]] = field(default_factory=list)
    nb_cles: int = 0  # how often its keys were asked for

    def __post_init__(self) -> None:
        self.tourner("cle-1")

    def tourner(self, kid: str) -> None:
        """Sign with another key from now on; the former one is published no more."""
        self.key = cle(self.alg, kid)

    def signe(self, claims: Claims) -> str:
        """Out: claims, signed with the key that is published."""
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key, algorithms=[self.alg])

    # --- what it answers ------------------------------------------------------------------------------------------

    async def decouverte(self, request: Request) -> Response:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/session/end",
            "code_challenge_methods_supported": ["S256"],
        }
        return JSONResponse(said | self.mensonges.decouverte)

    async def cles(self, request: Request) -> Response:
        self.nb_cles += 1
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def autoriser(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.demandes.append(asked)
        assert asked["client_id"] == CLIENT
        if not self.qui:
            return RedirectResponse(
                f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}", 303
            )
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        iss = f"&iss={self.mensonges.iss}" if self.mensonges.iss else ""
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}{iss}", 303)

    async def echanger(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        self.echanges.append(given)
        asked = self.codes.pop(given.get("code", ""), None)
        if (
            asked is None
            or given["client_secret"] != SECRET
            or given["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if asked.get("code_challenge", "") != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = self.mensonges.access_token or secrets.token_urlsafe(16)
        self.acces[access] = self.qui
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.qui["sub"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 60,
            "acr": "eidas1",
            "amr": ["pwd"],
        }
        signer = self.mensonges.signer or self.signe
        token = signer(self.mensonges.jeton(claims))
        return JSONResponse({"access_token": access, "token_type": "Bearer", "id_token": token})

    async def infos(self, request: Request) -> Response:
        who = self.acces.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if who is None:
            return JSONResponse({"error": "invalid_token"}, 401)
        said = self.mensonges.infos({**who, "iss": self.url, "aud": CLIENT, "exp": int(time.time()) + 60})
        if self.mensonges.infos_en_json:
            return JSONResponse(said)
        return Response(self.signe(said), media_type="application/jwt")

    def routes(self) -> list[Route]:
        def franchement(answer: Any) -> Any:
            async def endpoint(request: Request) -> Response:
                await asyncio.sleep(self.mensonges.attendre)  # slow, where a test wants it slow
                if self.mensonges.panne:
                    return Response("panne", self.mensonges.panne)
                found: Response = await answer(request)
                return found

            return endpoint

        paths = {
            "/.well-known/openid-configuration": self.decouverte,
            "/jwks": self.cles,
            "/authorize": self.autoriser,
            "/token": self.echanger,
            "/userinfo": self.infos,
        }
        return [Route(path, franchement(answer), methods=["GET", "POST"]) for path, answer in paths.items()]


@asynccontextmanager
async def servi(op: Op) -> AsyncIterator[Op]:
    """The provider, on a port that was free, until the end of the block."""
    async with ecoute(Starlette(routes=op.routes())) as op.url:
        yield op


def sans_signature(claims: Claims) -> str:
    """Out: `alg: none`."""
    head, body = (_b64(part) for part in ({"alg": "none", "typ": "JWT"}, claims))
    return f"{head}.{body}."


def par_la_cle_publique(op: Op) -> Callable[[Claims], str]:
    """Out: what signs HS256 with the text of the public key, as if it were a shared secret."""
    pem = op.key.as_pem(private=False)

    def signed(claims: Claims) -> str:
        head, body = (_b64(part) for part in ({"alg": "HS256", "kid": op.key.kid, "typ": "JWT"}, claims))
        mac = hmac.digest(pem, f"{head}.{body}".encode(), "sha256")
        return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    return signed


def _b64(part: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
