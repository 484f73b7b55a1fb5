"""What a transaction writes: new rows, changes, what leaves, and the lines of the journal."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
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

    async def pending(self, *facts: Values, jobs: Sequence[Values] = (), last: bool = False) -> list[int]:
        """Write what is pending: new rows first, then changes, then what leaves; then these facts and jobs.

        Out: the keys of the facts. Raises UndecidedWrite, before anything is written, for a row that nothing decided
        on. The first fact and the first job go with the last write: they cost no round trip. `last`: nobody looks at
        rows afterwards.
        """
        new, changes, gone = self.unit.pending()
        announced, self._announced = self._announced, []
        for shape, given, alike in in_groups(new):
            await self._insert(shape, given, alike)
        writes: list[Callable[[Ending], Coroutine[Any, Any, Any]]] = [
            *(partial(self._create, *each, back=not last) for each in announced),
            *(partial(self._update, same) for same in alike_ones(changes)),
        ]
        with_it = NOTHING if gone else Ending(facts[:1], jobs[:1])
        keys: list[int] = []
        for rank, write in enumerate(writes):
            keys += await write(with_it if rank == len(writes) - 1 else NOTHING)
        for shape, leavers in leaving(gone):
            await self._delete(shape, leavers)
        said = with_it if writes else NOTHING
        for told, same in groupby(facts[len(said.facts) :], key=tuple):
            records = await self._fetch_all(w.inserting(m.Fait, told), [w.bound(fact) for fact in same])
            keys += [record[0] for record in records]
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
        records = await self._send(statement, sent)
        for held, record in zip(new, records, strict=True):
            self._is_there(held, held.shape.values(record), record[len(held.shape.keys) :])

    def _is_there(self, held: Held, values: Values, decided: Sequence[bool]) -> None:
        if not all(decided):
            raise Empeche([Interdit()])
        self.unit.written(held, values)

    async def _create(
        self, held: Held, condition: Condition, given: Values, end: Ending, *, back: bool
    ) -> Sequence[int]:
        columns, nb = held.shape.given(held.row), len(held.shape.keys) if back else 0
        statement = w.creating(held.shape.model, tuple(columns), condition, *end.shape, back=back)
        [record] = await self._fetch(statement, {**given, **w.bound(columns), **end.values})
        self._is_there(held, held.shape.values(record) if back else columns, record[nb : nb + 1])
        return end.keys(record[nb + 1 :])

    async def _update(self, changes: Sequence[Change], end: Ending) -> Sequence[int]:
        """Write changes of the same columns; the end goes with the last."""
        *others, last = [(c.held, {**c.columns, **c.held.date(self.maintenant)}) for c in changes]
        model, columns = last[0].shape.model, tuple(last[1])
        sent = [{CLE: held.key, **w.bound(written)} for held, written in (*others, last)]
        if others:
            await self._fetch_all(w.updating(model, columns), sent[:-1], expected=len(others))
        statement = w.updating(model, columns, *end.shape)
        [found] = await self._fetch_all(statement, [{**sent[-1], **end.values}], expected=1)
        for held, written in (*others, last):
            held.rests(written)
        return end.keys(found[1:])

    async def _delete(self, shape: Shape, leavers: list[Held]) -> None:
        await self._fetch(w.deleting(shape.model), {CLES: [held.key for held in leavers]})
        for held in leavers:
            self.unit.forget(held)

    async def _fetch(self, statement: Statement, given: Values) -> Any:
        return await self.connection.fetch(statement.sql, *statement.values(given))

    async def _fetch_all(
        self, statement: Statement, given: Sequence[Values], *, expected: int | None = None
    ) -> Any:
        """Out: what the base says of each. Raises NON_TROUVE where a row, one of so many, is gone: nobody had locked it."""
        found = await self._send(statement, [statement.values(each) for each in given])
        if expected not in {None, len(found)}:
            raise Empeche([NonTrouve()])
        return found

    async def _send(self, statement: Statement, sent: Sequence[list[Any]]) -> Any:
        """Out: what the base says of each: of several, without waiting for one before the next is sent."""
        if len(sent) == 1:
            return await self.connection.fetch(statement.sql, *sent[0])
        return await self.connection.fetchmany(statement.sql, sent)


def alike_ones(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """In: changes. Out: those that follow one another and are of the same columns of a table, together."""
    for _, same in groupby(changes, key=lambda c: (c.held.shape, tuple(c.columns))):
        yield [*same]
