"""Every root field of the schema, asked in every way that changes its statement; and how PostgreSQL would run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_enum_type,
    is_interface_type,
    is_leaf_type,
    is_required_argument,
)
from sqlalchemy import inspect

from app.policies.policy import Policy
from app.policies.viewer import PROFILS
from app.reading import facets
from app.reading import pages as p
from app.reading import roots as r
from app.reading import tallies as t
from app.reading.asked import source_of
from app.reading.formats import encode_id
from app.reading.proofs import target_of
from app.reading.roots import model_of
from tests.reading.values import Values, criterion_of, literal

COUNTS = (
    p.Total,
    p.Comptes,
    facets.Facettes,
    facets.FacettesLarges,
)  # what counts rows reads all that it counts
PAGE = "first: 20"
PERIODE = 'depuis: "2027-01-01", jusquA: "2027-03-31"'

# The planner believes that each table holds a million rows, whatever it really holds: an index is worth its cost.
LARGE = """
update pg_class set reltuples = 1000000, relpages = 1
where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
"""


@dataclass(frozen=True)
class Document:
    """A document that asks one root field; `of`: the model whose rows it lists, when it asks their ids alone."""

    words: str
    text: str
    of: Any = None

    def alike(self, policy: Policy, profil: str) -> Any:
        """Out: what is the same for profiles under which the document makes the same statement.

        A list of ids knows what a profile reads of its rows and of those around; another document, all its rights.
        """
        if self.of is None:
            return profil
        around = {self.of, *(relation.mapper.class_ for relation in inspect(self.of).relationships)}
        around |= {step.mapper.class_ for model in around for step in inspect(model).relationships}
        known = sorted(around & set(policy.permissions), key=lambda model: model.__name__)
        return tuple(policy.condition(profil, "lire", model) for model in known)


@dataclass
class Statements:
    """The documents of a schema that ask one root field each."""

    schema: GraphQLSchema
    values: Values  # drawn from the rows of a world
    world: Any

    def documents(self) -> Iterator[Document]:
        """Out: the documents."""
        query = self.schema.query_type
        assert query is not None
        for name, definition in query.fields.items():
            inner, source = get_named_type(definition.type), source_of(definition)
            if isinstance(source, r.ParCle):
                known = json.dumps(self.values.value_of(source.attribute) or "aucun")
                yield Document(name, f"{{ {name}({source.argument}: {known}) {{ {whole(inner, 1)} }} }}")
            elif isinstance(source, r.ParId | r.ParIds):
                yield from self.by_id(name, definition, source)
            elif isinstance(source, t.Releve):
                yield Document(name, f"{{ {name}(filtre: {{{PERIODE}}}) {{ {whole(inner, 1)} }} }}")
            elif isinstance(source, p.Page):
                yield from self.page(name, definition, source)
            elif source is not None:  # a plain resolver makes no statement by itself
                inside = "" if is_leaf_type(inner) else f" {{ {whole(inner, 1)} }}"
                yield Document(name, f"{{ {name}{inside} }}")

    def key(self, type_: Any) -> str:
        """Out: the identifier of a row of a type, or of none if there is none."""
        known = [row.id for row in self.world.get(model_of(type_), ())]
        return encode_id(type_.name, known[0] if known else 1)

    def by_id(self, name: str, definition: Any, source: Any) -> Iterator[Document]:
        named = get_named_type(definition.type)
        types = self.schema.get_possible_types(named) if is_interface_type(named) else [named]
        for type_ in (each for each in types if model_of(each)):
            given = (
                f'id: "{self.key(type_)}"' if isinstance(source, r.ParId) else f'ids: ["{self.key(type_)}"]'
            )
            asked = f"... on {type_.name} {{ {whole(type_, int(isinstance(source, r.ParId)))} }}"
            yield Document(f"{name} : {type_.name}", f"{{ {name}({given}) {{ {asked} }} }}")

    def page(self, name: str, definition: Any, source: p.Page) -> Iterator[Document]:
        """A page whole; then its ids alone, in each order, after a cursor of each, and under each criterion."""
        yield Document(name, f"{{ {name}({PAGE}) {{ {whole(get_named_type(definition.type), 2)} }} }}")
        for given in [*self.orders(definition, source), *self.criteria(definition, source)]:
            text = f"{{ {name}({PAGE}, {given}) {{ nodes {{ id }} }} }}"
            yield Document(f"{name}, {given}", text, target_of(source.target))

    def orders(self, definition: Any, source: p.Page) -> Iterator[str]:
        for tri in (each.name for each in source.ordre):
            yield f"tri: {tri}"
            yield f"tri: {tri}, after: {json.dumps(self.values.cursor(definition, tri))}"

    def criteria(self, definition: Any, source: p.Page) -> Iterator[str]:
        argument = definition.args.get(source.argument)
        for word, field in get_named_type(argument.type).fields.items() if argument else ():
            yield f"{source.argument}: {{{word}: {self.criterion(field)}}}"

    def criterion(self, field: Any) -> str:
        """Out: a value of a criterion that is not null, so that it filters."""
        drawn = (self.values.criterion(criterion_of(field), field.type) for _ in range(50))
        return literal(
            next((each for each in drawn if each not in (None, [], "")), any_of(field.type)), field.type
        )


def any_of(type_: Any) -> Any:
    """Out: a value of a type, for a column of which the world holds none."""
    named = get_named_type(type_)
    if is_enum_type(named):
        return next(iter(named.values))
    return {"Boolean": True, "Int": 1, "Date": "2027-03-01", "DateTime": "2027-03-01T10:00:00Z"}.get(
        named.name, "absent"
    )


def whole(type_: Any, rows: int) -> str:
    """Out: all that may be read of a type, and of the rows that so many relations lead to; but counts."""
    found = []
    for name, definition in type_.fields.items():
        inner, source = get_named_type(definition.type), source_of(definition)
        if isinstance(source, COUNTS) or name == "edges" or is_interface_type(inner):
            continue
        if any(map(is_required_argument, definition.args.values())):
            continue
        if is_leaf_type(inner):
            found.append(name)
        elif (left := rows - bool(model_of(inner))) >= 0 and (below := whole(inner, left)):
            found.append(f"{name} {{ {below} }}")
    return " ".join(found)


def deciding_apart(policy: Policy) -> list[str]:
    """Out: profiles of which no two have the same rights: a plan knows no more of a profile."""
    apart: dict[Any, str] = {}
    for profil in PROFILS:
        cells = frozenset((k[1:], c.condition) for k, c in policy.compiled.cells.items() if k[0] == profil)
        fields = frozenset((k[1:], c.condition) for k, c in policy.compiled.fields.items() if k[0] == profil)
        apart.setdefault((cells, fields), profil)
    return list(apart.values())


def read_from_end_to_end(node: dict[str, Any]) -> Iterator[str]:
    """Out: the tables that a plan reads whole, and what it keeps of their rows."""
    if node["Node Type"] == "Seq Scan":
        yield f"{node['Relation Name']} : {node.get('Filter', 'all of it')}"
    for below in node.get("Plans", ()):
        yield from read_from_end_to_end(below)
