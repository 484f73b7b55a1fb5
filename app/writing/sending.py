"""What a transaction writes: new rows, changes, what leaves, and the lines of the journal."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from app import models as m
from app.domain.empechements import Empeche, Interdit, NonTrouve
from app.kit.conditions import Condition

from . import writes as w
from .questions import CLE, CLES
from .shapes import Shape, Values
from .statements import Statement
from .unit import Change, Held, Unit, in_groups, leaving


@dataclass(frozen=True)
class Ending:
    """What goes with the last write: a line of the journal, a job; or neither."""

    facts: Sequence[Values] = ()
    jobs: Sequence[Values] = ()

    @property
    def shape(self) -> tuple[tuple[str, ...], bool]:
        """What the text of the statement depends on."""
        return tuple(self.facts[0]) if self.facts else (), bool(self.jobs)

    @property
    def values(self) -> Values:
        """Its binds."""
        said = w.bound(self.facts[0], w.FAIT) if self.facts else {}
        return said | (w.bound(self.jobs[0], w.TRAVAUX) if self.jobs else {})

    def keys(self, ends: Sequence[int]) -> Sequence[int]:
        """In: what the statement says at its end. Out: the keys of facts."""
        return ends[: len(self.facts)]


NOTHING = Ending()


class Sending:
    """Writes the rows of a transaction."""

    def __init__(self, connection: Any, unit: Unit, maintenant: datetime) -> None:
        """In: a connection in its transaction, the rows in hand, and the moment."""
        self.connection, self.unit, self.maintenant = connection, unit, maintenant
        self._announced: list[tuple[Held, Condition, Values]] = []

    async def pending(self, *facts: Values, jobs: Sequence[Values] = ()) -> list[int]:
        """Write what is pending: new rows first, then changes, then what leaves; then these facts and jobs.

        Out: the keys of the facts. Raises UndecidedWrite, before anything is written, for a row that nothing decided
        on. The first fact and the first job go with the last write: they cost no round trip.
        """
        new, changes, gone = self.unit.pending()
        announced, self._announced = self._announced, []
        for shape, given, alike in in_groups(new):
            await self._insert(shape, given, alike)
        writes: list[Callable[[Ending], Coroutine[Any, Any, Any]]] = [
            *(partial(self._create, *each) for each in announced),
            *(partial(self._update, change) for change in changes),
        ]
        with_it = NOTHING if gone else Ending(facts[:1], jobs[:1])
        keys: list[int] = []
        for rank, write in enumerate(writes):
            keys += await write(with_it if rank == len(writes) - 1 else NOTHING)
        for shape, leavers in leaving(gone):
            await self._delete(shape, leavers)
        said = with_it if writes else NOTHING
        for fact in facts[len(said.facts) :]:
            [record] = await self._fetch(w.inserting(m.Fait, tuple(fact)), w.bound(fact))
            keys.append(record[0])
        for job in jobs[len(said.jobs) :]:
            await self.hand(job)
        return keys

    async def hand(self, job: Values) -> int:
        """Hand a job to the queue. Out: its key."""
        [[key]] = await self._fetch(w.handing(), w.bound(job, w.TRAVAUX))
        return int(key)

    def announce(self, row: m.Base, condition: Condition, given: Values) -> None:
        """A new row whose key is known is written with the end, and decided as it is written."""
        held = self.unit.enter(row)
        held.announced = True
        self.unit.decide(held)
        self._announced.append((held, condition, given))

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
            self._is_there(held, record, record[len(held.shape.keys) :])

    def _is_there(self, held: Held, record: Any, decided: Sequence[bool]) -> None:
        if not all(decided):
            raise Empeche([Interdit()])
        self.unit.written(held, record)

    async def _create(self, held: Held, condition: Condition, given: Values, end: Ending) -> Sequence[int]:
        columns, nb = held.shape.given(held.row), len(held.shape.keys)
        statement = w.creating(held.shape.model, tuple(columns), condition, *end.shape)
        [record] = await self._fetch(statement, {**given, **w.bound(columns), **end.values})
        self._is_there(held, record, record[nb : nb + 1])
        return end.keys(record[nb + 1 :])

    async def _update(self, change: Change, end: Ending) -> Sequence[int]:
        held = change.held
        columns = {**change.columns, **held.date(self.maintenant)}
        statement = w.updating(held.shape.model, tuple(columns), *end.shape)
        found = await self._fetch(statement, {CLE: held.key, **w.bound(columns), **end.values})
        if not found:
            raise Empeche([NonTrouve()])  # a part that nobody locked, and that is gone
        held.rests(columns)
        return end.keys(found[0][1:])

    async def _delete(self, shape: Shape, leavers: list[Held]) -> None:
        await self._fetch(w.deleting(shape.model), {CLES: [held.key for held in leavers]})
        for held in leavers:
            self.unit.forget(held)

    async def _fetch(self, statement: Statement, given: Values) -> Any:
        return await self.connection.fetch(statement.sql, *statement.values(given))
