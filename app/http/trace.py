"""What is known of a request while it lasts: what its line in the log and the counters are made of.

Never the text of a document, a variable, a token, a query string, an address: nothing of what people wrote.
"""

from __future__ import annotations

import os
import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from typing import cast

from starlette.types import Scope

from app.reading.answers import Measured

LOOKS_LIKE_AN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
KEY, HEADERS = "rafael.trace", "rafael.entetes"
FROM_A_PAGE = (b"origin", b"sec-fetch-site")
NUMBERS = count(1)  # an id names a request, it opens nothing: it may be counted
PROCESS = [secrets.token_hex(8)]  # what tells the requests of a worker from those of another


def _another_name() -> None:
    """A worker is a fork: it may not count under the name of its parent, as its brothers would."""
    PROCESS[0] = secrets.token_hex(8)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_another_name)


@dataclass
class Trace:
    """One request."""

    request_id: str
    operation: str | None = None  # its name, once the document is known to be valid
    kind: str | None = None  # query, mutation, subscription
    document: str | None = None  # the start of the SHA-256 of its text
    profil: str | None = None
    codes: list[str] = field(default_factory=list)  # of the errors that were answered
    lecture: Measured | None = None  # what reading the answer has cost


def begun(scope: Scope) -> Trace:
    """In: a request of ASGI. Out: its trace, with the client's id if that looks like one, else with a new one."""
    sent = header(scope, b"x-request-id") or ""
    request_id = sent if LOOKS_LIKE_AN_ID.fullmatch(sent) else f"{PROCESS[0]}{next(NUMBERS):016x}"
    trace = Trace(request_id)
    scope[KEY] = trace
    REQUEST_ID.set(request_id)
    return trace


def header(scope: Scope, name: bytes) -> str | None:
    """In: a request of ASGI, a name in lower case. Out: that header; sent several times, its lines joined by commas."""
    value = headers(scope).get(name)
    return None if value is None else value.decode("latin-1")


def headers(scope: Scope) -> dict[bytes, bytes]:
    """Out: the headers of a request by their name: looked through once, they are asked for many times."""
    known: dict[bytes, bytes] | None = scope.get(HEADERS)
    if known is None:
        known = scope[HEADERS] = dict(scope["headers"])
        if len(known) < len(scope["headers"]):
            for name in known:
                known[name] = b",".join(value for each, value in scope["headers"] if each == name)
    return known


def trace_of(scope: Scope) -> Trace:
    """Out: the trace of a request that went through the middleware."""
    return cast("Trace", scope[KEY])


def from_a_page(scope: Scope) -> bool:
    """True if a browser says that a page sends this request; no program that speaks for itself has these headers."""
    return not headers(scope).keys().isdisjoint(FROM_A_PAGE)
