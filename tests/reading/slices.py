"""Orders, cursors and pages over lists in memory: sorted, and sliced."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.reading import sources as s
from app.reading.formats import decode_opaque, encode_opaque, write_instant
from app.reading.orders import Cle, CleDemandee

Keys = Mapping[tuple[str, ...], Callable[[Any], Any]]  # a computed value, by the attributes that it reads
Computed = Callable[[Any, Any], Any]  # in: a key that SQL computes, a row; out: its value


def plain_only(key: Any, row: Any) -> Any:
    """An order of plain columns computes no key."""
    raise NotImplementedError(key)


@dataclass
class Edge:
    """A row of a page."""

    row: Any
    cursor: str


@dataclass
class Page:
    """A page already cut."""

    all: list[Any]
    edges: list[Edge]
    before: bool
    after: bool
    asked: Any = ()  # the criteria that its rows passed


@dataclass(frozen=True)
class Order:
    """An order, its name, and how its computed keys are computed."""

    tri: Any
    name: str = ""
    computed: Computed = plain_only

    def keys(self, row: Any) -> tuple[Any, ...]:
        found = [
            self.computed(k, row) if isinstance(k, Cle | CleDemandee) else getattr(row, k.key)
            for k in self.tri.keys
        ]
        return *[getattr(value, "value", value) for value in found], row.id

    def sort(self, rows: list[Any]) -> list[Any]:
        return sorted(rows, key=self.keys, reverse=self.tri.descendant)

    def cursor(self, row: Any) -> str:
        return encode_opaque(json.dumps([self.name, *map(plain, self.keys(row))], ensure_ascii=False))

    def edges(self, rows: list[Any]) -> list[Edge]:
        return [Edge(row, self.cursor(row)) for row in rows]

    def position(self, rows: list[Any], given: str, *, after: bool) -> int:
        """Out: how many rows lie before a cursor, or up to it (`after`). Its own row may be hidden, or gone."""
        found, *here = json.loads(decode_opaque(given))
        assert found == self.name

        def passed(row: Any) -> bool:
            keys = [plain(key) for key in self.keys(row)]
            if keys == here:
                return after
            return keys > here if self.tri.descendant else keys < here

        return sum(1 for row in rows if passed(row))

    def cut(self, rows: list[Any], arguments: Mapping[str, Any]) -> Page:
        """Slice an ordered list: the position of a cursor is found by comparison."""
        rows, backward = self.sort(rows), _given(arguments, "last") or _given(arguments, "before")
        start, end = 0, len(rows)
        if _given(arguments, "after"):
            start = self.position(rows, arguments["after"], after=True)
        if _given(arguments, "before"):
            end = self.position(rows, arguments["before"], after=False)
        wanted = size(arguments.get("last" if backward else "first"))
        if backward:
            kept = rows[max(start, end - wanted) : end]
            return Page(rows, self.edges(kept), end - start > wanted, end < len(rows))
        kept = rows[start : min(end, start + wanted)]
        return Page(rows, self.edges(kept), start > 0, end - start > wanted)


def _given(arguments: Mapping[str, Any], name: str) -> bool:
    return arguments.get(name) is not None


def names_read(source: Any) -> tuple[str, ...]:
    """Out: the names of the attributes that a computed value says it reads: what its twin is found by."""
    return tuple(attribute.key for attribute in source.lit)


def size(value: int | None) -> int:
    return s.TAILLE if value is None else value


def plain(key: Any) -> Any:
    """Out: a key as a cursor holds it."""
    if isinstance(key, datetime):
        return write_instant(key)
    if isinstance(key, str | int | float):
        return key
    return str(key) if isinstance(key, Decimal) else key.isoformat()
