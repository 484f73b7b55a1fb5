"""SQLAlchemy Core, compiled once to text: what asyncpg sends, and where each of its binds comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.sql import visitors
from sqlalchemy.types import JSON

DIALECT = driver.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
Given = Any  # values by name; for a statement that asks several questions, those of each
Bind = Callable[[Given], Any]


@dataclass(frozen=True, eq=False)
class Statement:
    """A text, and what finds the value of each of its binds."""

    sql: str
    binds: tuple[Bind, ...]

    def values(self, given: Given) -> list[Any]:
        """Out: what to send. A missing value raises: it fails closed."""
        return [bind(given) for bind in self.binds]


def compiled(statement: Any, find: Callable[[str], Bind] = itemgetter) -> Statement:
    """In: a statement of SQLAlchemy whose values are named binds. Out: its text, once and for all."""
    found = statement.compile(dialect=DIALECT)
    return Statement(found.string, tuple(_bind(found.binds[name], find) for name in found.positiontup))


def numbered(statement: Any, rank: int) -> Any:
    """Out: the same statement, its binds renamed so that it can stand beside others: `cle` is `2.cle`."""

    def renamed(element: Any, **_: Any) -> Any:
        if getattr(element, "__visit_name__", "") == "bindparam" and element.required:
            return bindparam(name_of(rank, element.key), type_=element.type)
        return None

    return visitors.replacement_traverse(statement, {}, renamed)


def name_of(rank: int, name: str) -> str:
    """Out: what a bind is called in a statement made of several."""
    return f"{rank}.{name}"


def of_several(called: str) -> Bind:
    """Out: what finds the value of such a bind."""
    rank, _, name = called.partition(".")
    which = int(rank)
    return lambda given: given[which][name]


def _bind(bind: Any, find: Callable[[str], Bind]) -> Bind:
    process = _written(bind.type)
    if not bind.required:  # a constant of the policy
        fixed = bind.value if process is None else process(bind.value)
        return lambda given: fixed
    found = find(bind.key)
    if process is None:
        return found
    return lambda given: None if (value := found(given)) is None else process(value)


def _written(type_: Any) -> Callable[[Any], Any] | None:
    """Out: what a value of this type goes through before it is sent."""
    if isinstance(type_, JSON):
        return json
    found: Callable[[Any], Any] | None = type_.dialect_impl(DIALECT).bind_processor(DIALECT)
    return found


def json(value: Any) -> str:
    """Out: the text of a value, as PostgreSQL takes it for json."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
