"""Elements as text: escaped, and only with characters that XML has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from app.domain.lheo import EXTRAS, NEUTRES
from app.domain.textes_simples import simple

INTERDITS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SIGNES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
SIGNES_ATTRIBUT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": " ", "\t": " "})
TOURS = 5


def texte(valeur: str) -> str:
    """Out: the text of an element."""
    if not valeur.isprintable():
        valeur = INTERDITS.sub("", valeur)
    return valeur.translate(SIGNES)


def attribut(valeur: str) -> str:
    """Out: the value of an attribute."""
    return INTERDITS.sub("", valeur).translate(SIGNES_ATTRIBUT)


def balise(nom: str, valeur: str | int) -> str:
    """Out: an element that holds a text."""
    return f"<{nom}>{texte(valeur) if isinstance(valeur, str) else valeur}</{nom}>"


def peut_etre(nom: str, valeur: str | None) -> str:
    """Out: the element, or nothing."""
    return f"<{nom}>{texte(valeur)}</{nom}>" if valeur else ""


def extras(valeurs: Iterable[tuple[str, str | None]]) -> str:
    """In: names and values, None for what is not said. Out: our `extras`, or nothing."""
    dits = "".join(
        f'<extra info="{nom}">{texte(valeur)}</extra>' for nom, valeur in valeurs if valeur is not None
    )
    return f'<extras info="{EXTRAS}">{dits}</extras>' if dits else ""


def propre(valeur: str | None) -> str | None:
    """Out: the text as a reading would give it back (R-205), or None: writing it again changes nothing."""
    if valeur is None:
        return None
    for _ in range(TOURS):
        valeur, avant = simple(INTERDITS.sub("", valeur)), valeur
        if valeur == avant:
            break
    return None if valeur in NEUTRES else valeur


def ligne(valeur: str | None) -> str | None:
    """Out: the same, on one line."""
    dit = propre(valeur)
    return " ".join(dit.split()) if dit and not dit.isprintable() else dit


def nombre(valeur: str | None) -> str | None:
    """In: a number as the base writes it. Out: without zeros that say nothing."""
    return None if valeur is None else f"{Decimal(valeur).normalize():f}"


def jour(valeur: str | None) -> str | None:
    """In: AAAA-MM-JJ. Out: AAAAMMJJ."""
    return None if valeur is None else valeur.replace("-", "")
