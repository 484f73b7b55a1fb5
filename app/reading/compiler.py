"""A validated operation and a profile become one SQL statement.

What is asked: graphql-core says it (`asked`). What a field is made of: its source says it. What may be read: the
policy says it, each time a table is entered or a column shown. The compiler only walks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from graphql import FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from sqlalchemy import Column, ColumnElement, FromClause, Text, case, cast, func, inspect, null, select
from sqlalchemy.sql import visitors

from app.kit.conditions import FALSE, TRUE, Condition, Truth, all_of
from app.policies.predicate import Row, predicate
from app.reading.asked import (
    Asked,
    FieldDetails,
    FragmentDetails,
    Slot,
    VariableValues,
    collect_fields,
    collect_subfields,
    source_of,
)
from app.reading.errors import too_complex
from app.reading.formats import constant
from app.reading.limits import LIMITS, Limits
from app.reading.pieces import Pieces, Spent, key_of
from app.reading.places import Aliases, Grounds, Place, enter, step
from app.reading.rendering import TYPE_KEY, Json, json_object
from app.reading.traces import leaves, mark

Size = str | int  # of a list: the slot that holds it, or a number
Rows = tuple[Place, list[ColumnElement[bool]]]


class Rights(Protocol):
    """What the reading door asks of the policy (`app.policies.policy.Policy` is one)."""

    def condition(self, profil: str, permission: str, model: Any) -> Condition:
        """Out: the rows of a model on which a profile holds a permission."""

    def field(self, profil: str, verb: str, model: Any, column: str) -> Condition:
        """Out: the rows on which a profile reads (`lire`) or writes (`modifier`) a column."""

    def rules(self, profil: str, permission: str, model: Any) -> Sequence[tuple[str, Condition]]:
        """Out: the rules that grant it, each with its own condition."""


class NotCompilable(Exception):
    """A field has no source in the tables: graphql-core completes the answer. `str()` names the field."""


@dataclass
class Compiler:
    """One compilation: an operation, a profile, and the shape of the variables."""

    schema: GraphQLSchema
    policy: Rights
    profil: str
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    shaped: VariableValues
    grounds: Grounds
    pieces: Pieces  # what is written once for all documents
    limits: Limits = LIMITS
    typed: bool = False  # for graphql-core to complete: objects bear their type, plain fields are left out
    slots: dict[str, Slot] = field(default_factory=dict)
    costs: list[tuple[Size, ...]] = field(default_factory=list)  # the sizes that multiply into each list
    _inside: list[Size] = field(default_factory=list)
    _depth: int = 0
    _fields: int = 0
    _tables: int = 0
    _traces: int = 0
    aliases: Aliases = field(default_factory=Aliases)

    def __post_init__(self) -> None:
        """Name the fragments as graphql-core wants them."""
        self._fragments = {name: FragmentDetails(node) for name, node in self.fragments.items()}

    # --- what is asked --------------------------------------------------------------------------------------

    def asked_root(self, type_: GraphQLObjectType) -> list[Asked]:
        """Out: the root fields of the operation."""
        found = collect_fields(self.schema, self._fragments, self.shaped, type_, self.operation)
        return self._asked(type_, found.grouped_field_set)

    def asked(self, parent: Asked, type_: GraphQLObjectType) -> list[Asked]:
        """Out: the fields asked of an object of this concrete type under a field."""
        found = collect_subfields(
            self.schema, self._fragments, self.shaped, self.operation, type_, parent.details
        )
        return self._asked(type_, found.grouped_field_set)

    def _asked(self, type_: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]]) -> list[Asked]:
        self._fields += len(grouped)
        if self._fields > self.limits.fields:
            raise too_complex("nombre de champs", self.limits.fields, self._fields)
        fields = type_.fields
        return [
            Asked(k, type_, details, fields.get(details[0].node.name.value), self)
            for k, details in grouped.items()
        ]

    def sources(self, parent: Asked) -> list[Any]:
        """Out: the sources of what is asked under a field that returns one object type, before it is compiled."""
        found = collect_subfields(
            self.schema, self._fragments, self.shaped, self.operation, parent.type, parent.details
        )
        names = (details[0].node.name.value for details in found.grouped_field_set.values())
        return [source_of(parent.type.fields.get(name)) for name in names]

    # --- what is answered -----------------------------------------------------------------------------------

    def statement(self, type_: GraphQLObjectType, fields: list[Asked], place: Any = None) -> Any:
        """Out: the statement whose one value is the whole answer, as UTF-8 bytes."""
        answer = func.json_build_object(constant("data"), self.members(type_, fields, place))
        return select(func.convert_to(cast(answer, Text), constant("UTF8")))

    def object(self, asked: Asked, place: Any, type_: GraphQLObjectType | None = None) -> Json:
        """Out: the JSON object of what is asked under a field, about this place."""
        concrete = type_ or asked.type
        self._depth += 1
        if self._depth > self.limits.depth:
            raise too_complex("profondeur", self.limits.depth, self._depth)
        fields = self.asked(asked, concrete)
        marks = [mark(self, place)] if leaves(concrete, asked, fields) else []
        self._traces += len(marks)
        made = self.members(concrete, fields, place, marks)
        self._depth -= 1
        return made

    def members(
        self,
        type_: GraphQLObjectType,
        fields: list[Asked],
        place: Any,
        marks: Sequence[tuple[str, Json]] = (),
    ) -> Json:
        """Out: a JSON object with these keys, in this order, after the mark of its row if it leaves a trace."""
        kept = [f for f in fields if f.in_tables] if self.typed else fields
        pairs = [*marks, *((f.key, self.value(type_, f, place)) for f in kept)]
        if self.typed:
            pairs.append((TYPE_KEY, constant(type_.name)))
        return json_object(pairs)

    def value(self, type_: GraphQLObjectType, asked: Asked, place: Any) -> Json:
        """Out: the JSON value of one field. Raises NotCompilable if it is not in the tables."""
        if asked.name == "__typename":
            return constant(type_.name)
        if not asked.in_tables:
            raise NotCompilable(f"{type_.name}.{asked.name}")
        found = key_of(self, type_, asked, place)
        if found is None:
            return self._rendered(asked, place)
        key, depth = found
        return self.pieces.of(self, key, lambda: self._rendered(asked, place), depth)

    def _rendered(self, asked: Asked, place: Any) -> Json:
        value: Json = asked.source.render(self, place, asked)
        return value

    def where(self, condition: Condition, place: Row) -> ColumnElement[bool]:
        """Out: a condition about a row in scope, in SQL."""
        mark = place.mark if isinstance(place, Place) else None
        if mark is None or isinstance(condition, Truth):
            return predicate(condition, place)
        return self.pieces.of(self, (mark, condition), lambda: predicate(condition, place))

    # --- what it may hold -----------------------------------------------------------------------------------

    @property
    def spent(self) -> Spent:
        """What is used so far."""
        given = len(self.slots) + len(self.costs)
        return Spent(self._fields, self._tables, self._traces, given, Counter(self.aliases.used))

    def takes(self, spent: Spent, depth: int) -> bool:
        """Use what was spent once, for objects that nest so deep. Out: false, and nothing is used, if that goes beyond a limit."""
        fields, tables, depth = self._fields + spent.fields, self._tables + spent.tables, self._depth + depth
        if fields > self.limits.fields or tables > self.limits.tables or depth > self.limits.depth:
            return False
        self._fields, self._tables, self._traces = fields, tables, self._traces + spent.traces
        self.aliases.used.update(spent.aliases)
        return True

    @property
    def traced(self) -> bool:
        """The answer shows rows whose reading leaves a trace."""
        return self._traces > 0

    @contextmanager
    def rows(self, size: Size | None) -> Iterator[None]:
        """While the items of a list are compiled. `size`: its slot, or a number; None for a count."""
        inside = [*self._inside, *([size] if size else [])]
        self.costs.append(tuple(inside))
        before, self._inside = self._inside, inside
        yield
        self._inside = before

    # --- what may be read -----------------------------------------------------------------------------------

    def enter(self, model: Any) -> Rows:
        """A table from nowhere. Out: the place, and a WHERE that holds the policy. No source sees a table otherwise."""
        return enter(self.where, model, self.grounds.root(model), self._table(model))

    def way(self, model: Any, condition: Condition) -> Rows:
        """A table from nowhere, by one of the ways of its policy (`app.reading.ways`)."""
        ground = replace(self.grounds.root(model), condition=condition)
        return enter(self.where, model, ground, self._table(model))

    def follow(self, place: Place, relation: Any) -> Rows:
        """A table from a row. Out: the place, and a WHERE that holds the link, and the policy unless it is proven."""
        ground = self.grounds.step(place, relation)
        return step(self.where, place, relation, ground, self._table(relation.property.mapper.class_))

    def _table(self, model: Any) -> FromClause:
        self._tables += 1
        if self._tables > self.limits.tables:
            raise too_complex("nombre de listes et de relations", self.limits.tables, self._tables)
        return self.aliases.take(model)

    def reach(self, place: Place | None, target: Any) -> Rows:
        """Out: the rows of a relation of the place, or of a model when there is no place."""
        return self.enter(target) if place is None else self.follow(place, target)

    def condition(self, permission: str, model: Any) -> Condition:
        """Out: the rows of a model on which this profile holds a permission."""
        return self.policy.condition(self.profil, permission, model)

    def readable(self, *attributes: Any) -> Condition:
        """Out: the rows on which this profile reads attributes of one model, computed or not."""
        return all_of(
            self.policy.field(self.profil, "lire", inspect(a.class_).class_, key)
            for a in attributes
            for key in columns_of(a)
        )

    def masked(self, place: Place, attributes: tuple[Any, ...], value: Json) -> Json:
        """Out: the value where the policy shows all these attributes, null elsewhere."""
        mask = self.readable(*attributes)
        if mask == TRUE or place.knows(mask):
            return value
        return null() if mask == FALSE else case((self.where(mask, place), value))


def columns_of(attribute: Any) -> list[str]:
    """Out: the columns that an attribute reads. A relation reads its key; a hybrid, those of its expression."""
    mapper = inspect(attribute.class_)
    if attribute.key in mapper.relationships:
        read = mapper.relationships[attribute.key].local_columns
    elif attribute.key in mapper.column_attrs:
        return [attribute.key]
    else:
        read = {c for c in visitors.iterate(attribute.expression) if isinstance(c, Column)}
    return sorted({mapper.get_property_by_column(c).key for c in read})
