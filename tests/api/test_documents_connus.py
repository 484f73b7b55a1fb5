"""Documents known in advance: a worker that never saw one neither parses nor validates it; nobody else makes them known."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql.language.parser import Parser
from graphql.validation.validate import ValidationContext
from typer.testing import CliRunner

from app.cli import cli
from app.http import connus
from app.http.documents import Documents
from app.http.errors import Refusal
from app.kit.cipher import Cipher
from app.kit.settings import Settings
from app.main import build_schema, create_app, faire_connaitre
from app.reading.limits import LIMITS
from tests.cast import CIPHER, Monde
from tests.conftest import Base

DOCUMENT = "query Connue($n: Int) { actions(first: $n) { totalCount nodes { intitule } } }\n"
DEAR = """query Chere($n: Int!) { actions(first: $n) { nodes { sessions(first: $n) { nodes { action {
    sessions(first: $n) { nodes { id } } } } } } } }"""


@pytest.fixture
def settings(base: Base, tmp_path: Path) -> Settings:
    given = {"DATABASE_URL": base.url, "DONNEES": str(tmp_path), "CLE_CHIFFREMENT": CIPHER.key.decode()}
    return dataclasses.replace(Settings.read(given), demo=False, lectures_anonymes=0)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What graphql-core parses and validates, whoever asks it to."""
    done: list[str] = []
    parse, begin = Parser.parse_document, ValidationContext.__init__

    def parsed(self: Parser) -> Any:
        done.append("parse")
        return parse(self)

    def validated(self: ValidationContext, *args: Any, **more: Any) -> None:
        done.append("validate")
        begin(self, *args, **more)

    monkeypatch.setattr(Parser, "parse_document", parsed)
    monkeypatch.setattr(ValidationContext, "__init__", validated)
    return done


@asynccontextmanager
async def fresh(settings: Settings, counted: list[str] | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A worker that has just started; from then on, what is counted is its own."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://r") as client,
    ):
        if counted is not None:
            counted.clear()  # the examples of the console, at the start
        yield client


async def ask(client: httpx.AsyncClient, **body: Any) -> Any:
    """Out: the whole answer."""
    return (await client.post("/graphql", json=body)).json()


