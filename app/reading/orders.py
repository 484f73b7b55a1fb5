"""Orders: the keys that rows are sorted by, and that a cursor holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from app.reading.places import Place

if TYPE_CHECKING:
    from app.reading.compiler import Compiler

Build = Callable[[Place, "Compiler"], ColumnElement[Any]]


@dataclass(frozen=True)
class Cle:
    """A key computed in SQL: `lambda row, c: …`, never null, and the attributes that it reads (`lit`)."""

    build: Build
    lit: tuple[Any, ...] = ()


@dataclass(frozen=True, init=False)
class Tri:
    """An order: attributes (or `Cle`) that are never null nor masked, then the row's key, all in one direction."""

    keys: tuple[Any, ...]
    descendant: bool = field(default=False)

    def __init__(self, *keys: Any, descendant: bool = False) -> None:
        """In: the keys, first to last; the row's own key always comes after them."""
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "descendant", descendant)

    def columns(self, c: Compiler, place: Place) -> list[ColumnElement[Any]]:
        """Out: the keys at a place, the row's own last."""
        found = [key.build(place, c) if isinstance(key, Cle) else place[key.key] for key in self.keys]
        return [*found, place["id"]]

    def by(self, c: Compiler, place: Place, *, reverse: bool = False) -> list[ColumnElement[Any]]:
        """Out: the ORDER BY; all keys go the same way, so that one row comparison, served by an index, cuts it."""
        down = self.descendant != reverse
        return [column.desc() if down else column.asc() for column in self.columns(c, place)]

    @property
    def reads(self) -> tuple[Any, ...]:
        """The attributes that the order reads."""
        return tuple(a for key in self.keys for a in (key.lit if isinstance(key, Cle) else (key,)))
