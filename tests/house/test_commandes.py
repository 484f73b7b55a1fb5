"""What a person types: what is wrong is said in one line, whoever's fault it is but ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ABSENTE = "postgresql://personne@127.0.0.1:1/aucune"


def rafael(*mots: str) -> subprocess.CompletedProcess[str]:
    """Out: what became of the command, where no base answers."""
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *mots],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DATABASE_URL": ABSENTE},
    )


@pytest.mark.parametrize(
    "mots",
    [
        ("migrer",),
        ("travaux", "etat"),
        ("travaux", "--une-fois"),
        ("journal", "verifier"),
        ("demo", "installer"),
        ("exporter", "lheo"),
        ("importer", "sessions", __file__, "--compte", "a@b.example"),
    ],
    ids=" ".join,
)
def test_a_base_that_is_away_is_told_in_one_line(mots: tuple[str, ...]) -> None:
    dit = rafael(*mots)
    assert dit.returncode
    assert dit.stderr.startswith("rafael : la base ne répond pas"), dit.stderr
    assert "Traceback" not in dit.stderr


def test_a_file_that_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    nulle_part = tmp_path / "absent" / "offre.xml"
    assert str(nulle_part) in rafael("exporter", "lheo", "--vers", str(nulle_part)).stderr
    illisible = tmp_path / "document.graphql"
    illisible.write_bytes(b"\xff\xfe{")
    assert f"rafael : {illisible} n'est pas un texte" in rafael("lire", str(illisible)).stderr


@pytest.mark.parametrize("dites", ["{", "[]", "3"])
def test_variables_that_are_no_object_are_told_so(tmp_path: Path, dites: str) -> None:
    document = tmp_path / "document.graphql"
    document.write_text("{ __typename }")
    dit = rafael("lire", str(document), "--variables", dites)
    assert dit.stderr.startswith("rafael : --variables doit être un objet JSON"), dit.stderr
