"""A LHEO file brought in: checked whole, then taken formation by formation, and told at the end.

The form of the file is checked before anything is written. Each formation is then a transaction of its own: what
was taken stays when the import is stopped, and the same file, read again, completes it and changes nothing else.
Memory does not depend on the size of the file: eight bytes are kept of each number, and a line of each structure.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.contraintes import CONTRAINTES
from app.imports.gestionnaire import gestionnaire
from app.kit.clock import Clock
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.writing import Writer

from .bilan import Endroit, Refus
from .erreurs import Erreur
from .formations import lire
from .forme import Progres, examiner
from .lus import FormationLue, FormationRefusee
from .prise import Choix, Vue
from .rapport import Rapport
from .transaction import prendre

SOURCE = "lheo"  # of a file that does not say who sends it
PLUS_LONG_NUMERO = 200


class DejaLus:
    """The numbers that a file has used: eight bytes each."""

    def __init__(self) -> None:
        """None yet."""
        self._empreintes = array("Q")

    def noter(self, *mots: str) -> bool:
        """In: a number. Out: True the first time."""
        empreinte = int.from_bytes(hashlib.blake2b("\n".join(mots).encode(), digest_size=8).digest())
        place = bisect_left(self._empreintes, empreinte)
        if place < len(self._empreintes) and self._empreintes[place] == empreinte:
            return False
        self._empreintes.insert(place, empreinte)
        return True


@dataclass
class Import:
    """One file while it comes in."""

    writer: Writer
    viewer: Viewer
    horloge: Clock
    choix: Choix
    rapport: Rapport
    _deja: DejaLus = field(default_factory=DejaLus)
    _vues: dict[str, Vue] = field(default_factory=dict)

    async def tout_prendre(
        self, flux: BinaryIO, departements: tuple[str, ...], progres: Progres | None = None
    ) -> None:
        """In: the stream at its beginning, its form checked. Take what may be; the report says what became of each."""
        for lue in lire(flux, departements, progres):
            if isinstance(lue, FormationRefusee):
                self.rapport.refuser(lue)
            else:
                await self._prendre(lue)

    async def _prendre(self, lue: FormationLue) -> None:
        try:
            if doublons := tuple(self._doublons(lue)):
                raise Refus(*doublons)
            bilan = await prendre(self.writer, self.viewer, self.horloge(), lue, self.choix, self._vues)
        except Refus as refus:
            self.rapport.refuser(FormationRefusee(lue.ligne, lue.numero, lue.intitule, refus.erreurs))
        else:
            self.rapport.prendre(bilan, lue.avertissements)

    def _doublons(self, lue: FormationLue) -> Iterator[Erreur]:
        """Out: the numbers that an earlier formation of the file has used, or that are too long to be kept (R-180)."""
        for action in lue.actions:
            yield from self._doublon(Endroit(action.ligne, "action", action.numero_source))
            for session in action.sessions:
                yield from self._doublon(Endroit(session.ligne, "session", session.numero_source))

    def _doublon(self, ou: Endroit) -> Iterator[Erreur]:
        if len(ou.valeur) > PLUS_LONG_NUMERO:
            yield ou.erreur("NUMERO", f"un numéro a {PLUS_LONG_NUMERO} caractères au plus", "R-180")
        if not self._deja.noter(ou.element, ou.valeur):
            yield ou.erreur("DOUBLON", f"ce numéro de {ou.element} est déjà dans le fichier", "R-180")


async def importer(
    engine: AsyncEngine,
    flux: BinaryIO,
    courriel: str,
    *,
    horloge: Clock,
    departements: tuple[str, ...],
    source: str | None = None,
    publier: bool = False,
    est_essai: bool = False,
) -> Rapport:
    """In: a file that can be read twice, the address of a gestionnaire, the départements of the catalogue.

    Out: the report. Raises CompteRefuse, or FormeRefusee: nothing was written.
    """
    writer = Writer(engine, Policy.load(), CONTRAINTES)
    viewer = await gestionnaire(writer, courriel, horloge())
    releve = examiner(flux)
    flux.seek(0)
    choix = Choix(source or source_de(releve.uri), publier, est_essai)
    rapport = Rapport(version=releve.version, source=choix.source, est_essai=est_essai)
    await Import(writer, viewer, horloge, choix, rapport).tout_prendre(flux, departements)
    return rapport


def source_de(uri: str) -> str:
    """In: the `uri` of a file, empty when it has none. Out: the name of its source."""
    return uri[:PLUS_LONG_NUMERO] or SOURCE
