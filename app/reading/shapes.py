"""The shape of variables: all that a plan may know of a request. The compiler never sees a value."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
)

from app.reading.formats import decode_id


class Ordre(enum.Enum):
    """Base of the enums of orders: their members shape the statement, so they belong to the shape."""


@dataclass(frozen=True, order=True)
class IdOf:
    """An identifier of this type; which one is not told."""

    type_name: str


ILLISIBLE = IdOf("?")  # no type has that name


class Present(enum.Enum):
    """A value is there; which one is not told."""

    PRESENT = "present"


def shape_of(value: Any, type_: Any, schema: GraphQLSchema) -> Any:
    """In: a coerced value and its GraphQL type. Out: what may change the text of the statement."""
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLInputObjectType) and value is not None:
        return {name: shape_of(v, inner.fields[name].type, schema) for name, v in value.items()}
    if value is None or inner is GraphQLBoolean or isinstance(value, Ordre):
        return value
    if isinstance(inner, GraphQLList) and isinstance(value, list):
        return _shape_of_list(value, inner.of_type, schema)
    return id_shape(value, schema) if inner is GraphQLID else Present.PRESENT


class Several(list[IdOf]):
    """Of the identifiers that a variable holds, the types; how many there are is not told. A plain list holds one value."""


def _shape_of_list(values: list[Any], item: Any, schema: GraphQLSchema) -> Any:
    """Whether there is one value alone, which `=` finds better than `in`. Of identifiers, the types that are there."""
    inner = item.of_type if isinstance(item, GraphQLNonNull) else item
    if inner is not GraphQLID:
        return [Present.PRESENT] if len(values) == 1 else Present.PRESENT
    types = sorted({id_shape(v, schema) for v in values if v is not None})
    return types if len(values) == len(types) == 1 else Several(types)


def is_alone(given: Any) -> bool:
    """In: the shape of a list, or a list of the document. Out: whether it holds one value."""
    return isinstance(given, list) and not isinstance(given, Several) and len(given) == 1


def id_shape(value: str, schema: GraphQLSchema) -> IdOf:
    """Out: the type of an identifier; unknown ones collapse to one shape, or a client fills the cache with words.

    So do those that cannot be read: who needs a row says it of one, whether it came by a variable or in the document.
    """
    try:
        name = decode_id(value)[0]
    except GraphQLError:
        return ILLISIBLE
    return IdOf(name if name in schema.type_map else "")


def frozen(shape: Any) -> Any:
    """A shape as a part of the key of the plan cache."""
    if isinstance(shape, dict):
        return tuple((name, frozen(value)) for name, value in sorted(shape.items()))
    if isinstance(shape, list):
        return isinstance(shape, Several), *map(frozen, shape)
    return shape
