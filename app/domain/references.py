"""The references that people read, from a year and a number of a sequence (R-087, R-180, C-12)."""

from __future__ import annotations

import re

UN_MILLION = 1_000_000
D_UNE_ACTION, D_UNE_SESSION = re.compile(r"20[0-9]{10}"), re.compile(r"00[0-9]{6}")
PLUS_HAUT = 9  # tenths of a sequence: a number beyond, given from outside, would use it up


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


def est_reference_action(dite: str) -> bool:
    """Out: True for a reference that an action may be given from outside (R-180)."""
    return D_UNE_ACTION.fullmatch(dite) is not None and dite[4] != str(PLUS_HAUT)


def numero_de_la_reference(reference: str) -> int:
    """Out: the number of the sequence that a reference of an action holds."""
    return int(reference[4:])


def est_reference_session(dite: str) -> bool:
    """Out: True for a numéro Carif that a session may be given from outside (R-180)."""
    return D_UNE_SESSION.fullmatch(dite) is not None and dite[2] != str(PLUS_HAUT)


def _annee(annee: int) -> int:
    if not 2000 <= annee <= 2099:
        raise ValueError(f"a reference begins with 20: {annee}")
    return annee


def _chiffres(numero: int, largeur: int) -> str:
    if not 0 <= numero < 10**largeur:
        raise ValueError(f"{numero} does not fit in {largeur} digits")
    return f"{numero:0{largeur}d}"
