"""What a plan knows of lists: whether they hold one value, never how many beyond, never which."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import GraphQLID, GraphQLList, GraphQLNonNull, GraphQLString

from app.policies.policy import Policy
from app.reading.formats import encode_id
from app.reading.shapes import frozen, is_alone, shape_of
from app.reading.shown import statement_of
from app.resolvers import build_schema

IDS, TEXTS = GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLID))), GraphQLList(GraphQLString)
UN, DEUX, AUTRE = encode_id("Structure", 1), encode_id("Structure", 2), encode_id("Session", 1)
ORGANISMES = "query ($o: [ID!]) { actions(recherche: { organismes: $o }) { nodes { id } } }"
DEPARTEMENTS = "query ($d: [String!]) { actions(recherche: { departements: $d }) { nodes { id } } }"


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    return build_schema()


def key(values: list[Any], type_: Any, schema: strawberry.Schema) -> Any:
    return frozen(shape_of(values, type_, schema._schema))


def test_one_value_alone_has_a_shape_of_its_own(schema: strawberry.Schema) -> None:
    assert key([UN], IDS, schema) != key([UN, DEUX], IDS, schema) == key([DEUX, UN, UN], IDS, schema)
    assert key(["16"], TEXTS, schema) != key(["16", "40"], TEXTS, schema) == key([], TEXTS, schema)


def test_which_value_it_is_is_not_told(schema: strawberry.Schema) -> None:
    assert key([UN], IDS, schema) == key([DEUX], IDS, schema) != key([AUTRE], IDS, schema)
    assert key(["16"], TEXTS, schema) == key(["40"], TEXTS, schema)


def test_none_is_not_one(schema: strawberry.Schema) -> None:
    assert not is_alone(shape_of([], IDS, schema._schema))
    assert not is_alone(shape_of([None], IDS, schema._schema))


@pytest.mark.parametrize(
    ("text", "variable", "alone", "several"),
    [
        (ORGANISMES, "o", [UN], [UN, DEUX]),
        (DEPARTEMENTS, "d", ["16"], ["16", "40"]),
    ],
)
def test_one_value_alone_is_equal(
    schema: strawberry.Schema, text: str, variable: str, alone: list[str], several: list[str]
) -> None:
    def told(values: list[str]) -> str:
        return statement_of(schema, Policy.load(), "of_general", text, {variable: values})

    column = {"o": "action_1.responsable_id", "d": "lieu_departement"}[variable]
    assert f"{column} = $" in told(alone)
    assert f"{column} = ANY" not in told(alone)
    assert f"{column} = ANY" in told(several)
