"""Signing in through an identity provider: somebody leaves by here, and comes back by here (docs/connexion-externe.md).

GET /connexion/externe?retour=…&defi=…   to the provider; what is remembered goes sealed into a cookie of this browser
GET /connexion/externe/retour?code=…     back to `retour`, with a passage behind a `#`, which no log of a server sees
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.externes import DUREE_DEMANDE
from app.kit.cipher import Cipher, SealBroken
from app.kit.clock import Clock

from .desk import desk_of
from .errors import Refusal
from .portes import adresse

if TYPE_CHECKING:
    from app.kit.oidc import Provider, Trip

LOG = logging.getLogger("rafael.externe")
DEPART, RETOUR = "/connexion/externe", "/connexion/externe/retour"
PORTE = {"connexionExterne": 1}
DEFI = re.compile(r"[0-9A-Za-z_-]{43}")  # SHA-256, in base64url
USAGE = "connexion externe"
LONGUEUR = 2000  # characters of an address, of a code
DITS = {
    "FOURNISSEUR_INDISPONIBLE": "Le fournisseur d'identité ne répond pas : réessayez dans quelques minutes,"
    " ou connectez-vous par mot de passe.",
    "CONNEXION_ABANDONNEE": "La connexion n'a pas abouti chez le fournisseur d'identité : recommencez-la.",
    "REPONSE_REFUSEE": "La réponse du fournisseur d'identité n'est pas valable : recommencez la connexion.",
}
AILLEURS = "Cette connexion n'a pas commencé dans ce navigateur, ou a trop attendu : recommencez-la."
SANS_RETOUR = "« retour » doit être une adresse des sites que cette API connaît."
SANS_DEFI = "« defi » doit être l'empreinte SHA-256 de votre vérificateur, en base64url."


@dataclass(frozen=True)
class Externe:
    """What the two paths work with.

    origines   of the sites where somebody may be sent back
    noter      keeps who came back; gives the passage, None where that request was answered already
    """

    provider: Provider
    cipher: Cipher
    clock: Clock  # the machine's: a provider lives in the time of the world
    origines: frozenset[str]
    noter: Callable[[dict[str, Any], str, str, datetime], Awaitable[str | None]]

    @property
    def est_protege(self) -> bool:
        """True where browsers come by https."""
        return self.provider.home.startswith("https://")


@dataclass(frozen=True)
class Parti:
    """Somebody who left: what the cookie of their browser says, sealed."""

    trip: Trip
    retour: str
    defi: str


def routes() -> list[BaseRoute]:
    """Out: the two paths; they are there only where a provider is named."""
    return [Route(DEPART, partir, methods=["GET"]), Route(RETOUR, revenir, methods=["GET"])]


def origine(address: str) -> str | None:
    """Out: scheme, host and port of an address that a browser reads as we do; None for any other."""
    if (
        not address.isascii()
        or not address.isprintable()
        or set(address) & set("\\@ #")
        or len(address) > LONGUEUR
    ):
        return None
    try:
        split = urlsplit(address)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or not split.hostname:
        return None
    default = {"http": 80, "https": 443}[split.scheme]
    return f"{split.scheme}://{split.hostname}" + (f":{port}" if port not in (None, default) else "")


def origines(addresses: Iterable[str]) -> frozenset[str]:
    """In: the sites of the settings. Out: their origins."""
    return frozenset(found for each in addresses if (found := origine(each)))


async def partir(request: Request) -> Response:
    """Send a browser to the provider."""
    externe = externe_de(request)
    if (refus := await freine(request)) is not None:
        return refus
    retour, defi = request.query_params.get("retour", ""), request.query_params.get("defi", "")
    if origine(retour) not in externe.origines:
        return PlainTextResponse(SANS_RETOUR, 400)
    if not DEFI.fullmatch(defi):
        return PlainTextResponse(SANS_DEFI, 400)
    try:
        address, trip = await externe.provider.leave()
    except Exception as fault:
        return vers(retour, erreur=dit(fault))
    response = RedirectResponse(address, 303)
    secret = {"usage": USAGE, "trip": asdict(trip), "retour": retour, "defi": defi}
    expire = externe.clock() + DUREE_DEMANDE
    sealed = externe.cipher.seal(json.dumps({**secret, "expire_le": expire.isoformat()}))
    memoriser(response, externe, trip.etat, sealed, DUREE_DEMANDE)
    return response


async def revenir(request: Request) -> Response:
    """Send a browser that comes back from the provider where it began, with a passage or a reason."""
    externe = externe_de(request)
    if (refus := await freine(request)) is not None:
        return refus
    given = request.query_params
    etat = given.get("state", "")
    parti = parti_de(externe, request.cookies.get(biscuit(etat), ""), etat)
    if parti is None:
        return PlainTextResponse(AILLEURS, 400)
    response = vers(parti.retour, **await issue(externe, parti, given.get("code"), given.get("iss")))
    memoriser(response, externe, etat, "", timedelta(0))
    return response


async def issue(externe: Externe, parti: Parti, code: str | None, iss: str | None) -> dict[str, str]:
    """Out: the passage of who came back, or why there is none."""
    if not code or len(code) > LONGUEUR:
        return {"erreur": "CONNEXION_ABANDONNEE"}
    try:
        person = await externe.provider.come_back(code, iss, parti.trip)
    except Exception as fault:
        return {"erreur": dit(fault)}
    passage = await externe.noter(asdict(person), parti.defi, parti.trip.etat, externe.clock())
    return {"passage": passage} if passage else {"erreur": "REPONSE_REFUSEE"}


def dit(fault: Exception) -> str:
    """Out: the code of what went wrong, once it is in the log; raises what is a fault of ours."""
    from app.kit.oidc import AnswerRefused, ProviderAway

    if isinstance(fault, ProviderAway):
        LOG.warning("fournisseur d'identité indisponible : %s", fault)
        return "FOURNISSEUR_INDISPONIBLE"
    if isinstance(fault, AnswerRefused):
        LOG.warning("réponse du fournisseur d'identité refusée : %s", fault)
        return "REPONSE_REFUSEE"
    raise fault


def vers(retour: str, **said: str) -> Response:
    """Out: back to a site that we know, with what it must read behind a `#`; a sentence beside a code."""
    if "erreur" in said:
        said["message"] = DITS[said["erreur"]]
    return RedirectResponse(f"{retour}#{urlencode(said)}", 303)


async def freine(request: Request) -> Response | None:
    """Out: the refusal of who knocks too often."""
    try:
        await desk_of(request.scope).freins.passer(adresse(request.scope), PORTE)
    except Refusal as refusal:
        return PlainTextResponse(refusal.errors[0].message, refusal.status or 429, refusal.headers)
    return None


def biscuit(etat: str) -> str:
    """Out: the name of the cookie of a request: several may be on their way in one browser."""
    return f"connexion-{sha256(etat.encode()).hexdigest()[:16]}"


def memoriser(response: Response, externe: Externe, etat: str, sealed: str, duree: timedelta) -> None:
    """Set the cookie of a request, for these two paths only and no script; without a duration, forget it."""
    response.set_cookie(
        biscuit(etat),
        sealed,
        max_age=int(duree.total_seconds()),
        path=DEPART,
        secure=externe.est_protege,
        httponly=True,
        samesite="lax",
    )


def parti_de(externe: Externe, sealed: str, etat: str) -> Parti | None:
    """Out: who left with this `state`, as the cookie of this very browser remembers; None if it does not, or too late."""
    from app.kit.oidc import Trip

    try:
        said = json.loads(externe.cipher.open(sealed))
    except (SealBroken, ValueError):
        return None
    if said.get("usage") != USAGE or said["trip"]["etat"] != etat:
        return None
    if datetime.fromisoformat(said["expire_le"]) <= externe.clock():
        return None
    return Parti(Trip(**said["trip"]), said["retour"], said["defi"])


def externe_de(request: Request) -> Externe:
    """Out: what the application was opened with."""
    externe = desk_of(request.scope).externe
    assert externe is not None  # the paths are not there without it
    return externe
