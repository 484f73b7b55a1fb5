"""Asking the base in a transaction: several questions in one statement, and parts of an act side by side."""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Sequence
from typing import Any

from .questions import Asked, together

Records = Sequence[Sequence[Any]]
Part = Coroutine[Any, Any, Any]


class Asking:
    """What a transaction asks."""

    def __init__(self, connection: Any) -> None:
        """In: a connection in its transaction."""
        self.connection = connection
        self._side_by_side = False

    async def ask(self, *asked: Asked) -> Sequence[Records]:
        """Out: for each question, its records. One statement, however many they are."""
        if self._side_by_side:
            told: Sequence[Records] = await _Together(asked)
            return told
        if len(asked) == 1:
            [(question, given)] = asked
            statement = question.statement
            return [await self.connection.fetch(statement.sql, *statement.values(given))]
        statement = together(tuple(question for question, _ in asked))
        found: Sequence[Records] = await self.connection.fetchrow(
            statement.sql, *statement.values([given for _, given in asked])
        )
        return found

    async def ensemble(self, *actes: Part) -> list[Any]:
        """Run parts of an act side by side: what they ask at the same time is asked in one statement.

        In: coroutines that await nothing but this transaction's questions. Out: what each gives. Raises what the
        first one raises.
        """
        results: list[Any] = [None] * len(actes)
        waiting: dict[int, tuple[Asked, ...]] = {}
        try:
            for rank, acte in enumerate(actes):
                self._step(rank, acte, None, waiting, results)
            while waiting:
                beat, waiting = waiting, {}
                answers = iter(await self.ask(*(asked for each in beat.values() for asked in each)))
                for rank, each in beat.items():
                    self._step(rank, actes[rank], [next(answers) for _ in each], waiting, results)
        finally:
            for acte in actes:
                acte.close()
        return results

    def _step(
        self, rank: int, acte: Part, answers: Any, waiting: dict[int, tuple[Asked, ...]], results: list[Any]
    ) -> None:
        """Let one of them go on until it asks something, or ends."""
        before, self._side_by_side = self._side_by_side, True
        try:
            waiting[rank] = acte.send(answers)
        except StopIteration as done:
            results[rank] = done.value
        finally:
            self._side_by_side = before


class _Together:
    """What a part of an act asks while it runs beside others: given to who runs them."""

    def __init__(self, asked: tuple[Asked, ...]) -> None:
        self.asked = asked

    def __await__(self) -> Generator[tuple[Asked, ...], Any, Any]:
        return (yield self.asked)
