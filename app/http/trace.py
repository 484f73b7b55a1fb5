"""What is known of a request while it lasts: what its line in the log and the counters are made of.

Never the text of a document, a variable, a token, a query string, an address: nothing of what people wrote.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import cast

from starlette.types import Scope

LOOKS_LIKE_AN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
KEY = "rafael.trace"


@dataclass
class Trace:
    """One request."""

    request_id: str
    operation: str | None = None  # its name, once the document is known to be valid
    kind: str | None = None  # query, mutation, subscription
    document: str | None = None  # the start of the SHA-256 of its text
    profil: str | None = None
    codes: list[str] = field(default_factory=list)  # of the errors that were answered


def begun(scope: Scope) -> Trace:
    """In: a request of ASGI. Out: its trace, with the client's id if that looks like one, else with a new one."""
    sent = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    request_id = sent if LOOKS_LIKE_AN_ID.fullmatch(sent) else secrets.token_hex(16)
    trace = Trace(request_id)
    scope[KEY] = trace
    REQUEST_ID.set(request_id)
    return trace


def trace_of(scope: Scope) -> Trace:
    """Out: the trace of a request that went through the middleware."""
    return cast("Trace", scope[KEY])
