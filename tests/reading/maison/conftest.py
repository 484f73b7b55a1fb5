"""The reading door on the real schema, the real policy and the real tables, filled with random worlds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from graphql import GraphQLSchema
from sqlalchemy import Engine, create_engine

from app.domain.ouverture import valeurs
from app.policies.policy import Policy
from app.reading.compiler import Rights
from app.reading.limits import Limits
from app.reading.reader import Reader
from app.resolvers import build_schema
from tests.conftest import Base
from tests.reading.maison.world import World, planter

Planter = Callable[[int], World]


@pytest.fixture
def maison(base: Base) -> Reader:
    """The reader of the house, without a limit on costs: documents are drawn, not meant."""
    return house(base.lecture)


def house(pool: object, policy: Rights | None = None) -> Reader:
    """Out: the reader of the house over any pool, under its policy or another one."""
    return Reader(
        build_schema(),
        policy or Policy.load(),
        pool,
        extra_values=lambda _, le: valeurs(le),
        limits=Limits(nodes=10**12, tables=1000, fields=10_000),
    )


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    return build_schema()._schema


@pytest.fixture
def engine(base: Base) -> Iterator[Engine]:
    made = create_engine(base.url.replace("postgresql://", "postgresql+psycopg://"))
    yield made
    made.dispose()


@pytest.fixture
def monde(engine: Engine) -> Planter:
    """Out: what empties the base and plants the random world of a number."""
    return lambda seed: replanter(engine, seed)


def replanter(engine: Engine, seed: int) -> World:
    with engine.begin() as connection:
        connection.exec_driver_sql("select vider()")  # triggers sleep until its transaction ends
    with engine.begin() as connection:
        return planter(connection, random.Random(f"monde {seed}"))
