"""Identifiers of the trade: how they are written, how they are checked, what they say.

Every function takes a text and is pure. `est_…` answers yes or no on the text as it stands (no space, no case
folding); `normaliser_…` gives the one way the house writes it, or None when the text is not one.
"""

from __future__ import annotations

import re

REFERENCE_ACTION = re.compile(r"20[0-9]{9,10}")  # C-12: 12 digits for new ones, 11 accepted from a source
NUMERO_CARIF = re.compile(r"00[0-9]{6}")
CODE_BLOC = re.compile(r"RNCP[0-9]+BC[0-9]+")
NUMERO_FRANCE_TRAVAIL = re.compile(r"[0-9]{11}")
IDENTIFIANT_REGIONAL = re.compile(r"[0-9]{7}[0-9A-Z]")
IDENTIFIANT_REGIONAL_LONG = re.compile(r"[0-9]{10}[0-9A-Z]")  # followed by its 3-digit geographic code
CODE_INSEE = re.compile(r"(?:[013-9][0-9]|2[1-9AB])[0-9]{3}")
NIR = re.compile(r"[123478][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])[0-9](?:[0-9]|[AB])[0-9]{6}[0-9]{2}")
LA_POSTE = "356000000"
NIR_ECRIT = re.compile(
    r"(?<![0-9])[123478](?:[ .\-]?[0-9]){4}[ .\-]?[0-9][ .\-]?[0-9AB](?:[ .\-]?[0-9]){8}(?![0-9])",
    re.IGNORECASE,
)


def suit_luhn(chiffres: str) -> bool:
    """In: digits, the last one being the key. Out: True when Luhn's sum is a multiple of ten."""
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (1 + rang % 2)
        somme += double - 9 if double > 9 else double
    return somme % 10 == 0


def _chiffres(texte: str, longueur: int) -> bool:
    return len(texte) == longueur and texte.isascii() and texte.isdigit()


def est_siren(texte: str) -> bool:
    """Out: True for nine digits that follow Luhn, not all zeros."""
    return _chiffres(texte, 9) and texte != "0" * 9 and suit_luhn(texte)


def est_siret(texte: str) -> bool:
    """Out: True for fourteen digits that follow Luhn, or, for La Poste, whose sum is a multiple of five."""
    if not _chiffres(texte, 14) or not est_siren(texte[:9]):
        return False
    if texte.startswith(LA_POSTE) and sum(map(int, texte)) % 5 == 0:
        return True
    return suit_luhn(texte)


def est_nir(texte: str) -> bool:
    """Out: True for a NIR of fifteen characters, key included (2A and 2B count as 19 and 18)."""
    if not NIR.fullmatch(texte):
        return False
    corps = texte[:5] + texte[5:7].replace("2A", "19").replace("2B", "18") + texte[7:13]
    return corps.isdigit() and 97 - int(corps) % 97 == int(texte[13:])


def contient_un_nir(texte: str) -> bool:
    """Out: True when a free text holds a valid NIR, written with or without spaces, dots or dashes."""
    return any(est_nir(re.sub(r"[ .\-]", "", trouve.group()).upper()) for trouve in NIR_ECRIT.finditer(texte))


def _prefixe(texte: str, prefixe: str) -> str | None:
    chiffres = texte.strip().upper().removeprefix(prefixe).strip()
    if not (chiffres.isascii() and chiffres.isdigit()) or len(chiffres) > 10:
        return None
    return prefixe + chiffres


def normaliser_rncp(texte: str) -> str | None:
    """In: `35819` or `RNCP35819`. Out: `RNCP35819`, or None (R-212)."""
    return _prefixe(texte, "RNCP")


def normaliser_rs(texte: str) -> str | None:
    """In: `5439` or `RS5439`. Out: `RS5439`, or None (R-212)."""
    return _prefixe(texte, "RS")


def normaliser_certifinfo(texte: str) -> str | None:
    """In: one to ten digits. Out: the same, without spaces around, or None (R-212)."""
    chiffres = texte.strip()
    return chiffres if chiffres.isascii() and chiffres.isdigit() and len(chiffres) <= 10 else None


def est_code_bloc(texte: str) -> bool:
    """Out: True for a code such as RNCP35819BC01 (R-233)."""
    return CODE_BLOC.fullmatch(texte) is not None


def rncp_du_bloc(code: str) -> str:
    """In: a code of bloc. Out: the RNCP code of its certification (R-233)."""
    return code.partition("BC")[0]


def est_reference_action(texte: str) -> bool:
    """Out: True for 20 and ten digits, or nine as an old source writes it (R-180, C-12)."""
    return REFERENCE_ACTION.fullmatch(texte) is not None


def est_numero_carif(texte: str) -> bool:
    """Out: True for 00 and six digits: the number of a session (R-180)."""
    return NUMERO_CARIF.fullmatch(texte) is not None


def est_numero_france_travail(texte: str) -> bool:
    """Out: True for the national number: eleven digits."""
    return NUMERO_FRANCE_TRAVAIL.fullmatch(texte) is not None


def est_identifiant_regional(texte: str) -> bool:
    """Out: True for seven digits and a digit or capital, alone or after its three-digit geographic code."""
    return bool(IDENTIFIANT_REGIONAL.fullmatch(texte) or IDENTIFIANT_REGIONAL_LONG.fullmatch(texte))


def est_numero_activite(texte: str) -> bool:
    """Out: True for a declared activity number: eleven characters, the first ten being digits (LHEO)."""
    return len(texte) == 11 and texte[:10].isdigit() and texte[10].isalnum() and len(set(texte)) > 1


def est_code_postal(texte: str) -> bool:
    """Out: True for five digits of an existing département."""
    return departement_du_code_postal(texte) is not None


def est_code_insee(texte: str) -> bool:
    """Out: True for a municipality code: five characters, 2A and 2B for Corsica."""
    return CODE_INSEE.fullmatch(texte) is not None and departement_du_code_insee(texte) is not None


def departement_du_code_postal(code: str) -> str | None:
    """In: five digits. Out: the code of the département (`2A`, `974`…), or None.

    Corsica: 200 and 201 are Corse-du-Sud, the other 20 are Haute-Corse. A few border villages are served from the
    next département: the INSEE code, when there is one, knows better.
    """
    if not _chiffres(code, 5):
        return None
    if code.startswith("20"):
        return "2A" if code[:3] in ("200", "201") else "2B"
    return code[:3] if code[:2] in ("97", "98") else _metropole(code[:2])


def departement_du_code_insee(code: str) -> str | None:
    """In: five characters. Out: the code of the département, or None."""
    if CODE_INSEE.fullmatch(code) is None:
        return None
    return code[:3] if code[:2] in ("97", "98") else _metropole(code[:2])


def _metropole(deux: str) -> str | None:
    return deux if deux in ("2A", "2B") or (deux != "20" and 1 <= int(deux) <= 95) else None
