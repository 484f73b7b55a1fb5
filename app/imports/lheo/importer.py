"""A LHEO file brought in: checked whole, then taken formation by formation, and told at the end.

The form of the file is checked before anything is written. Each formation is then a transaction of its own: what
was taken stays when the import is stopped, and the same file, read again, completes it and changes nothing else.
Memory does not depend on the size of the file: eight bytes are kept of each number, and a line of each structure.
"""

from __future__ import annotations

import asyncio
import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from app import models as m
from app.domain.contraintes import CONTRAINTES
from app.imports.gestionnaire import gestionnaire
from app.kit.clock import Clock
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.writing import Writer
from app.writing.upkeep import compter

from .bilan import Bilan, Endroit, Refus
from .erreurs import Erreur
from .formations import lire
from .forme import Progres, examiner
from .lus import FormationLue, FormationRefusee
from .prise import Choix, Vue
from .rapport import Rapport
from .transaction import prendre

if TYPE_CHECKING:
    from app.kit.database import Pool

SOURCE = "lheo"  # of a file that does not say who sends it
PLUS_LONG_NUMERO = 200
DE = {"action": "d'action", "session": "de session"}
FORMATIONS_PAR_LOT, SESSIONS_PAR_LOT = 50, 250  # that one transaction takes
GRANDISSENT = (m.Action, m.SessionFormation, m.ActionCertification, m.SessionCertification)
PREMIER_COMPTE = 4  # lots after which these tables are counted: then whenever there are twice as many


@dataclass(frozen=True)
class Demande:
    """What is asked: under whose account, for which départements (R-244), and how.

    source    of whom the numbers of the file are; none: its `uri`, else `lheo`
    publier   publish what passes every check;  est_essai  keep nothing
    encodage  how the bytes are written, whatever the file says of it; none: as it says
    """

    courriel: str
    departements: tuple[str, ...]
    source: str | None = None
    publier: bool = False
    est_essai: bool = False
    encodage: str | None = None


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
        self, flux: BinaryIO, demande: Demande, apres: Callable[[], None] | None = None
    ) -> None:
        """In: the stream at its beginning, its form checked; what was asked; what is called after each formation.

        Take what may be; the report says what became of each.
        """
        lues = lire(flux, demande.departements, encodage=demande.encodage)
        for rang, lot in enumerate(lots(lues), start=1):
            await finir(self._prendre(lot))
            if not self.choix.est_essai and rang >= PREMIER_COMPTE and rang.bit_count() == 1:
                await compter(self.writer.pool, *GRANDISSENT)
            if apres is not None:
                apres()

    async def _prendre(self, lot: Sequence[FormationLue | FormationRefusee]) -> None:
        a_prendre = [lue for lue in lot if isinstance(lue, FormationLue)]
        doubles = {id(lue): doublons for lue in a_prendre if (doublons := tuple(self._doublons(lue)))}
        bonnes = [lue for lue in a_prendre if id(lue) not in doubles]
        le = self.horloge()
        pris = await prendre(self.writer, self.viewer, le, bonnes, self.choix, self._vues) if bonnes else []
        suites: dict[int, Bilan | Refus] = {id(lue): suite for lue, suite in zip(bonnes, pris, strict=True)}
        suites |= {cle: Refus(*doublons) for cle, doublons in doubles.items()}
        for lue in lot:
            self._rapporter(lue, suites.get(id(lue)))

    def _rapporter(self, lue: FormationLue | FormationRefusee, suite: Bilan | Refus | None) -> None:
        if isinstance(lue, FormationRefusee):
            self.rapport.refuser(lue)
        elif isinstance(suite, Bilan):
            self.rapport.prendre(suite, lue.avertissements)
        elif suite is not None:
            self.rapport.refuser(FormationRefusee(lue.ligne, lue.numero, lue.intitule, suite.erreurs))

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
            yield ou.erreur("DOUBLON", f"ce numéro {DE[ou.element]} est déjà dans le fichier", "R-180")


def lots(
    lues: Iterable[FormationLue | FormationRefusee],
) -> Iterator[list[FormationLue | FormationRefusee]]:
    """In: the formations of a file. Out: the same, by lots: what one transaction takes."""
    lot: list[FormationLue | FormationRefusee] = []
    sessions = 0
    for lue in lues:
        lot.append(lue)
        sessions += sum(len(a.sessions) for a in lue.actions) if isinstance(lue, FormationLue) else 0
        if len(lot) == FORMATIONS_PAR_LOT or sessions >= SESSIONS_PAR_LOT:
            yield lot
            lot, sessions = [], 0
    if lot:
        yield lot


async def finir(travail: Coroutine[Any, Any, None]) -> None:
    """Stopped meanwhile, finish what is in hand: what the base keeps is then what the report tells."""
    tache = asyncio.create_task(travail)
    try:
        await asyncio.shield(tache)
    except asyncio.CancelledError:
        await tache
        raise


async def importer(
    pool: Pool,
    flux: BinaryIO,
    demande: Demande,
    *,
    horloge: Clock,
    policy: Policy | None = None,
) -> Rapport:
    """In: a file that can be read twice, what is asked of it; the policy if it is at hand. Out: the report.

    Raises CompteRefuse, or FormeRefusee: nothing was written.
    """
    writer, rapport = Writer(pool, policy or Policy.load(), CONTRAINTES), Rapport()
    viewer = await gestionnaire(writer, demande.courriel, horloge())
    choix = verifier(flux, demande, rapport)
    await Import(writer, viewer, horloge, choix, rapport).tout_prendre(flux, demande)
    return rapport


def verifier(flux: BinaryIO, demande: Demande, rapport: Rapport, progres: Progres | None = None) -> Choix:
    """Check the form of the whole file, and come back to its beginning. Raises FormeRefusee."""
    releve = examiner(flux, progres, demande.encodage)
    flux.seek(0)
    source = demande.source or releve.uri[:PLUS_LONG_NUMERO] or SOURCE
    rapport.version, rapport.source, rapport.est_essai = releve.version, source, demande.est_essai
    rapport.attendues = releve.nb_formations
    return Choix(source, demande.publier, demande.est_essai)
