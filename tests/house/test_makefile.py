"""`make run` may be stopped at any moment, the first time too: the next one is right."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
CHECKOUT = Path(__file__).resolve().parents[2]


def after_a_make(venv: Path, pid: str) -> bool:
    """In: an environment whose installation that process had begun. Out: whether the next `make` leaves it there."""
    venv.mkdir()
    (venv / ".installation").write_text(f"{pid}\n")
    subprocess.run(
        ["make", "-n", "clean", f"V={venv}"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return venv.exists()


def test_an_installation_that_was_cut_is_begun_anew(tmp_path: Path) -> None:
    """uv takes for installed what it had only begun to: PostgreSQL would lack a library for ever."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not after_a_make(tmp_path / "coupee", str(gone.pid))
    assert not after_a_make(tmp_path / "vide", "")


def test_an_installation_that_somebody_is_at_is_left_alone(tmp_path: Path) -> None:
    assert after_a_make(tmp_path / "ailleurs", str(os.getpid()))
