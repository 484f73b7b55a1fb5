"""What an import did, told at its end: created, updated, unchanged, refused with line, element and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from .bilan import CREE, INCHANGE, MODIFIE, Bilan, Changement
from .erreurs import Erreur
from .lus import FormationRefusee

T = TypeVar("T")
GARDES = 1_000  # told one by one of each list; beyond, they are counted only: memory stays constant
TOTAUX = ((CREE, "créées"), (MODIFIE, "modifiées"), (INCHANGE, "inchangées"))
SORTES = ("formation", "structure", "action", "session")


@dataclass(slots=True)
class Rapport:
    """What was read, what became of it, kind by kind.

    est_essai      nothing was kept
    attendues      how many formations the file has
    formations     how many were read;  prises  how many were taken
    comptes        how many of each kind (`formation`, `structure`, `action`, `session`) were created, modified, left
    nb_publiees    actions published by this import;  nb_attentes  actions that wait for a control, new or not
    attentes       why what should have been published waits
    refusees       the refused formations, with every reason; `nb_refusees` counts those that are not kept here too
    motifs         how often each reason was met
    changements    each row that is created or modified
    """

    version: str = ""
    source: str = ""
    est_essai: bool = False
    attendues: int = 0
    formations: int = 0
    prises: int = 0
    comptes: Counter[tuple[str, str]] = field(default_factory=Counter)
    nb_publiees: int = 0
    nb_attentes: int = 0
    attentes: list[Erreur] = field(default_factory=list)
    refusees: list[FormationRefusee] = field(default_factory=list)
    nb_refusees: int = 0
    motifs: Counter[str] = field(default_factory=Counter)
    avertissements: list[Erreur] = field(default_factory=list)
    nb_avertissements: int = 0
    changements: list[Changement] = field(default_factory=list)

    def prendre(self, bilan: Bilan, avertissements: tuple[Erreur, ...] = ()) -> None:
        """A formation was taken."""
        self.formations += 1
        self.prises += 1
        self.comptes.update(bilan.lignes)
        self.comptes["formation", bilan.quoi] += 1
        self.nb_publiees += bilan.nb_publiees
        self.nb_attentes += bilan.nb_attentes
        self.nb_avertissements += len(avertissements)
        _garder(self.attentes, bilan.attentes)
        _garder(self.avertissements, avertissements)
        _garder(self.changements, bilan.changements)

    def refuser(self, refusee: FormationRefusee) -> None:
        """A formation was refused."""
        self.formations += 1
        self.nb_refusees += 1
        self.motifs.update({erreur.regle or erreur.code for erreur in refusee.erreurs})
        _garder(self.refusees, [refusee])

    def combien(self, sorte: str, quoi: str) -> int:
        """Out: how many rows of a kind were created, modified, left as they are."""
        return self.comptes[sorte, quoi]

    def lignes(self, toutes: bool = False) -> Iterator[str]:
        """Out: the report in French, a line at a time; `toutes`: with changes and warnings, one by one."""
        yield f"LHEO {self.version}, source {self.source} : {_dit(self.formations, 'formation lue', 'formations lues')}."
        if self.est_essai:
            yield "Essai : rien n'est gardé."
        for sorte in SORTES:
            dits = ", ".join(f"{mot} {self.combien(sorte, quoi)}" for quoi, mot in TOTAUX)
            yield f"  {sorte}s : {dits}"
        if toutes:
            yield from self._changements()
        yield from self._publiees()
        yield from self._refusees()
        if self.nb_avertissements:
            yield f"  {_dit(self.nb_avertissements, 'avertissement', 'avertissements')}"
        if toutes:
            yield from (f"      {erreur}" for erreur in self.avertissements)

    def _changements(self) -> Iterator[str]:
        for un in self.changements:
            reference = f" ({un.reference})" if un.reference not in (None, un.numero) else ""
            yield f"  {'+' if un.quoi == CREE else '~'} ligne {un.ligne}, {un.sorte} {un.numero}{reference}"
            yield from (f"      {d.champ} : {d.avant or '∅'} → {d.apres or '∅'}" for d in un.differences)
        combien = sum(
            nb for (sorte, quoi), nb in self.comptes.items() if quoi != INCHANGE and sorte != "formation"
        )
        if combien > len(self.changements):
            yield f"  … et {combien - len(self.changements)} autres changements"

    def _publiees(self) -> Iterator[str]:
        if self.nb_publiees:
            yield f"  {_dit(self.nb_publiees, 'action publiée', 'actions publiées')}"
        if self.nb_attentes:
            yield f"  {_dit(self.nb_attentes, 'action attend', 'actions attendent')} le contrôle d'un gestionnaire"
        yield from (f"      {erreur}" for erreur in self.attentes)

    def _refusees(self) -> Iterator[str]:
        yield f"  {_dit(self.nb_refusees, 'formation refusée', 'formations refusées')}"
        for refusee in self.refusees:
            yield f"  ✗ {refusee.numero} {refusee.intitule}".rstrip()
            yield from (f"      {erreur}" for erreur in refusee.erreurs[:20])
            if len(refusee.erreurs) > 20:
                yield f"      … et {len(refusee.erreurs) - 20} autres"
        if self.nb_refusees > len(self.refusees):
            yield f"  … et {self.nb_refusees - len(self.refusees)} autres formations"

    def __str__(self) -> str:
        """Out: the whole report."""
        return "\n".join(self.lignes())


def _garder(liste: list[T], suite: Sequence[T]) -> None:
    """Add to a list as long as it has room."""
    liste.extend(suite[: max(0, GARDES - len(liste))])


def _dit(nombre: int, un: str, plusieurs: str) -> str:
    return f"{nombre} {un if nombre < 2 else plusieurs}"
