"""No document is larger than it may be, and finding out costs little."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
from graphql import get_introspection_query, parse

from app.http.limits import MANY, Limits, Measure, measure
from app.http.sizes import Sizes

from .edge import SCHEMA, Edge, codes


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with Edge().opened() as edge:
        yield edge


def measured(text: str, sizes: Sizes | None = None) -> Measure:
    return measure(parse(text), SCHEMA, sizes or Sizes())


def nested(levels: int) -> str:
    return "{ " + "fils { " * (levels - 1) + "moi" + " }" * (levels - 1) + " }"


LIMITS = Limits()
AT_THE_LIMIT = {
    "profondeur": lambda n: nested(n),
    "champs": lambda n: "{ fils { " + "moi " * (n - 1) + "} }",
    "alias": lambda n: "{ fils { " + " ".join(f"a{i}: moi" for i in range(n)) + " } }",
    "directives": lambda n: "{ fils { moi " + "@include(if: true) moi " * n + "} }",
    "racines": lambda n: "{ " + "moi " * n + "}",
}


@pytest.mark.parametrize("limit", AT_THE_LIMIT)
async def test_a_document_at_a_limit_runs_and_one_past_it_is_told_which(edge: Edge, limit: str) -> None:
    maximum = getattr(LIMITS, limit)

    fits = await edge.ask(AT_THE_LIMIT[limit](maximum))
    assert "errors" not in fits.json()

    refused = await edge.ask(AT_THE_LIMIT[limit](maximum + 1))
    (error,) = refused.json()["errors"]
    assert error["extensions"] == {
        "code": "GRAPHQL_VALIDATION_FAILED",
        "limite": limit,
        "valeur": maximum + 1,
        "maximum": maximum,
    }
    assert len(edge.core.asked) == 1


async def test_tokens_are_counted_while_the_document_is_read(edge: Edge) -> None:
    response = await edge.ask("{ " + "moi " * 3000 + "}")

    assert response.json()["errors"][0]["extensions"]["limite"] == "jetons"


async def test_a_long_text_is_refused_before_it_is_read(edge: Edge) -> None:
    response = await edge.ask("{ moi } #" + "x" * LIMITS.taille)

    assert response.json()["errors"][0]["extensions"]["limite"] == "taille"


def test_figures_count_through_fragments_of_all_kinds() -> None:
    found = measured(
        "query @include(if: true) { ...A ... @skip(if: false) { x: moi } }"
        " fragment A on Query { y: moi fils { ...B ... on Query { moi } } }"
        " fragment B on Query { fils { z: moi } }"
    )

    assert found == Measure(profondeur=3, champs=6, alias=3, directives=2, racines=3, cout=2)


def doubling(n: int) -> str:
    """A document of n fragments, each spread twice by the one before: 2^n fields."""
    steps = (f"fragment F{i} on Query {{ fils {{ ...F{i + 1} ...F{i + 1} }} }}" for i in range(n))
    return "{ ...F0 } " + " ".join(steps) + f" fragment F{n} on Query {{ x: moi }}"


def test_nested_fragments_are_counted_in_linear_time() -> None:
    document = parse(doubling(600))

    start = time.process_time()
    found = measure(document, SCHEMA, Sizes())

    assert time.process_time() - start < 0.5
    assert (found.champs, found.alias, found.profondeur) == (MANY, MANY, 601)


async def test_a_bomb_of_nested_fragments_is_refused_at_once(edge: Edge) -> None:
    start = time.process_time()
    response = await edge.ask(doubling(24))

    assert time.process_time() - start < 0.5
    assert "champs" in {error["extensions"]["limite"] for error in response.json()["errors"]}


def test_a_chain_of_fragments_does_not_exhaust_the_stack() -> None:
    chain = "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(5000))

    assert measured(chain + " fragment F5000 on Query { moi }").champs == 1


@pytest.mark.parametrize(
    "document",
    [
        "{ ...A } fragment A on Query { fils { ...A } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { fils { ...A ...B } }",
        "{ ...A } fragment A on Query { ...A }",
    ],
)
async def test_a_cycle_of_fragments_is_an_error_of_validation(edge: Edge, document: str) -> None:
    response = await edge.ask(document)

    assert set(codes(response)) == {"GRAPHQL_VALIDATION_FAILED"}
    assert "limite" not in response.text


async def test_fields_nested_past_what_python_can_recurse_are_refused(edge: Edge) -> None:
    for document in (nested(900), "{ bonjour(a: " + "[" * 1500 + "]" * 400 + ") }"):
        response = await edge.ask(document)
        assert response.status_code == 400
        assert codes(response)


async def test_introspection_fits(edge: Edge) -> None:
    for query in (
        get_introspection_query(),
        get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True,
                                input_value_deprecation=True),
    ):  # fmt: skip
        response = await edge.ask(query)
        assert response.json()["data"]["__schema"]["types"]


async def test_introspection_has_its_own_limit_of_depth(edge: Edge) -> None:
    inside = "fields { type { " * 6 + "name" + " } }" * 6

    response = await edge.ask("{ __schema { types { " + inside + " } } }")

    assert response.status_code == 400


async def test_introspection_costs_too_much_to_be_repeated(edge: Edge) -> None:
    five = " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(5))

    response = await edge.ask(f"{{ {five} }}")

    assert response.json()["errors"][0]["extensions"]["limite"] == "cout"


SCANNED = {
    "a hundred aliases": "{ fils { " + " ".join(f"a{n}: __typename" for n in range(101)) + " } }",
    "five hundred times the same field": "{ fils { " + "__typename " * 500 + "} }",
    "ten unknown directives": "{ __typename " + "@aa" * 10 + " }",
    "introspection in circles": "{ __schema { types { "
    + "fields { type { " * 5
    + "name"
    + " } }" * 5
    + " } } }",
}


@pytest.mark.parametrize("query", SCANNED.values(), ids=SCANNED.keys())
async def test_what_scanners_try_is_refused_in_few_words(edge: Edge, query: str) -> None:
    response = await edge.ask(query)

    assert response.status_code == 400
    assert len(codes(response)) < 10
    assert not edge.core.asked


class TestTheCost:
    def test_a_page_costs_its_rows_and_one_more(self) -> None:
        assert measured("{ candidatures(first: 50) { edges { node { id } } } }").cout == 51

    def test_a_page_has_a_size_when_nobody_says_one(self) -> None:
        assert (
            measured("{ candidatures { edges { node { id } } totalCount pageInfo { hasNextPage } } }").cout
            == 21
        )

    def test_a_page_inside_a_page_is_read_for_each_row(self) -> None:
        inside = "freres(first: 10) { edges { node { id } } }"
        assert (
            measured(f"{{ candidatures(last: 5) {{ edges {{ node {{ {inside} }} }} }} }}").cout == 6 + 5 * 11
        )

    def test_a_fragment_costs_where_it_is_spread(self) -> None:
        text = (
            "{ candidatures(first: 5) { ...E } } fragment E on CandidatureConnection { edges { node { ...N } } }"
            " fragment N on Candidature { freres(first: 10) { edges { node { id } } } }"
        )
        assert measured(text).cout == 6 + 5 * 11

    def test_a_list_without_pages_is_guessed(self) -> None:
        assert measured("{ amis { fils { moi } } }").cout == 10 + 10

    def test_a_variable_counts_as_the_largest_page_until_it_is_known(self) -> None:
        text = "query Q($n: Int) { candidatures(first: $n) { edges { node { id } } } }"
        assert [measured(text, s).cout for s in (Sizes(), Sizes({"n": 3}), Sizes({}), Sizes({"n": "x"}))] == [
            101,
            4,
            21,
            101,
        ]

    @pytest.mark.parametrize("size", ["-5", "0", "999999999999999999999", "1e400", "null"])
    def test_a_size_that_means_nothing_still_counts(self, size: str) -> None:
        found = measured(f"{{ candidatures(first: {size}) {{ edges {{ node {{ id }} }} }} }}")
        assert 2 <= found.cout <= 101

    async def test_the_same_document_runs_with_small_pages_and_is_refused_with_large_ones(
        self, edge: Edge
    ) -> None:
        page = "(first: $n) { edges { node { id %s } } }"
        text = (
            "query Q($n: Int = 100) { candidatures" + page % ("freres" + page % ("freres" + page % "")) + " }"
        )

        for variables in ({"n": 100}, {}, {"n": 40}):
            refused = await edge.ask(text, variables=variables)
            assert refused.json()["errors"][0]["extensions"]["limite"] == "cout"
        assert not edge.core.asked

        await edge.ask(text, variables={"n": 20})
        assert len(edge.core.asked) == 1
