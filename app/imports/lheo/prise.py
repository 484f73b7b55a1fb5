"""A formation in the hand of its transaction: what all that brings it in shares."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field

from app import models as m
from app.domain.calendrier import jour_de_paris
from app.domain.lheo import MAISON
from app.domain.references import reference_action, reference_session
from app.writing import Writing

from .bilan import CREE, Bilan, Changement, Difference, Endroit
from .connu import Connu
from .lus import CertificationLue, FormationLue

SUITES = {"numero_action": 99_999_999, "numero_session": 999_999}  # and the last number that each can give


@dataclass(frozen=True)
class Choix:
    """What was asked of an import.

    source    what the numbers of the file are the numbers of
    publier   publish what passes every check;  est_essai  keep nothing
    """

    source: str
    publier: bool = False
    est_essai: bool = False

    @property
    def est_maison(self) -> bool:
        """Whether the file is one that we wrote: its numbers are our own references (R-180)."""
        return self.source == MAISON


@dataclass(frozen=True)
class Vue:
    """How a structure was last met in this file: as what (`RANGS`), and what was said of it."""

    rang: int
    dites: int


POSITIONNEUR, FORMATEUR, RESPONSABLE = range(3)  # who says more of a structure than the one before


@dataclass
class Lot:
    """What the formations of one transaction share.

    vues   structures met by earlier formations of the file, by SIRET
    """

    tx: Writing
    choix: Choix
    connu: Connu
    vues: MutableMapping[str, Vue]
    _donnes: dict[str, int] = field(default_factory=dict)

    async def references_d_action(self, combien: int) -> list[str]:
        """Out: references of ours (R-180)."""
        annee = jour_de_paris(self.tx.maintenant).year
        return [reference_action(annee, n) for n in await self._numeros("numero_action", combien)]

    async def numeros_carif(self, combien: int) -> list[str]:
        """Out: numéros Carif (R-180)."""
        return [reference_session(n) for n in await self._numeros("numero_session", combien)]

    async def _numeros(self, suite: str, combien: int) -> list[int]:
        """Out: the next numbers; a trial, which gives them back, borrows the last ones: a sequence never goes back."""
        if combien == 0:
            return []
        if not self.choix.est_essai:
            return await self.tx.numeros(suite, combien)
        dernier = SUITES[suite] - self._donnes.get(suite, 0)
        self._donnes[suite] = self._donnes.get(suite, 0) + combien
        return [dernier - rang for rang in range(combien)]

    async def avancer(self, suite: str, numeros: list[int]) -> None:
        """The sequence goes on after numbers of a file of ours that were kept."""
        if numeros and not self.choix.est_essai:
            await self.tx.avancer(suite, max(numeros))


@dataclass
class Prise:
    """One formation while it is taken.

    ou     where in the file the work is: what a refusal speaks of
    """

    lot: Lot
    lue: FormationLue
    ou: Endroit
    bilan: Bilan = field(default_factory=Bilan)
    certifications: dict[CertificationLue, int] = field(default_factory=dict)
    nouvelles_vues: dict[str, Vue] = field(default_factory=dict)

    @property
    def tx(self) -> Writing:
        """The transaction."""
        return self.lot.tx

    @property
    def choix(self) -> Choix:
        """What was asked."""
        return self.lot.choix

    def changer(
        self, sorte: str, quoi: str, reference: str | None, differences: Sequence[Difference] = ()
    ) -> None:
        """A row is created or modified, here in the file. In: our reference of it; a trial gives none to what is new."""
        prete = quoi == CREE and self.choix.est_essai
        dite = None if prete else reference
        self.bilan.changements.append(
            Changement(self.ou.ligne, sorte, self.ou.valeur, dite, quoi, tuple(differences))
        )

    @property
    def structures(self) -> dict[str, m.Structure]:
        """Structures by their SIRET."""
        return self.lot.connu.structures
