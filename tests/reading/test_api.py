"""The real schema under the real policy: what it promises is proven, and each of its fields can be read."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_object_type,
)

from app.domain.ouverture import valeurs
from app.kit.database import Database
from app.main import build_schema
from app.policies.policy import Policy
from app.policies.viewer import PROFILS, SCOPES, Anonymous, Viewer
from app.reading.asked import source_of
from app.reading.formats import encode_opaque
from app.reading.orders import Cle
from app.reading.pages import Page
from app.reading.plans import Plan
from app.reading.reader import Reader
from app.reading.verify import problems

MOMENT = datetime(2026, 3, 3, 10, tzinfo=UTC)
REPRESENTATIVES = ("anonyme", "prescripteur_n3+referent", "of_general", "gestionnaire", SCOPES[0])


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    return build_schema()


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def test_what_the_api_promises_is_proven_of_the_policy_in_time_to_start(
    schema: strawberry.Schema, policy: Policy
) -> None:
    start = time.perf_counter()
    assert problems(schema._schema, policy, PROFILS) == []
    assert time.perf_counter() - start < 1.5


def viewer(profil: str) -> Any:
    return Anonymous() if profil == "anonyme" else Viewer(1, profil, 1, 1, 1)


def required(definition: GraphQLField) -> str:
    """Out: the arguments that a field cannot do without."""
    found = [
        f"{name}: {sample(a.type)}"
        for name, a in definition.args.items()
        if isinstance(a.type, GraphQLNonNull) and name not in ("tri", "ids")
    ]
    found += ['ids: ["QWN0aW9uOjE="]'] if "ids" in definition.args else []
    return f"({', '.join(found)})" if found else ""


def documents(schema: strawberry.Schema) -> Iterator[tuple[str, str]]:
    """Out: for each type that a reading reaches, by the shortest way, a document of all its fields."""
    query = schema._schema.query_type
    assert query is not None
    seen = {query.name}
    queue: deque[tuple[GraphQLObjectType, str, str]] = deque([(query, "query {", "}")])
    while queue:
        type_, before, after = queue.popleft()
        yield type_.name, f"{before} {selection(type_)} {after}"
        for name, definition in type_.fields.items():
            inner = get_named_type(definition.type)
            if is_object_type(inner) and inner.name not in seen and source_of(definition):
                seen.add(inner.name)
                queue.append((inner, f"{before} {name}{required(definition)} {{", f"}} {after}"))


def selection(type_: GraphQLObjectType) -> str:
    """Out: every field of a type; of an object, its type."""
    return " ".join(
        f"{name}{required(d)}" + ("" if is_leaf_type(get_named_type(d.type)) else " { __typename }")
        for name, d in type_.fields.items()
        if source_of(d) is not None
    )


async def test_every_field_is_read_by_one_statement_that_postgresql_accepts(
    schema: strawberry.Schema, policy: Policy, database: Database
) -> None:
    reader = Reader(schema, policy, database.reading, extra_values=lambda _, le: valeurs(le))
    read = 0
    for _type, text in documents(schema):
        for profil in REPRESENTATIVES:
            answer = await reader.execute(viewer(profil), text, None, None, MOMENT)
            assert "errors" not in json.loads(answer), (profil, text, answer)
            read += 1
    assert read > 100
    assert not reader.completed


def test_every_field_has_a_plan_for_every_profile(schema: strawberry.Schema, policy: Policy) -> None:
    reader = Reader(schema, policy, None, extra_values=lambda _, le: valeurs(le))
    (text,) = [text for name, text in documents(schema) if name == "Candidature"]
    for profil in PROFILS:
        assert isinstance(reader.plan(reader.request(viewer(profil), text, {}, None, MOMENT)), Plan), profil


def test_the_statement_of_a_document_is_the_same_in_every_process(racine: Path) -> None:
    def told(seed: str) -> str:
        command = [sys.executable, "-c", "from tests.reading.test_api import statements; print(statements())"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, cwd=racine, env=env, capture_output=True, text=True, check=True).stdout

    assert told("1") == told("2") != ""


def statements() -> str:
    """Out: a hash of the statements of every document for some profiles."""
    schema = build_schema()
    reader = Reader(schema, Policy.load(), None, extra_values=lambda _, le: valeurs(le))
    found = hashlib.sha256()
    for _type, text in documents(schema):
        for profil in REPRESENTATIVES:
            plan = reader.plan(reader.request(viewer(profil), text, {}, None, MOMENT))
            assert isinstance(plan, Plan)
            found.update(plan.sql.encode())
    return found.hexdigest()


# --- lists ----------------------------------------------------------------------------------------------------


def lists(schema: strawberry.Schema) -> Iterator[tuple[str, GraphQLField, str, str]]:
    """Out: each connection that a reading reaches: its name, its field, the document before and after it."""
    query = schema._schema.query_type
    assert query is not None
    seen = {query.name}
    queue: deque[tuple[GraphQLObjectType, str, str]] = deque([(query, "query {", "}")])
    while queue:
        type_, before, after = queue.popleft()
        for name, definition in type_.fields.items():
            inner = get_named_type(definition.type)
            if isinstance(source_of(definition), Page):
                yield name, definition, before, after
            if is_object_type(inner) and inner.name not in seen and source_of(definition):
                seen.add(inner.name)
                queue.append((inner, f"{before} {name}{required(definition)} {{", f"}} {after}"))


def sample(type_: Any) -> str:
    """Out: a value of an input type, as a document writes it."""
    if isinstance(type_, GraphQLNonNull):
        return sample(type_.of_type)
    if isinstance(type_, GraphQLList):
        return f"[{sample(type_.of_type)}]"
    if is_enum_type(type_):
        return next(iter(type_.values))
    if is_input_object_type(type_):
        return "{" + ", ".join(f"{name}: {sample(field.type)}" for name, field in type_.fields.items()) + "}"
    by_name = {"Boolean": "true", "Int": "1", "Float": "1.5", "Date": '"2026-03-02"', "ID": '"QWN0aW9uOjE="'}
    return {**by_name, "DateHeure": '"2026-03-02T08:00:00Z"'}.get(type_.name, '"a"')


def key(type_: Any) -> Any:
    """Out: a key that a cursor may hold for a column of this SQL type."""
    values = {bool: True, int: 1, float: 1.5, Decimal: "1.5"}
    values |= {datetime: "2026-03-02T08:00:00Z", date: "2026-03-02"}
    return values.get(type_.python_type, "a")


def cursors(definition: GraphQLField) -> Iterator[tuple[str, str]]:
    """Out: each order of a connection, and a cursor in it."""
    for ordre in source_of(definition).ordre:
        keys = [key(k.lit[0].type if isinstance(k, Cle) else k.type) for k in ordre.value.keys]
        yield ordre.name, encode_opaque(json.dumps([ordre.name, *keys, 1]))


async def test_every_list_is_cut_in_every_order_both_ways(
    schema: strawberry.Schema, policy: Policy, database: Database
) -> None:
    reader = Reader(schema, policy, database.reading, extra_values=lambda _, le: valeurs(le))
    cuts = 0
    for name, definition, before, after in lists(schema):
        for tri, cursor in cursors(definition):
            for way in (f'first: 2, after: "{cursor}"', f'last: 2, before: "{cursor}"'):
                page = (
                    "{ totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { __typename } }"
                )
                text = f"{before} {name}(tri: {tri}, {way}) {page} {after}"
                answer = await reader.execute(viewer("gestionnaire"), text, None, None, MOMENT)
                assert "errors" not in json.loads(answer), (text, answer)
                cuts += 1
    assert cuts > 20


async def test_every_criterion_of_every_list_runs(
    schema: strawberry.Schema, policy: Policy, database: Database
) -> None:
    reader = Reader(schema, policy, database.reading, extra_values=lambda _, le: valeurs(le))
    criteria = 0
    for name, definition, before, after in lists(schema):
        argument = source_of(definition).argument
        filtre = definition.args.get(argument)
        for criterion, field in get_named_type(filtre.type).fields.items() if filtre else ():
            given = f"{argument}: {{{criterion}: {sample(field.type)}}}"
            for profil in REPRESENTATIVES:
                text = f"{before} {name}({given}) {{ totalCount nodes {{ __typename }} }} {after}"
                answer = await reader.execute(viewer(profil), text, None, None, MOMENT)
                assert "errors" not in json.loads(answer), (profil, text, answer)
                criteria += 1
    assert criteria > 50
