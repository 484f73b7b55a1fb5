"""Names: French words without accents; accents only where people read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import models as m

from .sources import FOLDERS, files, name_of, place, tree

NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def identifiers(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Out: every name that a file gives or uses."""
    for node in ast.walk(tree(path)):
        if isinstance(node, NAMED):
            yield node, node.name
        elif isinstance(node, ast.Name):
            yield node, node.id
        elif isinstance(node, ast.Attribute):
            yield node, node.attr
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield node, node.arg or ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_identifier_bears_an_accent(folder: str) -> None:
    accented = [
        f"{place(path, node)} {name}"
        for path in files(folder)
        for node, name in identifiers(path)
        if not name.isascii()
    ]
    assert not accented


def test_no_file_bears_an_accent_or_a_space() -> None:
    assert not [name for path in files() if not (name := name_of(path)).isascii() or " " in name]


def columns() -> Iterator[tuple[str, str, str]]:
    """Out: the name of each column, the kind of what it holds, where it is."""
    for table in m.Base.metadata.sorted_tables:
        for column in table.columns:
            yield column.key, str(column.type).split("(")[0], f"{table.name}.{column.key}"


JUSQU_A = {"inscriptions_jusqu_au", "annulable_jusqu_au", "jusqu_au", "verrouille_jusqu_au", "du", "au"}


def test_a_moment_ends_with_le_and_a_day_begins_with_date() -> None:
    for name, kind, where in columns():
        if kind == "DATETIME":
            assert name.endswith("_le") or name in JUSQU_A, where
        elif kind == "DATE":
            assert "date_" in name or name in JUSQU_A, where


# Read as a sentence without `est_`: « la structure a un référent », « l'action en ligne », « envoyer le récapitulatif »
YES_NO = {"a_un_referent", "a_un_second_facteur", "action_en_ligne", "envoyer_recapitulatif", "auteur_est_n3"}


def test_a_yes_or_no_says_est() -> None:
    said = {where: name for name, kind, where in columns() if kind == "BOOLEAN"}
    assert not [where for where, name in said.items() if not name.startswith("est_") and name not in YES_NO]


def test_an_enum_of_the_trade_has_a_french_label_for_each_word() -> None:
    from app.models.base import Mot

    for enum in Mot.__subclasses__():
        for word in enum:
            assert word.value == word.name.lower(), f"{enum.__name__}.{word.name}"
            assert word.value.isascii(), f"{enum.__name__}.{word.name}"
            assert word.libelle[0].isupper() or word.libelle[0] == "(", f"{enum.__name__}.{word.name}"
