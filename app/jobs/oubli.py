"""What proved somebody and proves nothing any more is forgotten: tokens and links, a month after their end."""

from __future__ import annotations

from procrastinate import JobContext

from app import models as m
from app.domain import connexions as d

from .application import travaux
from .outils import SYSTEM, Outils

PAR_TRANSACTION = 200


@travaux.periodic(cron="45 2 * * *")
@travaux.task(name="oublier_jetons", queueing_lock="oublier_jetons", pass_context=True)
async def oublier_jetons(context: JobContext, timestamp: int) -> int:
    """Out: how many tokens and links were forgotten. What a link carried (a name, an address) goes with it."""
    outils = Outils.de(context)
    return await oublier_les_jetons(outils) + await oublier_les_liens(outils)


async def oublier_les_jetons(outils: Outils) -> int:
    """Delete tokens, under the permission to, a few at a time."""
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        keys = await tx.cles(m.Jeton, d.FINIS, pour="purger", avant=le - d.OUBLI)
    for debut in range(0, len(keys), PAR_TRANSACTION):
        async with outils.writer.writing(SYSTEM, le) as tx:
            for key in keys[debut : debut + PAR_TRANSACTION]:
                await tx.retirer(await tx.take(m.Jeton, key, pour="purger"))
    return len(keys)


async def oublier_les_liens(outils: Outils) -> int:
    """Delete links that expired."""
    le = outils.clock()
    async with outils.writer.writing(SYSTEM, le, sans_decision="lien") as tx:
        finis = await tx.know(m.LienCourriel, d.LIENS_FINIS, avant=le - d.OUBLI)
        for lien in finis:
            await tx.retirer(lien)
    return len(finis)
