"""Tables are reached through the doors only: a condition that nobody can forget is one that nobody has to write."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .sources import files, name_of, place, tree

# Who may write a statement or send one, and why. A new line here is a decision: it is read in review.
DOORS = {
    "app/reading": "the reading door: document + viewer → one statement, conditions included",
    "app/writing": "the writing door: take, create, know, each under the condition of its permission",
    "app/policies/predicate.py": "turns a condition into SQL: what both doors are made of",
    "app/policies/plan.py": "chooses the shape of that SQL",
    "app/models": "the tables themselves, and what the database computes",
    "app/kit/migrations.py": "alembic's own table, and the role of readings",
    "app/demo": "a seed writes in an empty base, where there is nobody to decide about",
    "app/http/tokens.py": "who asks must be known before any condition can be: one row, by the fingerprint of a token",
    "app/http/freins.py": "who asks too often is told before anything is decided: counts by the fingerprint of an address",
    "app/serving.py": "is the base empty: whether the demonstration is brought",
    "app/main.py": "is the base there, migrated; does it hold the demonstration",
}
STATEMENTS = {
    "select",
    "insert",
    "update",
    "delete",
    "text",
    "exists",
    "union",
    "union_all",
    "table",
    "literal_column",
}
SENDERS = {
    "scalar",
    "scalars",
    "fetch",
    "fetchval",
    "fetchrow",
    "exec_driver_sql",
    "executemany",
    "stream_scalars",
}
# `.execute(` is also what the edge calls on the reading door (`desk.executor.execute`, `reader.execute`)
EXECUTORS = {"reader", "executor", "desk", "room"}


def outside() -> Iterator[Path]:
    """Out: the files of the application that stand behind no door."""
    for path in files("app"):
        name = name_of(path)
        if not any(name == door or name.startswith(door + "/") for door in DOORS):
            yield path


def statements(path: Path) -> Iterator[str]:
    """Out: where a file writes a statement of its own."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            for alias in node.names:
                if alias.name in STATEMENTS:
                    yield f"{place(path, node)} imports {alias.name}"


def sendings(path: Path) -> Iterator[str]:
    """Out: where a file sends one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked, owner = node.func.attr, node.func.value
            to_the_door = isinstance(owner, ast.Attribute | ast.Name) and (
                (owner.attr if isinstance(owner, ast.Attribute) else owner.id) in EXECUTORS
            )
            ours = isinstance(owner, ast.Name) and owner.id == "strawberry"
            if not ours and (asked in SENDERS or (asked == "execute" and not to_the_door)):
                yield f"{place(path, node)} calls .{asked}("


def test_nobody_else_writes_a_statement() -> None:
    assert not [found for path in outside() for found in statements(path)]


def test_nobody_else_sends_one() -> None:
    assert not [found for path in outside() for found in sendings(path)]


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_used(door: str) -> None:
    used = [
        found
        for path in files("app")
        if name_of(path) == door or name_of(path).startswith(door + "/")
        for found in (*statements(path), *sendings(path))
    ]
    assert used or door in ("app/policies/plan.py", "app/policies/predicate.py", "app/models"), (
        "a door too many"
    )


@pytest.mark.parametrize(
    ("written", "caught"),
    [
        ("from sqlalchemy import select", True),
        ("await tx.db.execute(statement)", True),
        ("await pool.fetchrow(sql)", True),
        ("await self.reader.execute(viewer, text)", False),
        ("await desk.executor.execute(viewer, text)", False),
        ("strawberry.scalar(str)", False),
    ],
)
def test_the_guard_sees(tmp_path: Path, written: str, caught: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.sources.ROOT", tmp_path)
    path = tmp_path / "essai.py"
    path.write_text(f"async def f():\n    {written}\n")
    assert bool([*statements(path), *sendings(path)]) == caught
