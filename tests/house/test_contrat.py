"""The published contract: schema.graphql is the schema, and the schema speaks French to who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from app.http.documents import Documents
from app.resolvers import build_schema, published_schema

from .sources import ROOT

SCHEMA: GraphQLSchema = build_schema()._schema
ADVICE = (
    "make it again with `python -m tests.house.contrat`, and say in CHANGELOG.md what changes for clients"
)


def test_the_published_contract_is_the_schema() -> None:
    published, true = (ROOT / "schema.graphql").read_text(encoding="utf-8"), published_schema()
    assert published == true, (
        ADVICE
        + "\n"
        + "\n".join(
            unified_diff(
                published.splitlines(), true.splitlines(), "schema.graphql", "the schema", lineterm="", n=1
            )
        )
    )


def types() -> Iterator[Any]:
    """Out: the types of ours."""
    for type_ in SCHEMA.type_map.values():
        if not is_introspection_type(type_) and not (
            isinstance(type_, GraphQLScalarType) and is_specified_scalar_type(type_)
        ):
            yield type_


def members() -> Iterator[tuple[str, Any]]:
    """Out: fields, with the name of their type."""
    for type_ in types():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field


def test_every_field_is_described() -> None:
    assert not [where for where, field in members() if not field.description]


def test_every_type_is_described() -> None:
    roots = {SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type}
    undescribed = [t.name for t in types() if not t.description and t not in roots]
    assert not [name for name in undescribed if not isinstance(SCHEMA.type_map[name], GraphQLEnumType)]


def test_a_description_is_a_sentence() -> None:
    for where, field in members():
        said = field.description or ""
        assert said[:1].isupper() or not said[:1].isalpha(), where
        assert said.endswith((".", "?", "»", ")")), where


def test_names_have_no_accent_and_follow_the_api_s_case() -> None:
    for where, _ in members():
        assert re.fullmatch(r"_?[a-z][A-Za-z0-9]*", where.rpartition(".")[2]), where
    for type_ in types():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", type_.name), type_.name


def test_every_act_answers_with_its_refusals() -> None:
    mutations = SCHEMA.mutation_type
    assert mutations
    for name, field in mutations.fields.items():
        payload = SCHEMA.type_map[str(field.type).rstrip("!")]
        assert str(field.type).endswith("!"), name
        assert "empechements" in payload.fields, name  # type: ignore[union-attr]  # a payload is an object


def test_the_first_argument_of_a_page_is_bounded_by_default() -> None:
    for type_ in types():
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                if str(field.type).endswith("Connection!"):
                    assert {"first", "after", "last", "before"} <= set(field.args), f"{type_.name}.{name}"


def test_the_examples_of_the_console_may_all_run() -> None:
    documents = Documents(SCHEMA)
    examples = sorted((ROOT / "app" / "console" / "exemples").glob("*.graphql"))
    assert len(examples) >= 5
    for path in examples:
        documents.admit(path.read_text(encoding="utf-8"), stranger=False)
