"""What LHEO has no word for: our own values, in `<extras info="rafaelpro">`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

from app.domain.lheo import EXTRAS

from .erreurs import Releveur
from .noeuds import Noeud
from .textes import ou_rien

E = TypeVar("E", bound=Enum)


def notes(noeud: Noeud) -> dict[str, str]:
    """Out: what our extras of this very element say, made plain, by name."""
    dites: dict[str, str] = {}
    for extras in noeud.tous("extras"):
        if extras.attributs.get("info") == EXTRAS:
            for extra in extras.tous("extra"):
                if dit := ou_rien(extra.texte):
                    dites.setdefault(extra.attributs.get("info", ""), dit)
    return dites


class Extras:
    """The values that an element says, then those that the element around it says for all."""

    def __init__(self, noms: Mapping[str, object], releveur: Releveur, *noeuds: Noeud) -> None:
        """In: the names that mean something, and the elements, the nearest first."""
        self._noms, self._releveur = noms, releveur
        self._dits: dict[str, list[Noeud]] = {}
        for noeud in noeuds:
            proches = self._de(noeud)
            self._dits = {**proches, **self._dits}

    def _de(self, noeud: Noeud) -> dict[str, list[Noeud]]:
        dits: dict[str, list[Noeud]] = {}
        for extras in noeud.tous("extras"):
            if extras.attributs.get("info") == EXTRAS:
                for extra in extras.tous("extra"):
                    dits.setdefault(extra.attributs.get("info", ""), []).append(extra)
        return {nom: valeurs for nom, valeurs in dits.items() if nom in self._noms}

    def noeud(self, nom: str) -> Noeud | None:
        """Out: the element that says it, or None."""
        return self._dits.get(nom, [None])[0]

    def tous(self, nom: str) -> list[Noeud]:
        """Out: every element that says it."""
        return self._dits.get(nom, [])

    def texte(self, nom: str, plus: int = 3000) -> str | None:
        """Out: the text, made plain, or None; longer than `plus` is refused."""
        if (noeud := self.noeud(nom)) is None:
            return None
        dit = ou_rien(noeud.texte)
        if max(len(dit or ""), noeud.longueur if noeud.longueur > len(noeud.texte) else 0) > plus:
            self._releveur.refuser(noeud, "LONGUEUR", f"{nom} : {plus} caractères au plus")
        return dit

    def nombre(
        self, nom: str, *, moins: str, plus: str, entier: bool = False, regle: str | None = None
    ) -> Decimal | None:
        """Out: the number within the bounds, or None."""
        if (noeud := self.noeud(nom)) is None:
            return None
        lu = decimal(noeud.texte)
        if (
            lu is None
            or not Decimal(moins) <= lu <= Decimal(plus)
            or (entier and lu != lu.to_integral_value())
        ):
            sorte = "nombre entier" if entier else "nombre"
            self._releveur.refuser(noeud, "NOMBRE", f"{nom} : {sorte} de {moins} à {plus} attendu", regle)
            return None
        return lu

    def jours(self, nom: str) -> list[tuple[Noeud, date]]:
        """Out: every day that is said, with its element."""
        lus = [(noeud, jour(noeud.texte)) for noeud in self.tous(nom)]
        for noeud, lu in lus:
            if lu is None:
                self._releveur.refuser(noeud, "DATE", f"{nom} : date AAAAMMJJ attendue")
        return [(noeud, lu) for noeud, lu in lus if lu is not None]

    def mot(self, nom: str, mots: type[E]) -> E | None:
        """Out: the word of the trade, or None."""
        if (noeud := self.noeud(nom)) is None:
            return None
        try:
            return mots(noeud.texte.strip().lower())
        except ValueError:
            attendus = ", ".join(str(mot.value) for mot in mots)
            self._releveur.refuser(noeud, "CODE", f"{nom} : mot inconnu, attendu : {attendus}")
            return None


def decimal(texte: str) -> Decimal | None:
    """Out: the number, with a point or a comma, or None."""
    try:
        lu = Decimal(texte.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return lu if lu.is_finite() else None


def jour(texte: str) -> date | None:
    """Out: the day written AAAAMMJJ or AAAA-MM-JJ, or None."""
    try:
        lu = date.fromisoformat(texte.strip())
    except ValueError:
        return None
    return lu if vraisemblable(lu) else None


def vraisemblable(lu: date) -> bool:
    """Out: True for a year that a training may have; what is computed from it then stays within the calendar."""
    return 1950 <= lu.year <= 2100
