"""An index exists for every statement that a root field makes, for every profile: no table is read from end to end.

A table of reference data may be: it is small, and says so by its comment; so are partners' programs. What counts rows reads all that it counts:
`totalCount`, facets and counts by état are the exceptions.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from graphql import GraphQLObjectType
from sqlalchemy import Engine

from app.policies.policy import Policy
from app.policies.viewer import ANONYME, Anonymous, Viewer
from app.reading.asked import source_of
from app.reading.plans import Plan
from app.reading.reader import Reader
from tests.conftest import Base
from tests.reading.maison.conftest import replanter
from tests.reading.maison.statements import LARGE, Document, Statements, deciding_apart, read_from_end_to_end
from tests.reading.maison.twins import TWINS
from tests.reading.maison.world import MAINTENANT
from tests.reading.values import Values

PROGRAMS = "compte_machine"  # one for each partner and each scope: a few dozen
# By no index, each for a reason.
BY_NO_INDEX = (
    # a piece of a name, or of a title, or a number, of the row or of two others: no one index holds them; the list is read in
    # its order until the page is full
    "candidatures, filtre: {texte:",
    "aValider, filtre: {texte:",
    # one of three words of another table: a third of all rows have it, the order of the list finds a page sooner
    "candidatures, filtre: {typeSession:",
    "aValider, filtre: {typeSession:",
    "delegations",  # a small table: a few for each structure
    "onglets",  # counts
)
SMALL = "select relname from pg_class where relkind = 'r' and obj_description(oid, 'pg_class') = 'reference'"

STRICT = (
    "set enable_seqscan = off; set work_mem = '64kB'; set hash_mem_multiplier = 1"  # nor a table hashed whole
)


@pytest.fixture
def grande(base: Base, engine: Engine) -> Iterator[Any]:
    """A world of few rows, whose tables the planner believes to be large; how large they are comes back."""
    world = replanter(engine, 0)
    sizes = "select oid, reltuples, relpages from pg_class where relnamespace = 'public'::regnamespace"
    with psycopg.connect(base.url, autocommit=True) as connection:
        before = connection.execute(sizes).fetchall()
        connection.execute(LARGE)
        yield world
        for oid, rows, pages in before:
            connection.execute(
                "update pg_class set reltuples = %s, relpages = %s where oid = %s", (rows, pages, oid)
            )


def statement(reader: Reader, viewer: Any, text: str) -> tuple[str, list[Any]]:
    """Out: the statement of a document for a viewer, and its values."""
    request = reader.request(viewer, text, {}, None, MAINTENANT)
    plan = reader.plan(request)
    assert isinstance(plan, Plan), text
    return plan.sql, plan.values({**plan.given(request.variables), **request.values})


def every_way(policy: Policy, asked: list[Document]) -> Iterator[tuple[Any, Document]]:
    """Out: each document under each profile, but for those under which its statement is the same."""
    done = set()
    for profil in deciding_apart(policy):
        for document in asked:
            if (way := (document.text, document.alike(policy, profil))) not in done:
                done.add(way)
                yield Anonymous() if profil == ANONYME else Viewer(1, profil, 1, 1, 1, 1), document


async def test_an_index_exists_for_every_statement_of_every_profile(
    base: Base, maison: Reader, grande: Any
) -> None:
    values = Values(random.Random(1), maison.schema, grande, TWINS.keys, ())
    asked = list(Statements(maison.schema, values, grande).documents())
    found: dict[str, str] = {}
    statements: set[str] = set()
    async with base.lecture.acquire() as connection:
        small = {row["relname"] for row in await connection.fetch(SMALL)} | {PROGRAMS}
        await connection.execute(STRICT)
        for viewer, document in every_way(Policy.load(), asked):
            sql, given = statement(maison, viewer, document.text)
            if sql not in statements:
                statements.add(sql)
                plan = json.loads(await connection.fetchval(f"explain (format json) {sql}", *given))
                whole = [
                    each for each in read_from_end_to_end(plan[0]["Plan"]) if each.split(" :")[0] not in small
                ]
                found |= {f"{document.words} — {each}": viewer.profil for each in whole}
        await connection.execute("reset all")
    found = {said: profil for said, profil in found.items() if not said.startswith(BY_NO_INDEX)}
    assert not found, "\n".join(f"{said} ({profil})" for said, profil in sorted(found.items()))
    query = maison.schema.type_map["Query"]
    assert isinstance(query, GraphQLObjectType)
    read = {name for name, field in query.fields.items() if source_of(field) is not None}
    assert {document.words.split()[0].strip(",") for document in asked} == read
    assert len(statements) > 500


async def test_the_test_sees_a_table_that_is_read_whole(base: Base, maison: Reader, grande: Any) -> None:
    with psycopg.connect(base.url) as connection:
        connection.execute("drop index ix_action_intitule_id")
        said = connection.execute(
            "explain (format json) select id from action order by intitule, id limit 20"
        ).fetchone()
        connection.rollback()
    assert said is not None
    assert [each.split(" :")[0] for each in read_from_end_to_end(said[0][0]["Plan"])] == ["action"]
