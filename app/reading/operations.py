"""An operation of a valid document: what is always the same of it, found once; its variables coerced at each request.

What graphql-core does again for each request (find the operation, the types of its variables, their defaults) is kept
here. Coercion is its own; what it would refuse is given to it whole, so that its errors are its own too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    get_named_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
)

from app.reading.asked import (
    VariableValues,
    VariableValueSource,
    coerce_default_value,
    get_variable_signature,
    input_is_nested_too_deeply,
)
from app.reading.shapes import shape_of


@dataclass(frozen=True)
class Variable:
    """A variable, and what stands for it when it is left out."""

    name: str
    type: Any
    absent: VariableValueSource
    has_default: bool
    is_deep: bool  # its values may nest

    def default(self) -> Any:
        """Out: what it is worth when it is left out; Undefined without a default."""
        return coerce_default_value(self.absent.signature) if self.has_default else Undefined


class Operation:
    """One operation of a document."""

    def __init__(self, schema: GraphQLSchema, node: OperationDefinitionNode) -> None:
        """In: the schema, the operation, valid."""
        self.schema, self.node = schema, node
        self.name = node.name.value if node.name else None
        self.kind: OperationType = node.operation

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Its variables."""
        return tuple(_variable(self.schema, each) for each in self.node.variable_definitions or ())

    def coerced(
        self, given: Mapping[str, Any], errors_max: int, *, suggest: bool
    ) -> VariableValues | list[GraphQLError]:
        """In: variables as sent. Out: their values, or what graphql-core says against them."""
        try:
            if (found := self._coerced(given)) is not None:
                return found
        except (
            RecursionError,
            TypeError,
        ):  # too deep a value, a default of the wrong type: it says so better
            pass
        definitions = self.node.variable_definitions or ()
        return get_variable_values(
            self.schema, definitions, dict(given), errors_max, hide_suggestions=not suggest
        )

    def _coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Out: the values; None when something is to be said against them."""
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for variable in self.variables:
            name, type_ = variable.name, variable.type
            sent = given.get(name, Undefined)
            if sent is Undefined:
                sources[name], value = variable.absent, variable.default()
                if value is Undefined and not is_non_null_type(type_):
                    continue
            else:
                if variable.is_deep and input_is_nested_too_deeply(sent, type_):
                    return None
                sources[name] = VariableValueSource(variable.absent.signature, sent)
                value = coerce_input_value(sent, type_)
            if value is Undefined:
                return None
            values[name] = value
        return VariableValues(sources, values)

    def shapes(self, coerced: Mapping[str, Any]) -> dict[str, Any]:
        """Out: the shape of each variable."""
        return {
            variable.name: shape_of(coerced[variable.name], variable.type, self.schema)
            for variable in self.variables
            if variable.name in coerced
        }


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> Variable:
    """Out: a variable of a valid document."""
    signature = get_variable_signature(schema, node)
    assert not isinstance(signature, GraphQLError)  # the document is valid
    type_ = signature.type
    absent = VariableValueSource(signature)
    bare = type_.of_type if is_non_null_type(type_) else type_
    is_deep = not is_leaf_type(get_named_type(type_)) or bare is not get_named_type(type_)
    return Variable(signature.name, type_, absent, node.default_value is not None, is_deep)
