"""Whoever may not read a row gets it by no path: the world with it and the world without it look the same.

By root, nested, connection, node, count, facet, order, filter, cursor, error message: every path of the schema to
every type, and every way to ask its lists, are generated; the answers with and without the row must be equal.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from itertools import islice
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLSchema
from sqlalchemy import create_engine

from app.domain.ouverture import valeurs
from app.kit.conditions import TRUE
from app.kit.database import Database, with_driver
from app.policies.policy import Policy
from app.policies.viewer import ANONYME, PROFILS, Viewer
from app.reading.reader import Reader
from app.reading.roots import model_of
from app.resolvers import build_schema
from tests.reading.eyes import Eyes
from tests.reading.maison.conftest import house, replanter
from tests.reading.maison.erasure import Case, Cases, OneConnection, neighbours
from tests.reading.maison.isolation import Lists, Ways
from tests.reading.maison.twins import TWINS
from tests.reading.maison.world import MAINTENANT, World, random_viewer
from tests.reading.values import Values

DEPTH = int(os.environ.get("DEPTH", "4"))  # rows on a path
CASES = int(os.environ.get("CASES", "2"))  # viewers a type
VIEWERS = 60
TYPES = sorted(
    {model_of(t) for t in build_schema()._schema.type_map.values()} - {None}, key=lambda m: m.__name__
)


@pytest.fixture(scope="module")
async def seule(database: Database) -> AsyncIterator[OneConnection]:
    connection = await asyncpg.connect(database.url)
    yield OneConnection(connection)
    await connection.execute("select vider()")
    await connection.close()


@pytest.fixture(scope="module")
def situations(database: Database) -> Cases:
    """A world, planted once: a row that goes comes back."""
    engine = create_engine(with_driver(database.url, "psycopg"))
    world, policy = replanter(engine, 3), Policy.load()
    engine.dispose()
    return Cases(policy, world, viewers(policy, world))


def documents(schema: GraphQLSchema, case: Case, depth: int) -> list[str]:
    """Out: all that leads to the rows of the type of a case, and all that may be asked of its row."""
    known: dict[Any, list[Any]] = {}
    for row in case.near:
        known.setdefault(type(row), []).append(row)
    starts = {model: rows[:1] for model, rows in known.items()}
    around = [case.row, *neighbours(case.row), *[each for row in case.near for each in neighbours(row)]]
    world: dict[Any, list[Any]] = {type(row): [] for row in around}
    for row in around:
        world[type(row)].append(row)
    ways = Ways(schema, type(case.row), starts, depth)
    values = Values(random.Random(case.row.id), schema, Around(world), TWINS.keys, ())
    lists = Lists(ways, case.row, values)
    return list(dict.fromkeys([*ways.documents(), *lists.documents(), *lists.keys()]))


class Around(dict[Any, list[Any]]):
    """The rows around a row, by model; none of the others."""

    def __missing__(self, model: Any) -> list[Any]:
        return []


class Everybody:
    """A policy that shows everything: under it, the row must be seen."""

    def __init__(self, policy: Policy) -> None:
        self.permissions = policy.permissions

    def condition(self, profil: str, permission: str, model: Any) -> Any:
        return TRUE

    def field(self, profil: str, verb: str, model: Any, column: str) -> Any:
        return TRUE

    def rules(self, profil: str, permission: str, model: Any) -> Any:
        return [("TOUT", TRUE)]


async def both(
    reader: Reader, pool: OneConnection, case: Case, texts: list[str]
) -> list[tuple[bytes, bytes]]:
    """Out: the answers to documents, with the row and without it."""

    async def answers() -> list[bytes]:
        return [await reader.execute(case.viewer, text, None, None, MAINTENANT) for text in texts]

    there = await answers()
    async with pool.without(case.row):
        return list(zip(there, await answers(), strict=True))


def viewers(policy: Policy, world: World) -> list[tuple[Any, Eyes]]:
    """Out: people of all sorts around a world, one of each profile at least, and their eyes."""
    rng = random.Random(2)
    found = [random_viewer(rng, world) for _ in range(VIEWERS)]
    found += [Viewer(1, profil, 1, None, 1) for profil in PROFILS if profil != ANONYME]
    rng.shuffle(found)
    given = valeurs(MAINTENANT)
    return [(each, Eyes(policy, each.profil, {**each.values(MAINTENANT), **given})) for each in found]


def open_to_all(policy: Policy, target: Any) -> bool:
    """True if every profile reads every row of a model."""
    return all(policy.condition(profil, "lire", target) == TRUE for profil in PROFILS)


@pytest.mark.parametrize("target", TYPES, ids=lambda model: model.__name__)
async def test_a_row_that_is_hidden_makes_no_difference(
    target: Any, seule: OneConnection, situations: Cases, schema: GraphQLSchema
) -> None:
    policy = situations.policy
    reader, everybody = house(seule), house(seule, Everybody(policy))
    found = list(islice(situations.of(target), CASES))
    assert found or open_to_all(policy, target), "no row of this type is hidden: draw another world"
    shown: list[bool] = []  # whether a document would show the row, if the policy showed everything
    for case in found:
        texts = documents(schema, case, DEPTH)
        answers = zip(texts, await both(reader, seule, case, texts), strict=True)
        assert not (differ := [(case.viewer, text, *pair) for text, pair in answers if len(set(pair)) > 1]), (
            differ[0]
        )
        seen = await both(everybody, seule, case, texts)
        assert not [text for text, pair in zip(texts, seen, strict=True) if b'"errors"' in pair[0][:12]], (
            "refused: it would show nothing to anybody"
        )
        shown += [there != gone for there, gone in seen]
    assert not found or sum(shown) > len(shown) / 4, "documents that would not show the rows to anybody"
