"""Random valid documents, made from the schema: aliases, fragments, directives, variables, arguments."""

from __future__ import annotations

import random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from app.reading.asked import source_of
from app.reading.formats import encode_id, write_instant
from tests.reading import models as m
from tests.reading.reference import cursor, ordered
from tests.reading.world import MOTIFS, MOTS, World

IDENTIFIED = (
    "Candidature",
    "Session",
    "Action",
    "Structure",
    "Suivi",
    "Utilisateur",
    "Moi",
    "Avis",
    "Licorne",
)


class Writer:
    """Writes one random document and its variables."""

    def __init__(
        self, seed: int, schema: GraphQLSchema, world: World, *, python_fields: bool = False
    ) -> None:
        self.r, self.schema, self.world = random.Random(seed), schema, world
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.fragments: list[str] = []
        self.hidden = {"panne"} if python_fields else {"panne", "version"}

    def document(self) -> tuple[str, dict[str, Any]]:
        body = self.selections(self.schema.query_type, 0)
        head = f"query Q({', '.join(self.declared)})" if self.declared else "query Q"
        return "\n".join([f"{head} {body}", *self.fragments]), self.variables

    def selections(self, type_: Any, depth: int) -> str:
        names = [n for n in type_.fields if n not in self.hidden]
        if depth > 5:
            names = [n for n in names if is_leaf_type(get_named_type(type_.fields[n].type))]
        chosen = [self.r.choice([*names, "__typename"]) for _ in range(self.r.randint(1, 4))]
        found = [self.wrapped(type_, self.field(type_, n, depth), depth) for n in chosen]
        if is_abstract_type(type_):
            found += [self.on_concrete(type_, depth) for _ in range(self.r.randint(1, 3))]
        return "{ " + " ".join(found) + " }"

    def on_concrete(self, type_: Any, depth: int) -> str:
        concrete = self.r.choice(self.schema.get_possible_types(type_))
        return f"... on {concrete.name} {self.selections(concrete, depth + 1)}"

    def wrapped(self, type_: Any, text: str, depth: int) -> str:
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
            return f"...{name}{self.directive()}"
        return text

    def field(self, type_: Any, name: str, depth: int) -> str:
        alias = f"{self.r.choice('abcdef')}{self.r.randint(1, 3)}: " if self.r.random() < 0.3 else ""
        if name == "__typename":
            return f"{alias}__typename"
        definition = type_.fields[name]
        inner = get_named_type(definition.type)
        body = "" if is_leaf_type(inner) else " " + self.selections(inner, depth + 1)
        return f"{alias}{name}{self.arguments(definition)}{self.directive()}{body}"

    def directive(self) -> str:
        if self.r.random() > 0.15:
            return ""
        value = self.r.random() < 0.6
        text = self.variable("Boolean!", value) if self.r.random() < 0.7 else str(value).lower()
        return f" @{self.r.choice(['skip', 'include'])}(if: {text})"

    def variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.declared)}"
        if not type_.endswith("!") and self.r.random() < 0.2:
            return self.missing(name, type_)
        self.declared.append(f"${name}: {type_}")
        self.variables[name] = value
        return f"${name}"

    def missing(self, name: str, type_: str) -> str:
        self.declared.append(f"${name}: {type_}")
        if self.r.random() < 0.5:
            self.variables[name] = None
        return f"${name}"

    def maybe_variable(self, type_: str, value: Any, literal: str) -> str:
        return self.variable(type_, value) if self.r.random() < 0.5 else literal

    def arguments(self, definition: Any) -> str:
        backward = self.r.random() < 0.4
        tri = self.tri(definition)
        found = []
        for name, argument in definition.args.items():
            hidden = ("first", "after") if backward and "last" in definition.args else ("last", "before")
            required = isinstance(argument.type, GraphQLNonNull) and name != "tri"
            if name == "tri":
                enum = get_named_type(argument.type).name
                found += [f"tri: {self.maybe_variable(f'{enum}!', tri, tri)}"] if tri else []
            elif name not in hidden and (required or self.r.random() < 0.5):
                found.append(f"{name}: {self.argument(name, argument.type, tri, definition)}")
        return f"({', '.join(found)})" if found else ""

    def tri(self, definition: Any) -> str | None:
        if "tri" not in definition.args or self.r.random() < 0.3:
            return None
        return self.r.choice(list(get_named_type(definition.args["tri"].type).values))

    def argument(self, name: str, type_: Any, tri: str | None, definition: Any) -> str:
        if name in ("first", "last"):
            value = self.r.choice([0, 1, 2, 3, 5, 50])
            return self.maybe_variable("Int", value, str(value))
        if name == "id":
            value = self.identifier()
            return self.maybe_variable("ID!", value, f'"{value}"')
        if name == "ids":
            return self.identifiers()
        if name in ("numeroCarif", "reference"):
            value = (
                f"00{self.r.randint(0, 13):06}"
                if name == "numeroCarif"
                else f"C2026{self.r.randint(0, 61):06}"
            )
            return self.maybe_variable("String!", value, f'"{value}"')
        if name in ("after", "before"):
            value = self.cursor(tri, definition)
            return self.maybe_variable("String", value, f'"{value}"')
        return self.filtre(get_named_type(type_))

    def identifier(self, types: tuple[str, ...] = IDENTIFIED) -> str:
        return encode_id(self.r.choice(types), self.r.choice([1, 2, 3, 4, 5, 999, 2**40]))

    def identifiers(self) -> str:
        values = [self.identifier() for _ in range(self.r.randint(0, 5))]
        literals = [self.maybe_variable("ID!", v, f'"{v}"') for v in values]
        return self.maybe_variable("[ID!]!", values, f"[{', '.join(literals)}]")

    def cursor(self, tri: str | None, definition: Any) -> str:
        values = get_named_type(definition.args["tri"].type).values
        name = tri or definition.args["tri"].default_value.name
        order = getattr(values[name].value, "value", values[name].value)
        target = source_of(definition).target
        model = target if isinstance(target, type) else target.property.mapper.class_
        rows = ordered(self.world[model], order)
        row = self.r.choice([self.r.choice(rows), rows[0], rows[1], rows[-2], rows[-1]])
        return cursor(row, order, name)

    def filtre(self, type_: GraphQLInputObjectType) -> str:
        chosen = {n: self.criterion(n, f.type) for n, f in type_.fields.items() if self.r.random() < 0.3}
        if self.r.random() < 0.4:
            return self.variable(type_.name, chosen)
        fields = type_.fields
        return (
            "{" + ", ".join(f"{n}: {self.variable(str(fields[n].type), v)}" for n, v in chosen.items()) + "}"
        )

    def criterion(self, name: str, type_: Any) -> Any:
        named = get_named_type(type_)
        if name == "etats":
            return self.r.sample(list(named.values), self.r.randint(0, 3))
        if hasattr(named, "values"):
            return self.r.choice(list(named.values))
        if named.name == "Boolean":
            return self.r.random() < 0.5
        session = ("Session", "Session", "Candidature")
        return {
            "session": lambda: self.identifier(session),
            "sessions": lambda: [self.identifier(session) for _ in range(self.r.randint(0, 3))],
            "motif": lambda: self.r.choice([x for x in MOTIFS if x is not None]),
            "sauf": lambda: self.r.choice(["Camille", "Personne"]),
            "contact": lambda: self.r.choice(["Camille", "Personne"]),
            "intitule": lambda: self.r.choice(self.world[m.Action]).intitule,
            "mots": lambda: self.r.choice([*MOTS, "Titre cuisine", "absent", ""]),
            "departements": lambda: self.r.sample(["33", "87", "19"], self.r.randint(0, 3)),
            "apresLe": lambda: f"2026-01-0{self.r.randint(1, 6)}",
            "depuis": lambda: write_instant(self.r.choice(self.world[m.Candidature]).cree_le),
        }[name]()
