"""Random valid documents, made from the schema: operations, aliases, fragments, directives, variables, arguments."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.reading.slices import Keys
from tests.reading.values import Values, literal

BARREN = 0.25  # how much less often a leaf is chosen than an object, where a type has many


class Document(NamedTuple):
    """A document, the values of its variables, the operation to run."""

    text: str
    variables: dict[str, Any]
    operation: str


class Writer:
    """Writes one random document."""

    def __init__(
        self,
        seed: int,
        schema: GraphQLSchema,
        world: Any,
        *,
        hidden: frozenset[str] = frozenset(),
        keys: Keys | None = None,
        depth: int = 5,
    ) -> None:
        """In: what `Values` draws from; fields never to ask for, as `Type.field`; how deep objects go."""
        self.r, self.schema, self.hidden, self.depth = random.Random(seed), schema, hidden, depth
        self.values = Values(self.r, schema, world, keys or {}, hidden)
        self.fragments: list[str] = []

    def document(self) -> Document:
        """Out: the document; of its operations, any may be the one to run."""
        said = [self.operation(f"Q{i}") for i in range(self.r.choice([1, 1, 1, 2]))]
        chosen = self.r.randrange(len(said))
        text = "\n".join([*[text for text, _ in said], *self.fragments])
        return Document(text, said[chosen][1], f"Q{chosen}")

    def selection(self, type_: Any) -> str:
        """Out: what is asked of one object. What it declares is in `declared`, in `variables` and in `fragments`."""
        self.begin()
        return self.selections(type_, 1)

    def begin(self) -> None:
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.reusable: list[tuple[str, Any]] = []  # a fragment has the variables of its operation
        self.keys: dict[tuple[str, str], str] = {}  # what a response key of a type says

    def operation(self, name: str) -> tuple[str, dict[str, Any]]:
        self.begin()
        body = self.selections(self.schema.query_type, 0)
        head = f"query {name}({', '.join(self.declared)})" if self.declared else f"query {name}"
        return f"{head} {body}", self.variables

    # --- selections -----------------------------------------------------------------------------------------

    def selections(self, type_: Any, depth: int) -> str:
        found = [self.wrapped(type_, self.field(type_, n, depth)) for n in self.chosen(type_, depth)]
        if is_abstract_type(type_):
            found += [self.on_concrete(type_, depth) for _ in range(self.r.randint(1, 3))]
        again = [name for name, on in self.reusable if on is type_]
        if again and self.r.random() < 0.1:
            found.append(f"...{self.r.choice(again)}")
        return "{ " + " ".join(found) + " }"

    def chosen(self, type_: Any, depth: int) -> list[str]:
        """Out: the names of some fields of a type, an object rather than a leaf."""
        objects = {n: not is_leaf_type(get_named_type(d.type)) for n, d in type_.fields.items()}
        names = [
            n
            for n, deep in objects.items()
            if f"{type_.name}.{n}" not in self.hidden and not (deep and depth > self.depth)
        ]
        weights = [1.0 if objects[n] else BARREN for n in names]
        count = self.r.randint(1, 4)
        return self.r.choices([*names, "__typename"], [*weights, 0.2], k=count) if names else ["__typename"]

    def on_concrete(self, type_: Any, depth: int) -> str:
        concrete = self.r.choice(self.schema.get_possible_types(type_))
        return f"... on {concrete.name}{self.directive()} {self.selections(concrete, depth + 1)}"

    def wrapped(self, type_: Any, text: str) -> str:
        """A field as it is, in an inline fragment, or in a named one; on its type, or on an interface of it."""
        chance = self.r.random()
        if chance < 0.1:
            return f"... on {type_.name}{self.directive()} {{ {text} }}"
        if chance < 0.15:
            return f"...{self.directive()} {{ {text} }}"
        if chance < 0.2 and any(i.name == "Node" for i in getattr(type_, "interfaces", ())):
            return f"... on Node {{ id __typename ... on {type_.name} {{ {text} }} }}"
        if chance < 0.3:
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {type_.name} {{ {text} }}")
            self.reusable.append((name, type_))
            return f"...{name}{self.directive()}"
        return text

    def field(self, type_: Any, name: str, depth: int) -> str:
        definition = type_.fields.get(name)
        said = name + (self.arguments(definition) if definition else "")
        key = self.key(type_, name, said)
        head = said if key == name else f"{key}: {said}"
        inner = get_named_type(definition.type) if definition else None
        if inner is None or is_leaf_type(inner):
            return f"{head}{self.directive()}"
        bodies = [self.selections(inner, depth + 1) for _ in range(1 + (self.r.random() < 0.1))]
        return " ".join(
            f"{head}{self.directive()} {body}" for body in bodies
        )  # two bodies of one key are merged

    def key(self, type_: Any, name: str, said: str) -> str:
        """Out: a response key: one says the same wherever it stands on a type, or two of them could not be merged."""
        wanted = f"{self.r.choice('abcdef')}{self.r.randint(1, 3)}" if self.r.random() < 0.3 else name
        while self.keys.setdefault((type_.name, wanted), said) != said:
            wanted = f"{self.r.choice('abcdef')}{self.r.randint(1, 99)}"
        return wanted

    def directive(self) -> str:
        if self.r.random() > 0.15:
            return ""
        name = self.r.choice(["skip", "include"])
        value = (self.r.random() < 0.8) == (name == "include")
        text = (
            self.variable(GraphQLNonNull(GraphQLBoolean), value)
            if self.r.random() < 0.7
            else str(value).lower()
        )
        return f" @{name}(if: {text})"

    # --- arguments and variables ----------------------------------------------------------------------------

    def arguments(self, definition: Any) -> str:
        """Out: some arguments of a field; a cursor is one of the order asked."""
        tri, name = self.tri(definition)
        unused = ("last", "before") if self.r.random() < 0.6 else ("first", "after")
        for word, argument in definition.args.items():
            required = isinstance(argument.type, GraphQLNonNull)
            if word == "tri" or ("tri" in definition.args and word in unused):
                continue
            if required or self.r.random() < 0.5:
                value = self.values.of(word, argument, definition, name)
                absent = "absent" if required and value is None else value
                tri.append(f"{word}: {self.given(argument.type, absent)}")
        return f"({', '.join(tri)})" if tri else ""

    def tri(self, definition: Any) -> tuple[list[str], str | None]:
        """Out: an order, written in the document or carried by a variable, and its name; nothing for that by default."""
        if "tri" not in definition.args or self.r.random() < 0.3:
            return [], None
        enum = get_named_type(definition.args["tri"].type)
        name = self.r.choice(self.values.orders(enum))
        chance = self.r.random()
        if chance < 0.1:
            return [
                f"tri: {self.declare(enum.name)}"
            ], None  # a variable that is not sent: the order by default
        return [f"tri: {name if chance < 0.5 else self.variable(GraphQLNonNull(enum), name)}"], name

    def given(self, type_: Any, value: Any) -> str:
        """Out: a value, in the document or in variables, whole or in parts."""
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        chance = self.r.random()
        if chance < 0.4:
            return self.variable(type_, value)
        if chance < 0.7 and isinstance(inner, GraphQLInputObjectType) and value:
            parts = (f"{k}: {self.given(inner.fields[k].type, v)}" for k, v in value.items())
            return "{" + ", ".join(parts) + "}"
        return literal(value, type_)

    def variable(self, type_: Any, value: Any) -> str:
        """Out: a variable that carries a value: sent, or left to its default; now and then null, or not sent at all."""
        chance, nullable = self.r.random(), not isinstance(type_, GraphQLNonNull)
        if chance < 0.15 and value is not None:
            return self.declare(f"{type_} = {literal(value, type_)}")
        if chance < 0.2 and nullable:
            return self.declare(str(type_))
        name = self.declare(
            f"{type_} = {literal(value, type_)}" if chance < 0.25 and value is not None else str(type_)
        )
        self.variables[name[1:]] = None if chance > 0.95 and nullable else value
        return name

    def declare(self, text: str) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {text}")
        return f"${name}"
