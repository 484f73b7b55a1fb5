"""By night: fiches that were entered or changed are compared with those that share a key; old merges are forgotten."""

from __future__ import annotations

from datetime import datetime

from procrastinate import JobContext

from app import models as m
from app.domain import fusions as f
from app.domain import rapprochements as d
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Ref, all_of

from .application import travaux
from .conservation import APRES, PAR_LOT
from .outils import SYSTEM, Outils

LA_PAIRE = all_of(
    [Compare(("candidat_id",), "=", Ref("premier")), Compare(("autre_id",), "=", Ref("second"))]
)
ANCIENNES = Compare(("faite_le",), "<", Ref("avant"))


@travaux.periodic(cron="55 1 * * *")
@travaux.task(name="rapprocher_candidats", queueing_lock="rapprocher_candidats", pass_context=True)
async def rapprocher_candidats(context: JobContext, timestamp: int) -> int:
    """Out: how many pairs are to be reviewed that were not. Cut, it goes on: who was compared is not again."""
    outils = Outils.de(context)
    le, trouves, apres = outils.clock(), 0, 0
    while lot := await a_rapprocher(outils, le, apres):
        for cle in lot:
            trouves += await un(outils, cle, le)
        apres = lot[-1]
    await oublier_fusions(outils, le)
    return trouves


async def a_rapprocher(outils: Outils, le: datetime, apres: int) -> list[int]:
    """Out: the keys of the next fiches to be compared."""
    async with outils.writer.knowing(le, SYSTEM) as tx:
        due = all_of([d.A_RAPPROCHER, APRES])
        return await tx.cles(m.Candidat, due, PAR_LOT, pour="rapprocher", apres=apres)


async def un(outils: Outils, cle: int, le: datetime) -> int:
    """Compare one fiche with its neighbours. Out: how many pairs are new."""
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            candidat = await tx.take(m.Candidat, cle, pour="rapprocher")
            voisins = await tx.know(m.Candidat, d.VOISINS_DE, d.VOISINS, **d.valeurs_de(candidat))
            nouveaux = 0
            for voisin in voisins:
                trouve = d.rapprocher(candidat, voisin, le=le)
                if trouve is None:
                    continue
                paire = {"premier": trouve.candidat_id, "second": trouve.autre_id}
                if not await tx.know(m.Rapprochement, LA_PAIRE, **paire):
                    tx.part(candidat, trouve)
                    nouveaux += 1
            candidat.rapproche_le = max(le, candidat.modifie_le)
    except Empeche:  # erased, merged
        return 0
    return nouveaux


async def oublier_fusions(outils: Outils, le: datetime) -> None:
    """Forget what merged fiches were, once that can no longer be undone."""
    async with outils.writer.knowing(le, SYSTEM) as tx:
        fusions = await tx.know(m.FusionCandidat, ANCIENNES, avant=le - f.DELAI)
    for cle in sorted({fusion.candidat_id for fusion in fusions}):
        async with outils.writer.writing(SYSTEM, le) as tx:
            garde = await tx.take(m.Candidat, cle, pour="rapprocher")
            siennes = all_of([ANCIENNES, Compare(("candidat_id",), "=", Ref("lui"))])
            for fusion in await tx.know(m.FusionCandidat, siennes, avant=le - f.DELAI, lui=cle):
                await tx.retirer(tx.part(garde, fusion))
