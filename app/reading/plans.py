"""A plan: one statement, what its binds take from a request, and what it may cost. No value of a request is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from operator import itemgetter
from typing import Any

from sqlalchemy.dialects.postgresql import asyncpg as driver

from app.reading.asked import Arguments, Slot, VariableValues
from app.reading.compiler import Compiler, Size

DIALECT = driver.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
WRITTEN = ("ecrit_", "ecrits_")  # how such binds are named
LONG, RECENT = 0.1, 0.25  # seconds; the part of the last run in what is known of all
Bind = Callable[[Mapping[str, Any]], Any]


@dataclass(eq=False)
class Plan:
    """One statement, and where each of its binds comes from."""

    sql: str
    binds: tuple[Bind, ...]
    slots: Mapping[str, Slot]
    cost_once: int  # of the lists whose sizes are known
    # of the others: what is known of it, the slots of the rest
    costs: tuple[tuple[int, tuple[str, ...]], ...]
    written: tuple[str, ...] = ()  # the binds of the keys of rows that a mutation has just written
    named: frozenset[str] = frozenset()  # the other values of a request that it names
    traced: bool = False  # what it shows leaves a trace
    asked: int = 0  # how many times it ran
    seconds: float = 0.0  # that it takes, the last times counting most

    @property
    def is_long(self) -> bool:
        """Whether it takes so long that a few of them would hold up all the others."""
        return self.seconds > LONG

    def took(self, seconds: float) -> None:
        """Note how long it ran."""
        self.seconds += (seconds - self.seconds) * RECENT

    def given(self, variables: VariableValues) -> dict[str, Any]:
        """Out: the arguments of a request, by the name of their bind. Raises BAD_USER_INPUT."""
        read: dict[Arguments, dict[str, Any]] = {}  # the arguments of a field, read once for all its binds
        return {name: slot.value(variables, read) for name, slot in self.slots.items()}

    def cost(self, given: Mapping[str, Any]) -> int:
        """Out: how many objects of lists the answer may hold: for each list, the sizes that nest into it, multiplied."""
        moving: list[int] = [number * prod([given[slot] for slot in slots]) for number, slots in self.costs]
        return self.cost_once + sum(moving)

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """In: the arguments, and the values of the viewer. Out: what to send. A missing one raises: it fails closed."""
        return [bind(given) for bind in self.binds]


@dataclass(frozen=True)
class Completed:
    """No plan: graphql-core must complete the answer, because of this field (`Type.field`)."""

    cause: str


def plan_of(statement: Any, c: Compiler) -> Plan:
    """In: a statement of SQLAlchemy, and the compilation it comes from. Out: its plan, once and for all."""
    compiled = statement.compile(dialect=DIALECT)
    c.pieces.keep()
    sql, binds = sent(compiled)
    asked = {bind.key for bind in compiled.binds.values() if bind.required}
    used = asked | {size for sizes in c.costs for size in sizes if isinstance(size, str)}
    slots = {name: slot for name, slot in c.slots.items() if name in used}
    written = tuple(sorted(name for name in used if name.startswith(WRITTEN)))
    named = frozenset(asked - slots.keys()).difference(written)
    costs = [parted(sizes) for sizes in c.costs]
    once = sum(number for number, slots_ in costs if not slots_)
    moving = tuple(cost for cost in costs if cost[1])
    return Plan(sql, binds, slots, once, moving, written, named, c.traced)


def parted(sizes: Sequence[Size]) -> tuple[int, tuple[str, ...]]:
    """In: sizes that multiply. Out: the product of those that are numbers, and the slots of the others."""
    return prod(s for s in sizes if isinstance(s, int)), tuple(s for s in sizes if isinstance(s, str))


def sent(compiled: Any) -> tuple[str, tuple[Bind, ...]]:
    """In: a compiled statement. Out: its text, and what finds the value of each of its binds."""
    return compiled.string, tuple(_bind(compiled.binds[name]) for name in compiled.positiontup)


def _bind(bind: Any) -> Bind:
    """Out: what finds the value of a bind among those of a request."""
    process = bind.type.dialect_impl(DIALECT).bind_processor(DIALECT)
    if not bind.required:  # a constant of the policy or of the schema
        fixed = process(bind.value) if process else bind.value
        return lambda given: fixed
    name = bind.key
    if process is None:
        return itemgetter(name)
    return lambda given: None if given[name] is None else process(given[name])
