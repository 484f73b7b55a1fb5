"""Documents are found valid by our walk over graphql-core's rules, exactly where its own walk finds them so."""

from __future__ import annotations

import random
import re

import pytest
from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)
from graphql import build_schema as build_plain

from app.reading.texts import StorableTextsRule
from app.reading.validation import errors_of, is_valid
from tests.reading.documents import Writer
from tests.reading.schema import build_schema
from tests.reading.twins import TWINS
from tests.reading.world import World

SCHEMA = build_schema()._schema
RULES = [*specified_rules, StorableTextsRule, NoSchemaIntrospectionCustomRule]
DOCUMENTS = 80
HAND_WRITTEN = [
    "{ __schema { queryType { name } } }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "{ ...A } fragment A on Query { __typename } fragment A on Query { __typename }",
    "{ ...Nowhere }",
    "fragment Seule on Query { __typename }",
    "query ($a: Int, $a: Int) { __typename }",
    "query ($a: Int!) { __typename }",
    "query ($a: Int) { __typename @include(if: $a) }",
    "query ($a: Boolean! = null) { __typename @include(if: $a) }",
    "{ __typename @include(if: true) @include(if: true) }",
    "{ __typename @skip }",
    "{ __typename @unknown }",
    "{ a: __typename a: corbeilles { toutes } }",
    "{ corbeilles }",
    "{ __typename { x } }",
    "{ __typename } { __typename }",
    "query A { __typename } query A { __typename }",
    "subscription { __typename other: __typename }",
    "type Query { a: Int }",
    "{ ... on Query { __typename } ... on Nothing { __typename } }",
    "query @include(if: true) { __typename }",
    "{ __typename @deprecated }",
    "{" * 400 + "}" * 400,
]


def told(text: str) -> list[tuple[str, object]]:
    """Out: what is told against a document."""
    document = parse(text)
    return [(e.message, e.locations) for e in errors_of(SCHEMA, document, RULES, 20, suggest=True)]


def told_by_graphql(text: str) -> list[tuple[str, object]]:
    """Out: what graphql-core tells against it, by itself."""
    return [(e.message, e.locations) for e in validate(SCHEMA, parse(text), RULES, 20)]


def alike(said: list[tuple[str, object]], expected: list[tuple[str, object]]) -> bool:
    """True if all is told of the same places; of a literal that a scalar refuses, graphql-core says none."""
    same = [
        (message, where if known else None)
        for (message, where), (_, known) in zip(said, expected, strict=False)
    ]
    return len(said) == len(expected) and same == expected and all(where for _, where in said)


def damaged(text: str, r: random.Random) -> str:
    """Out: a document with a word in the place of another, or without one, or with one said twice."""
    words = re.findall(r'"[^"]*"|\$?[A-Za-z_]\w*|\d+|\.\.\.|\S', text)
    at, other = r.randrange(len(words)), r.randrange(len(words))
    words[at : at + 1] = r.choice([[], [words[other]], [words[at], words[at]]])
    return " ".join(words)


@pytest.mark.parametrize("text", HAND_WRITTEN[:-1])
def test_each_rule_is_heard(text: str) -> None:
    assert told(text) == told_by_graphql(text)


PLACES = """
type Query { f(n: Int, l: [[Int]], jour: Jour, o: O, oui: Boolean, id: ID): Int }
scalar Jour
input O { n: Int, l: [O] }
"""


@pytest.mark.parametrize(
    ("argument", "column"),
    [
        ("n: [1]", 8),
        ("n: {x: 1}", 8),
        ('n: "1"', 8),
        ("oui: [true]", 10),
        ("id: {a: 1}", 9),
        ("l: [[1], [2, [3]]]", 18),
        ("l: {x: 1}", 8),
        ('jour: "hier"', 11),
        ("o: {n: [1]}", 12),
        ("o: {l: [{n: 1}, {n: {a: 1}}]}", 25),
        ("o: {l: {n: [1]}}", 16),
    ],
)
def test_a_wrong_literal_says_where_it_stands(argument: str, column: int) -> None:
    schema = build_plain(PLACES)
    schema.type_map["Jour"].parse_literal = _no_day  # type: ignore[attr-defined]
    (error,) = errors_of(schema, parse(f"{{ f({argument}) }}"), RULES, 20, suggest=True)
    assert error.locations == [(1, column)], error.message


def _no_day(*_literal: object) -> object:
    raise GraphQLError("Un jour s'écrit autrement.")


def test_most_of_these_break_a_rule() -> None:
    assert sum(is_valid(SCHEMA, parse(text), RULES) for text in HAND_WRITTEN[:-1]) <= 2


def test_a_document_random_or_damaged_is_valid_where_graphql_says_so(world: World) -> None:
    seen = {True: 0, False: 0}
    for seed in range(DOCUMENTS):
        r, text = random.Random(seed), Writer(seed, SCHEMA, world, keys=TWINS.keys).document().text
        for said in (text, damaged(text, r), damaged(text, r)):
            try:
                expected = told_by_graphql(said)
            except GraphQLSyntaxError:
                continue
            assert is_valid(SCHEMA, parse(said), RULES) is (expected == []), said
            assert alike(told(said), expected), said
            seen[not expected] += 1
    assert min(seen.values()) > DOCUMENTS / 10, seen


def test_fragments_too_deep_for_the_interpreter_are_refused() -> None:
    chain = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(3000))
    text = f"{{ ...F0 }} {chain} fragment F3000 on Query {{ __typename }}"
    assert told(text) == told_by_graphql(text)
    assert not is_valid(SCHEMA, parse(text), RULES)
