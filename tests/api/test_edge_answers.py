"""Statuses, media types, codes: what an answer looks like from outside."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import pytest

from .edge import RESPONSE, TOKEN, Edge, codes


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with Edge().opened() as edge:
        yield edge


JSON = "application/json"
ACCEPTS = {
    "nothing said": (None, JSON),
    "anything": ("*/*", JSON),
    "JSON": (JSON, JSON),
    "the response type": (RESPONSE, RESPONSE),
    "Apollo": (f"{RESPONSE},{JSON};q=0.9", RESPONSE),
    "urql": (f"{RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", RESPONSE),
    "JSON preferred": (f"{RESPONSE};q=0.5, {JSON}", JSON),
    "a browser": ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
    "any application": ("application/*", JSON),
}


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS.values(), ids=ACCEPTS.keys())
async def test_the_answer_has_the_media_type_that_was_asked(
    edge: Edge, accept: str | None, expected: str
) -> None:
    edge.client.headers.pop("accept", None)

    response = await edge.post('{"query": "{ bonjour }"}', **({"accept": accept} if accept else {}))

    assert response.headers["content-type"] == f"{expected}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/html", "text/event-stream", f"{RESPONSE};q=0", "application/json; charset=utf-16"]
)
async def test_a_media_type_that_is_not_ours_is_refused(edge: Edge, accept: str) -> None:
    response = await edge.post('{"query": "{ bonjour }"}', accept=accept)

    assert (response.status_code, codes(response)) == (406, ["BAD_REQUEST"])


REQUEST_ERRORS = {
    "{": "GRAPHQL_PARSE_FAILED",
    "{ }": "GRAPHQL_PARSE_FAILED",
    "": "GRAPHQL_PARSE_FAILED",
    "{ inconnu }": "GRAPHQL_VALIDATION_FAILED",
    "subscription { bonjour }": "GRAPHQL_VALIDATION_FAILED",
    "query A { moi } query B { moi }": "OPERATION_RESOLUTION_FAILURE",
    "fragment F on Query { moi }": "GRAPHQL_VALIDATION_FAILED",
}


@pytest.mark.parametrize(("query", "code"), REQUEST_ERRORS.items())
async def test_a_request_error_has_no_data_and_its_status_depends_on_the_media_type(
    edge: Edge, query: str, code: str
) -> None:
    new = await edge.post(json.dumps({"query": query}), accept=RESPONSE)
    old = await edge.post(json.dumps({"query": query}), accept=JSON)

    assert (new.status_code, old.status_code) == (400, 200)
    assert new.json() == old.json()
    assert set(codes(new)) == {code}
    assert "data" not in new.json()
    assert not edge.core.asked


async def test_an_answer_with_data_is_200_whatever_its_errors(edge: Edge) -> None:
    response = await edge.ask("{ bonjour }")

    assert (response.status_code, response.json()) == (200, {"data": {"bonjour": "bonjour toi"}})
    broken = await edge.ask("{ casse }")
    assert (broken.status_code, broken.json()["data"], codes(broken)) == (200, None, ["BAD_USER_INPUT"])


async def test_an_operation_that_the_document_has_not_is_refused(edge: Edge) -> None:
    response = await edge.ask("query A { moi }", operationName="B")

    assert codes(response) == ["OPERATION_RESOLUTION_FAILURE"]


async def test_an_empty_operation_name_is_no_name(edge: Edge) -> None:
    assert (await edge.ask("query A { moi }", operationName="")).status_code == 200


async def test_few_of_many_validation_errors_are_told(edge: Edge) -> None:
    response = await edge.ask("{ fils { " + " ".join(f"inconnu{n}" for n in range(100)) + " } }")

    assert len(codes(response)) == 6


async def test_a_fault_of_ours_is_masked_and_numbered(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="rafael"):
        response = await edge.ask("{ panne }")

    assert (response.status_code, codes(response)) == (500, ["INTERNAL_SERVER_ERROR"])
    assert "secrete" not in response.text
    number = response.json()["errors"][0]["extensions"]["incident"]
    assert number in caplog.text
    assert response.headers["x-request-id"]


async def test_strangers_are_not_helped_to_guess_names_and_people_are(edge: Edge) -> None:
    stranger = await edge.ask("{ secretPartag }")
    known = await edge.ask("{ secretPartag }", token=TOKEN)

    assert "secretPartage" not in stranger.text
    assert "secretPartage" in known.text


async def test_variables_never_help_to_guess_names(edge: Edge) -> None:
    response = await edge.ask("query Q($ou: Lieu) { bonjour(ou: $ou) }", variables={"ou": {"vill": "x"}})

    assert response.status_code == 400
    assert "ville" not in response.text


class TestWithoutIntrospection:
    @pytest.fixture
    async def edge(self) -> AsyncIterator[Edge]:
        async with Edge(introspection=False).opened() as edge:
            yield edge

    @pytest.mark.parametrize(
        "query", ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }']
    )
    async def test_the_schema_may_not_be_asked_about_itself(self, edge: Edge, query: str) -> None:
        for token in (None, TOKEN):
            assert set(codes(await edge.ask(query, token=token))) == {"GRAPHQL_VALIDATION_FAILED"}
        assert not edge.core.asked

    @pytest.mark.parametrize(
        "query", ["{ secretPartag }", "{ fils }", "{ bonjour(b: 1) }", "{ bonjour { a } }"]
    )
    async def test_a_stranger_learns_no_name_at_all(self, edge: Edge, query: str) -> None:
        response = await edge.ask(query)

        (error,) = response.json()["errors"]
        assert error["message"] == "Ce document ne convient pas au schéma de l'API."

    async def test_typename_still_answers(self, edge: Edge) -> None:
        assert (await edge.ask("{ __typename }")).json() == {"data": {"__typename": "Query"}}