def persisted(text: str) -> dict[str, Any]:
    """Out: the extensions that name a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}


def code(answer: Any) -> str:
    """Out: the code of the one error of an answer without data."""
    assert "data" not in answer
    (error,) = answer["errors"]
    return str(error["extensions"]["code"])


async def test_a_known_document_is_neither_parsed_nor_validated_by_a_fresh_worker(
    settings: Settings, monde: Monde, counted: list[str]
) -> None:
    await monde.une_session()
    async with fresh(settings, counted) as client:
        plain = await ask(client, query=DOCUMENT, variables={"n": 2})
    assert counted == ["parse", "validate"], "the test counts nothing"
    assert faire_connaitre(settings, {"a.graphql": DOCUMENT}) == 2

    async with fresh(settings, counted) as client:
        answers = [
            await ask(client, query=DOCUMENT, variables={"n": 2}),
            await ask(client, query=DOCUMENT.strip(), variables={"n": 2}),
            await ask(client, extensions=persisted(DOCUMENT), variables={"n": 2}),
        ]

    assert counted == []
    assert answers == [plain] * 3
    assert plain["data"]["actions"]["nodes"]


async def test_its_errors_are_those_of_any_document(settings: Settings, counted: list[str]) -> None:
    async with fresh(settings) as client:
        plain = [await ask(client, query=DOCUMENT, variables=v) for v in ({"n": "x"}, {"n": 101})]
    faire_connaitre(settings, {"a.graphql": DOCUMENT})

    async with fresh(settings, counted) as client:
        known = [await ask(client, query=DOCUMENT, variables=v) for v in ({"n": "x"}, {"n": 101})]

    assert counted == []
    assert known == plain
    assert all(each["errors"][0]["locations"] for each in known)


async def test_what_is_dear_is_still_looked_at_with_its_variables(settings: Settings) -> None:
    faire_connaitre(settings, {"a.graphql": DEAR})

    async with fresh(settings) as client:
        assert "data" in await ask(client, query=DEAR, variables={"n": 2})
        assert code(await ask(client, query=DEAR, variables={"n": 100})) == "GRAPHQL_VALIDATION_FAILED"


def test_a_document_that_is_refused_is_not_made_known(settings: Settings) -> None:
    with pytest.raises(ValueError, match=r"^mauvais.graphql : "):
        faire_connaitre(settings, {"bon.graphql": DOCUMENT, "mauvais.graphql": "{ licorne }"})
    assert not (settings.donnees / connus.FICHIER).exists()


def test_the_command_takes_a_folder(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "a.graphql").write_text(DOCUMENT, "utf-8")
    env = {"DONNEES": str(settings.donnees), "CLE_CHIFFREMENT": CIPHER.key.decode()}

    done = CliRunner().invoke(cli, ["documents", str(tmp_path / "client")], env=env, catch_exceptions=False)

    assert (done.exit_code, done.output) == (0, "2 documents connus\n")
    assert (settings.donnees / connus.FICHIER).stat().st_mode & 0o077 == 0


# --- who may make documents known ----------------------------------------------------------------------------------


def test_a_file_that_was_changed_or_sealed_by_another_key_is_refused(settings: Settings) -> None:
    faire_connaitre(settings, {"a.graphql": DOCUMENT})
    path = settings.donnees / connus.FICHIER
    written = path.read_bytes()
    other = Cipher(b"A" * 43 + b"=")

    for broken in (written[:-1], written[:40] + b"\0" + written[41:], b"", other.mark(b"x") + b"x"):
        path.write_bytes(broken)
        with pytest.raises(connus.SceauRompuError, match="rafael documents"):
            connus.lire(path, b"", CIPHER.mark)


async def test_what_was_known_under_another_schema_is_validated_as_anything_else(
    settings: Settings, counted: list[str]
) -> None:
    faire_connaitre(settings, {"a.graphql": DOCUMENT})
    path = settings.donnees / connus.FICHIER
    sealed = b"\0" * 32 + path.read_bytes()[64:]
    path.write_bytes(CIPHER.mark(sealed) + sealed)

    async with fresh(settings, counted) as client:
        assert "data" in await ask(client, query=DOCUMENT)

    assert counted == ["parse", "validate"]


def test_the_key_follows_the_schema_the_rules_and_the_limits() -> None:
    schema = build_schema()._schema
    open_, closed = Documents(schema), Documents(schema, introspection=False)
    tight = Documents(schema, dataclasses.replace(open_.bounds, alias=1))

    assert len({each.cle("a") for each in (open_, closed, tight)} | {open_.cle("b")}) == 4


# --- documents that clients name by their fingerprint ----------------------------------------------------------------


async def test_a_document_sent_once_with_its_fingerprint_is_then_named_by_it(settings: Settings) -> None:
    async with fresh(settings) as client:
        assert code(await ask(client, extensions=persisted(DOCUMENT))) == "PERSISTED_QUERY_NOT_FOUND"
        both = await ask(client, query=DOCUMENT, extensions=persisted(DOCUMENT))
        assert await ask(client, extensions=persisted(DOCUMENT)) == both
        assert "data" in both


async def test_a_fingerprint_names_no_other_document_and_none_that_is_refused(settings: Settings) -> None:
    other, refused = "{ __typename }", "{ licorne }"
    async with fresh(settings) as client:
        assert code(await ask(client, query=other, extensions=persisted(DOCUMENT))) == "BAD_REQUEST"
        await ask(client, query=refused, extensions=persisted(refused))
        for text in (DOCUMENT, refused):
            assert code(await ask(client, extensions=persisted(text))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("said", [{}, {"sha256Hash": "x"}, {"sha256Hash": "ab"}, {"sha256Hash": 5}, "x"])
async def test_a_fingerprint_that_is_none_is_refused(settings: Settings, said: Any) -> None:
    async with fresh(settings) as client:
        assert code(await ask(client, extensions={"persistedQuery": said})) == "BAD_REQUEST"


def test_names_are_bounded() -> None:
    documents = Documents(build_schema()._schema, kept=dataclasses.replace(LIMITS, documents=20))
    texts = [f"{{ a{number}: __typename }}" for number in range(200)]
    for text in texts:
        documents.name(text, sha256(text.encode()).digest())

    assert len(documents.named) <= 20
    with pytest.raises(Refusal):
        documents.text(None, sha256(texts[0].encode()).digest())
    assert documents.text(None, sha256(texts[-1].encode()).digest()) == texts[-1]
