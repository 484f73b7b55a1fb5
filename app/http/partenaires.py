"""What partners answer, by a signed POST: the same act as « repondreEchange », for those who do not speak GraphQL.

Two proofs: the key of the partner's program (Authorization), and its signature of these very bytes, of these minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.kit.signature import HEADER, est_signe

from .body import Patience, body_of, object_of
from .desk import desk_of
from .errors import Refusal, malformed, rendered
from .trace import from_a_page, trace_of

CHEMIN = "/partenaires/reponses"
VERSION = 1
PATIENCE = Patience()
REPONDRE = """mutation($entree: RepondreEchangeInput!) { repondreEchange(entree: $entree) {
  echange { cle etat } empechements { code message regle chemin } } }"""
STATUTS = {"NON_TROUVE": 404, "INTERDIT": 403, "ETAT_INCOMPATIBLE": 409}


def routes() -> list[BaseRoute]:
    """Out: the path of the answers."""
    return [Route(CHEMIN, repondre, methods=["POST"])]


async def repondre(request: Request) -> Response:
    """Answer a partner's answer: 200 when it is kept (again, if it comes twice), or every reason why it is not."""
    try:
        return await _repondre(request)
    except Refusal as refusal:
        content = rendered(refusal.errors)
        return Response(content, refusal.status or 400, refusal.headers, "application/json")


async def _repondre(request: Request) -> Response:
    desk = desk_of(request.scope)
    corps = await body_of(request.scope, request.receive, PATIENCE)
    viewer = await desk.doorkeeper.viewer(
        request.headers.get("authorization"), from_a_page=from_a_page(request.scope)
    )
    trace_of(request.scope).profil = viewer.profil
    secret = desk.secrets.get(viewer.profil)
    maintenant = int(desk.machine().timestamp())
    if secret is None or not est_signe(secret, corps, request.headers.get(HEADER), maintenant):
        raise malformed("Ce message n'est pas signé par le partenaire dont c'est la clé.", 403)
    said = await desk.executor.execute(
        viewer, REPONDRE, {"entree": entree(object_of(corps))}, None, desk.clock()
    )
    answer = orjson.loads(bytes(said))
    if "errors" in answer:
        raise malformed(" ; ".join(error["message"] for error in answer["errors"]))
    payload = answer["data"]["repondreEchange"]
    codes = [empechement["code"] for empechement in payload["empechements"]]
    return JSONResponse(payload, STATUTS.get(codes[0], 422) if codes else 200)


def entree(given: Mapping[str, Any]) -> dict[str, Any]:
    """In: the message as docs/echanges.md writes it. Out: the input of the act. Raises `Refusal` 400."""
    if given.get("version") != VERSION:
        raise malformed(f"Cette version de message n'est pas connue : « version » doit être {VERSION}.")
    said = {nom: given[nom] for nom in ("cle", "message") if nom in given}
    for nom in ("resultat", "motif"):
        if isinstance(mot := given.get(nom), str):
            said[nom] = mot.upper()
    champs = given.get("champs") or []
    if not isinstance(champs, list) or not all(isinstance(mot, str) for mot in champs):
        raise malformed("« champs » doit être une liste de mots.")
    return said | {"champs": [mot.upper() for mot in champs]}
