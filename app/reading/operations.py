"""An operation of a valid document: what is always the same of it, found once; its variables coerced at each request.

What graphql-core does again for each request (find the operation, the types of its variables, their defaults) is kept
here. Coercion is its own; what it would refuse is given to it whole, so that its errors are its own too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    get_named_type,
    get_variable_values,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from app.reading.asked import (
    VariableValues,
    VariableValueSource,
    coerce_default_value,
    get_variable_signature,
    input_is_nested_too_deeply,
)
from app.reading.shapes import shape_of

Known = Callable[[Any], Any]
AS_THEY_ARE = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}  # graphql-core takes these of these
ENUMS = 200  # whose words are kept


@dataclass(frozen=True)
class Variable:
    """A variable, and what stands for it when it is left out."""

    name: str
    type: Any
    absent: VariableValueSource
    has_default: bool
    is_deep: bool  # its values may nest
    known: Known  # what graphql-core is known to make of a value; Undefined: it is asked

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
                sources[name] = VariableValueSource(variable.absent.signature, sent)
                value = variable.known(sent)
                if value is Undefined:
                    if variable.is_deep and input_is_nested_too_deeply(sent, type_):
                        return None
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
    return Variable(signature.name, type_, absent, node.default_value is not None, is_deep, known_of(type_))


def known_of(type_: Any) -> Known:
    """In: a type. Out: what tells, of the values that are sent all day, what graphql-core makes of them."""
    bare = type_.of_type if is_non_null_type(type_) else type_
    if is_list_type(bare):
        return _list(known_of(bare.of_type))
    if is_enum_type(bare):
        words = words_of(bare)
        return lambda sent: words.get(sent, Undefined) if type(sent) is str else Undefined
    if is_input_object_type(bare):
        return _object(bare)
    kind = AS_THEY_ARE.get(bare)
    return lambda sent: sent if type(sent) is kind else Undefined


@lru_cache(ENUMS)
def words_of(enum: GraphQLEnumType) -> dict[str, Any]:
    """Out: what graphql-core makes of each word of an enum."""
    return {name: coerce_input_value(name, enum) for name in enum.values}


def _list(known: Known) -> Known:
    def of_list(sent: Any) -> Any:
        if type(sent) is not list:
            return Undefined
        items = [known(item) for item in sent]
        return Undefined if Undefined in items else items

    return of_list


def _object(type_: GraphQLInputObjectType) -> Known:
    """The form of an act, one level deep: what nests, or has more to say, is graphql-core's."""
    if type_.is_one_of or not all(is_leaf_type(get_named_type(f.type)) for f in type_.fields.values()):
        return lambda sent: Undefined
    fields = [(name, f.out_name or name, f, known_of(f.type)) for name, f in type_.fields.items()]

    def of_object(sent: Any) -> Any:
        if type(sent) is not dict or not sent.keys() <= type_.fields.keys():
            return Undefined
        values = {}
        for name, out, field, known in fields:
            value = known(sent[name]) if name in sent else coerce_default_value(field)
            if value is not Undefined:
                values[out] = value
            elif name in sent or is_required_input_field(field):
                return Undefined
        return type_.out_type(values)

    return of_object
