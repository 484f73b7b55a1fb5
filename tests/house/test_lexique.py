"""The lexicon is law: a word of the trade that the code uses stands in docs/lexique.md, with its label."""

from __future__ import annotations

import re

import pytest

from app import models as m
from app.domain import catalogue as catalogue  # imports every module of the domain, and so its lists
from app.models.base import Mot

from .regles import lectures, regles
from .sources import ROOT

TEXT = (ROOT / "docs" / "lexique.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\s]+)`", TEXT))
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| ---")]


def models() -> list[str]:
    """Out: the resources of the models."""
    return sorted(mapper.class_.__name__ for mapper in m.Base.registry.mappers)


def columns() -> set[str]:
    """Out: the columns that say something: keys and links speak by the resource they point at."""
    keys = {column.key for table in m.Base.metadata.sorted_tables for column in table.columns}
    return {key for key in keys if key != "id" and not key.endswith("_id")}


@pytest.mark.parametrize("model", models())
def test_every_resource_is_defined(model: str) -> None:
    assert model in WORDS


def test_every_column_is_defined() -> None:
    assert not columns() - WORDS


@pytest.mark.parametrize("enum", Mot.__subclasses__(), ids=lambda enum: enum.__name__)
def test_every_word_of_a_list_is_there_with_its_label(enum: type[Mot]) -> None:
    row = next((row for row in ROWS if row.startswith(f"| `{enum.__name__}` |")), "")
    assert not [word.value for word in enum if f"`{word.value}` {word.libelle}" not in row]


def test_the_lexicon_defines_nothing_that_is_gone() -> None:
    alive = {*models(), *columns(), *(e.__name__ for e in Mot.__subclasses__())}
    alive |= {word.value for e in Mot.__subclasses__() for word in e} | {"SessionFormation", "session"}
    assert not {word for word in WORDS if "." not in word and "…" not in word} - alive


def test_every_source_exists() -> None:
    cited = set(re.findall(r"\b[RC]-\d+\b", TEXT))
    assert not cited - {regle.id for regle in regles()} - lectures()


def test_every_row_says_a_word_a_definition_and_a_source() -> None:
    assert not [row for row in ROWS if row.count("|") != 4 or "|  |" in row]
