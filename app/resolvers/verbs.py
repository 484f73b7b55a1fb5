"""One rhythm for every act: decide and write in one transaction, then answer through the reading door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import strawberry
from sqlalchemy.exc import DBAPIError

from app.domain.empechements import Empeche, NonTrouve
from app.policies.viewer import Anonymous, Viewer
from app.reading.completion import Completion
from app.reading.formats import decode_id
from app.schema.empechements import Empechement
from app.writing import Writer, Writing

F = TypeVar("F", bound=Callable[..., Any])
Written = Mapping[Any, Any]  # the key, or the keys, of what was written, by model
Acte = Callable[[Writing], Awaitable[Written]]

ESSAIS = 5
A_REPRENDRE = {"40001", "40P01"}  # serialization failure, deadlock: nobody's fault, done again whole


@dataclass
class Context:
    """What a resolver finds as `info.context`; the reader of the request is set on it by the reading door."""

    viewer: Viewer | Anonymous
    moment: datetime
    writer: Writer
    reader: Completion | None = None


Info = strawberry.Info[Context, None]


def verbe(description: str) -> Callable[[F], Any]:
    """An act of the API: a mutation field, with its French description."""

    def decorate(resolver: F) -> Any:
        return strawberry.mutation(resolver, description=description)

    return decorate


async def faire(info: Info, acte: Acte, **options: Any) -> Any:
    """Run an act. Out: the payload: the rows written, read again through the policy, or what stopped the act.

    A deadlock or a serialization failure runs the act again, whole: it is a function of the rows that it takes.
    """
    for essai in range(1, ESSAIS + 1):
        try:
            return await _une_fois(info, acte, options)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in A_REPRENDRE or essai == ESSAIS:
                raise
    raise AssertionError("unreachable")


async def _une_fois(info: Info, acte: Acte, options: Mapping[str, Any]) -> Any:
    context = info.context
    try:
        async with context.writer.writing(context.viewer, context.moment, **options) as tx:
            written = await acte(tx)
    except Empeche as refus:
        return await repondre(info, {}, empechements=[Empechement.of(e) for e in refus.empechements])
    return await repondre(info, written, empechements=[])


async def repondre(info: Info, written: Written, **faits: Any) -> Any:
    """After the commit. Out: the payload, its rows read by one statement."""
    reader = info.context.reader
    assert reader is not None  # set by the reading door before any resolver runs
    return await reader.answer(info, written, **faits)


def cle(id: strawberry.ID, type_name: str) -> int:
    """In: an identifier, and the type it must be of. Out: its key. Another type is what does not exist."""
    name, key = decode_id(id)
    if name != type_name or key >= 2**31:
        raise Empeche([NonTrouve()])
    return key
