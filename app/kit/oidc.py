"""OpenID Connect, as a client of one provider: where to send somebody, and who came back (OpenID Connect Core, 3.1).

What is specified is authlib's work: the challenge of PKCE, the signatures, the claims. What is decided here: which
algorithms are taken, how long anybody waits, when keys are asked for again. Imported only where a provider is named.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .clock import Clock
from .settings import Settings

ALGORITHMS = ("RS256", "ES256")  # asymmetric only: neither "none", nor a public key taken for a shared one
LEEWAY = 30  # seconds between two clocks
PATIENCE = 8.0  # seconds for all that one step asks of the provider
KEPT = 3600.0  # seconds that what the provider says of itself is believed
BRAKE = 60.0  # seconds before its keys are asked for again, whoever signs with an unknown one
NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
RETURN_PATH = "/connexion/externe/retour"
OUR_FAULTS = (JoseError, ValueError, KeyError, TypeError, AttributeError)  # of what a provider may say


class ProviderAway(Exception):
    """It does not answer, or not in time."""


class AnswerRefused(Exception):
    """What came back does not prove anything. The text says why, for the log: no name, no code, no token."""


@dataclass(frozen=True)
class Trip:
    """What is remembered of somebody sent to the provider, until they come back."""

    etat: str
    nonce: str
    verificateur: str
    emetteur: str


@dataclass(frozen=True)
class Person:
    """Who came back, as the provider says."""

    emetteur: str
    sujet: str
    courriel: str = ""
    courriel_verifie: bool = False
    prenom: str = ""
    nom: str = ""
    siret: str = ""
    adresse_deconnexion: str | None = None  # where to go to leave the provider too


class Provider:
    """The provider of the settings: one for the process."""

    def __init__(self, settings: Settings, clock: Clock, monotonic: Callable[[], float]) -> None:
        """In: the settings, which name an issuer; the time outside; a clock that only goes on."""
        assert settings.oidc_emetteur is not None
        self.issuer, self.settings = settings.oidc_emetteur, settings
        self.clock, self.monotonic = clock, monotonic
        self.home = settings.adresse_publique or f"http://{settings.hote}:{settings.port}"
        self.http = httpx.AsyncClient(timeout=PATIENCE / 2, follow_redirects=False)
        self.said: tuple[float, dict[str, Any]] | None = None
        self.keys: tuple[float, KeySet] | None = None
        self.one_at_a_time = asyncio.Lock()

    async def close(self) -> None:
        """Leave."""
        await self.http.aclose()

    async def leave(self) -> tuple[str, Trip]:
        """Out: where to send somebody, and what to remember. Raises ProviderAway."""
        async with in_time():
            said = await self.metadata()
        trip = Trip(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), self.issuer
        )
        return self.address(said["authorization_endpoint"], trip), trip

    def address(self, endpoint: str, trip: Trip) -> str:
        """Out: the authorization request (3.1.2.1), with PKCE S256 (RFC 7636)."""
        more = {"nonce": trip.nonce}
        if self.settings.oidc_pkce:
            challenge = create_s256_code_challenge(trip.verificateur)
            more |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        if self.settings.oidc_acr:
            more["acr_values"] = self.settings.oidc_acr
        address: str = prepare_grant_uri(
            endpoint,
            client_id=self.settings.oidc_client,
            response_type="code",
            redirect_uri=self.home + RETURN_PATH,
            scope=self.settings.oidc_portees,
            state=trip.etat,
            **more,
        )
        return address

    async def come_back(self, code: str, iss: str | None, trip: Trip) -> Person:
        """In: what the provider sent somebody back with. Out: who it is. Raises ProviderAway, AnswerRefused."""
        if trip.emetteur != self.issuer:
            raise AnswerRefused("the provider changed meanwhile")
        async with in_time():
            said = await self.metadata()
            if iss is None and said.get("authorization_response_iss_parameter_supported") is True:
                raise AnswerRefused("iss is missing (RFC 9207)")
            if iss is not None and iss != self.issuer:
                raise AnswerRefused("another provider answered (RFC 9207)")
            try:
                return await self.person(said, code, trip)
            except OUR_FAULTS as fault:
                raise AnswerRefused(f"{type(fault).__name__}: {getattr(fault, 'error', '')}") from fault

    async def person(self, said: Mapping[str, Any], code: str, trip: Trip) -> Person:
        """Out: who comes back with this code. Raises one of `OUR_FAULTS` besides."""
        tokens = await self.exchanged(said["token_endpoint"], code, trip)
        proven = await self.id_token(tokens, trip)
        about = await self.user_info(said["userinfo_endpoint"], tokens["access_token"], proven["sub"])
        return self.described(said, {**proven, **about}, tokens["id_token"])

    async def exchanged(self, endpoint: str, code: str, trip: Trip) -> dict[str, Any]:
        """Out: the tokens that a code stands for (client_secret_post)."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.home + RETURN_PATH,
            "client_id": self.settings.oidc_client,
            "client_secret": self.settings.oidc_secret,
        }
        if self.settings.oidc_pkce:
            asked["code_verifier"] = trip.verificateur
        return _object((await self.asked("POST", endpoint, data=asked)).json())

    async def id_token(self, tokens: Mapping[str, Any], trip: Trip) -> dict[str, Any]:
        """Out: the claims of an ID token that is of this provider, for us, for this trip, and of now (3.1.3.7)."""
        token = await self.signed(str(tokens["id_token"]))
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.settings.oidc_client},
            "sub": {"essential": True},
        }
        params = {
            "nonce": trip.nonce,
            "client_id": self.settings.oidc_client,
            "access_token": tokens["access_token"],
        }
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(self.now(), LEEWAY)
        return dict(claims)

    async def user_info(self, endpoint: str, access_token: str, sub: str) -> dict[str, Any]:
        """Out: what the provider says of that subject, as a signed JWT (ProConnect) or as JSON (5.3)."""
        answer = await self.asked("GET", endpoint, headers={"authorization": f"Bearer {access_token}"})
        if not answer.headers.get("content-type", "").startswith("application/jwt"):
            about = _object(answer.json())
        else:
            about = (await self.signed(answer.text.strip())).claims
            self.check_envelope(about)
        if about["sub"] != sub:
            raise ValueError("the subject of userinfo is another one")
        return about

    def check_envelope(self, about: Mapping[str, Any]) -> None:
        """Raise ValueError for a signed userinfo of another provider, for another client, or of another time."""
        audience = about.get("aud", self.settings.oidc_client)
        meant = audience if isinstance(audience, list) else [audience]
        if about.get("iss", self.issuer) != self.issuer or self.settings.oidc_client not in meant:
            raise ValueError("userinfo is of another provider, or for another client")
        if about.get("exp", self.now()) < self.now() - LEEWAY:
            raise ValueError("userinfo has expired")

    def described(self, said: Mapping[str, Any], about: Mapping[str, Any], id_token: str) -> Person:
        """In: verified claims. Out: the person they describe."""
        names = {"prenom": "given_name", "courriel": "email", "siret": "siret"}
        words = {ours: _text(about.get(theirs)) for ours, theirs in names.items()}
        words["nom"] = _text(about.get("usual_name") or about.get("family_name"))
        sub = about["sub"]
        if not sub or len(sub) > 255 or not (sub.isascii() and sub.isprintable()):
            raise ValueError("sub is not a subject")
        return Person(
            self.issuer,
            sub,
            courriel_verifie=about.get("email_verified") is True,
            adresse_deconnexion=self.logout(said.get("end_session_endpoint"), id_token),
            **words,
        )

    def logout(self, endpoint: object, id_token: str) -> str | None:
        """Out: where to go to leave the provider too (RP-Initiated Logout 1.0); None where it does not say."""
        if not isinstance(endpoint, str) or not self.reachable(endpoint):
            return None
        home = self.settings.site or self.home
        asked = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": home + "/",
            "state": secrets.token_urlsafe(32),  # asked for by ProConnect; nothing waits for it here
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    # --- what the provider says of itself -------------------------------------------------------------------------

    async def metadata(self) -> dict[str, Any]:
        """Out: what discovery says, asked once an hour. Raises ProviderAway: without it nobody is sent anywhere."""
        async with self.one_at_a_time:
            if self.said is None or self.monotonic() >= self.said[0]:
                answer = await self.asked("GET", get_well_known_url(self.issuer, external=True))
                try:
                    self.said = self.monotonic() + KEPT, self.believed(_object(answer.json()))
                except (ValueError, KeyError) as fault:
                    raise ProviderAway("its discovery means nothing") from fault
            return self.said[1]

    def believed(self, said: dict[str, Any]) -> dict[str, Any]:
        """Out: the same, of this very issuer, whose addresses are no less protected than its own. Raises ValueError."""
        if said.get("issuer") != self.issuer:
            raise ValueError("another issuer")
        if not all(isinstance(said.get(name), str) and self.reachable(said[name]) for name in NEEDED):
            raise ValueError("an address is missing, or not protected")
        return said

    def reachable(self, address: str) -> bool:
        """True for https, and for what an issuer on loopback says of itself."""
        there, ours = urlsplit(address), urlsplit(self.issuer)
        return bool(there.hostname) and (there.scheme == "https" or there.scheme == ours.scheme == "http")

    async def signed(self, text: str) -> jwt.Token:
        """Out: a JWT that one of its keys signed. An unknown key, or another one, has its keys asked for again."""
        try:
            return jwt.decode(text, await self.key_set(fresh=False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(text, await self.key_set(fresh=True), algorithms=ALGORITHMS)

    async def key_set(self, *, fresh: bool) -> KeySet:
        """Out: its keys: those that are known, or those it has now; asked for once a minute at most."""
        said = await self.metadata()
        async with self.one_at_a_time:
            old = self.keys is None or self.monotonic() >= self.keys[0] + (BRAKE if fresh else KEPT)
            if self.keys is None or old:
                answer = await self.asked("GET", said["jwks_uri"])
                self.keys = self.monotonic(), sent_keys(answer.json())
            return self.keys[1]

    # --- how it is asked ------------------------------------------------------------------------------------------

    async def asked(self, method: str, address: str, **given: Any) -> httpx.Response:
        """Out: an answer that says yes. Raises ProviderAway; AnswerRefused where it says no."""
        try:
            answer = await self.http.request(method, address, **given)
        except httpx.HTTPError as fault:
            raise ProviderAway(type(fault).__name__) from fault
        if answer.status_code >= 500 or answer.status_code == 429:
            raise ProviderAway(str(answer.status_code))
        if answer.status_code != 200:
            raise AnswerRefused(f"{urlsplit(address).path} answered {answer.status_code}")
        return answer

    def now(self) -> int:
        """Out: the time outside, in seconds of 1970."""
        return int(self.clock().timestamp())


@asynccontextmanager
async def in_time(seconds: float = PATIENCE) -> AsyncIterator[None]:
    """While something is asked: a provider that is slow is one that is away."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as late:
        raise ProviderAway("too slow") from late


def sent_keys(said: Any) -> KeySet:
    """In: a JWKS. Out: its keys that may sign, of the kinds that our algorithms use."""
    kept = [k for k in _object(said)["keys"] if k["kty"] in ("RSA", "EC") and k.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": kept})


def _object(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise TypeError("not an object")
    return said


def _text(said: object) -> str:
    """Out: a claim, if it is a text of a length that a form has."""
    return said.strip()[:254] if isinstance(said, str) else ""
