"""The rows at the end of relations of rows in hand: one statement for each step away from them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from app import models as m

from .asking import Asking
from .questions import CLES, Link, following, parsed
from .unit import Unit


async def follow(asking: Asking, unit: Unit, rows: Sequence[Any], chemins: tuple[str, ...]) -> None:
    """Load relations of rows of one model, by name: `a`, or `a.b`, or `a(colonne colonne)` where that is enough."""
    if not rows or not chemins:
        return
    model: Any = type(rows[0])
    ways = _ways(model, chemins)
    asked = [(link, keys) for link, _ in ways if (keys := _ends(rows, link))]
    found = await asking.ask(*((link.question, {CLES: keys}) for link, keys in asked)) if asked else []
    records = {link.name: each for (link, _), each in zip(asked, found, strict=True)}
    for link, beyond in ways:
        there = [unit.read(link.shape, record).row for record in records.get(link.name, ())]
        tie(rows, link, there)
        await follow(asking, unit, there, beyond)


@lru_cache(maxsize=1024)
def _ways(model: type[m.Base], chemins: tuple[str, ...]) -> tuple[tuple[Link, tuple[str, ...]], ...]:
    """Out: the relations that paths begin with, and what follows each."""
    beyond: dict[str, tuple[str, ...]] = {}
    only: dict[str, frozenset[str]] = {}
    for chemin in chemins:
        first, _, rest = chemin.partition(".")
        name, columns = parsed(first)
        beyond[name] = beyond.get(name, ()) + ((rest,) if rest else ())
        only[name] = columns
    return tuple((following(model, name, only[name]), rest) for name, rest in beyond.items())


def _ends(rows: Sequence[Any], link: Link) -> list[Any]:
    """Out: where a relation of these rows leads, each once, in order."""
    return sorted({value for row in rows if (value := getattr(row, link.here)) is not None})


def tie(rows: Sequence[Any], link: Link, there: Sequence[Any]) -> None:
    """Give each row what is at the end of its relation: nothing, if that is not there."""
    by: dict[Any, list[Any]] = {}
    for row in there:
        by.setdefault(getattr(row, link.there), []).append(row)
    for row in rows:
        found = by.get(getattr(row, link.here), [])
        if link.many:  # SQLAlchemy's own list
            set_committed_value(row, link.name, found)
        else:
            row.__dict__[link.name] = found[0] if found else None


def missing(row: Any, link: Link) -> bool:
    """Whether a row, as it was locked, leads elsewhere than it did when its relation was looked for."""
    return not link.many and getattr(row, link.here) is not None and getattr(row, link.name) is None
