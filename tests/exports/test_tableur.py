"""CSV for spreadsheets: opened right, and never run."""

from __future__ import annotations

import csv
import io

import pytest

from app.exports.tableur import cellule, csv_bytes


def test_a_table_is_utf_8_with_its_mark_semicolons_and_lines_of_windows() -> None:
    written = csv_bytes(("Nom", "Note"), [("Bensaïd", 'dit « oui » ; puis "non"'), ("Le Goff", None)])

    assert written.startswith(b"\xef\xbb\xbfNom;Note\r\n")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["Nom", "Note"], ["Bensaïd", 'dit « oui » ; puis "non"'], ["Le Goff", ""]]


@pytest.mark.parametrize(
    "texte",
    [
        "=1+1",
        "+33 6",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        ' =HYPERLINK("http://x")',
        "=cmd|' /C calc'!A0",
        "\uff1d1+1",
        "\uff0b33",
        "\uff0d2",
        "\uff20SUM(A1)",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(texte: str) -> None:
    assert cellule(texte) == f"'{texte}"


@pytest.mark.parametrize(
    ("valeur", "attendu"), [("a=b", "a=b"), ("05 55", "05 55"), (True, "oui"), (False, "non"), (3, "3")]
)
def test_what_is_plain_stays_plain(valeur: object, attendu: str) -> None:
    assert cellule(valeur) == attendu
