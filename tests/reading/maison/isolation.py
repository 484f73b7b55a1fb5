"""What leads to a type: every path of the schema, and every way to ask a list, written as documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_interface_type, is_leaf_type

from app.reading import rights as d
from app.reading import roots as r
from app.reading.asked import source_of
from app.reading.choices import Selon
from app.reading.formats import encode_id
from app.reading.pages import Page
from app.reading.proofs import target_of
from app.reading.roots import model_of
from tests.reading.slices import Order
from tests.reading.values import Values, criterion_of, literal

FLAGS = (
    d.Droit,
    d.Champs,
    d.Motifs,
    Selon,
)  # they say what may be done, which may rest on more than one reads
EVERY = "first: 100"


@dataclass
class Ways:
    """The ways to the rows of a type, for somebody who starts from rows that it reads."""

    schema: GraphQLSchema
    target: Any
    known: dict[Any, list[Any]]  # the rows to start from, by model
    depth: int
    paths: int = field(default=0)

    # --- paths ----------------------------------------------------------------------------------------------

    def documents(self) -> Iterator[str]:
        """Out: for each root field, a document of all the paths that lead from it to the type."""
        query = self.schema.query_type
        assert query is not None
        for name, definition in query.fields.items():
            for head, concrete in self.starts(name, definition):
                inner = concrete or get_named_type(definition.type)
                if is_leaf_type(inner):
                    continue
                if found := self.selection(inner, self.depth - bool(model_of(inner))):
                    yield f"{{ {head} {{ {self.on(definition, concrete, found)} }} }}"

    def starts(self, name: str, definition: Any) -> Iterator[tuple[str, GraphQLObjectType | None]]:
        """Out: a root field with its arguments: for a field that takes a key, one for each row to start from."""
        source = source_of(definition)
        if isinstance(source, r.ParCle):
            for row in self.known.get(source.model, []):
                yield f'{name}({source.argument}: "{getattr(row, source.attribute.key)}")', None
        elif isinstance(source, r.ParId | r.ParIds):
            for type_ in self.returned(definition):
                for row in self.known.get(model_of(type_), []):
                    given = encode_id(type_.name, row.id)
                    argument = f'id: "{given}"' if isinstance(source, r.ParId) else f'ids: ["{given}"]'
                    yield f"{name}({argument})", type_
        elif source is not None:
            yield f"{name}{every(definition)}", None

    def returned(self, definition: Any) -> list[GraphQLObjectType]:
        """Out: the types of rows that a field may return."""
        named = get_named_type(definition.type)
        found = self.schema.get_possible_types(named) if is_interface_type(named) else [named]
        return [type_ for type_ in found if model_of(type_)]

    def on(self, definition: Any, concrete: GraphQLObjectType | None, selection: str) -> str:
        named = get_named_type(definition.type)
        return (
            f"... on {concrete.name} {{ {selection} }}" if concrete and named is not concrete else selection
        )

    def selection(self, type_: Any, hops: int) -> str:
        """Out: what to ask of a type to reach the target in so many rows at most; nothing if it does not lead there."""
        found = self.leads(type_, hops)
        if self.shows(type_):
            self.paths += 1
            found = [*leaves(type_), *found]
        elif found and self.counts(type_):
            found = [*aggregates(type_), *found]
        return " ".join(found)

    def leads(self, type_: Any, hops: int) -> list[str]:
        found = []
        for name, definition in type_.fields.items():
            inner = get_named_type(definition.type)
            left = hops - bool(model_of(inner))
            if is_leaf_type(inner) or source_of(definition) is None or left < 0 or name == "edges":
                continue
            if (inner, left) in self.reaching and (below := self.selection(inner, left)):
                found.append(f"{name}{every(definition)} {{ {below} }}")
        return found

    def shows(self, type_: Any) -> bool:
        return model_of(type_) is self.target

    def counts(self, type_: Any) -> bool:
        """True for a connection over rows of the target."""
        nodes = getattr(type_, "fields", {}).get("nodes")
        return nodes is not None and self.shows(get_named_type(nodes.type))

    @cached_property
    def reaching(self) -> set[tuple[Any, int]]:
        """The types that lead to the target, each with every number of rows that is enough."""
        types = [t for t in self.schema.type_map.values() if isinstance(t, GraphQLObjectType)]
        found = {(t, hops) for t in types if self.shows(t) for hops in range(self.depth + 1)}
        while more := {
            (t, hops)
            for t in types
            for hops in range(self.depth + 1)
            if (t, hops) not in found
            and any(
                (inner := get_named_type(each.type), hops - bool(model_of(inner))) in found
                for each in t.fields.values()
                if source_of(each) is not None
            )
        }:
            found |= more
        return found


def every(definition: Any) -> str:
    """Out: the arguments that ask a list for all it may give."""
    return f"({EVERY})" if "first" in definition.args else ""


def leaves(type_: Any) -> list[str]:
    """Out: the values of a row that are read of it; not what may be done with it."""
    kept = [
        (name, source_of(each))
        for name, each in type_.fields.items()
        if is_leaf_type(get_named_type(each.type))
    ]
    return [
        name for name, source in kept if not isinstance(source, FLAGS) and not getattr(source, "public", "")
    ]


def aggregates(type_: Any) -> list[str]:
    """Out: all that a connection says of its rows together: how many, where the page lies, its facets, its cursors."""
    found = leaves(type_)
    for name, definition in type_.fields.items():
        inner = get_named_type(definition.type)
        if not is_leaf_type(inner) and name not in ("nodes", "edges"):
            below = " ".join(aggregates(inner)) if not model_of(inner) else "id"
            found.append(f"{name} {{ {below} }}")
    return [*found, "edges { cursor node { id } }"] if "edges" in type_.fields else found


# --- lists, asked about one row -------------------------------------------------------------------------------------


@dataclass
class Lists:
    """Every way to ask the lists of a type about one row: its cursor in each order, its values in each criterion."""

    ways: Ways
    row: Any
    values: Values  # drawn from the row and from those around it

    def documents(self) -> Iterator[str]:
        """Out: the documents; `$tri`, `$filtre` are written in them."""
        for type_ in self.ways.schema.type_map.values():
            for name, definition in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
                source = source_of(definition)
                if isinstance(source, Page) and target_of(source.target) is self.ways.target:
                    for head, tail in self.places(type_):
                        for arguments in [*self.orders(definition), *self.filters(definition, source)]:
                            below = " ".join(aggregates(get_named_type(definition.type)))
                            yield f"{head} {name}({arguments}) {{ {below} }} {tail}"

    def places(self, type_: Any) -> Iterator[tuple[str, str]]:
        """Out: what comes before and after a field of a type: the root, or a row that is known."""
        if type_ is self.ways.schema.query_type:
            yield "{", "}"
        for known in self.ways.known.get(model_of(type_), ()):
            yield f'{{ node(id: "{encode_id(type_.name, known.id)}") {{ ... on {type_.name} {{', "} } }"

    def orders(self, definition: Any) -> Iterator[str]:
        for ordre in source_of(definition).ordre:
            order = Order(ordre.value, ordre.name, self.values.key)
            cursor = order.cursor(self.row)
            yield f"tri: {ordre.name}, {EVERY}"
            yield f'tri: {ordre.name}, first: 1, after: "{cursor}"'
            yield f'tri: {ordre.name}, last: 1, before: "{cursor}"'

    def filters(self, definition: Any, source: Page) -> Iterator[str]:
        argument = definition.args.get(source.argument)
        for name, each in get_named_type(argument.type).fields.items() if argument else ():
            if not getattr(criterion_of(each), "public", ""):
                drawn = {json.dumps(self.values.criterion(criterion_of(each), each.type)) for _ in range(3)}
                for value in sorted(drawn - {"null"}):
                    yield f"{EVERY}, {source.argument}: {{{name}: {literal(json.loads(value), each.type)}}}"

    def keys(self) -> Iterator[str]:
        """Out: the row itself, asked by its keys."""
        query = self.ways.schema.query_type
        assert query is not None
        alone = Ways(self.ways.schema, self.ways.target, {self.ways.target: [self.row]}, 1)
        yield from alone.documents()
