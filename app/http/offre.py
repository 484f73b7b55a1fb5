"""The offer to download, for the programs of partners (R-193): `GET /exports/lheo.xml`, whole or what changed."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app.domain.empechements import Interdit
from app.exports.lheo.fichier import Demande, Version, flux_de, moment
from app.exports.tableur import MEDIA_TYPE as CSV
from app.exports.tableur import csv_bytes

from .desk import desk_of
from .errors import Refusal
from .trace import from_a_page, trace_of

MEDIA_TYPE = "application/xml; charset=utf-8"
GZIP, NIVEAU = 31, 4  # zlib's own words for a gzip envelope without a date; quick rather than small
PLUS_LONG = 15 * 60  # seconds: a client that reads more slowly holds a state of the base for nothing
ATTENDRE = "60"


def routes() -> list[BaseRoute]:
    """Out: the path of the offer."""
    return [
        Route("/exports/lheo.xml", exporter_lheo, methods=["GET"]),
        Route("/exports/modele-sessions.csv", modele_sessions, methods=["GET"]),
    ]


async def modele_sessions(request: Request) -> Response:
    """Answer the table that `importerSessions` reads, empty (R-219)."""
    from app.imports.sessions import ENTETES  # what reads files is brought in by who brings one

    headers = {"content-disposition": 'attachment; filename="modele-sessions.csv"'}
    return Response(csv_bytes(ENTETES, []), headers=headers, media_type=CSV)


async def exporter_lheo(request: Request) -> Response:
    """Answer `?depuis=…&flux=tout|kairos|apprentissage`; 304 where the client has this very file already."""
    desk = desk_of(request.scope)
    assert desk.exporteur is not None
    try:
        viewer = await desk.doorkeeper.viewer(
            request.headers.get("authorization"), from_a_page=from_a_page(request.scope)
        )
    except Refusal as refusal:
        return PlainTextResponse(refusal.errors[0].message, refusal.status or 401, refusal.headers)
    trace_of(request.scope).profil = viewer.profil
    try:
        demande = demandee(request)
    except ValueError as absurde:
        return PlainTextResponse(f"{str(absurde)[0].upper()}{str(absurde)[1:]}.", 400)
    if desk.exporteur.places.locked():
        return PlainTextResponse(
            "Deux fichiers s'écrivent déjà : redemandez dans une minute.", 503, {"retry-after": ATTENDRE}
        )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(desk.exporteur.places)
        le = desk.clock()
        fichier = await stack.enter_async_context(desk.exporteur.ouvrir(viewer, le, demande))
        if not fichier.permis:
            return PlainTextResponse(Interdit().message, 403)
        version = await fichier.version()
        headers = entetes(version, demande)
        if deja_lu(request, version, le):
            return Response(status_code=304, headers=headers)
        if request.method == "HEAD":
            return Response(headers=headers, media_type=MEDIA_TYPE)
        morceaux = fichier.morceaux()
        premier = await anext(morceaux, None)
        if premier is None:
            return Response(status_code=204, headers=headers)
        return envoi(request, headers, suite(premier, morceaux, stack.pop_all()))
    raise AssertionError("unreachable")


def demandee(request: Request) -> Demande:
    """Out: what the address asks for. Raises ValueError."""
    given = request.query_params
    depuis = given.get("depuis")
    return Demande(flux_de(given.get("flux", "tout")), moment(depuis.replace(" ", "+")) if depuis else None)


def entetes(version: Version, demande: Demande) -> dict[str, str]:
    """Out: what tells this file from another, and how it is saved."""
    said = {
        "etag": f'W/"{version.etiquette}"',
        "cache-control": "private, no-cache",
        "vary": "authorization, accept-encoding",
        "content-disposition": f'attachment; filename="lheo-{demande.flux.value}.xml"',
    }
    if version.acquise_le is not None:
        said["last-modified"] = format_datetime(version.acquise_le.astimezone(UTC), usegmt=True)
    return said


def deja_lu(request: Request, version: Version, le: datetime) -> bool:
    """Out: True where the client says it has this file: by its tag or, without one, by its date (RFC 9110, 13.2.2).

    A date to come says nothing: a client that runs fast would never hear of a change.
    """
    tags = request.headers.get("if-none-match")
    if tags is not None:
        said = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
        return bool(said & {"*", version.etiquette})
    since = request.headers.get("if-modified-since")
    changed = version.modifiee_le
    return since is not None and changed is not None and _not_since(since, changed, le)


def _not_since(said: str, changed: datetime, le: datetime) -> bool:
    try:
        since = parsedate_to_datetime(said)
    except ValueError:
        return False
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    return changed.replace(microsecond=0) <= since <= le


def envoi(request: Request, headers: dict[str, str], morceaux: AsyncIterator[bytes]) -> Response:
    """Out: the file, compressed where the client takes it so."""
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        headers = headers | {"content-encoding": "gzip"}
        morceaux = compresses(morceaux)
    return StreamingResponse(morceaux, headers=headers, media_type=MEDIA_TYPE)


def accepts_gzip(said: str) -> bool:
    """In: Accept-Encoding. Out: whether gzip is taken."""
    for each in said.lower().split(","):
        name, _, more = each.partition(";")
        if name.strip() in ("gzip", "*"):
            return more.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def compresses(morceaux: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Out: the same, as gzip."""
    machine = zlib.compressobj(NIVEAU, zlib.DEFLATED, GZIP)
    async for morceau in morceaux:
        if made := await asyncio.to_thread(machine.compress, morceau):
            yield made
    yield machine.flush()


async def suite(premier: bytes, morceaux: AsyncIterator[bytes], held: AsyncExitStack) -> AsyncIterator[bytes]:
    """Out: the file, piece by piece; the state of the base is let go at its end, or when the client leaves."""
    async with held, asyncio.timeout(PLUS_LONG):
        yield premier
        async for morceau in morceaux:
            yield morceau
