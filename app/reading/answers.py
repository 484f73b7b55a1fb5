"""An answer as it leaves: bytes, and what the edge must know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError

from app.reading.errors import BAD_USER_INPUT, coded, incident


@dataclass(slots=True)
class Measured:
    """What one reading has cost, for its line of the log: sizes and times, nothing of what was read.

    objets      JSON objects in what PostgreSQL wrote (its opening braces: a text that holds one counts one more); of a long
                answer, reckoned from one byte in thirteen
    completee   the field (`Type.field`) for which graphql-core had to complete the answer
    """

    plan_trouve: bool = True
    compilation_ms: float = 0.0
    base_ms: float = 0.0
    objets: int = 0
    octets: int = 0
    completee: str | None = None


class Answer(bytes):
    """The JSON of an answer; `codes` of its errors; `refused` if nothing was executed (no `data`)."""

    codes: tuple[str, ...] = ()
    refused: bool = False
    measured: Measured | None = None


_NO_DATA: Any = object()


def answer(errors: Iterable[GraphQLError], data: Any = _NO_DATA) -> Answer:
    """Out: an answer that graphql-core or an error has made; without `data` when nothing was executed."""
    said = [error.formatted for error in errors]
    body: dict[str, Any] = {"errors": said} if said else {}
    made = Answer(orjson.dumps(body if data is _NO_DATA else {**body, "data": data}))
    made.codes = tuple(str(error.get("extensions", {}).get("code", "")) for error in said)
    made.refused = data is _NO_DATA
    return made


def extended(given: Answer, extensions: Mapping[str, Any]) -> Answer:
    """In: an answer that has data. Out: the same, with `extensions`: what is left of the bytes is not read again."""
    made = Answer(given[:-1] + b', "extensions": ' + orjson.dumps(extensions) + b"}")
    made.codes, made.measured = given.codes, given.measured
    return made


def masked(error: GraphQLError) -> GraphQLError:
    """Out: an error of a resolver as a client may see it: its own, or an incident of ours in the same place."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return coded(error, BAD_USER_INPUT)
    ours = incident(cause)
    return GraphQLError(ours.message, error.nodes, path=error.path, extensions=ours.extensions)
