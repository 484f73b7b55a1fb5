"""The small world of the policy's tests, in a schema of its own in the base of the process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from tests.policies.modeles import Base


@pytest.fixture(scope="session")
def petit_monde(url_du_processus: str) -> Iterator[Connection]:
    """A connection in whose transaction the tables of the small world exist."""
    engine = create_engine(
        url_du_processus.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("create schema petit_monde")
        Base.metadata.create_all(connection)
        yield connection
    engine.dispose()
