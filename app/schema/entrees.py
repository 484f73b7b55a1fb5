"""Inputs of the API: from what graphql-core has coerced to the objects that resolvers take.

Strawberry finds again, for each value, the names and the types of the fields of an input: as much work as a rule of the
trade. What is the same for all values of a type is found once here, and given to it by its own hook, `from_input`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema, get_nullable_type, is_leaf_type
from strawberry.types.arguments import InputContext


class Lecture:
    """Makes the objects of one input type."""

    def __init__(self, type_: GraphQLInputObjectType) -> None:
        """In: the type, as graphql-core knows it."""
        definition: Any = type_.extensions["strawberry-definition"]
        self.champs = [_champ(name, field, definition) for name, field in type_.fields.items()]
        self.absents = {
            field.python_name: None
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }

    def __call__(self, made: type, value: Mapping[str, Any], context: InputContext) -> Any:
        """In: the class, the coerced value, by names of the schema. Out: the object; what is left out has its default."""
        given = dict(self.absents)
        for name, attribute, nested in self.champs:
            if name in value:
                found = value[name]
                given[attribute] = found if nested is None else context.convert(found, nested, name)
        return made(**given)


def _champ(name: str, field: Any, definition: Any) -> tuple[str, str, Any]:
    """Out: the name of a field, its attribute, and its type where a value is not taken as it is: a list, an input."""
    said = field.extensions["strawberry-definition"]
    plain = is_leaf_type(get_nullable_type(field.type))
    return name, said.python_name, None if plain else said.resolve_type(type_definition=definition)


def preparer(schema: GraphQLSchema) -> None:
    """Give each input type of a schema what makes its objects."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            definition: Any = type_.extensions["strawberry-definition"]
            definition.from_input = Lecture(type_)
