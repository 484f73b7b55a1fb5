"""What is committed beside the rules is what the rules say now; the lock file itself: test_commands.py, with Polar."""

from __future__ import annotations

from pathlib import Path

from app.policies.matrix import matrix
from app.policies.policy import Policy


def test_the_matrix_shows_the_policy_that_serves(racine: Path) -> None:
    policy = Policy.load()
    shown = (racine / "docs" / "matrice.md").read_text(encoding="utf-8")
    assert shown == matrix(policy.compiled, policy.sha256), "lancer « rafael politique matrice --ecrire »"
