"""A world, and the same world without one of its rows: what somebody may not read makes no difference to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_committed_value

from app.policies.policy import Policy
from app.policies.schema import columns
from app.policies.viewer import split
from tests.reading.eyes import Eyes, decided
from tests.reading.maison.world import World

Sight = set[tuple[str, int, str]]  # the rows that somebody reads, and their columns


@dataclass
class Case:
    """Somebody, a row that it may not read, and the rows around that it may."""

    viewer: Any
    row: Any
    near: list[Any]


class OneConnection:
    """A pool of one connection, so that a reading sees what a transaction has changed."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        yield self.connection

    @asynccontextmanager
    async def without(self, row: Any) -> AsyncIterator[None]:
        """While the base has lost a row, and nothing else: no trigger says so, no key minds."""
        table = inspect(type(row)).local_table.name
        transaction = self.connection.transaction()
        await transaction.start()
        await self.connection.execute("set local session_replication_role = replica")
        await self.connection.execute(f"delete from {table} where id = $1", row.id)
        try:
            yield
        finally:
            await transaction.rollback()


@contextmanager
def erased(world: World, row: Any) -> Iterator[World]:
    """While the rows in memory have lost one, under each of the models that show it. Out: the world without it."""
    table = inspect(type(row)).local_table
    gone = [
        each
        for model, rows in world.items()
        if inspect(model).local_table is table
        for each in rows
        if each.id == row.id
    ]
    kept = {model: [each for each in rows if each not in gone] for model, rows in world.items()}
    before = [(each, name, value, bare) for each, name, value, bare in _tied(kept, gone)]
    for each, name, _, bare in before:
        set_committed_value(each, name, bare)
    try:
        yield kept
    finally:
        for each, name, value, _ in before:
            set_committed_value(each, name, value)


def _tied(world: World, gone: list[Any]) -> Iterator[tuple[Any, str, Any, Any]]:
    """Out: the relations that lead to rows that go: whose, which, what it held, what is left."""
    for model, rows in world.items():
        for prop in inspect(model).relationships:
            for each in rows:
                value = getattr(each, prop.key)
                if isinstance(value, list) and any(g in value for g in gone):
                    yield each, prop.key, value, [x for x in value if x not in gone]
                elif value is not None and not isinstance(value, list) and value in gone:
                    yield each, prop.key, value, None


def sight(policy: Policy, eyes: Eyes, world: World) -> Sight:
    """Out: every row that a viewer reads, and every column of it."""
    return {
        (model.__name__, row.id, column)
        for model, rows in world.items()
        if model in policy.permissions and (not rows or hasattr(rows[0], "id"))
        for row in rows
        if eyes.may("lire", row)
        for column in columns(model)
        if decided(policy.field(eyes.profil, "lire", model, column), row, eyes.values)
    }


def neighbours(row: Any) -> list[Any]:
    """Out: the rows that relations lead to from a row."""
    found: list[Any] = []
    for prop in inspect(type(row)).relationships:
        value = getattr(row, prop.key)
        found += value if isinstance(value, list) else [value] if value is not None else []
    return found


@dataclass
class Cases:
    """A world, its viewers, and what each of them reads of it."""

    policy: Policy
    world: World
    viewers: list[tuple[Any, Eyes]]

    @cached_property
    def sights(self) -> list[tuple[Any, Eyes, Sight]]:
        return [(viewer, eyes, sight(self.policy, eyes, self.world)) for viewer, eyes in self.viewers]

    def of(self, target: Any) -> Iterator[Case]:
        """Out: for each droit, a row that it may not read, near rows that it reads, and that changes nothing else.

        Those who read most come first. A row that goes may take with it what gave the right to read another one: such a
        row is no case.
        """
        droits = set()
        for viewer, eyes, seen in sorted(
            self.sights, key=lambda each: self.worth(target, each[2]), reverse=True
        ):
            droit, _ = split(viewer.profil)
            if droit not in droits and (found := self.case(target, viewer, eyes, seen)):
                droits.add(droit)
                yield found

    def worth(self, target: Any, seen: Sight) -> tuple[bool, int]:
        """Out: who reads some rows of the type before who reads none, then who reads most."""
        return any(model == target.__name__ for model, _, _ in seen), len(seen)

    def case(self, target: Any, viewer: Any, eyes: Eyes, seen: Sight) -> Case | None:
        for row in self.world[target]:
            near = self.near(row, eyes)
            if not eyes.may("lire", row) and (near or not inspect(type(row)).relationships):
                with erased(self.world, row) as rest:
                    if sight(self.policy, eyes, rest) == seen:
                        return Case(viewer, row, near)
        return None

    def near(self, row: Any, eyes: Eyes) -> list[Any]:
        """Out: the nearest rows that a viewer reads around a row: one relation away, or two, or three."""
        ring, passed = [row], {id(row)}
        for _ in range(3):
            ring = [each for one in ring for each in neighbours(one) if id(each) not in passed]
            passed |= {id(each) for each in ring}
            if found := [x for x in ring if type(x) in self.policy.permissions and eyes.may("lire", x)]:
                return found
        return []
