"""What is committed beside the rules is what the rules say now."""

from __future__ import annotations

from pathlib import Path

from app.models import Base
from app.policies.lock import LOCK, dump, read_sources
from app.policies.matrix import matrix
from app.policies.policy import Policy
from app.policies.schema import Schema


def test_the_matrix_shows_the_policy_that_serves(racine: Path) -> None:
    policy = Policy.load()
    shown = (racine / "docs" / "matrice.md").read_text(encoding="utf-8")
    assert shown == matrix(policy.compiled, policy.sha256), "lancer « rafael politique matrice --ecrire »"


def test_the_lock_file_is_what_the_rules_compile_to_and_nothing_is_wrong_with_them(oso: None) -> None:
    from app.policies.workshop import examine

    report = examine(read_sources(), Schema.of(Base))
    assert report.problems == ()
    assert report.compiled is not None
    assert LOCK.read_text(encoding="utf-8") == dump(report.compiled), "lancer « rafael politique compiler »"
