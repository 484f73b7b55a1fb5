"""Rooms and floors: an arrow only goes down (ARCHITECTURE.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .sources import ROOT

NO_ATTIC = ("utils", "helpers", "services", "core", "common", "misc")


def test_every_import_goes_down() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_no_attic() -> None:
    found = [p for p in (ROOT / "app").rglob("*") if p.stem in NO_ATTIC and "node_modules" not in p.parts]
    assert not found


def test_the_picture_of_the_rooms_is_true() -> None:
    rooms = {p.name for p in (ROOT / "app").iterdir() if (p / "__init__.py").exists()}
    said = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert not [room for room in sorted(rooms) if f"`app/{room}/`" not in said]
