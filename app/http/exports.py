"""Files to download. Each is made of requests that anybody could send: rights are those of the API, at both doors."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.exports import membres
from app.exports.tableur import MEDIA_TYPE

from .desk import Desk, desk_of
from .errors import Refusal
from .trace import from_a_page, trace_of
from .viewer import Asking

STATUSES = {"NON_TROUVE": 404, "INTERDIT": 403}
LARGEST = 200  # pages of a hundred


def routes() -> list[BaseRoute]:
    """Out: the paths of the files."""
    return [Route("/exports/membres.csv", exporter_membres)]


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


async def asked(desk: Desk, viewer: Asking, document: str, **variables: Any) -> dict[str, Any] | None:
    """Out: the data of an answer, None where it holds an error."""
    said = await desk.executor.execute(viewer, document, variables, None, desk.clock())
    answer = orjson.loads(bytes(said))
    return None if answer.get("errors") else answer["data"]


def attached(content: bytes, name: str) -> Response:
    """Out: the file, to be saved."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=MEDIA_TYPE)
