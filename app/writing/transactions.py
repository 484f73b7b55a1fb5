"""A transaction whose BEGIN travels with its first statement: a round trip less for each act.

asyncpg waits for the answer to a BEGIN before it sends anything else. PostgreSQL does not ask for that: what is sent
before a Sync is done in order, and answered together (« pipelining », in its manual). So the BEGIN is written, alone,
without a Sync; asyncpg writes its own statement after it, and passes over the two small answers that come first.
COMMIT and ROLLBACK are asyncpg's own: what a transaction came to must be known.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.kit.lending import Direct


def message(kind: bytes, content: bytes) -> bytes:
    """Out: a message of PostgreSQL's protocol: its kind, its length, its content."""
    return kind + (len(content) + 4).to_bytes(4, "big") + content


NO_VALUES = b"\0\0" * 3  # no format, no value, no format of results
BEGIN = b"".join(
    [
        message(b"P", b"\0BEGIN\0\0\0"),  # Parse: without a name, without parameters
        message(b"B", b"\0\0" + NO_VALUES),  # Bind: neither name
        message(b"E", b"\0" + b"\0" * 4),  # Execute: all of it
    ]
)


class Transaction:
    """A transaction from the next statement on: commits at the end of the block, rolls back on any exception."""

    __slots__ = ("connection", "end")

    def __init__(self, connection: Direct, *, kept: bool = True) -> None:
        """In: a connection in no transaction; `kept`: false where nothing of it stays."""
        self.connection, self.end = connection, "COMMIT" if kept else "ROLLBACK"

    async def __aenter__(self) -> None:
        """Begin, with what will be asked first."""
        raw: Any = self.connection
        raw._transport.write(BEGIN)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        await self.connection.execute(self.end if kind is None else "ROLLBACK")


@asynccontextmanager
async def savepoint(connection: Direct) -> AsyncIterator[None]:
    """A part of a transaction that is undone alone by an exception."""
    await connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        await connection.execute("ROLLBACK TO SAVEPOINT part")
        raise
    await connection.execute("RELEASE SAVEPOINT part")
