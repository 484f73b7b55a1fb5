"""What the reference can say of a schema, and what it cannot yet: what SQL alone says needs a twin in Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLSchema, is_input_object_type, is_object_type

from app.reading import criteria as c
from app.reading import facets
from app.reading import filters as f
from app.reading import roots as r
from app.reading import sources as s
from app.reading.asked import source_of
from app.reading.orders import Cle
from tests.reading.passing import Criteria, Twins
from tests.reading.reference import Reference
from tests.reading.slices import names_read


def without_twin(schema: GraphQLSchema, twins: Twins) -> set[str]:
    """Out: the fields, of objects and of filters, that the reference cannot read: `Type.field`."""
    found = set()
    for type_ in schema.type_map.values():
        for name, definition in type_.fields.items() if hasattr(type_, "fields") else ():
            path = f"{type_.name}.{name}"
            if is_object_type(type_) and not _is_read(path, source_of(definition), twins):
                found.add(path)
            if is_input_object_type(type_) and not all(
                _passes(each, twins) for each in _criteria(definition)
            ):
                found.add(path)
    return found


def unread(schema: GraphQLSchema) -> set[str]:
    """Out: the root fields that no table answers: a plain resolver is tried by the tests of its own rule."""
    assert schema.query_type is not None
    return {f"Query.{name}" for name, field in schema.query_type.fields.items() if source_of(field) is None}


def _is_read(path: str, source: Any, twins: Twins) -> bool:
    """True if the reference reads a source; a plain resolver reads itself, and nobody writes here."""
    if isinstance(source, s.Calcule):
        return path in twins.computed
    if isinstance(source, facets.Facette) and isinstance(source.valeur, Cle):
        return names_read(source.valeur) in twins.keys
    return (
        source is None or isinstance(source, r.Ecrit | r.Ecrits) or _knows(Reference.__dict__["read"], source)
    )


def _passes(critere: Any, twins: Twins) -> bool:
    if isinstance(critere, c.CritereMode):
        return True  # it asks nothing of any row
    if isinstance(critere, f.CritereCalcule):
        return names_read(critere) in twins.tested
    if isinstance(critere, f.CritereTexte) and not isinstance(critere, f.CriterePlie):
        return critere.attribute.key in twins.texts
    return _knows(Criteria.__dict__["passes"], critere)


def _criteria(definition: Any) -> Iterator[Any]:
    """Out: the criteria that one is made of."""
    found = [getattr(definition.extensions.get("strawberry-definition"), "metadata", {}).get("critere")]
    while found:
        critere = found.pop()
        if isinstance(critere, c.CritereOu):
            found += critere.criteres
        elif isinstance(
            critere, f.CritereLie | c.CritereChez | c.CritereSans | c.CritereSelon | c.CritereVers
        ):
            found.append(critere.critere)
        elif critere is not None:
            yield critere


def _knows(method: Any, source: Any) -> bool:
    dispatch = method.dispatcher.dispatch
    return dispatch(type(source)) is not dispatch(object)
