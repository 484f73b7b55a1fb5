"""Tables as people and administrations write them: UTF-8 with its mark or not, or Windows; semicolons, commas or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from app.domain.textes import plier

SEPARATEURS = ";,\t"
PLUS_LONGUE_CELLULE = 20_000
FIN = "\x1fFIN"  # a last line of ours: a quote that nobody closed swallows it, with all that follows


class TableauRefuse(Exception):
    """A file that is no table, or none of those expected; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Rangee:
    """A row: its line in the file, its cells by the folded name of their column; an empty cell is not there."""

    ligne: int
    cellules: Mapping[str, str]

    def dit(self, *noms: str) -> str | None:
        """Out: the first cell, of these columns, that says something."""
        return next((self.cellules[nom] for nom in noms if nom in self.cellules), None)


@dataclass(frozen=True)
class Tableau:
    """A table: the folded names of its columns, then its rows."""

    colonnes: tuple[str, ...]
    rangees: Iterator[Rangee]


def lire_tableau(flux: BinaryIO) -> Tableau:
    """In: a stream at its beginning. Out: the table; rows are read as they are asked for. Raises TableauRefuse."""
    texte = io.TextIOWrapper(flux, encoding=_encodage(flux), newline="")
    try:
        entete = texte.readline(PLUS_LONGUE_CELLULE)
        separateur = max(SEPARATEURS, key=entete.count)
        colonnes = tuple(map(nom_de_colonne, next(csv.reader([entete], delimiter=separateur), [])))
    except (UnicodeDecodeError, csv.Error):
        raise TableauRefuse("ce fichier n'est pas un tableau CSV en UTF-8") from None
    if not any(colonnes):
        raise TableauRefuse("ce fichier est vide : une ligne d'en-têtes est attendue")
    if doubles := sorted({nom for nom in colonnes if nom and colonnes.count(nom) > 1}):
        raise TableauRefuse(f"une colonne est là deux fois : {', '.join(doubles)}")
    return Tableau(colonnes, _rangees(texte, separateur, colonnes))


def nom_de_colonne(entete: str) -> str:
    """Out: the name of a column, folded: « Code_commune_INSEE », « Code commune INSEE » are one."""
    return plier(entete.replace("_", " "))


def _encodage(flux: BinaryIO) -> str:
    """Out: UTF-8, or Windows where the beginning is not: spreadsheets of France still write it."""
    debut = flux.read(1 << 16)
    flux.seek(0)
    if debut.startswith((b"PK", b"\xd0\xcf")):
        raise TableauRefuse("ce fichier est un classeur : enregistrez la feuille au format CSV")
    if b"\0" in debut:
        raise TableauRefuse("ce fichier n'est pas un tableau CSV en UTF-8")
    try:
        debut[: debut.rfind(b"\n") + 1 or len(debut)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _rangees(texte: io.TextIOWrapper, separateur: str, colonnes: tuple[str, ...]) -> Iterator[Rangee]:
    lecteur = csv.reader(chain(texte, [FIN]), delimiter=separateur)
    debut = 0
    try:
        for cellules in lecteur:
            if cellules[-1:] and cellules[-1].endswith(FIN) and cellules != [FIN]:
                motif = "un guillemet ouvert n'est pas refermé : la suite du fichier y passerait"
                raise TableauRefuse(f"ligne {debut + 2} : {motif}")
            debut = lecteur.line_num
            if cellules != [FIN] and any(map(str.strip, cellules)):
                dites = zip(colonnes, map(str.strip, cellules), strict=False)
                yield Rangee(lecteur.line_num + 1, {nom: dit for nom, dit in dites if nom and dit})
    except (UnicodeDecodeError, csv.Error):
        raise TableauRefuse(f"ligne {lecteur.line_num + 2} illisible : CSV en UTF-8 attendu") from None
