"""`rafael politique …`, on the policy of the house."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.policies import commands
from app.policies.commands import app
from app.policies.policy import Policy
from app.policies.workshop import Report

RUN = CliRunner()


@pytest.mark.usefixtures("oso")
def test_the_policy_of_the_house_has_nothing_wrong_and_its_files_are_up_to_date() -> None:
    done = RUN.invoke(app, ["verifier"])
    assert done.exit_code == 0, done.output
    assert "rien à redire" in done.output


@pytest.mark.usefixtures("oso")
def test_what_is_written_is_what_the_server_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "compiled.json"
    monkeypatch.setattr(commands, "LOCK", lock)
    assert RUN.invoke(app, ["compiler"]).exit_code == 0
    assert Policy.load(lock).compiled == Policy.load().compiled


def test_the_page_that_is_written_is_the_page_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "matrice.md"
    monkeypatch.setattr(commands, "MATRIX", page)
    assert RUN.invoke(app, ["matrice", "--ecrire"]).exit_code == 0
    assert page.read_text(encoding="utf-8") == RUN.invoke(app, ["matrice"]).output


def test_a_file_that_is_late_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = Report((), Policy.load().compiled)
    assert commands._late(report) == []
    page, lock = tmp_path / "matrice.md", tmp_path / "compiled.json"
    page.write_text("hier", encoding="utf-8")
    monkeypatch.setattr(commands, "MATRIX", page)
    (late,) = commands._late(report)
    assert "matrice.md n'est pas à jour" in late
    monkeypatch.setattr(commands, "LOCK", lock)
    (late,) = commands._late(report)
    assert "compiled.json n'est pas à jour" in late


def test_why_tells_the_rules_and_their_conditions() -> None:
    done = RUN.invoke(app, ["pourquoi", "gestionnaire", "lire", "Candidature"])
    assert done.exit_code == 0, done.output
    first, *rules = done.output.splitlines()
    assert first.startswith("gestionnaire peut lire Candidature : ")
    policy = Policy.load()
    model = next(m for m in policy.permissions if m.__name__ == "Candidature")
    granting = policy.rules("gestionnaire", "lire", model)
    assert [line.split(" : ")[0].strip() for line in rules] == [rule for rule, _ in granting]


@pytest.mark.parametrize(
    "asked",
    [
        ("inconnu", "lire", "Candidature"),
        ("gestionnaire", "detruire", "Candidature"),
        ("gestionnaire", "lire", "Chose"),
    ],
)
def test_an_unknown_word_is_said_to_be_one(asked: tuple[str, str, str]) -> None:
    done = RUN.invoke(app, ["pourquoi", *asked])
    assert done.exit_code == 2
    assert "inconnu" in done.output
