"""The house reads itself: its Python files as trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "tests", "migrations", "bench")


def files(*folders: str) -> Iterator[Path]:
    """Out: the Python files of folders of the checkout."""
    for folder in folders or FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """Out: the path of a file from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Out: the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST) -> str:
    """Out: where a node stands, to click on."""
    return f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
