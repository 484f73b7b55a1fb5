"""What the documents say is true: links lead somewhere, files exist, the example query is one."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from typer.main import get_command

from app.cli import cli
from app.kit.settings import Settings
from app.main import build_schema

from .regles import lectures, regles
from .sources import ROOT, files

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DOCUMENT = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
EXAMPLES = ("tutorats", "00NN", "…", "*", "<")  # what CONTRIBUTING imagines


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (path.parent / link).exists()]


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_file_it_names_exists(path: Path) -> None:
    named = re.findall(r"`((?:app|tests|docs|migrations|bench)/[^`\s]*)`", path.read_text(encoding="utf-8"))
    assert not [name for name in named if not any(e in name for e in EXAMPLES) and not (ROOT / name).exists()]


def test_every_document_that_is_shown_is_valid() -> None:
    schema = build_schema()._schema
    shown = [found for path in DOCS for found in DOCUMENT.findall(path.read_text(encoding="utf-8"))]
    assert len(shown) > 3
    assert [each for each in shown if validate(schema, parse(each))] == []


def test_whoever_runs_it_is_told_of_every_setting() -> None:
    said = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
    variables = {field.name.upper() for field in fields(Settings)}
    assert [name for name in sorted(variables) if f"`{name}`" not in said] == []


def test_every_command_it_names_exists() -> None:
    app = get_command(cli)
    for path in DOCS:
        for said in re.findall(r"`rafael ([a-z -]+[a-z])", path.read_text(encoding="utf-8")):
            found: Any = app
            for word in said.split(" --")[0].split():
                found = found.get_command(None, word)
                assert found, f"{path.name}: rafael {said}"


def test_every_decision_says_what_why_and_its_consequences() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} ", text), path.name
        assert "**What.**" in text, path.name
        assert "**Why" in text, path.name
        assert "**Consequences.**" in text, path.name
        assert len(text.splitlines()) < 60, f"{path.name}: a decision is one page"


def test_no_two_decisions_bear_one_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(set(numbers)) == len(numbers)


def test_the_architecture_stays_under_two_pages() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split()) < 1_100


def test_what_the_policies_point_at_exists() -> None:
    for path in (ROOT / "app" / "policies").glob("*.polar"):
        text = path.read_text(encoding="utf-8")
        for named in re.findall(r"docs/[a-z/.-]+\.md", text):
            assert (ROOT / named).exists(), f"{path.name}: {named}"
        for cases in re.findall(r"\b[a-z_]+\.cas\.yaml", text):
            assert (path.parent / cases).exists(), f"{path.name}: {cases}"


def test_every_rule_that_a_document_or_a_policy_cites_exists() -> None:
    known = {regle.id for regle in regles()} | lectures()
    for path in (*DOCS, *(ROOT / "app").rglob("*.polar")):
        cited = set(re.findall(r"\b[RC]-\d{2,3}\b", path.read_text(encoding="utf-8")))
        assert not cited - known, path.name


def test_every_rule_that_the_code_cites_exists() -> None:
    known = {regle.id for regle in regles()} | lectures()
    for path in files("app", "tests", "migrations"):
        cited = set(re.findall(r"\b(?:R-\d{3}|C-\d{2})\b", path.read_text(encoding="utf-8")))
        assert not cited - known, path.name
