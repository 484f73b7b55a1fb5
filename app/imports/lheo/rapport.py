"""What an import did, told at its end: created, updated, unchanged, refused with line, element and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .erreurs import Erreur
from .lus import FormationRefusee

GARDES = 1_000  # refused formations told one by one; beyond, they are counted only: memory stays constant
TOTAUX = (("crees", "créées"), ("modifies", "modifiées"), ("inchanges", "inchangées"))
SORTES = ("structure", "action", "session")


@dataclass(slots=True)
class Rapport:
    """Counts by kind of row (`structure`, `action`, `session`), and the formations refused.

    est_essai      nothing was kept
    formations     how many were read;  prises  how many were taken
    refusees       the refused ones, with every reason; `nb_refusees` counts those that are not kept here too
    motifs         how often each reason was met
    """

    version: str = ""
    est_essai: bool = False
    formations: int = 0
    prises: int = 0
    crees: Counter[str] = field(default_factory=Counter)
    modifies: Counter[str] = field(default_factory=Counter)
    inchanges: Counter[str] = field(default_factory=Counter)
    refusees: list[FormationRefusee] = field(default_factory=list)
    nb_refusees: int = 0
    motifs: Counter[str] = field(default_factory=Counter)
    avertissements: list[Erreur] = field(default_factory=list)
    nb_avertissements: int = 0

    def prendre(self, avertissements: tuple[Erreur, ...] = ()) -> None:
        """A formation was taken."""
        self.formations += 1
        self.prises += 1
        self.nb_avertissements += len(avertissements)
        self.avertissements.extend(avertissements[: max(0, GARDES - len(self.avertissements))])

    def refuser(self, refusee: FormationRefusee) -> None:
        """A formation was refused."""
        self.formations += 1
        self.nb_refusees += 1
        self.motifs.update({erreur.regle or erreur.code for erreur in refusee.erreurs})
        if len(self.refusees) < GARDES:
            self.refusees.append(refusee)

    def lignes(self, toutes: bool = False) -> Iterator[str]:
        """Out: the report in French, a line at a time; `toutes`: with the warnings, one by one."""
        yield f"LHEO {self.version} : {_combien(self.formations, 'formation lue', 'formations lues')}."
        if self.est_essai:
            yield "Essai : rien n'est gardé."
        for sorte in SORTES:
            comptes = ", ".join(f"{getattr(self, nom)[sorte]} {mot}" for nom, mot in TOTAUX)
            yield f"  {sorte}s : {comptes}"
        yield f"  {_combien(self.nb_refusees, 'formation refusée', 'formations refusées')}"
        for refusee in self.refusees:
            yield f"  ✗ {refusee.numero} {refusee.intitule}".rstrip()
            yield from (f"      {erreur}" for erreur in refusee.erreurs[:20])
            if len(refusee.erreurs) > 20:
                yield f"      … et {len(refusee.erreurs) - 20} autres"
        if self.nb_refusees > len(self.refusees):
            yield f"  … et {self.nb_refusees - len(self.refusees)} autres formations"
        yield from self._avertis(toutes)

    def _avertis(self, toutes: bool) -> Iterator[str]:
        if self.nb_avertissements:
            yield f"  {_combien(self.nb_avertissements, 'avertissement', 'avertissements')}"
        if toutes:
            yield from (f"      {erreur}" for erreur in self.avertissements)

    def __str__(self) -> str:
        """Out: the whole report."""
        return "\n".join(self.lignes())


def _combien(nombre: int, un: str, plusieurs: str) -> str:
    return f"{nombre} {un if nombre < 2 else plusieurs}"
