"""Whatever is posted, the edge says what is wrong with it, and never that it is our fault."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from .edge import MOMENT, RESPONSE, Edge, codes


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with Edge().opened() as edge:
        yield edge


DEEP = '{"query": "{ bonjour }", "variables": {"a": ' + "[" * 5000 + "]" * 5000 + "}}"
NESTED = '{"query": "{ bonjour }", "variables": {"a": ' + "[" * 100 + "]" * 100 + "}}"
MALFORMED = {
    "nothing": b"",
    "not JSON": b"{",
    "a string": b'"x"',
    "a number": b"5",
    "null": b"null",
    "true": b"true",
    "a list, which is a batch": b'[{"query": "{ bonjour }"}]',
    "an empty list": b"[]",
    "invalid UTF-8": b'{"query": "\xff"}',
    "a lone surrogate": b'{"query": "{ bonjour(a: \\"\\ud800\\") }"}',
    "UTF-16": '{"query": "{ bonjour }"}'.encode("utf-16"),
    "NaN": b'{"query": "{ bonjour }", "variables": {"a": NaN}}',
    "5000 levels": DEEP.encode(),
    "100 levels": NESTED.encode(),
    "no query": b'{"qeury": "{ bonjour }"}',
    "a null query": b'{"query": null}',
    "a query that is a list": b'{"query": ["{ bonjour }"]}',
    "variables that are a list": b'{"query": "{ bonjour }", "variables": [1]}',
    "variables that are a string": b'{"query": "{ bonjour }", "variables": "{}"}',
    "variables that are false": b'{"query": "{ bonjour }", "variables": false}',
    "an operationName that is a number": b'{"query": "{ bonjour }", "operationName": 5}',
    "extensions that are a string": b'{"query": "{ bonjour }", "extensions": "x"}',
    "extensions that are a list": b'{"query": "{ bonjour }", "extensions": []}',
}


@pytest.mark.parametrize("accept", [RESPONSE, "application/json"])
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_body_is_a_bad_request(edge: Edge, body: bytes, accept: str) -> None:
    response = await edge.post(body, accept=accept)

    assert (response.status_code, codes(response)) == (400, ["BAD_REQUEST"])
    assert "data" not in response.json()
    assert not edge.core.asked


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400])
async def test_a_number_too_big_for_a_body_is_said_to_be_one(edge: Edge, number: str) -> None:
    response = await edge.post('{"query": "{ bonjour }", "variables": {"n": ' + number + "}}")

    assert (response.status_code, codes(response)) == (400, ["BAD_REQUEST"])
    assert "trop grand (caractère 45)" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("key", ["variables", "operationName", "extensions"])
async def test_null_is_as_good_as_nothing(edge: Edge, key: str) -> None:
    response = await edge.post(json.dumps({"query": "{ bonjour }", key: None}))

    assert response.json() == {"data": {"bonjour": "bonjour toi"}}


async def test_the_last_of_two_keys_counts(edge: Edge) -> None:
    response = await edge.post('{"query": "{ bonjour", "query": "{ bonjour }"}')

    assert response.json() == {"data": {"bonjour": "bonjour toi"}}


async def test_the_executor_is_handed_what_was_sent_and_the_time_it_is(edge: Edge) -> None:
    query = "query Q($a: String) { bonjour(a: $a) } query R { moi }"

    response = await edge.ask(query, variables={"a": "é"}, operationName="Q")

    assert response.json() == {"data": {"bonjour": "bonjour é"}}
    _, *asked = edge.core.asked[0]
    assert asked == [query, {"a": "é"}, "Q", MOMENT]


async def test_a_body_of_a_megabyte_is_read_and_one_byte_more_is_not(edge: Edge) -> None:
    frame = '{"query": "{ bonjour }", "extensions": {"x": "%s"}}'
    fits = frame % ("a" * (1_000_000 - len(frame) + 2))
    assert len(fits) == 1_000_000

    assert (await edge.post(fits)).status_code == 200
    refused = await edge.post(fits + " ")
    assert (refused.status_code, codes(refused)) == (413, ["BAD_REQUEST"])


async def test_a_body_that_hides_its_length_is_counted_as_it_comes(edge: Edge) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 100_000
            yield b" " * 100_000

    response = await edge.client.post(
        "/graphql", content=endless(), headers={"content-type": "application/json"}
    )

    assert (response.status_code, codes(response)) == (413, ["BAD_REQUEST"])
    assert read <= 4_200_000


async def test_a_body_that_does_not_come_is_not_waited_for(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.http.body.SECONDS_MAX", 0.01)
    sent: list[dict[str, object]] = []

    async def never() -> dict[str, object]:
        import asyncio

        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    await edge.app({**scope, "root_path": "", "scheme": "http"}, never, send)  # type: ignore[arg-type]  # a bare ASGI call

    assert sent[0]["status"] == 408


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
     "application/json; charset=utf-16", ""],
)  # fmt: skip
async def test_only_json_may_be_posted(edge: Edge, content_type: str) -> None:
    response = await edge.post('{"query": "{ bonjour }"}', content_type=content_type)

    assert (response.status_code, codes(response)) == (415, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'Application/JSON ;charset="UTF-8"']
)
async def test_json_may_say_its_charset(edge: Edge, content_type: str) -> None:
    assert (await edge.post('{"query": "{ bonjour }"}', content_type=content_type)).status_code == 200


async def test_a_compressed_body_is_refused(edge: Edge) -> None:
    response = await edge.post(b"\x1f\x8b", content_encoding="gzip")

    assert response.status_code == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post_answers(edge: Edge, method: str) -> None:
    response = await edge.client.request(method, "/graphql?query={bonjour}")

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_an_automatic_persisted_query_is_told_to_send_its_text(edge: Edge) -> None:
    named = {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}
    response = await edge.post(json.dumps({"extensions": named}))

    assert (response.status_code, codes(response)) == (200, ["PERSISTED_QUERY_NOT_FOUND"])
    assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"
