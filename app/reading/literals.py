"""Values of a document that hold variables: walked once, filled in at each request.

graphql-core walks such a value, and all the fields of its input types, each time. What depends on no variable is read here
once; where a variable has no value that its place can take, graphql-core decides, so that defaults and errors are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities import coerce_input_literal
from graphql.utilities.coerce_input_value import coerce_default_value

Filled = Callable[[Mapping[str, Any]], Any]


def filled_in(node: ValueNode, type_: Any) -> Filled:
    """In: a value of a valid document, the type of its place. Out: what makes it of coerced variables.

    That raises KeyError where graphql-core must decide.
    """
    bare = type_.of_type if is_non_null_type(type_) else type_
    if isinstance(node, VariableNode):
        return _variable(node.name.value, is_required=bare is not type_)
    if not holds_variable(node):
        value = coerce_input_literal(node, type_)
        return _undecided if value is Undefined else _always(value)
    if isinstance(node, ListValueNode) and is_list_type(bare):
        items = [filled_in(item, bare.of_type) for item in node.values]
        return lambda given: [item(given) for item in items]
    if isinstance(node, ObjectValueNode) and is_input_object_type(bare) and not bare.is_one_of:
        return _object(node, bare)
    return _undecided


def holds_variable(value: ValueNode) -> bool:
    """Whether a value of the document is, or holds, a variable."""
    if isinstance(value, ListValueNode):
        return any(map(holds_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(holds_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)


def _variable(name: str, *, is_required: bool) -> Filled:
    def filled(given: Mapping[str, Any]) -> Any:
        value = given[name]
        if value is None and is_required:
            raise KeyError(name)
        return value

    return filled


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> Filled:
    said = {field.name.value: field.value for field in node.fields}
    fields: list[tuple[str, Filled]] = []
    for name, definition in type_.fields.items():
        if name in said:
            fields.append((definition.out_name or name, filled_in(said[name], definition.type)))
        elif is_required_input_field(definition):
            return _undecided
        elif (default := coerce_default_value(definition)) is not Undefined:
            fields.append((definition.out_name or name, _always(default)))
    return lambda given: type_.out_type({name: filled(given) for name, filled in fields})


def _always(value: Any) -> Filled:
    return lambda given: value


def _undecided(given: Mapping[str, Any]) -> Any:
    raise KeyError
