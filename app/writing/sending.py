"""What a transaction writes: new rows, changes, what leaves, and the lines of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app import models as m
from app.domain.empechements import Empeche, Interdit, NonTrouve
from app.kit.conditions import Condition

from . import writes as w
from .questions import CLE, CLES
from .shapes import Shape, Values
from .statements import Statement
from .unit import Change, Held, Unit, in_groups, leaving


class Sending:
    """Writes the rows of a transaction."""

    def __init__(self, connection: Any, unit: Unit, maintenant: datetime) -> None:
        """In: a connection in its transaction, the rows in hand, and the moment."""
        self.connection, self.unit, self.maintenant = connection, unit, maintenant

    async def pending(self, *facts: Values) -> list[int]:
        """Write what is pending: new rows first, then changes, then what leaves; then these facts. Out: their keys.

        Raises UndecidedWrite, before anything is written, for a row that nothing decided on.
        """
        new, changes, gone = self.unit.pending()
        for shape, given, alike in in_groups(new):
            await self._insert(shape, given, alike)
        told: list[int] = []
        for change in changes[:-1]:
            await self._update(change)
        if changes:
            with_it = facts[0] if facts and not gone else None  # the journal then costs no round trip
            told += await self._update(changes[-1], with_it)
        for shape, leavers in leaving(gone):
            await self._delete(shape, leavers)
        for fact in facts[len(told) :]:
            [record] = await self._fetch(w.inserting(m.Fait, tuple(fact)), w.bound(fact))
            told.append(record[0])
        return told

    async def create(self, rows: Sequence[m.Base], condition: Condition, given: Values) -> None:
        """Write new rows of one model, each decided as it is written. Raises Empeche(INTERDIT)."""
        new = [self.unit.enter(row) for row in rows]
        for held in new:
            self.unit.decide(held)
        for shape, columns, alike in in_groups(new):
            statement = w.creating(shape.model, columns, condition)
            sent = [statement.values({**given, **w.bound(values)}) for _, values in alike]
            await self._inserted(statement, sent, [held for held, _ in alike])

    async def _insert(self, shape: Shape, given: tuple[str, ...], alike: list[tuple[Held, Values]]) -> None:
        statement = w.inserting(shape.model, given)
        sent = [statement.values(w.bound(values)) for _, values in alike]
        await self._inserted(statement, sent, [held for held, _ in alike])

    async def _inserted(self, statement: Statement, sent: list[list[Any]], new: list[Held]) -> None:
        """Write rows, and take what the base says of each; what follows its columns is whether it may be there."""
        if len(sent) == 1:
            records = await self.connection.fetch(statement.sql, *sent[0])
        else:
            records = await self.connection.fetchmany(statement.sql, sent)
        for held, record in zip(new, records, strict=True):
            if not all(record[len(held.shape.keys) :]):
                raise Empeche([Interdit()])
            self.unit.written(held, record)

    async def _update(self, change: Change, fact: Values | None = None) -> list[int]:
        held, told = change.held, fact or {}
        columns = {**change.columns, **held.date(self.maintenant)}
        statement = w.updating(held.shape.model, tuple(columns), tuple(told))
        found = await self._fetch(statement, {CLE: held.key, **w.bound(columns), **w.bound(told, w.FAIT)})
        if not found:
            raise Empeche([NonTrouve()])  # a part that nobody locked, and that is gone
        held.rests(columns)
        return [found[0][1]] if told else []

    async def _delete(self, shape: Shape, leavers: list[Held]) -> None:
        await self._fetch(w.deleting(shape.model), {CLES: [held.key for held in leavers]})
        for held in leavers:
            self.unit.forget(held)

    async def _fetch(self, statement: Statement, given: Values) -> Any:
        return await self.connection.fetch(statement.sql, *statement.values(given))
