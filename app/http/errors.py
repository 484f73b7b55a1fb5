"""What the edge says when it refuses: one of Apollo's words in `extensions.code`, French in `message`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from graphql import GraphQLError

from app.reading.errors import INTERNAL, SERVICE_UNAVAILABLE

BAD_REQUEST = "BAD_REQUEST"
FORBIDDEN = "FORBIDDEN"
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
UNAUTHENTICATED = "UNAUTHENTICATED"


class Refusal(Exception):
    """A request that goes no further: its errors, and the HTTP status where the media type lets it be said.

    A `status` counts for both media types; None is "a request error of GraphQL": 400 with
    application/graphql-response+json, 200 with application/json (GraphQL over HTTP, section 6.4).
    """

    def __init__(
        self,
        errors: Iterable[GraphQLError],
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """In: the errors, each with its code; the status; more headers of the response."""
        self.errors = list(errors)
        self.status = status
        self.headers = dict(headers or {})
        super().__init__([error.message for error in self.errors])


def said(message: str, code: str, **extensions: Any) -> GraphQLError:
    """In: a French message, a code, and more extensions. Out: the error that says them."""
    return GraphQLError(message, extensions={"code": code, **extensions})


def malformed(message: str, status: int = 400, headers: Mapping[str, str] | None = None) -> Refusal:
    """Out: the refusal of a request that is not even a GraphQL request."""
    return Refusal([said(message, BAD_REQUEST)], status, headers)


def rendered(errors: Iterable[GraphQLError]) -> bytes:
    """Out: the JSON of an answer that has errors and no `data`."""
    return orjson.dumps({"errors": [error.formatted for error in errors]})


RETRY = {"retry-after": "2"}  # seconds: what a base takes to be there again, at best


def status_of(codes: Iterable[str]) -> tuple[int, dict[str, str]] | None:
    """In: the codes of an answer that nothing was executed for. Out: the status, and headers, of a fault that is ours."""
    said_ = set(codes)
    if SERVICE_UNAVAILABLE in said_:
        return 503, RETRY
    return (500, {}) if INTERNAL in said_ else None
