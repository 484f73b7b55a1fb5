"""The rows at the end of relations of rows in hand: one statement for each step away from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from .asking import Asking
from .questions import CLES, Link, following
from .unit import Unit


async def follow(asking: Asking, unit: Unit, rows: Sequence[Any], chemins: Iterable[str]) -> None:
    """Load relations of rows of one model, by name: `a`, or `a.b`."""
    beyond: dict[str, list[str]] = {}
    for chemin in chemins:
        name, _, rest = chemin.partition(".")
        beyond.setdefault(name, []).extend([rest] if rest else [])
    if not rows or not beyond:
        return
    model: Any = type(rows[0])
    links = [following(model, name) for name in beyond]
    asked = [(link, keys) for link in links if (keys := _ends(rows, link))]
    found = await asking.ask(*((link.question, {CLES: keys}) for link, keys in asked)) if asked else []
    records = {link.name: each for (link, _), each in zip(asked, found, strict=True)}
    for link in links:
        there = [unit.read(link.shape, record).row for record in records.get(link.name, ())]
        _tie(rows, link, there)
        await follow(asking, unit, there, beyond[link.name])


def _ends(rows: Sequence[Any], link: Link) -> list[Any]:
    """Out: where a relation of these rows leads, each once, in order."""
    return sorted({value for row in rows if (value := getattr(row, link.here)) is not None})


def _tie(rows: Sequence[Any], link: Link, there: Sequence[Any]) -> None:
    """Give each row what is at the end of its relation."""
    by: dict[Any, list[Any]] = {}
    for row in there:
        by.setdefault(getattr(row, link.there), []).append(row)
    for row in rows:
        found = by.get(getattr(row, link.here), [])
        set_committed_value(row, link.name, found if link.many else next(iter(found), None))
