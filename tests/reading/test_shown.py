"""`rafael lire`: the statement of a document under a profile, and how PostgreSQL would run it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.conftest import Base

DOCUMENT = "query ($n: Int = 2) { actions(first: $n) { nodes { intitule responsable { raisonSociale } } } }"


def lire(folder: Path, base: Base, text: str, *options: str) -> str:
    (folder / "q.graphql").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(
        cli,
        ["lire", *options, str(folder / "q.graphql")],
        env={"DATABASE_URL": base.url},
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_a_profile_changes_the_statement(tmp_path: Path, base: Base) -> None:
    anybody = lire(tmp_path, base, DOCUMENT, "--sql")
    staff = lire(tmp_path, base, DOCUMENT, "--sql", "--profil", "gestionnaire")
    assert anybody.startswith("SELECT")
    assert "est_en_ligne" in anybody
    assert anybody != staff


def test_its_plan_is_told_without_any_value(tmp_path: Path, base: Base) -> None:
    told = lire(tmp_path, base, DOCUMENT, "--plan", "--profil", "prescripteur_n2")
    assert told.startswith("SELECT")
    assert "cost=" in told
    assert "structure structure_1" in told.split("cost=", 1)[1]


def test_what_is_not_compiled_whole_says_which_field(tmp_path: Path, base: Base) -> None:
    told = lire(tmp_path, base, "{ __schema { queryType { name } } }", "--plan")
    assert told == "-- ce document n'est pas compilé en entier : Query.__schema\n"


def test_an_unknown_profile_is_refused(tmp_path: Path, base: Base) -> None:
    with pytest.raises(ValueError, match="profil inconnu : licorne"):
        lire(tmp_path, base, DOCUMENT, "--profil", "licorne")
