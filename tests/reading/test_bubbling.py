"""A null where the schema promises a value: what bubbles, how far, and where errors say they are, as graphql-core has it.

Columns that are promised are never null (`test_verify.py`), so that only plain resolvers can break a promise. One that fails
now and then is added to sessions, under lists, under nullable and under promised fields; random documents ask it, of the
compiler and of graphql-core over rows in memory.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLField, GraphQLNonNull, GraphQLString
from graphql.execution import execute

from app.reading.errors import Refused
from app.reading.limits import Limits
from app.reading.reader import Reader
from tests.reading.conftest import extra_values
from tests.reading.documents import Document, Writer
from tests.reading.eyes import Eyes
from tests.reading.policy import STAFF, Rights, Viewer
from tests.reading.reference import Reference
from tests.reading.schema import build_schema
from tests.reading.twins import TWINS
from tests.reading.world import MOMENT, World, fill, random_viewer, random_world

DOCUMENTS = 150
QUIET = frozenset({"Query.panne", "Query.version"})


def fragile(_row: Any, info: Any) -> str:
    """Out: a word; raises in every other item of the nearest list."""
    places = [each for each in info.path.as_list() if isinstance(each, int)]
    if not places or places[-1] % 2:
        raise RuntimeError("secret de la maison")
    return "solide"


class Frail(Writer):
    """Asks often what may fail."""

    def chosen(self, type_: Any, depth: int) -> list[str]:
        """Out: the names of some fields; of a session, one of the two that fail, every other time."""
        more = [self.r.choice(["fragile", "fragilePeutEtre"])] if type_.name == "Session" else []
        return super().chosen(type_, depth) + more[: self.r.randint(0, 1)]


@pytest.fixture(scope="module")
async def fragiles(pool: Any) -> Reader:
    """A reader of the schema of the tests, whose sessions promise a word that they do not always have."""
    schema = build_schema()
    fields = schema._schema.type_map["Session"].fields
    fields["fragile"] = GraphQLField(GraphQLNonNull(GraphQLString), resolve=fragile)
    fields["fragilePeutEtre"] = GraphQLField(GraphQLString, resolve=fragile)
    return Reader(schema, Rights(), pool, extra_values=extra_values, limits=Limits(nodes=10**9))


def executed(reader: Reader, world: World, viewer: Any, document: Document) -> tuple[Any, list[Any]]:
    """Out: the data and the places of the errors, as graphql-core has them."""
    request = reader.request(viewer, *document, MOMENT)
    reference = Reference(world, Eyes(reader.policy, viewer.profil, request.values), TWINS, set())
    result = execute(
        reader.schema,
        request.document.node,
        context_value=SimpleNamespace(viewer=viewer, reader=reference),
        variable_values=dict(request.given),
        operation_name=request.name,
    )
    assert isinstance(result, ExecutionResult)
    return result.data, sorted(places([error.formatted for error in result.errors or ()]))


def places(errors: Any) -> list[Any]:
    """Out: where errors say they are, in the answer and in the document."""
    return [json.dumps([error["path"], error["locations"]]) for error in errors]


async def test_nulls_bubble_as_graphql_core_has_it(fragiles: Reader, pool: Any) -> None:
    world, seen = random_world(1), Counter[str]()
    async with pool.acquire() as connection:
        await fill(world, connection)
    for seed in range(DOCUMENTS):
        document = Frail(seed, fragiles.schema, world, hidden=QUIET, keys=TWINS.keys, depth=4).document()
        viewer = random_viewer(random.Random(seed))
        try:
            data, errors = executed(fragiles, world, viewer, document)
        except Refused:
            continue
        answer = json.loads(await fragiles.execute(viewer, *document, MOMENT))
        if "data" not in answer:
            assert answer["errors"][0]["extensions"]["limit"], document  # too large: drawn, not meant
            continue
        assert json.dumps(answer["data"]) == json.dumps(json.loads(json.dumps(data))), document
        assert sorted(places(answer.get("errors", ()))) == errors, document
        assert "secret" not in json.dumps(answer)
        seen["errors"] += len(errors)
        seen["with errors"] += bool(errors)
        seen["whole answers lost"] += data is None
        seen["partial"] += bool(errors) and data is not None
    print(dict(seen))
    assert seen["partial"] > 5, seen
    assert seen["whole answers lost"] > 5, seen


@pytest.mark.parametrize(
    ("text", "data", "paths"),
    [
        ('{ s: session(numeroCarif: "%s") { fragile } }', {"s": None}, [["s", "fragile"]]),
        ("{ sessions(first: 2) { nodes { fragile } } }", None, [["sessions", "nodes", 1, "fragile"]]),
        (
            "{ actions(first: 1) { n: totalCount } sessions(first: 2) { nodes { f: fragilePeutEtre } } }",
            {"actions": {"n": ...}, "sessions": {"nodes": [{"f": "solide"}, {"f": None}]}},
            [["sessions", "nodes", 1, "f"]],
        ),
    ],
)
async def test_a_null_goes_up_to_the_first_place_that_may_be_null(
    fragiles: Reader, pool: Any, text: str, data: Any, paths: Any
) -> None:
    world = random_world(1)
    async with pool.acquire() as connection:
        await fill(world, connection)
    one = json.loads(
        await fragiles.execute(
            Viewer(STAFF, 1), "{ sessions(first: 1) { nodes { numero } } }", None, None, MOMENT
        )
    )
    text = text.replace("%s", one["data"]["sessions"]["nodes"][0]["numero"])
    answer = json.loads(await fragiles.execute(Viewer(STAFF, 1), text, None, None, MOMENT))
    if data and "actions" in data:
        data["actions"]["n"] = answer["data"]["actions"]["n"]
    assert answer["data"] == data
    assert [error["path"] for error in answer["errors"]] == paths
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL_SERVER_ERROR"}
