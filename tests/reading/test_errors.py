"""What is said when an answer cannot be given."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from graphql import OperationType

from app.reading.formats import encode_id, encode_opaque
from app.reading.reader import Reader
from tests.reading.conftest import Run, extra_values
from tests.reading.policy import N3, STAFF, Rights, Viewer
from tests.reading.schema import build_schema
from tests.reading.world import MOMENT

GESTIONNAIRE = Viewer(STAFF, 1)
AFTER = "query($c: String) { candidatures(after: $c) { nodes { id } } }"
FORGED = [
    "",
    "[]",
    "1",
    '["PLUS_RECENTES"]',
    '["PLUS_RECENTES", "2026-01-01", 1]',
    '["PLUS_RECENTES", 5, 1]',
    '["PLUS_RECENTES", "2026-01-01T00:00:00Z", 99999999999]',
    '["PLUS_RECENTES", "2026-01-01T00:00:00Z", true]',
    '["PAR_ETAT", "retenue", "2026-01-01T00:00:00Z", 1]',
    '["PLUS_RECENTES", null, null]',
    '{"a": 1}',
    "[" * 5000,
]


def code(answer: Any) -> str:
    assert "data" not in answer
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize("text", FORGED)
async def test_a_forged_cursor_is_the_client_s_error(run: Run, text: str) -> None:
    answer = await run(GESTIONNAIRE, AFTER, {"c": encode_opaque(text)})
    assert code(answer) == "BAD_USER_INPUT"
    assert answer["errors"][0]["locations"]


@pytest.mark.parametrize(
    "key",
    [
        '"x"',
        "1.5",
        "null",
        "true",
        "99999999999",
        '"2026-13-01"',
        '"2026-01-01T00:00:00Z"',
        '"\\u0000"',
        "1e999",
    ],
)
@pytest.mark.parametrize("tri", ["PROCHAINES", "PAR_PLACES", "COMPLETES_D_ABORD"])
async def test_so_is_a_cursor_with_a_key_of_another_kind(run: Run, tri: str, key: str) -> None:
    keys = {
        "PROCHAINES": [key, "1"],
        "PAR_PLACES": [key, '"2026-01-01"', "1"],
        "COMPLETES_D_ABORD": ["1", key, "1"],
    }
    text = f'["{tri}", {", ".join(keys[tri])}]'
    answer = await run(
        GESTIONNAIRE,
        f"query($c: String) {{ sessions(tri: {tri}, after: $c) {{ nodes {{ id }} }} }}",
        {"c": encode_opaque(text)},
    )
    if tri == "COMPLETES_D_ABORD" and key in ('"x"', '"2026-13-01"', '"2026-01-01T00:00:00Z"'):
        assert answer["data"]["sessions"]  # a text like another
    else:
        assert code(answer) == "BAD_USER_INPUT"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
async def test_text_that_cannot_be_stored_is_the_client_s_error(run: Run, text: str) -> None:
    query = "query($m: String) { candidatures(filtre: {motif: $m}) { totalCount } }"
    answer = await run(Viewer(N3, 1, 1), query, {"m": text})
    assert code(answer) == "BAD_USER_INPUT"
    assert answer["errors"][0]["message"] == "Ce texte contient un caractère interdit."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{ candidatures(first: 101) { totalCount nodes { id } } }", "BAD_USER_INPUT"),
        ("{ candidatures(first: -1) { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ candidatures(first: 1, last: 1) { nodes { id } } }", "BAD_USER_INPUT"),
        ('{ candidatures(after: "n importe quoi") { nodes { id } } }', "BAD_USER_INPUT"),
        ('{ node(id: "????") { id } }', "BAD_USER_INPUT"),
        (f'{{ node(id: "{encode_opaque("Session:٣")}") {{ id }} }}', "BAD_USER_INPUT"),
        ("{ candidatures {", "GRAPHQL_PARSE_FAILED"),
        ("{ licorne }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { version } query B { version }", "OPERATION_RESOLUTION_FAILURE"),
        ("query($n: Int!) { candidatures(first: $n) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
async def test_what_is_wrong_is_said_in_a_known_word(run: Run, text: str, wanted: str) -> None:
    assert code(await run(GESTIONNAIRE, text)) == wanted


async def test_a_number_beyond_a_column_finds_nothing_or_is_refused(run: Run) -> None:
    huge = encode_id("Candidature", 2**40)
    assert await run(GESTIONNAIRE, f'{{ node(id: "{huge}") {{ id }} }}') == {"data": {"node": None}}


async def test_too_many_identifiers_are_refused(run: Run) -> None:
    ids = [encode_id("Structure", 1)] * 101
    assert (
        code(await run(GESTIONNAIRE, "query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ids}))
        == "BAD_USER_INPUT"
    )


# --- costs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bounded(pool: Any) -> Reader:
    return Reader(build_schema(), Rights(), pool, extra_values=extra_values)


NESTED = "query($n: Int) { sessions(first: $n) { nodes { candidatures(first: $n) { nodes { suivis(first: 2) { id } } } } } }"


async def test_the_cost_of_a_request_is_what_its_pages_may_hold(bounded: Reader) -> None:
    request = bounded.request(GESTIONNAIRE, NESTED, {"n": 10}, None, MOMENT)
    plan = bounded.plan(request)
    assert plan.cost(plan.given(request.variables)) == 10 + 10 * 10 + 10 * 10 * 2  # type: ignore[union-attr]


async def test_a_request_that_would_cost_too_much_is_refused_before_it_runs(bounded: Reader) -> None:
    assert b'"data"' in await bounded.execute(GESTIONNAIRE, NESTED, {"n": 50}, None, MOMENT)
    refused = await bounded.execute(GESTIONNAIRE, NESTED, {"n": 100}, None, MOMENT)
    (error,) = json.loads(refused)["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["limit"] == {"name": "QUERY_TOO_COMPLEX", "max": 20_000, "found": 30_100}
    assert refused.refused
    assert refused.codes == ("BAD_USER_INPUT",)


async def test_fragments_that_double_at_each_level_are_refused(bounded: Reader) -> None:
    levels = [
        f"fragment F{i} on Session {{ a: action {{ prochaine {{ ...F{i + 1} }} }} b: action {{ prochaine {{ ...F{i + 1} }} }} }}"
        for i in range(9)
    ]
    text = "\n".join(["{ sessions { nodes { ...F0 } } }", *levels, "fragment F9 on Session { id }"])
    answer = json.loads(await bounded.execute(GESTIONNAIRE, text, None, None, MOMENT))
    assert answer["errors"][0]["extensions"]["limit"]["name"] == "QUERY_TOO_COMPLEX"


async def test_deep_documents_are_refused(bounded: Reader) -> None:
    text = "{ sessions { nodes { " + "action { prochaine { " * 12 + "id" + " } }" * 12 + " } } }"
    answer = json.loads(await bounded.execute(GESTIONNAIRE, text, None, None, MOMENT))
    assert answer["errors"][0]["extensions"]["limit"]["name"] == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (
            "query($t: OrdreCandidatures = null) { version toutes: candidatures(tri: $t) { totalCount } }",
            "toutes",
        ),
        ('mutation($t: Boolean = true) { toucher(id: "x", existe: $t) { candidature { id } } }', "toucher"),
    ],
)
async def test_a_null_where_a_default_stood_is_said_at_its_field(run: Run, document: str, field: str) -> None:
    """The specification lets such a variable be declared: only the field may refuse its null, and what holds it bubbles."""
    answer = await run(GESTIONNAIRE, document, {"t": None})
    (error,) = answer["errors"]
    assert (answer["data"], error["path"]) == (None, [field])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


# --- our own faults -------------------------------------------------------------------------------------------


async def test_a_fault_of_a_resolver_is_masked_and_logged_once(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await run(GESTIONNAIRE, "{ panne version }")
    (error,) = answer["errors"]
    assert answer["data"] == {"panne": None, "version": "1.0"}
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == ["panne"]
    assert "secret" not in json.dumps(answer)
    (logged,) = caplog.records
    assert error["extensions"]["incident"] in logged.getMessage()
    assert "secret de la maison" in str(logged.exc_info)


async def test_a_base_that_is_not_there_is_our_fault(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def acquire(self) -> Any:
            raise OSError("mot de passe")

    reader = Reader(build_schema(), Rights(), Broken(), extra_values=extra_values)
    with caplog.at_level(logging.ERROR):
        answer = json.loads(
            await reader.execute(GESTIONNAIRE, "{ corbeilles { toutes } }", None, None, MOMENT)
        )
    assert code(answer) == "INTERNAL_SERVER_ERROR"
    assert "mot de passe" not in json.dumps(answer)
    assert len(caplog.records) == 1


async def test_a_statement_that_takes_too_long_is_said_so(pool: Any) -> None:
    class Slow:
        """The same pool, whose connections wait before they answer."""

        def acquire(self) -> Any:
            return Waiting(pool.acquire())

    class Waiting:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def __aenter__(self) -> Any:
            self.connection = await self.inner.__aenter__()
            return self

        async def __aexit__(self, *exc: Any) -> None:
            await self.inner.__aexit__(*exc)

        async def prepare(self, sql: str, name: str) -> Any:
            return self

        async def fetchval(self, *values: Any) -> Any:
            async with self.connection.transaction():
                await self.connection.execute("SET LOCAL statement_timeout = 20")
                return await self.connection.fetchval("SELECT pg_sleep(5)")

    reader = Reader(build_schema(), Rights(), Slow(), extra_values=extra_values)
    answer = json.loads(await reader.execute(GESTIONNAIRE, "{ corbeilles { toutes } }", None, None, MOMENT))
    assert code(answer) == "QUERY_TIMEOUT"


async def test_the_answer_of_the_base_is_passed_through_as_bytes(reader: Reader) -> None:
    answer = await reader.execute(GESTIONNAIRE, "{ structures(first: 1) { nom } }", None, None, MOMENT)
    assert isinstance(answer, bytes)
    assert json.loads(answer) == {"data": {"structures": [{"nom": "Structure 1"}]}}
    assert not answer.refused
    assert answer.codes == ()


async def test_the_kind_of_an_operation_is_known_before_it_runs(reader: Reader) -> None:
    text = 'query A { version } mutation B { toucher(id: "x") { empechements { code } } }'
    assert reader.kind(text, "A") is OperationType.QUERY
    assert reader.kind(text, "B") is OperationType.MUTATION
