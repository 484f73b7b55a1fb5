"""What is said to a client when an answer cannot be given: Apollo's codes, and our own faults masked."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError

from app.domain.textes import ressemble_a_un_nir
from app.kit.database import is_away, is_held

LOG = logging.getLogger("rafael.reading")

BAD_USER_INPUT = "BAD_USER_INPUT"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
WHICH_OPERATION = "OPERATION_RESOLUTION_FAILURE"
INTERNAL = "INTERNAL_SERVER_ERROR"
SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
QUERY_TIMEOUT = "QUERY_TIMEOUT"
TOO_COMPLEX = "QUERY_TOO_COMPLEX"  # said in `extensions.limit`; the code stays BAD_USER_INPUT
AWAY = (
    "La base de données ne répond pas : réessayez dans quelques secondes. "
    "Si vous veniez d'agir, regardez d'abord si l'acte a eu lieu."
)

HELD = "Ces données sont en train d'être modifiées ailleurs : rien n'est changé, réessayez dans quelques secondes."


class Refused(Exception):
    """A request that is refused before anything is read, with all its errors."""

    def __init__(self, errors: Iterable[GraphQLError], code: str) -> None:
        """In: the errors, and the code of those that have none."""
        self.errors = [coded(error, code) for error in errors]
        super().__init__(self.errors)


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """Out: the error, bearing this code unless it has one already.

    graphql-core quotes the value that it refuses: not where that may be a social security number (R-116).
    """
    if ressemble_a_un_nir(error.message):
        error.message = "Une valeur de cette requête n'a pas la forme attendue."
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def bad_input(message: str, **more: Any) -> GraphQLError:
    """An error of the client. `more` goes into its extensions."""
    return GraphQLError(message, extensions={"code": BAD_USER_INPUT, **more})


def too_complex(what: str, limit: int, found: int) -> GraphQLError:
    """A request that would cost too much, refused before it runs."""
    message = f"Cette requête est trop grande : {what}, {found} pour {limit} au plus."
    return bad_input(message, limit={"name": TOO_COMPLEX, "max": limit, "found": found})


def timed_out() -> GraphQLError:
    """PostgreSQL stopped the statement: it took longer than a reading may."""
    return GraphQLError(
        "Cette requête prend trop de temps : demandez moins de lignes ou moins de champs.",
        extensions={"code": QUERY_TIMEOUT},
    )


def incident(error: BaseException) -> GraphQLError:
    """Our own fault: logged once under a number, and masked; the client may quote the number.

    A base that is away, or a row that somebody else holds, is no fault of the request: it may come again.
    """
    number = uuid.uuid4().hex[:8]
    LOG.error("incident %s", number, exc_info=error)
    message = AWAY if is_away(error) else HELD if is_held(error) else None
    code = SERVICE_UNAVAILABLE if message else INTERNAL
    ours = f"Incident {number} : l'erreur vient de nous, elle est notée sous ce numéro."
    return GraphQLError(message or ours, extensions={"code": code, "incident": number})
