"""Tables for spreadsheets: CSV as the ones of France open it, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARQUE = b"\xef\xbb\xbf"  # by which spreadsheets know UTF-8
MEDIA_TYPE = "text/csv; charset=utf-8"
# what makes a cell a formula, in one spreadsheet or another: some fold the wide signs of Asian keyboards into ours
FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_bytes(entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    """In: the headers, the rows. Out: CSV in UTF-8 with its mark, semicolons, one quoting for all (RFC 4180)."""
    return MARQUE + csv_lignes([entetes, *lignes])


def csv_lignes(lignes: Iterable[Sequence[object]]) -> bytes:
    """In: some rows. Out: the same CSV without its mark: a part of a file that leaves as it is read."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([cellule(valeur) for valeur in ligne] for ligne in lignes)
    return written.getvalue().encode()


def cellule(valeur: object) -> str:
    """Out: the text of a cell: « oui » or « non », nothing for None; an apostrophe before what would be a formula."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte.lstrip(" ").startswith(FORMULE) else texte
