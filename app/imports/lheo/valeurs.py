"""The simple types of LHEO: is this text a value of its element, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Defaut = tuple[str, str]
"""What is wrong with a value: a code, a French sentence."""
Controle = Callable[[str, int], Defaut | None]
"""In: the text (cut when very long) and its true length in characters."""

DATE = re.compile(r"[0-9]{4}[019][0-9][01239][0-9]")
ENTIER = re.compile(r"[+-]?[0-9]{1,19}")
NOM = re.compile(r"[^\W\d][\w.\-]*")
MOMENT = re.compile(
    r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
BLANCS = " \t\r\n"


def compact(texte: str) -> str:
    """Out: the text as xs:token reads it: no blank around, one between two words."""
    if not any(blanc in texte for blanc in BLANCS):
        return texte
    return " ".join(mot for mot in re.split(f"[{BLANCS}]+", texte) if mot)


def controle(fait: Mapping[str, Any]) -> Controle:
    """In: the facts of an element without children. Out: what checks its text."""
    if "texte" in fait:
        return _texte(*fait["texte"])
    if "codes" in fait:
        return _codes(frozenset(fait["codes"]), fait["codes"])
    return _date if "date" in fait else _entier


def _texte(moins: int, plus: int) -> Controle:
    attendu = f"{moins} caractères" if moins == plus else f"de {moins} à {plus} caractères"

    def verifier(texte: str, longueur: int) -> Defaut | None:
        if moins <= longueur <= plus:
            return None
        return "LONGUEUR", f"{longueur} caractère{'s' * (longueur > 1)}, attendu : {attendu}"

    return verifier


def _codes(permis: frozenset[str], ordre: list[str]) -> Controle:
    def verifier(texte: str, longueur: int) -> Defaut | None:
        return None if compact(texte) in permis else ("CODE", f"code inconnu, attendu : {', '.join(ordre)}")

    return verifier


def _date(texte: str, longueur: int) -> Defaut | None:
    lu = compact(texte)
    if not DATE.fullmatch(lu):
        return "DATE", "date illisible, attendu : AAAAMMJJ"
    if lu in ("00000000", "99999999") or lu.endswith("0000"):
        return None
    try:
        datetime.strptime(lu[:6] + (lu[6:] if lu[6:] != "00" else "01"), "%Y%m%d")  # noqa: DTZ007  # a day
    except ValueError:
        return "DATE", "cette date n'existe pas au calendrier"
    return None


def _entier(texte: str, longueur: int) -> Defaut | None:
    lu = compact(texte)
    if ENTIER.fullmatch(lu) and -(1 << 63) <= int(lu) < 1 << 63:
        return None
    return "NOMBRE", "nombre entier attendu"


def attribut(nature: str, valeur: str) -> Defaut | None:
    """In: the type of an attribute, and its value. Out: what is wrong with it."""
    if nature == "moment" and not _est_moment(compact(valeur)):
        return "MOMENT", "moment illisible, attendu : AAAA-MM-JJThh:mm:ss"
    if nature == "id" and not NOM.fullmatch(compact(valeur)):
        return (
            "IDENTIFIANT",
            "identifiant XML attendu (une lettre, puis des lettres, des chiffres, « - », « _ » ou « . »)",
        )
    return None


def _est_moment(lu: str) -> bool:
    if not MOMENT.fullmatch(lu):
        return False
    try:
        datetime.fromisoformat(lu[:19].replace("T24:00:00", "T00:00:00"))
    except ValueError:
        return False
    return True
