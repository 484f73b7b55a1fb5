"""One rhythm for every act: decide and write in one transaction, then answer through the reading door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError

from app.domain.empechements import Empeche, NonTrouve
from app.domain.lots import IncidentInterne, ValeurIllisible
from app.kit.cipher import Cipher
from app.kit.clock import Clock, system
from app.kit.settings import NOUVELLE_AQUITAINE
from app.kit.trousseau import Trousseau
from app.policies.viewer import Anonymous, Asker, Viewer
from app.reading.completion import Completion
from app.reading.errors import incident
from app.reading.formats import decode_id
from app.schema.empechements import Empechement
from app.writing import DatabaseError, Writer, Writing

F = TypeVar("F", bound=Callable[..., Any])
Written = Mapping[Any, Any]  # the key, or the keys, of what was written, by model
Acte = Callable[[Writing], Awaitable[Written]]

ESSAIS = 5
A_REPRENDRE = {"40001", "40P01"}  # serialization failure, deadlock: nobody's fault, done again whole


async def nobody_counts(juste: bool) -> None:
    """Where there is no edge, no address waits."""


@dataclass
class Context:
    """What a resolver finds as `info.context`; the reader of the request is set on it by the reading door.

    departements   of the catalogue (R-244)
    prouve         is told whether a proof (a password, a code) was right: an address that fails too often waits
    refus_session_complete   does the avis that fills a session refuse what still waits on it (C-10)?
    """

    viewer: Viewer | Anonymous
    moment: datetime
    writer: Writer
    cipher: Cipher
    reader: Completion | None = None
    machine: Clock = field(default_factory=system)  # telephones' time, whatever a demonstration's is
    departements: tuple[str, ...] = NOUVELLE_AQUITAINE
    prouve: Callable[[bool], Awaitable[None]] = nobody_counts
    trousseau: Trousseau | None = None  # None: no NIR is collected here
    refus_session_complete: bool = False


Info = strawberry.Info[Context, None]


class EmpecheEtNote(Empeche):
    """An act did not take place, and what it wrote until then stays: a failure that must be counted."""


def verbe(description: str) -> Callable[[F], Any]:
    """An act of the API: a mutation field, with its French description."""

    def decorate(resolver: F) -> Any:
        return strawberry.mutation(resolver, description=description)

    return decorate


def question(description: str) -> Callable[[F], Any]:
    """A question of the API that no table answers: a query field, with its French description."""

    def decorate(resolver: F) -> Any:
        return strawberry.field(resolver, description=description)

    return decorate


async def faire(
    info: Info,
    acte: Acte,
    *,
    par: Asker | None = None,
    faits: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Run an act. Out: the payload: the rows written, read again through the policy, or what stopped the act.

    `par`: who acts, if it is not who asks: a link sent by e-mail stands for its account, as a password does.
    `faits`: the plain fields of the payload, that an act which takes place fills; they are null otherwise.
    A deadlock or a serialization failure runs the act again, whole: it is a function of the rows that it takes.
    """
    written, refus = await tenter(info, acte, par=par, **options)
    if refus:
        return await repondre(info, {}, **dict.fromkeys(faits or {}), empechements=refus)
    return await repondre(info, written, **(faits or {}), empechements=[])


async def tenter(
    info: Info, acte: Acte, *, par: Asker | None = None, **options: Any
) -> tuple[Written, list[Empechement]]:
    """Run an act, again where the database asks for it. Out: what was written, and what stopped it; nothing is read."""
    for essai in range(1, ESSAIS + 1):
        try:
            return await _une_fois(info, acte, par or info.context.viewer, options)
        except DatabaseError as error:
            if error.sqlstate not in A_REPRENDRE or essai == ESSAIS:
                raise
    raise AssertionError("unreachable")


async def isole(info: Info, acte: Acte) -> tuple[Written, list[Empechement]]:
    """Run an act whose fault, ours or the client's, must not take the answers of the others away."""
    try:
        return await tenter(info, acte)
    except GraphQLError as illisible:
        return {}, [Empechement.of(ValeurIllisible(raison=illisible.message.rstrip(".")))]
    except Exception as fault:
        numero = (incident(fault).extensions or {})["incident"]
        return {}, [Empechement.of(IncidentInterne(incident=numero))]


async def _une_fois(
    info: Info, acte: Acte, par: Asker, options: Mapping[str, Any]
) -> tuple[Written, list[Empechement]]:
    try:
        async with info.context.writer.writing(par, info.context.moment, **options) as tx:
            written, refus = await _ou_note(acte, tx)
    except Empeche as empeche:
        refus = empeche
    return ({}, [Empechement.of(e) for e in refus.empechements]) if refus else (written, [])


async def _ou_note(acte: Acte, tx: Writing) -> tuple[Written, Empeche | None]:
    """Out: what an act wrote; or why it did not take place, where something must stay all the same."""
    try:
        return await acte(tx), None
    except EmpecheEtNote as refus:
        return {}, refus


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
