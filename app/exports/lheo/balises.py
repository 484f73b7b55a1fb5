"""Elements as text: escaped, and only with characters that XML has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from html import escape

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


def propre(valeur: str | None, plus: int | None = None) -> str | None:
    """In: a text, and how many characters it has room for. Out: what a reading makes that text of (R-205), or None.

    A text that speaks of tags (« la balise <p> ») is written as HTML writes it, where it has room: a reading, which takes
    tags away, would else take its words.
    """
    if valeur is None:
        return None
    valeur = simple(escape(INTERDITS.sub("", valeur), quote=False))
    if simple(valeur) != valeur:
        ecrit = escape(valeur, quote=False)
        valeur = ecrit if plus is None or len(ecrit) <= plus else _sans_balise(valeur)
    return None if valeur in NEUTRES else valeur


def _sans_balise(valeur: str) -> str:
    """Out: the words alone: reading them again changes nothing."""
    for _ in range(TOURS):
        valeur, avant = simple(valeur), valeur
        if valeur == avant:
            break
    return valeur


def ligne(valeur: str | None, plus: int | None = None) -> str | None:
    """Out: the same, on one line."""
    dit = propre(valeur, plus)
    return " ".join(dit.split()) if dit and not dit.isprintable() else dit


def nombre(valeur: str | None) -> str | None:
    """In: a number as the base writes it. Out: without zeros that say nothing."""
    return None if valeur is None else f"{Decimal(valeur).normalize():f}"


def jour(valeur: str | None) -> str | None:
    """In: AAAA-MM-JJ. Out: AAAAMMJJ."""
    return None if valeur is None else valeur.replace("-", "")
