"""What is asked: one key of the answer, its field, its arguments; and where the values of binds come from.

Which fields are asked, under which key, with which arguments: graphql-core says it, through the functions
that its own executor uses. They are imported here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    get_named_type,
)
from graphql.execution.collect_fields import FieldDetails as FieldDetails
from graphql.execution.collect_fields import FragmentDetails as FragmentDetails
from graphql.execution.collect_fields import collect_fields as collect_fields
from graphql.execution.collect_fields import collect_subfields as collect_subfields
from graphql.execution.values import VariableValues as VariableValues
from graphql.execution.values import VariableValueSource as VariableValueSource
from graphql.execution.values import coerce_argument, get_argument_values
from graphql.execution.values import coerce_default_value as coerce_default_value
from graphql.execution.values import get_variable_signature as get_variable_signature
from graphql.execution.values import input_is_nested_too_deeply as input_is_nested_too_deeply
from sqlalchemy import ColumnElement, bindparam

from app.reading.formats import storable
from app.reading.literals import filled_in, holds_variable

if TYPE_CHECKING:
    from app.reading.compiler import Compiler

Prepare = Callable[[Any], Any]


def as_given(value: Any) -> Any:
    """Out: an argument that needs no preparation."""
    return value


class Arguments:
    """The arguments of a field: those that hold no variable are read once, the others at each request."""

    def __init__(self, definition: Any, node: FieldNode, shaped: dict[str, Any]) -> None:
        """In: the field, where it is asked, and its arguments with the shapes of variables for their values."""
        self.node = replace(node, selection_set=None)  # what is said of an error; a plan keeps no document
        given = {argument.name.value: argument for argument in node.arguments or ()}
        self.moving = [
            (name, definition.args[name], argument, filled_in(argument.value, definition.args[name].type))
            for name, argument in given.items()
            if holds_variable(argument.value)
        ]
        names = {definition.out_name or name for name, definition, *_ in self.moving}
        self.fixed = {name: value for name, value in shaped.items() if name not in names}

    def read(self, variables: VariableValues) -> dict[str, Any]:
        """In: the coerced variables of a request. Out: the arguments, as graphql-core coerces them."""
        values = dict(self.fixed)
        for name, definition, argument, filled in self.moving:
            try:
                values[definition.out_name or name] = filled(variables.coerced)
            except KeyError:  # something is missing: graphql-core knows the default, or what to say
                coerce_argument(values, self.node, name, definition, argument, variables, None)
        return values


_NEVER: Any = object()


@dataclass(eq=False)
class Slot:
    """Where the value of a bind comes from: an argument of a field, dug out and prepared."""

    arguments: Arguments
    path: tuple[str, ...]
    prepare: Prepare
    once: Any = _NEVER  # the value, if no variable can change it

    def value(self, variables: VariableValues, read: dict[Arguments, dict[str, Any]]) -> Any:
        """In: the coerced variables of a request, and the arguments that were read for it, by field.

        Out: the value to send. Raises BAD_USER_INPUT, with its place.
        """
        if self.once is not _NEVER:
            return self.once
        try:
            if (values := read.get(self.arguments)) is None:
                values = read[self.arguments] = self.arguments.read(variables)
            made = self.prepare(storable(dig(values, self.path)))
        except GraphQLError as error:
            raise error if error.nodes else located(error, self.arguments.node) from None
        if self.path[0] in self.arguments.fixed:
            self.once = made
        return made


def located(error: GraphQLError, node: Any) -> GraphQLError:
    """Out: the same error, saying where in the document."""
    return GraphQLError(error.message, nodes=node, extensions=error.extensions)


@dataclass
class Asked:
    """One key of the answer: the field asked under it, and its merged selections."""

    key: str
    parent: GraphQLObjectType
    details: list[FieldDetails]
    definition: Any
    compiler: Compiler
    arguments: dict[str, Any] = field(default_factory=dict)
    _shared: dict[tuple[str, ...], str] = field(default_factory=dict)
    _arguments: Arguments | None = None
    # a variable is null where the field wants a value: graphql-core says so, at its place
    refused: bool = False

    def __post_init__(self) -> None:
        """Read the arguments, as their shape shows them."""
        if self.definition is not None and self.definition.args:
            try:
                self.arguments = get_argument_values(
                    self.definition, self.details[0].node, self.compiler.shaped
                )
            except GraphQLError:
                self.refused = True

    @property
    def name(self) -> str:
        """The name of the field in the schema."""
        return self.details[0].node.name.value

    @property
    def source(self) -> Any:
        """What the schema says this field is made of; None for a plain resolver."""
        return source_of(self.definition)

    @property
    def in_tables(self) -> bool:
        """True if the compiler can answer this field."""
        return self.name == "__typename" or (self.source is not None and not self.refused)

    @property
    def type(self) -> Any:
        """The named type that the field returns."""
        return get_named_type(self.definition.type)

    def has(self, *path: str) -> bool:
        """True if the request gives this argument."""
        return dig(self.arguments, path) is not None

    def given(self, *path: str) -> Any:
        """Out: the shape of an argument: itself for a boolean or an order, and never another value of a variable."""
        return dig(self.arguments, path)

    def without(self, argument: str, names: Collection[str]) -> Asked:
        """Out: the same, as if these had not been given in an argument; what both use has one slot."""
        kept = {
            name: value for name, value in (self.arguments.get(argument) or {}).items() if name not in names
        }
        other = copy(self)
        other.arguments = {**self.arguments, argument: kept}
        return other

    def bind(self, type_: Any, *path: str, prepare: Prepare = as_given) -> ColumnElement[Any]:
        """Out: a bind that carries this argument, request after request."""
        return bindparam(self.slot(*path, prepare=prepare), type_=type_)

    def slot(self, *path: str, prepare: Prepare = as_given) -> str:
        """Out: the name under which a condition may use this argument."""
        name = f"arg_{len(self.compiler.slots) + 1}"
        if self._arguments is None:
            self._arguments = Arguments(self.definition, self.details[0].node, self.arguments)
        self.compiler.slots[name] = Slot(self._arguments, path, prepare)
        return name

    def shared(self, *path: str, prepare: Prepare = as_given) -> str:
        """Out: the name of one slot for an argument that is always prepared in the same way, however often it is used."""
        if path not in self._shared:
            self._shared[path] = self.slot(*path, prepare=prepare)
        return self._shared[path]


def source_of(definition: Any) -> Any:
    """In: a field of the schema. Out: its source, None for a plain resolver or for a meta field."""
    if definition is None:
        return None
    return getattr(definition.extensions.get("strawberry-definition"), "source", None)


def dig(values: Any, path: tuple[str, ...]) -> Any:
    """Out: the value at the end of a path of nested inputs, None as soon as one is missing."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values
