"""Documents are found valid by our walk over graphql-core's rules, exactly where its own walk finds them so."""

from __future__ import annotations

import random
import re

import pytest
from graphql import GraphQLSyntaxError, NoSchemaIntrospectionCustomRule, parse, specified_rules, validate

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


def damaged(text: str, r: random.Random) -> str:
    """Out: a document with a word in the place of another, or without one, or with one said twice."""
    words = re.findall(r'"[^"]*"|\$?[A-Za-z_]\w*|\d+|\.\.\.|\S', text)
    at, other = r.randrange(len(words)), r.randrange(len(words))
    words[at : at + 1] = r.choice([[], [words[other]], [words[at], words[at]]])
    return " ".join(words)


@pytest.mark.parametrize("text", HAND_WRITTEN[:-1])
def test_each_rule_is_heard(text: str) -> None:
    assert told(text) == told_by_graphql(text)


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
            assert told(said) == expected
            seen[not expected] += 1
    assert min(seen.values()) > DOCUMENTS / 10, seen


def test_fragments_too_deep_for_the_interpreter_are_refused() -> None:
    chain = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(3000))
    text = f"{{ ...F0 }} {chain} fragment F3000 on Query {{ __typename }}"
    assert told(text) == told_by_graphql(text)
    assert not is_valid(SCHEMA, parse(text), RULES)
