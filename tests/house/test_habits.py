"""Habits of the house that a remark in review had to repeat: time is given, files and functions stay small."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator

from .sources import ROOT, files, name_of, place, tree

CLOCKS = {
    "app/http/logs.py": "stamps the line of a request, as logging stamps its own",
    "app/kit/clock.py": "the one clock of the machine",
    "app/reading/shown.py": "shows the SQL of a document to a reviewer; nothing is executed",
}
NOW = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|func\.now|func\.current_\w+)\b")
FILE, FUNCTION, MEDIAN, SCREEN = 400, 45, 12, 100  # lines
LOADERS = ("dataloader",)  # on the Python index, that name is an unrelated tool


def functions() -> Iterator[tuple[str, int]]:
    """Out: each function of the application, and how many lines it has."""
    for path in files("app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{place(path, node)} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_nobody_asks_what_time_it_is() -> None:
    asking = {
        name_of(path)
        for path in files("app")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and NOW.search(ast.unparse(node.func))
    }
    assert asking == set(CLOCKS)


def test_the_database_tells_no_rule_the_time() -> None:
    asking = re.compile(r"\b(now\(\)|current_date|current_timestamp|clock_timestamp)\b", re.IGNORECASE)
    for path in (*files("migrations"), *files("app/models")):
        assert not asking.search(path.read_text(encoding="utf-8")), name_of(path)


def test_files_stay_small() -> None:
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in files("app")}
    assert not {name: lines for name, lines in lengths.items() if lines > FILE}


def test_functions_stay_small() -> None:
    lengths = dict(functions())
    assert not {where: lines for where, lines in lengths.items() if lines > FUNCTION}
    assert statistics.median(lengths.values()) <= MEDIAN


def test_the_policy_of_accounts_is_read_on_two_screens() -> None:
    """Who has an account, who belongs to a structure, who is given what: a reviewer scrolls once."""
    core = [ROOT / "app" / "policies" / f"{name}.polar" for name in ("comptes", "affiliations", "droits")]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in core) <= 2 * SCREEN


def test_the_package_named_dataloader_is_not_ours() -> None:
    for path in files("app", "tests", "bench"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                assert not [a.name for a in node.names if a.name.split(".")[0] in LOADERS], place(path, node)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert (node.module or "").split(".")[0] not in LOADERS, place(path, node)
