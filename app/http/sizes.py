"""How many rows a field may read: what the cost of a document is made of.

A page costs the size that is asked for and one more, a plain list `LISTE`, an object 1, a leaf nothing; what is
inside a page or a list is read as many times. The wrappers of a page (its edges) add nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    IntValueNode,
    NullValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

PAGE = 20  # rows of a page when nobody says how many
PAGE_MAX = 100
LISTE = 10  # rows of a list without pages, guessed
INTROSPECTION = {"__schema": 5_000, "__type": 500}


@dataclass(frozen=True)
class Read:
    """What a field costs by itself, and how many times what is inside it is read."""

    cost: int
    rows: int = 1


class Sizes:
    """Knows the sizes that a request asks for."""

    def __init__(self, variables: Mapping[str, Any] | None = None, unknown: int = PAGE_MAX) -> None:
        """In: the variables as they will be used; without them, the size that stands for each of them."""
        self.variables, self.unknown = variables, unknown

    def of(self, node: FieldNode, parent: GraphQLNamedType | None) -> tuple[Read, GraphQLNamedType | None]:
        """In: a field and the type it is asked of. Out: what it reads, and its type where both are known."""
        if node.name.value in INTROSPECTION:
            return Read(INTROSPECTION[node.name.value]), None
        definition = _definition(node, parent)
        if definition is None:
            return Read(0), None
        type_ = get_named_type(definition.type)
        if not is_composite_type(type_) or parent is None:
            return Read(0), type_
        if _wraps(parent):
            return Read(0), type_
        return self.read(node, definition), type_

    def read(self, node: FieldNode, definition: GraphQLField) -> Read:
        """Out: what a field that leads to rows reads."""
        if "first" in definition.args:
            size = self.size(node)
            return Read(size + 1, size)
        return Read(LISTE, LISTE) if _is_list(definition.type) else Read(1)

    def size(self, node: FieldNode) -> int:
        """Out: how many rows a page is asked for, between 1 and the largest page."""
        asked = [a.value for a in node.arguments or () if a.name.value in {"first", "last"}]
        return max([self.number(value) for value in asked], default=PAGE)

    def number(self, value: ValueNode) -> int:
        """In: a literal or a variable. Out: the number of rows it stands for; the largest page in doubt."""
        if isinstance(value, IntValueNode) and len(value.value) <= 9:
            return _bounded(int(value.value))
        if isinstance(value, VariableNode):
            return self.variable(value.name.value)
        return PAGE if isinstance(value, NullValueNode) else PAGE_MAX

    def variable(self, name: str) -> int:
        """Out: the number of rows that a variable asks for."""
        if self.variables is None:
            return self.unknown
        given = self.variables.get(name)
        if given is None:
            return PAGE
        return _bounded(int(given)) if isinstance(given, int | float) else PAGE_MAX


def _bounded(size: int) -> int:
    """A size that is out of bounds will be refused by its field: here it only has to count for something."""
    return min(max(size, 1), PAGE_MAX)


def _definition(node: FieldNode, parent: GraphQLNamedType | None) -> GraphQLField | None:
    """Out: the definition of a field, None when its type is not known or has no such field."""
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        fields: dict[str, GraphQLField] = parent.fields
        return fields.get(node.name.value)
    return None


def _wraps(parent: GraphQLNamedType) -> bool:
    """Whether the rows were already counted above: a connection or an edge, in Relay's words."""
    return isinstance(parent, GraphQLObjectType) and bool({"pageInfo", "cursor"} & parent.fields.keys())


def _is_list(type_: GraphQLOutputType) -> bool:
    """Whether a field gives several values."""
    return is_list_type(get_nullable_type(type_))
