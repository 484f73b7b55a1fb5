"""The ways to the database: a pool that writes, a pool that only reads; both of asyncpg."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from socket import gaierror
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from .embedded import Embedded
from .lending import Lending
from .lines import TO_OPEN, Line
from .settings import Settings

if TYPE_CHECKING:
    from .lending import Direct

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

T = TypeVar("T")
LOG = logging.getLogger("rafael.base")

READER = "rafael_lecture"
READ_TIMEOUT, WRITE_TIMEOUT, LOCK_TIMEOUT = 10_000, 30_000, 10_000  # milliseconds
AGAIN = 3  # times that a reading is sent again
PATIENCE, EACH = 5.0, 0.5  # seconds that a start waits for a base that is away; between two attempts
AT_ONCE = 6  # readings that a process has in hand: more would only wait for processors, and cool their caches
LONG = 4  # exports that it has in hand: each holds its connection as long as its client reads
STATEMENTS = 250  # prepared that a connection keeps: each costs PostgreSQL some 0.2 MB

PANNES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)  # what the base, or the way to it, may fail with

AWAY = (  # what there is nothing to mend for, and that a moment later may be over
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.InternalClientError,  # asyncpg has heard that the connection ends, and does not say yet that it has
    ConnectionError,
    FileNotFoundError,  # no socket
    gaierror,
    TimeoutError,
)

HELD = (  # what a statement waited for was somebody else's until it was ended: nothing of it is kept
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.QueryCanceledError,
)

COMMON = {"application_name": "rafael", "jit": "off"}  # compiling a query costs more than our queries take
READING = COMMON | {
    "role": READER,
    "default_transaction_read_only": "on",
    "statement_timeout": str(READ_TIMEOUT),
}
WRITING = COMMON | {
    "plan_cache_mode": "force_generic_plan",  # rows by their keys: planning anew costs more than running
    "statement_timeout": str(WRITE_TIMEOUT),
    "lock_timeout": str(LOCK_TIMEOUT),
    "idle_in_transaction_session_timeout": str(WRITE_TIMEOUT),
}


def plain(url: str) -> str:
    """In: an address as any tool writes it. Out: the one libpq, psycopg and asyncpg all read: no driver's name."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def with_driver(url: str, driver: str) -> str:
    """In: an address, "asyncpg" or "psycopg". Out: the address as SQLAlchemy reads it."""
    return plain(url).replace("postgresql://", f"postgresql+{driver}://", 1)


def with_base(url: str, name: str) -> str:
    """In: an address, the name of a base. Out: the address of that base on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


class AsItIs(Line):
    """A connection given back as it is: neither door leaves anything to reset, and a round trip is spared."""

    def get_reset_query(self) -> str:
        """Out: no query. An open transaction is rolled back all the same."""
        return ""


class Database:
    """`async with Database(url) as database`: `.writing` for the writing door, `.reading` for the reading one (SELECT only).

    `.exports` reads too, for what lasts: no reading waits for an export. `.fresh` reads where `.writing` writes: a replica is
    late, and whoever has just written, or signed in, must not be told of before.
    """

    reading: Pool
    fresh: Pool
    exports: Pool
    writing: Pool

    def __init__(
        self,
        url: str,
        url_lecture: str | None = None,
        connections: int = 10,
        statements: int = STATEMENTS,
    ) -> None:
        """In: the address, that of a replica for readings if there is one, how many connections of each kind at most.

        `statements`: how many of the readings each connection keeps prepared.
        """
        self.url = plain(url)
        self.url_lecture = plain(url_lecture or url)
        self.connections, self.statements = connections, statements

    async def __aenter__(self) -> Database:
        """Open them. The base is migrated before: the reading role is made by a revision."""
        async with AsyncExitStack() as opened:
            self.writing = writing_pool(self.url, self.connections)
            await self.writing
            opened.push_async_callback(self.writing.close)
            self.reading = self.fresh = await self._reads(opened, self.url_lecture, AT_ONCE)
            if self.url_lecture != self.url:
                self.fresh = await self._reads(opened, self.url, AT_ONCE)
            self.exports = await self._reads(opened, self.url_lecture, LONG)
            self._opened = opened.pop_all()
        return self

    async def _reads(self, opened: AsyncExitStack, url: str, most: int) -> Pool:
        """Out: a pool of readings, closed with the others."""
        pool = await reading_pool(url, min(most, self.connections), self.statements)
        opened.push_async_callback(pool.close)
        return pool

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them; what still runs is waited for."""
        await self._opened.aclose()


