"""The ground of the tests: one server for the run, one template, one base a process, and real commits.

Nothing is faked: a test writes, commits, reads under the real roles, and what it left is deleted after it (2 ms).
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from app.demo.monde import moteur
from app.kit.database import Database, plain, with_base
from app.kit.embedded import TESTS, Embedded
from tests.template import base_of_the_process, home_of_tests

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]


def pytest_addoption(parser: pytest.Parser) -> None:
    """A run on another PostgreSQL need not repeat what does not touch it."""
    parser.addoption("--base-seulement", action="store_true", help="only the tests that use the database")


def pytest_configure(config: pytest.Config) -> None:
    """Hear Ctrl-C, and let what the tests start hear it: a shell makes what it starts in the background deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that make no base, if asked."""
    if config.getoption("--base-seulement"):
        using = [item for item in items if "serveur" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in using])
        items[:] = using


@dataclass(frozen=True)
class Serveur:
    """A PostgreSQL where the tests may make bases."""

    adresse: str

    def url(self, base: str = "postgres") -> str:
        """Out: the address of one of its bases."""
        return with_base(self.adresse, base)


@dataclass(frozen=True)
class Base:
    """The base of this process, migrated, empty but for reference data."""

    url: str
    database: Database
    engine: AsyncEngine  # what writes beside the doors

    @property
    def ecriture(self) -> Pool:
        """Out: what the writing door writes by."""
        return self.database.writing

    @property
    def lecture(self) -> Pool:
        """Out: what reads, under the role rafael_lecture."""
        return self.database.reading


@pytest.fixture(scope="session")
def serveur() -> Iterator[Serveur]:
    """The server: that of DATABASE_URL, or an embedded one that forgets to sync."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield Serveur(plain(given))
        return
    with Embedded(home_of_tests(), TESTS) as embedded:
        yield Serveur(embedded.url(driver=""))


@pytest.fixture(scope="session")
def url_du_processus(serveur: Serveur) -> Iterator[str]:
    """The address of a base of our own, made from the template, dropped at the end."""
    with base_of_the_process(serveur.adresse) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(url_du_processus: str) -> AsyncIterator[Database]:
    """Both ways to the base of this process."""
    async with Database(url_du_processus, connections=20) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine_du_processus(url_du_processus: str) -> AsyncIterator[AsyncEngine]:
    """SQLAlchemy's way to it."""
    made = moteur(url_du_processus, 20)
    yield made
    await made.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def base(database: Database, engine_du_processus: AsyncEngine) -> AsyncIterator[Base]:
    """The base, emptied after the test."""
    yield Base(database.url, database, engine_du_processus)
    async with engine_du_processus.begin() as connection:
        await connection.exec_driver_sql("select vider()")


@pytest.fixture
def oso() -> None:
    """For a test that needs Polar itself: oso has no wheel for this Python, or for this machine."""
    if find_spec("oso") is None:
        pytest.skip("oso is not installed here")


@pytest.fixture
def racine() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[1]
