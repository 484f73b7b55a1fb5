"""The lines of a list, as a stream: its encoding, its separator and its header are checked before anything is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.domain.structures import CHAMPS_STRUCTURE

SEPARATEURS = ";,\t"
GENRES = "genres"
OBLIGATOIRE = "siret"
CONNUES = (*(champ.nom for champ in CHAMPS_STRUCTURE), GENRES)
AUSSI = {
    "nom": "raison_sociale",
    "adresse": "voie",
    "genre": GENRES,
    "e-mail": "courriel",
    "email": "courriel",
}


class ListeIllisible(Exception):
    """The file is no such list: the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of the list: where it begins, and its cells by column."""

    numero: int
    cellules: dict[str, str]

    @property
    def genres(self) -> str:
        """The kinds that it says."""
        return self.cellules.get(GENRES, "")

    @property
    def colonnes(self) -> dict[str, str]:
        """The rest."""
        return {nom: valeur for nom, valeur in self.cellules.items() if nom != GENRES}


def lignes(flux: BinaryIO) -> Iterator[Ligne]:
    """In: the file, from its beginning. Out: its lines, one at a time. Raises ListeIllisible."""
    texte = io.TextIOWrapper(flux, encoding="utf-8-sig", newline="")
    try:
        yield from _lues(texte)
    except UnicodeDecodeError as faute:
        raise ListeIllisible(
            "ce fichier n'est pas en UTF-8 : enregistrez-le de nouveau dans ce codage"
        ) from faute
    except csv.Error as faute:
        raise ListeIllisible(f"ce fichier n'est pas un CSV lisible ({faute})") from faute
    finally:
        texte.detach()


def _lues(texte: io.TextIOWrapper) -> Iterator[Ligne]:
    entete = texte.readline()
    separateur = max(SEPARATEURS, key=entete.count)
    noms = _colonnes(next(csv.reader([entete], delimiter=separateur), []))
    lecteur = csv.reader(texte, delimiter=separateur, strict=True)
    while True:
        numero = lecteur.line_num + 2  # the header is line 1, and a cell may hold several lines
        cellules = next(lecteur, None)
        if cellules is None:
            return
        if any(cellule.strip() for cellule in cellules):
            yield Ligne(numero, dict(zip(noms, cellules, strict=False)))


def _colonnes(entete: list[str]) -> list[str]:
    """Out: the columns that a header names, as the house names them. Raises ListeIllisible."""
    dits = [" ".join(mot.split()).lower().replace(" ", "_") for mot in entete]
    noms = [AUSSI.get(mot, mot) for mot in dits]
    inconnues = [mot for mot, nom in zip(dits, noms, strict=True) if nom not in CONNUES]
    if inconnues or OBLIGATOIRE not in noms or len(set(noms)) < len(noms):
        raise ListeIllisible(
            f"en-tête attendu : une fois chacune, « siret » et d'autres parmi {', '.join(CONNUES)} ;"
            f" lu : {', '.join(dits)[:200] or 'rien'}"
        )
    return noms
