"""One formation, one transaction: taken whole, or not at all; begun again when two imports meet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import DBAPIError

from app.domain.empechements import Empeche
from app.policies.viewer import Viewer
from app.writing import Writer

from .bilan import Bilan, Endroit, Refus
from .lus import FormationLue
from .prise import Choix, Prise, Vue
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
    writer: Writer, viewer: Viewer, le: datetime, lue: FormationLue, choix: Choix, vues: dict[str, Vue]
) -> Bilan:
    """Take a formation. Out: what came of it; `vues` then holds its structures. Raises Refus: nothing was kept."""
    for essai in range(1, ESSAIS + 1):
        try:
            return await _une_fois(writer, viewer, le, lue, choix, vues)
        except DBAPIError as error:
            code = getattr(error.orig, "sqlstate", None) or ""
            if code in A_REPRENDRE and essai < ESSAIS:
                continue
            if not code.startswith(REFUS_DE_LA_BASE):
                raise
            motif = f"la base refuse une valeur de cette formation ({code})"
            ou = Endroit(lue.ligne, "formation", lue.numero)
            raise Refus(ou.erreur("BASE", motif)) from error
    raise AssertionError("unreachable")


async def _une_fois(
    writer: Writer, viewer: Viewer, le: datetime, lue: FormationLue, choix: Choix, vues: dict[str, Vue]
) -> Bilan:
    prise: Prise | None = None
    try:
        async with writer.writing(viewer, le) as tx:
            prise = Prise(tx, lue, choix, vues, Endroit(lue.ligne, "formation", lue.numero))
            await apporter_structures(prise)
            await apporter_certifications(prise)
            await apporter_actions(prise)
            await tx.ecrire()  # what the database refuses, it refuses now, in a trial too
            if choix.est_essai or not prise.bilan.est_ecrit:
                raise _SansSuite
    except _SansSuite:
        pass
    except Empeche as empeche:
        ou = prise.ou if prise is not None else Endroit(lue.ligne, "formation", lue.numero)
        raise Refus(*ou.erreurs(empeche.empechements)) from empeche
    assert prise is not None
    vues.update(prise.nouvelles_vues)
    return prise.bilan
