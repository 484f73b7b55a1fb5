"""Formations taken in one transaction: each whole, or not at all; begun again when two imports meet.

A lot is a few formations that share a transaction, and so its round trips. Where one of them is refused, nothing of the
lot is kept, and each half of it is taken again as a lot of its own: in the end the refused one stands alone.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from datetime import datetime

from app.domain.empechements import Empeche
from app.policies.viewer import Viewer
from app.writing import DatabaseError, Writer

from .bilan import Bilan, Endroit, Refus
from .connu import connaitre
from .lus import FormationLue
from .prise import Choix, Lot, Prise, Vue
from .prise_actions import apporter_actions
from .prise_certifications import apporter_certifications
from .prise_structures import apporter_structures

ESSAIS = 5
A_REPRENDRE = frozenset(
    {"40001", "40P01", "23505"}
)  # serialization, deadlock; a row that another import has just made
REFUS_DE_LA_BASE = ("22", "23", "54")  # a value, a constraint, a size: this formation's fault


class _SansSuite(Exception):
    """Nothing of this transaction is to be kept."""


async def prendre(
    writer: Writer,
    viewer: Viewer,
    le: datetime,
    lues: Sequence[FormationLue],
    choix: Choix,
    vues: MutableMapping[str, Vue],
) -> list[Bilan | Refus]:
    """Take formations, some at least. Out: what came of each, in order; `vues` then holds the structures of those taken."""
    try:
        return list(await _tant_que(writer, viewer, le, lues, choix, vues))
    except Refus as refus:
        if len(lues) == 1:
            return [refus]
    moitie = len(lues) // 2
    premieres = await prendre(writer, viewer, le, lues[:moitie], choix, vues)
    return premieres + await prendre(writer, viewer, le, lues[moitie:], choix, vues)


async def _tant_que(
    writer: Writer,
    viewer: Viewer,
    le: datetime,
    lues: Sequence[FormationLue],
    choix: Choix,
    vues: MutableMapping[str, Vue],
) -> list[Bilan]:
    """Take a lot, again if another import was in the way. Raises Refus: nothing was kept."""
    for essai in range(1, ESSAIS + 1):
        try:
            return await _une_fois(writer, viewer, le, lues, choix, vues)
        except DatabaseError as error:
            code = error.sqlstate or ""
            if code in A_REPRENDRE and essai < ESSAIS:
                continue
            if not code.startswith(REFUS_DE_LA_BASE):
                raise
            motif = f"la base refuse une valeur de cette formation ({code})"
            raise Refus(_endroit(lues[0]).erreur("BASE", motif)) from error
    raise AssertionError("unreachable")


async def _une_fois(
    writer: Writer,
    viewer: Viewer,
    le: datetime,
    lues: Sequence[FormationLue],
    choix: Choix,
    vues: MutableMapping[str, Vue],
) -> list[Bilan]:
    prises: list[Prise] = []
    nouvelles: dict[str, Vue] = {}
    try:
        async with writer.writing(viewer, le) as tx:
            connu = await connaitre(tx, choix.source, lues, maison=choix.est_maison)
            lot = Lot(tx, choix, connu, ChainMap(nouvelles, vues))
            prises = [Prise(lot, lue, _endroit(lue)) for lue in lues]
            await _apporter(lot, prises)
            await tx.ecrire()  # what the database refuses, it refuses now, in a trial too
            if choix.est_essai or not any(prise.bilan.est_ecrit for prise in prises):
                raise _SansSuite
    except _SansSuite:
        pass
    except Empeche as empeche:
        ou = prises[-1].ou if prises else _endroit(lues[0])  # who asks for a reason asks a lot of one
        raise Refus(*ou.erreurs(empeche.empechements)) from empeche
    vues.update(nouvelles)
    return [prise.bilan for prise in prises]


async def _apporter(lot: Lot, prises: Sequence[Prise]) -> None:
    for prise in prises:
        await apporter_structures(prise)
        lot.vues.update(prise.nouvelles_vues)
        await apporter_certifications(prise)
    await apporter_actions(lot, prises)


def _endroit(lue: FormationLue) -> Endroit:
    return Endroit(lue.ligne, "formation", lue.numero)
