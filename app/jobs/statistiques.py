"""What everybody may know of a quarter is written once, when it has been over for long enough."""

from __future__ import annotations

from datetime import date

from procrastinate import JobContext

from app import models as m
from app.domain import statistiques as d
from app.domain.calendrier import jour_de_paris
from app.kit.conditions import TRUE

from .application import travaux
from .outils import SYSTEM, Outils


@travaux.periodic(cron="15 3 * * *")
@travaux.task(name="publier_statistiques", queueing_lock="publier_statistiques", pass_context=True)
async def publier_statistiques(context: JobContext, timestamp: int) -> int:
    """Out: how many cells were published."""
    return await publier_les_trimestres(Outils.de(context))


async def publier_les_trimestres(outils: Outils) -> int:
    """Publish each quarter that is due, in a transaction of its own; a second run of a day finds none."""
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        connues = await tx.know(m.StatistiquePubliee, TRUE)
    dus = d.a_publier(jour_de_paris(le), {publiee.date_trimestre for publiee in connues})
    return sum([await un_trimestre(outils, trimestre) for trimestre in dus])


async def un_trimestre(outils: Outils, trimestre: date) -> int:
    """Publish one quarter. Out: how many cells of it may be shown."""
    le = outils.clock()
    valeurs = {"premier_jour": trimestre, "jour_d_apres": d.suivant(trimestre)}
    async with outils.writer.knowing(le, SYSTEM) as tx:
        comptees = await tx.know(m.CandidatureComptee, d.DANS_LA_PERIODE, **valeurs)
    cellules = d.publier(trimestre, comptees, aujourd_hui=jour_de_paris(le), le=le)
    if cellules:
        async with outils.writer.writing(SYSTEM, le) as tx:
            await tx.ajouter_tous(cellules, pour="creer")
    return len(cellules)
