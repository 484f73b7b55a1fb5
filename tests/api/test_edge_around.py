"""Around every answer: ids, headers, one line in the log, counters; alive and ready."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.routing import Route

from app.http.logs import ACCESS, LINES, Batches, JsonFormatter, said

from .edge import TOKEN, Edge


async def broken(request: Request) -> None:
    raise ValueError("la clé (courriel)=(camille@exemple.fr) existe déjà")


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with Edge(routes=[Route("/casse/{jeton}", broken)]).opened() as edge:
        yield edge


def heard(stream: io.StringIO, kind: Callable[[io.StringIO], logging.Handler]) -> Iterator[io.StringIO]:
    """The stream where the house writes its lines meanwhile, by this kind of handler."""
    handler, logger = kind(stream), logging.getLogger("rafael")
    handler.setFormatter(JsonFormatter())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    yield from heard(io.StringIO(), logging.StreamHandler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def access(log: io.StringIO) -> dict[str, Any]:
    (line,) = [line for line in lines(log) if line["source"] == ACCESS.name]
    return line


@pytest.mark.parametrize("sent", ["5f2b7a1c-8d3e-4c6a-9b1f-2e7d8c9a0b1c", "01HZX3T5Q8", "abcdef_123"])
async def test_a_request_id_that_looks_like_one_is_kept(edge: Edge, sent: str) -> None:
    response = await edge.client.get("/livez", headers={"x-request-id": sent})

    assert response.headers["x-request-id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "court", "camille@exemple.fr", "x" * 65, "a b c d e f g h", '"},{"x":"abcdefg']
)
async def test_any_other_request_id_is_replaced(edge: Edge, sent: str) -> None:
    response = await edge.client.get("/livez", headers={"x-request-id": sent})

    assert response.headers["x-request-id"] != sent
    assert len(response.headers["x-request-id"]) == 32


async def test_every_answer_carries_the_security_headers(edge: Edge) -> None:
    for response in (
        await edge.ask("{ moi }"),
        await edge.post("{"),
        await edge.client.get("/nulle-part"),
        await edge.client.get("/livez"),
        await edge.client.get("/casse/x"),
    ):
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers
        assert "server" not in response.headers


async def test_the_line_of_a_request_says_what_ran_and_nothing_of_what_was_written(
    edge: Edge, log: io.StringIO
) -> None:
    query = 'query MesSecrets($a: String) { bonjour(a: $a) x: bonjour(a: "numero 269054958815780") }'
    await edge.post(
        json.dumps({"query": query, "variables": {"a": "camille@exemple.fr"}}),
        authorization=f"Bearer {TOKEN}",
        x_request_id="requete-numero-1",
    )

    line = access(log)
    assert line.pop("ms") >= 0
    assert len(line.pop("document")) == 16
    assert line.pop("le")
    assert line == {
        "niveau": "INFO",
        "source": "rafael.acces",
        "methode": "POST",
        "chemin": "/graphql",
        "statut": 200,
        "requete": "requete-numero-1",
        "operation": "MesSecrets",
        "kind": "query",
        "profil": "prescripteur_n2",
    }


async def test_a_refused_request_leaves_its_codes_and_not_its_words(edge: Edge, log: io.StringIO) -> None:
    await edge.post('{"query": "query CamilleDupont { camille }", "operationName": "CamilleDupont"}')

    assert access(log)["codes"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert "camille" not in log.getvalue().lower()


@pytest.mark.parametrize(
    "path", ["/camille@exemple.fr", "/graphql/camille", "/?courriel=camille", "//camille"]
)
async def test_the_log_knows_only_our_own_paths(edge: Edge, log: io.StringIO, path: str) -> None:
    await edge.client.get(path)

    assert access(log)["chemin"] in {"?", "/"}
    assert "camille" not in log.getvalue()


async def test_an_invented_method_is_not_written_down(edge: Edge, log: io.StringIO) -> None:
    await edge.client.request("CAMILLE", "/livez")

    assert access(log)["methode"] == "?"


async def test_a_fault_of_ours_is_masked_and_its_message_is_not_logged(edge: Edge, log: io.StringIO) -> None:
    response = await edge.client.get("/casse/jeton-secret", headers={"x-request-id": "requete-numero-2"})

    assert response.status_code == 500
    (error,) = response.json()["errors"]
    number = error["extensions"]["incident"]
    assert number in error["message"]

    fault, line = lines(log)
    assert number in fault["message"]
    assert (fault["requete"], fault["exception"]) == ("requete-numero-2", "ValueError")
    assert "broken" in fault["trace"][-1]
    assert (line["chemin"], line["statut"]) == ("/casse/{jeton}", 500)
    assert "camille" not in log.getvalue()
    assert "secret" not in log.getvalue()


class TestLinesThatWait:
    """Lines of requests are written some at a time; none is lost, none is overtaken."""

    @pytest.fixture
    def written(self) -> Iterator[io.StringIO]:
        yield from heard(io.StringIO(), Batches)

    async def test_a_line_waits_a_moment_and_is_written(self, written: io.StringIO) -> None:
        others = asyncio.all_tasks()
        said({"requete": "une"})
        assert lines(written) == []

        await asyncio.gather(*asyncio.all_tasks() - others)
        assert [line["requete"] for line in lines(written)] == ["une"]

    async def test_another_line_is_written_at_once_after_those_that_wait(self, written: io.StringIO) -> None:
        said({"requete": "une"})
        logging.getLogger("rafael.http").warning("panne")

        assert [line["source"] for line in lines(written)] == [ACCESS.name, "rafael.http"]

    async def test_many_lines_do_not_wait(self, written: io.StringIO) -> None:
        for number in range(LINES):
            said({"requete": str(number)})

        assert [line["requete"] for line in lines(written)] == [str(number) for number in range(LINES)]

    def test_what_waits_when_the_loop_stops_is_written(self, written: io.StringIO) -> None:
        async def one_request() -> None:
            said({"requete": "la dernière"})
            await asyncio.sleep(0)  # the loop stops long before it is time to write
            assert lines(written) == []

        asyncio.run(one_request())
        assert [line["requete"] for line in lines(written)] == ["la dernière"]

    def test_without_a_loop_nothing_waits(self, written: io.StringIO) -> None:
        said({"requete": "une"})

        assert [line["requete"] for line in lines(written)] == ["une"]


async def test_the_counters_say_how_much_and_never_who(edge: Edge) -> None:
    await edge.ask("{ moi }", token=TOKEN)
    await edge.ask("{ moi }")
    await edge.ask("{ inconnu }")
    await edge.client.get("/camille")

    text = (await edge.client.get("/metrics")).text

    def value(start: str) -> str:
        (line,) = [line for line in text.splitlines() if line.startswith(start)]
        return line.rsplit(" ", 1)[1]

    assert value('rafael_requetes_total{chemin="/graphql",statut="200"') == "2"
    assert value('rafael_requetes_total{chemin="/graphql",statut="400"') == "1"
    assert value('rafael_requetes_total{chemin="?",statut="404"') == "1"
    assert value('rafael_erreurs_total{code="GRAPHQL_VALIDATION_FAILED"') == "1"
    assert value('rafael_operations_total{genre="query",profil="prescripteur_n2"') == "1"
    assert value('rafael_operations_total{genre="query",profil="anonyme"') == "1"
    assert float(value('rafael_secondes_total{chemin="/graphql"')) > 0
    assert "camille" not in text


async def test_alive_and_ready(edge: Edge) -> None:
    assert (await edge.client.get("/livez")).text == "ok"
    ready = await edge.client.get("/readyz")
    assert (ready.status_code, ready.json()["pret"]) == (200, True)


@pytest.mark.parametrize("name", ["base", "migrations", "politique"])
async def test_not_ready_says_what_is_missing(edge: Edge, name: str) -> None:
    edge.ready[name] = False

    response = await edge.client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"pret": False, "controles": edge.ready}


async def test_a_check_that_fails_is_not_ready_and_tells_nobody_why(edge: Edge, log: io.StringIO) -> None:
    edge.ready.pop("base")

    response = await edge.client.get("/readyz")

    assert (response.status_code, response.json()["controles"]["base"]) == (503, False)
    assert lines(log)[0]["exception"] == "KeyError"


class TestForeignPages:
    ORIGIN = "https://exemple.fr"

    async def test_no_foreign_page_may_ask_by_default(self, edge: Edge) -> None:
        preflight = await edge.client.options(
            "/graphql", headers={"origin": self.ORIGIN, "access-control-request-method": "POST"}
        )
        response = await edge.post('{"query": "{ moi }"}', origin=self.ORIGIN)

        for each in (preflight, response):
            assert not [name for name in each.headers if name.startswith("access-control")]

    async def test_pages_of_a_listed_origin_may_and_others_may_not(self) -> None:
        async with Edge(origines=[self.ORIGIN]).opened() as edge:
            asked = {
                "access-control-request-method": "POST",
                "access-control-request-headers": "authorization",
            }
            preflight = await edge.client.options("/graphql", headers={"origin": self.ORIGIN, **asked})
            other = await edge.client.options("/graphql", headers={"origin": "https://ailleurs.fr", **asked})
            response = await edge.post('{"query": "{ moi }"}', origin=self.ORIGIN)

        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == self.ORIGIN
        assert "access-control-allow-origin" not in other.headers
        assert response.headers["access-control-allow-origin"] == self.ORIGIN
        assert "access-control-allow-credentials" not in response.headers
