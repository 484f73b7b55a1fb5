"""A model and its rows: from what the base says to an instance, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import orjson
from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm.base import instance_state
from sqlalchemy.types import JSON, Enum

from app import models as m

Values = dict[str, Any]  # the columns of a row, by attribute
# what is pointed at comes first
RANKS: dict[Any, int] = {table: rank for rank, table in enumerate(m.Base.metadata.sorted_tables)}


class Shape:
    """The columns of a model, in one order; the words searched for (tsvector) are the base's own and left out."""

    def __init__(self, model: type[m.Base], only: Collection[str] = ()) -> None:
        """In: the model; `only`: some of its columns, beside its key: others shout when read."""
        self.model, self.mapper = model, inspect(model)
        self.table: Any = self.mapper.local_table
        self.rank = RANKS.get(self.table, -1)  # a view has none: nothing is written there
        (primary,) = self.mapper.primary_key
        self.cle: str = self.mapper.get_property_by_column(primary).key
        kept = [a for a in self.mapper.column_attrs if not isinstance(a.columns[0].type, TSVECTOR)]
        self.names = frozenset(a.key for a in kept)  # be they read or not
        self.dated = tuple(a.key for a in kept if a.columns[0].info.get("datee"))
        self.columns: dict[str, Any] = {
            a.key: a.columns[0] for a in kept if not only or a.key in {self.cle, *only}
        }
        self.keys = tuple(self.columns)
        self._unread = self.names.difference(self.keys)
        self._identity = self.mapper.identity_key_from_primary_key((None,))[0]
        self._readers = [(key, read) for key, c in self.columns.items() if (read := _reader(c.type))]

    def of(self, table: Any) -> list[Any]:
        """In: the table, or an alias of it. Out: its columns, in the order of the shape."""
        return [table.c[column.key] for column in self.columns.values()]

    def values(self, record: Sequence[Any]) -> Values:
        """In: what the base says of a row, in the order of the shape. Out: its columns, as Python holds them."""
        found = dict(zip(self.keys, record, strict=False))  # flags may follow
        for key, read in self._readers:
            found[key] = read(found[key])
        return found

    def instance(self, values: Values) -> Any:
        """Out: an instance that holds these values, as if a session had loaded it: the rest shouts when read."""
        row = self.mapper.class_manager.new_instance()
        self.fill(row, values)
        if self._unread:  # SQLAlchemy would say None
            instance_state(row).expired_attributes.update(self._unread)
        return row

    def new(self, said: Mapping[str, Any]) -> Any:
        """Out: a new row that says these columns; nobody listens to each, as its constructor supposes."""
        if not said.keys() <= self.columns.keys():
            return self.model(**said)  # a relation, or what is no column: its constructor's to take or refuse
        row = self.mapper.class_manager.new_instance()
        row.__dict__.update(said)
        return row

    def fill(self, row: Any, values: Values) -> None:
        """Give a row what the base says of it."""
        row.__dict__.update(values)
        instance_state(row).key = (self._identity, (values[self.cle],), None)

    def given(self, row: Any) -> Values:
        """In: a new row. Out: what it says itself, then its defaults; the base gives the rest."""
        said = row.__dict__
        found = {key: said[key] for key in self.keys if key in said}
        if found.get(self.cle, 0) is None:
            del found[self.cle]
        return {**{key: make() for key, make in self._defaults.items() if key not in found}, **found}

    @cached_property
    def _defaults(self) -> Mapping[str, Callable[[], Any]]:
        return {key: _default(c.default) for key, c in self.columns.items() if c.default is not None}


@cache
def shape_of(model: type[m.Base], only: frozenset[str] = frozenset()) -> Shape:
    """Out: the shape of a model, or of some of its columns, made once."""
    return Shape(model, only)


def _reader(type_: Any) -> Callable[[Any], Any] | None:
    """Out: what a value of the base goes through, where asyncpg does not give it as Python holds it."""
    if isinstance(type_, Enum) and type_.enum_class is not None:
        words: dict[Any, Any] = {word.value: word for word in type_.enum_class}
        words[None] = None
        return words.__getitem__
    if isinstance(type_, JSON):
        return lambda text: None if text is None else orjson.loads(text)
    return None


def _default(default: Any) -> Callable[[], Any]:
    """Out: what makes the default of a column."""
    if default.is_callable:
        return lambda: default.arg(None)
    return lambda: default.arg