def writing_pool(url: str, connections: int = 10) -> Pool:
    """In: an address. Out: the pool of the writing door, to be opened by `await` or `async with`.

    Its statements are few: those of the acts of the house.
    """
    return Lending(
        plain(url),
        connections,
        connection_class=AsItIs,
        timeout=TO_OPEN,
        server_settings=WRITING,
        statement_cache_size=STATEMENTS,
        max_cached_statement_lifetime=0,
    )


async def reading_pool(url: str, connections: int = 10, statements: int = STATEMENTS) -> Pool:
    """In: an address whose user may become `rafael_lecture`. Out: the pool of the readings.

    The role comes with the connection itself: nothing that happens later undoes it.
    """
    return await Lending(
        plain(url),
        connections,
        connection_class=AsItIs,
        timeout=TO_OPEN,
        server_settings=READING,
        statement_cache_size=statements,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
    )


async def patiently(attempt: Callable[[], Awaitable[T]], patience: float = PATIENCE) -> T:
    """Out: what an attempt gives, once the base can be reached; some seconds later, what it raises."""
    until = time.monotonic() + patience
    while True:
        try:
            return await attempt()
        except PANNES as error:
            if not is_away(error) or time.monotonic() > until:
                raise
            LOG.warning("la base ne répond pas (%s) : nouvel essai", type(error).__name__)
        await asyncio.sleep(EACH)


def is_away(error: BaseException) -> bool:
    """In: what a statement met. Out: whether the base could not be reached, rather than anything being wrong with it."""
    for link in chain_of(error):
        closed = isinstance(link, asyncpg.InterfaceError) and "closed" in str(link)
        if closed or isinstance(link, AWAY):
            return True
    return False


def is_held(error: BaseException) -> bool:
    """In: what a statement met. Out: whether it waited in vain for what somebody else held."""
    return any(isinstance(link, HELD) for link in chain_of(error))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Out: an error, what it was raised from, and so on; each once."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__


async def surely(pool: Pool, ask: Callable[[Direct], Awaitable[T]]) -> T:
    """Out: what a connection answers to what does no harm twice; asked again where the base has cut it."""
    try:
        async with pool.acquire() as connection:
            return await ask(connection)
    except PANNES as lost:
        return await again(lost, pool, ask)


async def again(lost: Exception, pool: Pool, read: Callable[[Direct], Awaitable[T]]) -> T:
    """In: what a reading met. Out: what it finds on another connection, if the base has cut its own: reading harms nobody.

    A base that starts again cuts them all at once: those at hand may be as dead as the first.
    """
    for _ in range(AGAIN):
        if not is_away(lost) or (isinstance(lost, TimeoutError) and lost.errno is None):
            break  # a connection that could not be opened in time: another would not either
        try:
            async with pool.acquire() as connection:
                return await read(connection)
        except PANNES as error:
            lost = error
    raise lost


@contextmanager
def at_hand(settings: Settings) -> Iterator[str]:
    """In: the settings. The address of the base they name; the embedded server is held as long as this is."""
    with watched(settings) as (url, _):
        yield url


@contextmanager
def watched(settings: Settings) -> Iterator[tuple[str, Callable[[], bool]]]:
    """The same, and what starts the embedded server again if it was killed: true if it was. Another's is not ours to start."""
    if settings.database_url:
        yield plain(settings.database_url), lambda: False
    else:
        with Embedded(settings.donnees) as server:
            yield server.url(driver=""), server.revive
