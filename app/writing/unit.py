"""The rows in the hand of a transaction: what they were when they were read, what they became, what may be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.base import instance_state

from app import models as m

from .shapes import Shape, Values, shape_of


class UndecidedWrite(Exception):
    """A mutation tried to change what no permission was asked for. A fault of ours, never of the client."""


@dataclass(eq=False)
class Held:
    """A row in hand.

    was       its columns as the base has them; None while it is new
    decided   a permission was asked for it, or for the whole that it is a part of
    leaves    it is to be deleted
    announced it is new, and written with the end
    """

    row: Any
    shape: Shape
    was: Values | None = None
    decided: bool = False
    leaves: bool = False
    announced: bool = False

    @property
    def key(self) -> Any:
        """Its key in the base."""
        return (self.was or {})[self.shape.cle]

    def changed(self) -> Values:
        """Out: the columns that are no longer what the base has, as they are now; one that was not read, once it is assigned."""
        was, now = self.was or {}, self.row.__dict__
        touched = instance_state(self.row).committed_state  # what was assigned, be it to what it was
        return {
            key: now[key]
            for key in touched
            if key in self.shape.names and (key not in was or now[key] != was[key])
        }

    def meets(self, shape: Shape, values: Values) -> None:
        """Take what the base says now; what was changed in hand stays changed."""
        kept = self.changed()
        self.shape.fill(self.row, {**values, **kept})
        self.was = {**(self.was or {}), **values}
        if len(self.was) == len(shape.keys):
            self.shape = shape

    def date(self, maintenant: datetime) -> Values:
        """Out: the columns that say when a row last changed, as they now are."""
        dated = dict.fromkeys(self.shape.dated, maintenant)
        for name, moment in dated.items():
            setattr(self.row, name, moment)
        return dated

    def rests(self, columns: Values) -> None:
        """These columns are in the base now."""
        self.was = {**(self.was or {}), **columns}


@dataclass(frozen=True)
class Change:
    """An UPDATE: a row, and the columns that change."""

    held: Held
    columns: Values


@dataclass
class Unit:
    """The rows of one transaction: each is one instance, however often it is read."""

    exempt: frozenset[type[m.Base]]
    _held: dict[int, Held] = field(
        default_factory=dict
    )  # by instance, which is kept alive: an id may not be reused
    _known: dict[tuple[type, Any], Held] = field(default_factory=dict)  # by key
    decisions: int = 0

    def read(self, shape: Shape, record: Any) -> Held:
        """In: a row as the base says it. Out: it in hand."""
        values = shape.values(record)
        key = (shape.model, values[shape.cle])
        held = self._known.get(key)
        if held is not None:
            held.meets(shape, values)
            return held
        held = Held(shape.instance(values), shape, values)
        self._known[key] = self._held[id(held.row)] = held
        return held

    def enter(self, row: Any) -> Held:
        """Out: a row in hand: one that was read here, or a new one. Raises UndecidedWrite for one of elsewhere."""
        held = self._held.get(id(row))
        if held is None:
            if inspect(row).key is not None:
                raise UndecidedWrite(f"{type(row).__name__} of another transaction")
            model: Any = type(row)
            held = self._held[id(row)] = Held(row, shape_of(model))
        return held

    def decide(self, held: Held) -> None:
        """A permission was asked for this row, or for its whole."""
        held.decided = True
        self.decisions += 1

    def is_decided(self, row: Any) -> bool:
        """Out: whether a permission was asked for this row."""
        held = self._held.get(id(row))
        return held is not None and held.decided

    def written(self, held: Held, values: Values) -> None:
        """A new row is in the base, and these are its columns, as far as they are known."""
        held.shape.fill(held.row, values)
        held.was = values
        self._known[held.shape.model, values[held.shape.cle]] = held

    def forget(self, held: Held) -> None:
        """A row is no longer in the base."""
        self._known.pop((held.shape.model, held.row.__dict__.get(held.shape.cle)), None)
        self._held.pop(id(held.row), None)

    # --- what is to be written ---------------------------------------------------------------------------------------

    def pending(self) -> tuple[list[Held], list[Change], list[Held]]:
        """Out: new rows, changed ones, those that leave. Raises UndecidedWrite for one that nothing decided on."""
        new: list[Held] = []
        changes: list[Change] = []
        gone: list[Held] = []
        for held in [*self._held.values()]:
            if held.leaves:
                (gone if held.was is not None else []).append(self._allowed(held))
            elif held.was is None:
                if held.announced:
                    continue
                new.append(self._allowed(held))
            elif columns := held.changed():
                changes.append(Change(self._allowed(held), columns))
        return new, changes, gone

    def _allowed(self, held: Held) -> Held:
        if not held.decided and held.shape.model not in self.exempt:
            raise UndecidedWrite(held.shape.model.__name__)
        return held


def in_groups(new: Iterable[Held]) -> Iterator[tuple[Shape, tuple[str, ...], list[tuple[Held, Values]]]]:
    """In: new rows. Out: those of one table that say the same columns, together; what is pointed at first."""
    said = [(held.shape, held, held.shape.given(held.row)) for held in new]
    said.sort(key=lambda each: each[0].rank)  # stable: rows of a table stay in order
    for (shape, given), alike in groupby(said, key=lambda each: (each[0], tuple(each[2]))):
        yield shape, given, [(held, values) for _, held, values in alike]


def leaving(gone: Iterable[Held]) -> Iterator[tuple[Shape, list[Held]]]:
    """In: rows that leave. Out: those of one table together; what points at others first."""
    for shape, alike in groupby(sorted(gone, key=lambda h: -h.shape.rank), key=lambda h: h.shape):
        yield shape, list(alike)
