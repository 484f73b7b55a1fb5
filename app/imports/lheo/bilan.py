"""What one formation came to: counts of rows, what waits and why; or why nothing of it is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.empechements import Empechement

from .erreurs import Erreur, extrait

CREE, MODIFIE, INCHANGE = "cree", "modifie", "inchange"


class Refus(Exception):
    """Nothing of a formation is taken; every reason is here."""

    def __init__(self, *erreurs: Erreur) -> None:
        """In: at least one reason."""
        super().__init__("; ".join(map(str, erreurs)))
        self.erreurs = erreurs


@dataclass(frozen=True, slots=True)
class Endroit:
    """Where in the file something was said: its line, its element, how it is called."""

    ligne: int
    element: str
    valeur: str = ""

    def erreur(self, code: str, motif: str, regle: str | None = None) -> Erreur:
        """Out: what is wrong there."""
        return Erreur(self.ligne, self.element, self.element, extrait(self.valeur), code, motif, regle)

    def erreurs(self, empechements: Iterable[Empechement]) -> tuple[Erreur, ...]:
        """Out: what the rules say, there. The last step of their path names a column."""
        return tuple(
            self.erreur(e.code, e.message + "".join(f" [{nom}]" for nom in e.chemin[-1:]), e.regle)
            for e in empechements
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a source changes of a row: a column or a part, as it was, as it is."""

    champ: str
    avant: str | None
    apres: str | None


@dataclass(frozen=True, slots=True)
class Changement:
    """A row that is created or modified.

    sorte, numero   what it is, and how its source calls it;  reference  ours; None: not given yet
    quoi            `CREE` or `MODIFIE`, and then its differences
    """

    ligne: int
    sorte: str
    numero: str
    reference: str | None
    quoi: str
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Bilan:
    """What a formation came to.

    lignes       how many rows of each kind (`structure`, `action`, `session`) were created, modified, left as they are
    est_ecrit    something was written, be it something that nobody counts
    nb_publiees  actions published;  nb_attentes  actions that wait for a control, new or not
    attentes     why what should have been published waits
    changements  each row that is created or modified
    """

    lignes: Counter[tuple[str, str]] = field(default_factory=Counter)
    est_ecrit: bool = False
    nb_publiees: int = 0
    nb_attentes: int = 0
    attentes: list[Erreur] = field(default_factory=list)
    changements: list[Changement] = field(default_factory=list)

    def compter(self, sorte: str, quoi: str) -> None:
        """A row was created, modified, or left as it is."""
        self.lignes[sorte, quoi] += 1
        self.est_ecrit |= quoi != INCHANGE

    @property
    def quoi(self) -> str:
        """What the formation itself is: created with one of its actions, modified with any of its rows."""
        if self.lignes["action", CREE]:
            return CREE
        return MODIFIE if any(self.lignes[cle] for cle in self.lignes if cle[1] != INCHANGE) else INCHANGE
