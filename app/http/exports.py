"""Files to download. Each is made of requests that anybody could send: rights are those of the API, at both doors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app.exports import agenda, listes, membres
from app.exports.tableur import MARQUE, MEDIA_TYPE, csv_lignes

from .desk import Desk, desk_of
from .errors import Refusal
from .trace import from_a_page, trace_of
from .viewer import Asking

STATUSES = {"NON_TROUVE": 404, "INTERDIT": 403}
LARGEST = 200  # pages of a hundred


def routes() -> list[BaseRoute]:
    """Out: the paths of the files."""
    return [
        Route("/exports/membres.csv", exporter_membres),
        Route("/exports/convocations.ics", exporter_convocations),
        *[Route(f"/exports/{nom}.csv", exporter_liste) for nom in listes.TABLES],
    ]


async def exporter_membres(request: Request) -> Response:
    """Answer `?structure=…`: the members of a structure (R-030). The journal keeps that it was asked."""
    desk, structure = desk_of(request.scope), request.query_params.get("structure", "")
    try:
        viewer = await desk.doorkeeper.viewer(
            request.headers.get("authorization"), from_a_page=from_a_page(request.scope)
        )
    except Refusal as refusal:
        return PlainTextResponse(refusal.errors[0].message, refusal.status or 401, refusal.headers)
    trace_of(request.scope).profil = viewer.profil
    noted = await asked(desk, viewer, membres.NOTER, structure=structure)
    payload = noted and noted["exporterMembres"]
    if not payload:
        return PlainTextResponse("Indiquez la structure : ?structure=… (son identifiant).", 400)
    for empechement in payload["empechements"]:
        return PlainTextResponse(empechement["message"], STATUSES.get(empechement["code"], 409))
    found = membres.tableau(await every(desk, viewer, structure))
    return attached(found, f"membres-{payload['structure']['siret']}.csv")


async def every(desk: Desk, viewer: Asking, structure: str) -> list[dict[str, Any]]:
    """Out: the members, page after page."""
    rows: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(LARGEST):
        answer = await asked(desk, viewer, membres.PAGE, structure=structure, apres=after)
        if not answer:
            raise RuntimeError("la liste des membres n'a pas répondu")
        page = answer["affiliations"]
        rows += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return rows


async def exporter_liste(request: Request) -> Response:
    """Answer `?filtre={…}`, the filter of the list in the API (R-153), as it is read: nothing is held in memory."""
    nom = request.url.path.rpartition("/")[2].removesuffix(".csv")
    liste, table = listes.TABLES[nom]
    pages = await opened(request, liste.name, table.document)
    if isinstance(pages, Response):
        return pages

    async def lignes() -> AsyncIterator[bytes]:
        yield MARQUE + csv_lignes([table.entetes])
        async for nodes in pages:
            yield csv_lignes(map(table.cellules, nodes))

    return StreamingResponse(lignes(), headers=disposition(f"{nom}.csv"), media_type=MEDIA_TYPE)


async def exporter_convocations(request: Request) -> Response:
    """Answer `?filtre={…}`: the convocations of these candidatures, for a calendar."""
    pages = await opened(request, "CONVOCATIONS", agenda.PAGE)
    if isinstance(pages, Response):
        return pages
    candidatures = [node async for nodes in pages for node in nodes]
    return Response(
        agenda.calendrier(candidatures),
        headers=disposition("convocations.ics"),
        media_type=agenda.MEDIA_TYPE,
    )


Pages = AsyncIterator[list[dict[str, Any]]]


async def opened(request: Request, liste: str, document: str) -> Pages | Response:
    """Out: the pages of a list, the first one already read; or what refuses them. The journal keeps that it left."""
    desk = desk_of(request.scope)
    try:
        viewer = await desk.doorkeeper.viewer(request.headers.get("authorization"))
        le = desk.moment(request.headers.get("x-horloge"))
    except Refusal as refusal:
        return PlainTextResponse(refusal.errors[0].message, refusal.status or 401, refusal.headers)
    trace_of(request.scope).profil = viewer.profil
    filtre = filtre_of(request.query_params.get("filtre"))
    if filtre is None:
        return PlainTextResponse("« filtre » attend un objet JSON : celui de la liste dans l'API.", 400)
    first = await said(desk, viewer, document, {"filtre": filtre}, le)
    if first.get("errors"):
        return PlainTextResponse(first["errors"][0]["message"], 400)
    noted = await said(desk, viewer, listes.NOTER, {"liste": liste}, le)
    for empechement in noted["data"]["exporterListe"]["empechements"]:
        return PlainTextResponse(empechement["message"], STATUSES.get(empechement["code"], 409))
    return pages_of(desk, viewer, document, filtre, first["data"]["page"], le)


async def pages_of(
    desk: Desk, viewer: Asking, document: str, filtre: Mapping[str, Any], page: Any, le: datetime
) -> Pages:
    """Out: the rows of a list, page after page, from the first."""
    while True:
        yield page["nodes"]
        if "pageInfo" not in page or not page["pageInfo"]["hasNextPage"]:  # some lists come whole
            return
        variables = {"filtre": filtre, "apres": page["pageInfo"]["endCursor"]}
        page = (await said(desk, viewer, document, variables, le))["data"]["page"]


def filtre_of(given: str | None) -> dict[str, Any] | None:
    """In: the parameter. Out: the filter; None if it is no object of JSON."""
    try:
        found = orjson.loads(given or "{}")
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


async def said(
    desk: Desk, viewer: Asking, document: str, variables: Mapping[str, Any], le: datetime
) -> dict[str, Any]:
    """Out: an answer, its errors included."""
    answer = await desk.executor.execute(viewer, document, variables, None, le)
    found: dict[str, Any] = orjson.loads(bytes(answer))
    return found


async def asked(desk: Desk, viewer: Asking, document: str, **variables: Any) -> dict[str, Any] | None:
    """Out: the data of an answer, None where it holds an error."""
    said = await desk.executor.execute(viewer, document, variables, None, desk.clock())
    answer = orjson.loads(bytes(said))
    return None if answer.get("errors") else answer["data"]


def attached(content: bytes, name: str) -> Response:
    """Out: the file, to be saved."""
    return Response(content, headers=disposition(name), media_type=MEDIA_TYPE)


def disposition(name: str) -> dict[str, str]:
    """Out: the header that has a file saved under this name."""
    return {"content-disposition": f'attachment; filename="{name}"'}
