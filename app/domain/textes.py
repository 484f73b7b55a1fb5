"""Texts that people type: folded for comparison, cleaned, searched for what must not be there."""

from __future__ import annotations

import re
import unicodedata

from .identifiants import contient_un_nir

_LIGATURES = {"œ": "oe", "æ": "ae"}
_ACCENTS = str.maketrans("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy")


def plier(texte: str) -> str:
    """Out: the text without accents, case, hyphens or punctuation; what the SQL function `plier` says (R-083)."""
    minuscules = "".join(c.lower()[0] for c in unicodedata.normalize("NFC", texte))
    for ligature, lettres in _LIGATURES.items():
        minuscules = minuscules.replace(ligature, lettres)
    return re.sub("[^a-z0-9]+", " ", minuscules.translate(_ACCENTS)).strip(" ")


def nettoyer(texte: str | None) -> str | None:
    """Out: the text without the blanks around it; None when nothing is left."""
    return (texte or "").strip() or None


def compacter(identifiant: str | None) -> str | None:
    """Out: an identifier without blanks, dots and hyphens, in capitals; None when nothing is left."""
    return re.sub(r"[\s.\-]+", "", identifiant or "").upper() or None


# A social security number as it is written on the card, or in one block, with or without its key.
_MOIS = r"(?:0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)"  # twelve months, and the fictitious ones of INSEE
_S = r"[\s.\-/_]{0,3}"
_NIR_EN_GROUPES = re.compile(
    rf"(?<!\d)[1-478]{_S}\d\d{_S}{_MOIS}{_S}(?:\d\d|2[AB]){_S}\d{{3}}{_S}\d{{3}}(?:{_S}\d\d)?(?!\d)",
    re.IGNORECASE,
)


def ressemble_a_un_nir(texte: str | None) -> bool:
    """R-116: True if a social security number seems to stand in the text.

    The usual groups are enough, key or not: one wrong digit does not make it less sensitive. Cut in any other
    way, it is one only if its key is right, so that dates and telephone numbers stay possible.
    """
    return bool(texte) and (_NIR_EN_GROUPES.search(texte or "") is not None or contient_un_nir(texte or ""))
