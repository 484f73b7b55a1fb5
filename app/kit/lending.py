"""A pool of connections that are taken and given back without a task, a timer or a lock: thousands of times a second.

asyncpg's own pool makes, each time, a task to give the connection back and a timer to close it one day: as much work as
a statement by its key. What it knows of connections (making them, mending them) is left to it.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Lent: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Direct: TypeAlias = asyncpg.Connection[asyncpg.Record] | Lent
else:
    Pool = asyncpg.Pool


class Lending(Pool):
    """asyncpg's pool, whose connections wait at hand once they are open."""

    def __init__(self, url: str, size: int, **options: Any) -> None:
        """In: the address, how many connections at most, asyncpg's other options."""
        super().__init__(
            url,
            min_size=1,
            max_size=size,
            max_queries=sys.maxsize,
            max_inactive_connection_lifetime=0,
            loop=asyncio.get_running_loop(),
            **{"record_class": asyncpg.Record, "connection_class": asyncpg.Connection, **options},
        )
        self.size, self.open, self.ending = size, 0, False
        self.at_hand: list[Lent] = []
        self.waiting: deque[asyncio.Future[Lent | None]] = deque()

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Out: a connection, for `async with`."""
        return Loan(self)

    async def take(self) -> Lent:
        """Out: a connection: one at hand, else a new one, else the first that comes back."""
        while True:
            if (connection := self.ready()) is not None:
                return connection
            if self.at_hand:
                await self.let_go(self.at_hand.pop())
            elif self.open < self.size:
                return await self.another()
            elif (given := await self.next()) is not None:
                return given

    def ready(self) -> Lent | None:
        """Out: the last connection that came back, if it is still open; nothing to wait for."""
        return self.at_hand.pop() if self.at_hand and is_open(self.at_hand[-1]) else None

    async def another(self) -> Lent:
        """Out: one more connection of asyncpg's."""
        self.open += 1
        try:
            connection: Lent = await super().acquire()
        except BaseException:
            self.open -= 1
            self.wake(None)
            raise
        return connection

    async def next(self) -> Lent | None:
        """Out: the first connection that comes back, or None: one may be made."""
        turn: asyncio.Future[Lent | None] = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came, for somebody who has left
                self.pass_on(turn.result())
            raise

    def taken_back(self, connection: Lent) -> bool:
        """Whether a connection could be passed on as it is."""
        if self.ending or not is_free(connection):
            return False
        self.pass_on(connection)
        return True

    def pass_on(self, connection: Lent | None) -> None:
        """Give a connection to who waits first; else keep it at hand."""
        if not self.wake(connection) and connection is not None:
            self.at_hand.append(connection)

    def wake(self, connection: Lent | None) -> bool:
        """Whether somebody waited, and was told."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    async def let_go(self, connection: Lent) -> None:
        """Give a connection to asyncpg, which resets it, or replaces it."""
        try:
            await self.release(connection)
        finally:
            self.open -= 1
            self.wake(None)

    async def close(self) -> None:
        """Close all; what still runs is waited for."""
        self.ending = True
        while self.at_hand:
            await self.let_go(self.at_hand.pop())
        await super().close()


def behind(lent: Any) -> asyncpg.Connection[asyncpg.Record] | None:
    """Out: the connection behind asyncpg's proxy; None where PostgreSQL has closed it, and asyncpg has taken it back."""
    found: asyncpg.Connection[asyncpg.Record] | None = lent._con
    return found


def is_open(connection: Lent) -> bool:
    """Whether a connection is open."""
    direct = behind(connection)
    return direct is not None and not direct.is_closed()


def is_free(connection: Lent) -> bool:
    """Whether a connection is open, and in no transaction."""
    direct = behind(connection)
    return direct is not None and not direct.is_closed() and not direct.is_in_transaction()


class Loan:
    """A connection, for as long as a block lasts: the one behind asyncpg's proxy, which would relay each call."""

    __slots__ = ("connection", "pool")

    connection: Lent

    def __init__(self, pool: Lending) -> None:
        """In: the pool that lends."""
        self.pool = pool

    async def __aenter__(self) -> Direct:
        """Out: the connection."""
        self.connection = self.pool.ready() or await self.pool.take()
        return behind(self.connection) or self.connection  # closed just now: it says so itself

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back; asyncpg mends those of whom that is in doubt."""
        if kind is not None or not self.pool.taken_back(self.connection):
            await self.pool.let_go(self.connection)
