"""The endpoint: one JSON object in, one JSON object out, by POST only.

A body that is not a GraphQL request is answered 4xx whatever the media type. A request error of GraphQL (it does not
parse, validate, coerce, or passes a limit) is answered without `data`: 400 with application/graphql-response+json, 200
with application/json. An answer with `data` is 200. A dead token is 401 with both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from graphql import OperationType
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from app.policies.viewer import ANONYME
from app.reading.reader import Answer

from .body import Params, body_of, params_of
from .desk import Desk, desk_of
from .errors import Refusal, malformed, rendered, status_of
from .negotiation import JSON, OFFERED, RESPONSE, accepted, check_content
from .patience import Patience
from .portes import adresse
from .trace import Trace, from_a_page, header, trace_of
from .viewer import Asking

HORLOGE = b"x-horloge"  # what time it is, on a base of demonstration only
DOCUMENT = 16  # characters of a fingerprint in the log


TYPED = {media: (b"content-type", f"{media}; charset=utf-8".encode()) for media in OFFERED}
"""JSON is UTF-8, and says so for those who doubt it."""


@dataclass(slots=True)
class Reply:
    """What is sent back: a status, a media type, a body, and what a refusal has to say in headers."""

    status: int
    media: str
    body: bytes
    more: Mapping[str, str] | None = None

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Out: the headers, as ASGI sends them."""
        own = [(b"content-length", b"%d" % len(self.body)), TYPED[self.media]]
        more = self.more or {}
        return own + [(name.encode(), value.encode("latin-1")) for name, value in more.items()]


class Endpoint:
    """Answers /graphql; a plain ASGI application."""

    def __init__(self) -> None:
        """Wait for nobody yet."""
        self.patience = Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            reply = await self.reply(scope, receive)
        except ClientDisconnect:
            return
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers()})
        await send({"type": "http.response.body", "body": reply.body})

    async def reply(self, scope: Scope, receive: Receive) -> Reply:
        """Out: the answer, refusals included."""
        trace, media = trace_of(scope), JSON
        try:
            if scope["method"] != "POST":
                raise malformed("Seule la méthode POST répond ici.", 405, {"allow": "POST"})
            media = accepted(header(scope, b"accept"))
            check_content(header(scope, b"content-type"), header(scope, b"content-encoding"))
            params = params_of(await body_of(scope, receive, self.patience))
            desk = desk_of(scope)
            viewer = await desk.doorkeeper.viewer(
                header(scope, b"authorization"), from_a_page=from_a_page(scope)
            )
            trace.profil = viewer.profil
            moment = desk.moment(header(scope, HORLOGE))
            answer = await self.answer(desk, viewer, params, trace, moment, scope)
            return answered(answer, media, trace)
        except Refusal as refusal:
            return refused(refusal, media, trace)

    async def answer(
        self, desk: Desk, viewer: Asking, params: Params, trace: Trace, moment: datetime, scope: Scope
    ) -> Answer:
        """Out: the answer; raises `Refusal` before anything runs."""
        stranger = viewer.profil == ANONYME
        text = desk.documents.text(params.query, params.empreinte)
        admitted = desk.documents.admit(text, stranger=stranger)
        desk.documents.name(text, params.empreinte)
        operation = desk.documents.chosen(admitted, params.operation_name, params.variables)
        trace.document = admitted.document.digest.hex()[:DOCUMENT]
        trace.kind = operation.kind.value
        trace.operation = operation.name and operation.name[:80]
        given = viewer, text, params.variables, params.operation_name, moment
        if operation.kind is OperationType.QUERY and not stranger:
            return await desk.executor.execute(*given, instruction=params.instruction)
        asked, depuis = admitted.demandees(operation), adresse(scope)
        if stranger:
            desk.freins.lire(depuis, asked.total())
        if operation.kind is OperationType.MUTATION:
            await desk.freins.passer(depuis, asked)
        with desk.freins.hacher(asked):
            return await desk.executor.execute(*given, prouve=partial(desk.freins.prouve, depuis))


def refused(refusal: Refusal, media: str, trace: Trace) -> Reply:
    """In: a refusal and the media type of the answer. Out: the answer."""
    trace.codes += [str((error.extensions or {}).get("code")) for error in refusal.errors]
    status = refusal.status or (400 if media == RESPONSE else 200)
    return Reply(status, media, rendered(refusal.errors), refusal.headers)


def answered(answer: Answer, media: str, trace: Trace) -> Reply:
    """In: an answer. Out: the reply, with the status that its media type wants."""
    trace.codes += answer.codes
    trace.lecture = answer.measured
    if not answer.refused:
        return Reply(200, media, answer)
    status, headers = status_of(answer.codes) or (400 if media == RESPONSE else 200, {})
    return Reply(status, media, answer, headers)
