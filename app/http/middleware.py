"""Around every answer: a request id, the security headers, one line in the log, and a mask on our own faults."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.reading.errors import incident

from .errors import rendered, status_of
from .logs import said
from .metrics import Counters
from .trace import Trace, begun

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
SENT = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
REQUEST_ID = b"x-request-id"
SENT_OVER_TLS = [*SENT, (b"strict-transport-security", b"max-age=31536000")]
OURS = {REQUEST_ID, *(name for name, _ in SENT_OVER_TLS)}


class Around:
    """The one middleware of the house, plain ASGI."""

    def __init__(self, app: ASGIApp, counters: Counters, routes: Iterable[BaseRoute]) -> None:
        """In: the application, what counts, and the routes, whose paths are the only ones to be written down."""
        self.app, self.counters, self.routes = app, counters, list(routes)
        paths = (str(getattr(route, "path", "?")) for route in self.routes)
        self.plain = {path for path in paths if "{" not in path}  # nothing to look up: the path is the route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace, start, status = begun(scope), time.perf_counter(), 0

        async def decorated(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = _decorated(message["headers"], trace, scope)
                message = {"type": "http.response.start", "status": status, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, decorated)
        except Exception as fault:
            if status:  # too late to say anything else: the server closes the connection
                raise
            await self.masked(fault, trace)(scope, receive, decorated)
        finally:
            self.noted(scope, trace, status, time.perf_counter() - start)

    def masked(self, fault: Exception, trace: Trace) -> Response:
        """In: a fault of ours. Out: the answer that says its number and nothing else."""
        error = incident(fault)
        trace.codes.append(code := str((error.extensions or {})["code"]))
        status, headers = status_of([code]) or (500, {})
        return Response(rendered([error]), status, headers, "application/json")

    def noted(self, scope: Scope, trace: Trace, status: int, seconds: float) -> None:
        """Write the line of the log, and count."""
        path, method = self.path(scope), scope["method"]
        self.counters.answered(path, status, trace.kind, trace.profil, seconds)
        for code in trace.codes:
            self.counters.refused(code)
        acces = {
            "methode": method if method in METHODS else "?",
            "chemin": path,
            "statut": status,
            "ms": round(seconds * 1000, 1),
            "requete": trace.request_id,
        }
        said(acces, trace)

    def path(self, scope: Scope) -> str:
        """Out: the path of the route that answers, without what fills its parameters; "?" for a path of nobody."""
        if scope["path"] in self.plain:
            return str(scope["path"])
        found = (each for each in self.routes if each.matches(scope)[0] is not Match.NONE)
        return str(getattr(next(found, None), "path", "?"))


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _decorated(
    headers: Sequence[tuple[bytes, bytes]], trace: Trace, scope: Scope
) -> list[tuple[bytes, bytes]]:
    """Out: the headers of an answer, with those that it has not set itself, and the request id."""
    ours = SENT_OVER_TLS if scope.get("scheme") == "https" else SENT
    told = (REQUEST_ID, trace.request_id.encode())
    names = {name for name, _ in headers}
    if names.isdisjoint(OURS):
        return [*headers, told, *ours]
    own = [header for header in headers if header[0] != REQUEST_ID]
    return [*own, told, *(header for header in ours if header[0] not in names)]
