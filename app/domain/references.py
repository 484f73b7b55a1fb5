"""The references that people read, from a year and a number of a sequence (R-087, R-180, C-12)."""

from __future__ import annotations

UN_MILLION = 1_000_000


def reference_action(annee: int, numero: int) -> str:
    """Out: `20` and ten digits: the year, then the number (R-180)."""
    return f"{_annee(annee)}{_chiffres(numero, 8)}"


def reference_session(numero: int) -> str:
    """Out: `00` and six digits: the numéro Carif (R-180)."""
    return f"00{_chiffres(numero, 6)}"


def reference_candidat(annee: int, numero: int) -> str:
    """Out: the year and six digits (R-087). The sequence may pass a million: the year tells its turns apart."""
    return f"{_annee(annee)}{_chiffres(numero % UN_MILLION, 6)}"


def reference_candidature(annee: int, numero: int) -> str:
    """Out: `C`, the year, and at least six digits."""
    return f"C{_annee(annee)}{_chiffres(numero, 8).removeprefix('00')}"


def _annee(annee: int) -> int:
    if not 2000 <= annee <= 2099:
        raise ValueError(f"a reference begins with 20: {annee}")
    return annee


def _chiffres(numero: int, largeur: int) -> str:
    if not 0 <= numero < 10**largeur:
        raise ValueError(f"{numero} does not fit in {largeur} digits")
    return f"{numero:0{largeur}d}"
