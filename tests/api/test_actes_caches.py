"""An act on a row that one may not read answers as on a row that does not exist: every act of the schema that names a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from sqlalchemy import text

from app.main import build_schema
from app.reading.formats import encode_id
from app.reading.roots import model_of
from tests.cast import Acteur, Monde

from .conftest import Api

ABSENT = 987_654
TEXTS = {"date": "2027-01-15", "instant": "2027-01-15T10:00:00Z", "heure": "09:00"}
QUI = ("jeanne", "nadia", "camille", "marc", "gaelle", "adrien")


@dataclass(frozen=True)
class Acte:
    """A mutation, where it takes the identifier of a row, and the type of that row."""

    name: str
    path: tuple[str, ...]
    type_name: str
    definition: Any
    types: dict[str, str]

    def document(self, ident: str) -> tuple[str, dict[str, Any]]:
        """Out: the mutation about a row, with whatever else it must be given; its variables."""
        needed = {
            n: a for n, a in self.definition.args.items() if is_required_argument(a) or n == self.path[0]
        }
        declared = ", ".join(f"${name}: {argument.type}" for name, argument in needed.items())
        given = ", ".join(f"{name}: ${name}" for name in needed)
        values = {name: self.value(argument.type, (name,), ident) for name, argument in needed.items()}
        return f"mutation({declared}) {{ {self.name}({given}) {{ empechements {{ code chemin }} }} }}", values

    def value(self, type_: Any, path: tuple[str, ...], ident: str) -> Any:
        """Out: a value of a type; the identifier where the act takes it."""
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if is_list_type(inner):
            return [self.value(inner.of_type, path, ident)]
        if path == self.path:
            return ident
        if isinstance(inner, GraphQLInputObjectType):
            kept = {
                n: f for n, f in inner.fields.items() if is_required_input_field(f) or self.leads((*path, n))
            }
            return {name: self.value(field.type, (*path, name), ident) for name, field in kept.items()}
        if isinstance(inner, GraphQLEnumType):
            return next(iter(inner.values))
        other = self.types.get(path[-1].lower(), self.type_name)
        plain = {"Int": 1, "Float": 1.0, "Boolean": True, "ID": encode_id(other, ABSENT)}
        return plain.get(inner.name, TEXTS.get(inner.name.lower(), "un texte"))

    def leads(self, path: tuple[str, ...]) -> bool:
        return self.path[: len(path)] == path


def actes(schema: GraphQLSchema) -> Iterator[Acte]:
    """Out: each mutation with each place where it takes an identifier named after a type: `candidature: ID!`."""
    types = {name.lower(): name for name, type_ in schema.type_map.items() if model_of(type_)}
    assert schema.mutation_type is not None
    for name, definition in schema.mutation_type.fields.items():
        for argument, each in definition.args.items():
            for path in places((argument,), each.type):
                said = path[-1].lower().removesuffix("s")
                if found := types.get(said) or types.get(path[-1].lower()):
                    yield Acte(name, path, found, definition, types)


def places(path: tuple[str, ...], type_: Any) -> Iterator[tuple[str, ...]]:
    """Out: where a value of a type holds identifiers."""
    named = get_named_type(type_)
    if named.name == "ID":
        yield path
    elif isinstance(named, GraphQLInputObjectType) and len(path) < 3:
        for name, field in named.fields.items():
            yield from places((*path, name), field.type)


async def hidden(api: Api, monde: Monde, qui: Acteur, type_name: str, schema: GraphQLSchema) -> str | None:
    """Out: the identifier of a row of a type that somebody may not read."""
    table = model_of(schema.get_type(type_name)).__table__.name
    async with monde.engine.connect() as connection:
        keys = (await connection.scalars(text(f'select id from "{table}" order by id limit 40'))).all()
    api.d_ailleurs()
    idents = [encode_id(type_name, key) for key in keys]
    read = await api(qui, "query($i: [ID!]!) { nodes(ids: $i) { id } }", i=idents)
    return next((ident for ident, found in zip(idents, read["nodes"], strict=True) if found is None), None)


async def told(api: Api, qui: Acteur, acte: Acte, ident: str) -> str:
    """Out: what an act answers, the identifier itself aside."""
    api.d_ailleurs()
    document, values = acte.document(ident)
    return json.dumps(await api.brut(qui, document, **values)).replace(ident, "lui")


async def test_an_act_on_a_hidden_row_answers_as_on_none(api: Api, monde: Monde) -> None:
    schema = build_schema()._schema
    await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    await monde.une_candidature(auteur=monde.paul)
    tried, different = set(), []
    for nom in QUI:
        qui = getattr(monde, nom)
        rows: dict[str, str | None] = {}
        for acte in actes(schema):
            if acte.type_name not in rows:
                rows[acte.type_name] = await hidden(api, monde, qui, acte.type_name, schema)
            if (ident := rows[acte.type_name]) is None:
                continue
            tried.add(acte.name)
            there = await told(api, qui, acte, ident)
            absent = await told(api, qui, acte, encode_id(acte.type_name, ABSENT))
            if there != absent:
                different.append(f"{nom} {acte.name} {acte.path}\n  hidden: {there}\n  absent: {absent}")
    assert not different, "\n".join(different)
    assert len(tried) > 30, sorted(tried)
