"""The journal is sealed each hour, and its seals can be verified (decision 0044)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TypeVar

from procrastinate import JobContext

from app import models as m
from app.domain.sceaux import ENTRE, Cire
from app.kit.conditions import Condition
from app.writing import Writer

from .application import travaux
from .outils import SYSTEM, Outils

M = TypeVar("M", m.Fait, m.Sceau)
LOG = logging.getLogger("rafael.travaux")
PAR_LOT = 1000
AVANT_TOUT = -(2**31)  # less than any key, those that no sequence gives included


@travaux.periodic(cron="50 * * * *")
@travaux.task(name="sceller_journal", queueing_lock="sceller_journal", pass_context=True)
async def sceller_journal(context: JobContext, timestamp: int) -> int:
    """Out: how many facts were sealed."""
    outils = Outils.de(context)
    return await sceller(outils.writer, outils.clock())


async def sceller(writer: Writer, le: datetime) -> int:
    """Seal what was already there when the last seal was put: no act lasts so long, nothing comes in between any more.

    Out: how many facts; 0 where there was none, even if a seal notes how far the next one goes.
    """
    async with writer.knowing(le, SYSTEM) as tx:
        avant, recent = await tx.dernier(m.Sceau), await tx.dernier(m.Fait)
    fin = avant.vu_fait_id if avant else 0
    vu = max(recent.id if recent else 0, fin)
    if vu == (avant.dernier_fait_id if avant else 0):
        return 0
    cire = await coulee(writer, le, avant, fin)
    sceau = {"id": avant.id + 1 if avant else 1, "pose_le": le, "dernier_fait_id": fin, "vu_fait_id": vu}
    async with writer.writing(SYSTEM, le) as tx:
        await tx.creer(m.Sceau, pour="poser", **sceau, nb_faits=cire.nombre, sha256=cire.empreinte(le))
    LOG.info("journal : sceau %s, %s faits, %s", sceau["id"], cire.nombre, cire.empreinte(le))
    return cire.nombre


async def coulee(writer: Writer, le: datetime, avant: m.Sceau | None, fin: int) -> Cire:
    """In: the seal before, the key of the last fact to seal. Out: the wax where all the facts between are."""
    debut = avant.dernier_fait_id if avant else AVANT_TOUT
    cire = Cire(avant.sha256 if avant else "")
    async for lot in lots(writer, le, m.Fait, ENTRE, debut, jusqu_a=fin):
        cire.verser(lot)
    return cire


async def lots(
    writer: Writer, le: datetime, model: type[M], condition: Condition, apres: int, **valeurs: int
) -> AsyncIterator[list[M]]:
    """In: a condition that keeps the keys which come after the value `apres`. Out: the rows, in order, a batch at a time."""
    while True:
        async with writer.knowing(le, SYSTEM) as tx:
            lot = await tx.know(model, condition, PAR_LOT, apres=apres, **valeurs)
        if lot:
            yield lot
            apres = lot[-1].id
        if len(lot) < PAR_LOT:
            return
