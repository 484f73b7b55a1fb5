"""Rights are decided by the policy: nobody else compares a droit, a profile, or the référent flag."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.policies.viewer import DROITS, SCOPES

from .sources import files, name_of, place, tree

# The exact places that name a droit or a profile in a decision, and why.
PLACES = {
    "app/policies": "the policy itself, and the compiler that reads it",
    "app/models": "the words, and what the database computes of them",
    "app/demo": "gives droits to the cast, in an empty base",
    "app/http/graphql.py": "a stranger's unknown documents are kept apart from everybody's in the cache",
    "app/resolvers/connexions.py": "sorts the profiles that somebody may choose; decides nothing",
}
WORDS = {*DROITS, *SCOPES, "anonyme"}
ENUMS = {"Droit", "RoleDelegue"}
ATTRIBUTES = {"profil", "est_referent"}


def named(node: ast.AST) -> str | None:
    """Out: the word about rights that an expression names, if it does."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in WORDS:
            return str(part.value)
        if isinstance(part, ast.Attribute):
            owner = part.value
            if isinstance(owner, ast.Name) and owner.id in ENUMS:
                return f"{owner.id}.{part.attr}"
            if isinstance(owner, ast.Attribute) and owner.attr in ENUMS:
                return f"{owner.attr}.{part.attr}"
            if part.attr in ATTRIBUTES:
                return f".{part.attr}"
    return None


def decisions(path: Path) -> Iterator[str]:
    """Out: where a file decides upon a right: a comparison, a condition, a `match`, a call of startswith."""
    for node in ast.walk(tree(path)):
        tests: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            tests = [node]
        elif isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            tests = [node.test]
        elif isinstance(node, ast.Match):
            tests = [node.subject]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            tests = [node] if node.func.attr in ("startswith", "endswith") else []
        for test in tests:
            if word := named(test):
                yield f"{place(path, node)} {word}"


def exempt(path: Path) -> bool:
    return any(name_of(path) == p or name_of(path).startswith(p + "/") for p in PLACES)


def test_nobody_decides_upon_rights_outside_the_policy() -> None:
    assert not [found for path in files("app") if not exempt(path) for found in decisions(path)]


@pytest.mark.parametrize("where", [p for p in PLACES if p.endswith(".py")])
def test_every_exception_is_needed(where: str) -> None:
    assert [found for path in files("app") if name_of(path) == where for found in decisions(path)]


@pytest.mark.parametrize(
    ("written", "caught"),
    [
        ("if viewer.profil == 'x': pass", True),
        ("x = 1 if droit == m.Droit.GESTIONNAIRE else 2", True),
        ("ok = droit in ('of_general', 'of_catalogue')", True),
        ("if affiliation.est_referent: pass", True),
        ("if not viewer.profil.startswith('of'): pass", True),
        ("condition = policy.condition(viewer.profil, 'lire', m.Action)", False),
        ("if session.est_hsp: pass", False),
    ],
)
def test_the_guard_sees(tmp_path: Path, written: str, caught: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.sources.ROOT", tmp_path)
    path = tmp_path / "essai.py"
    path.write_text(written)
    assert bool(list(decisions(path))) == caught
