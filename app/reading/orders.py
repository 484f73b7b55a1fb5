"""Orders: the keys that rows are sorted by, and that a cursor holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlalchemy.types import TypeEngine

from app.reading.places import Place

if TYPE_CHECKING:
    from app.reading.compiler import Compiler
    from app.reading.pages import PageRows

Build = Callable[[Place, "Compiler"], ColumnElement[Any]]


@dataclass(frozen=True)
class Cle:
    """A key computed in SQL: `lambda row, c: …`, never null, and the attributes that it reads (`lit`)."""

    build: Build
    lit: tuple[Any, ...] = ()


class CleDemandee:
    """A key that depends on what a request asks of the page, never null (`app.reading.keys`)."""

    type: TypeEngine[Any]
    lit: tuple[Any, ...] = ()

    def build(self, row: Place, page: PageRows) -> ColumnElement[Any]:
        """Out: the key of a row of the page."""
        raise NotImplementedError


@dataclass(frozen=True, init=False)
class Tri:
    """An order: attributes (or `Cle`) that are never null nor masked, then the row's key, all in one direction."""

    keys: tuple[Any, ...]
    descendant: bool = field(default=False)

    def __init__(self, *keys: Any, descendant: bool = False) -> None:
        """In: the keys, first to last; the row's own key always comes after them."""
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "descendant", descendant)

    def columns(self, c: Compiler, place: Place, page: PageRows | None = None) -> list[ColumnElement[Any]]:
        """Out: the keys at a place, the row's own last."""
        return [*[_column(key, c, place, page) for key in self.keys], place["id"]]

    def by(self, c: Compiler, place: Place) -> list[ColumnElement[Any]]:
        """Out: the ORDER BY of a list that is no page."""
        return self.directed(self.columns(c, place))

    def directed(
        self, columns: list[ColumnElement[Any]], *, reverse: bool = False
    ) -> list[ColumnElement[Any]]:
        """Out: the ORDER BY; all keys go the same way, so that one row comparison, served by an index, cuts it."""
        down = self.descendant != reverse
        return [column.desc() if down else column.asc() for column in columns]

    @property
    def reads(self) -> tuple[Any, ...]:
        """The attributes that the order reads."""
        return tuple(
            a for key in self.keys for a in (key.lit if isinstance(key, Cle | CleDemandee) else (key,))
        )


def _column(key: Any, c: Compiler, place: Place, page: PageRows | None) -> ColumnElement[Any]:
    if isinstance(key, CleDemandee):
        assert page is not None, "only a page has such an order"
        return key.build(place, page)
    return key.build(place, c) if isinstance(key, Cle) else place[key.key]
