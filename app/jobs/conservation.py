"""The end of the delays about people: anonymised after two years, by night; searches forgotten after a day, then a year.

A few at a time, each person in a transaction of its own, asked again under its lock: a run that is cut, repeated or
late changes nothing, and the next one goes on. What is left to do is what the base says is due.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from procrastinate import JobContext

from app import models as m
from app.domain import candidats as c
from app.domain import conservation as d
from app.domain import consultations
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Condition, Ref, all_of
from app.resolvers.conservation import depouiller, ouvrir

from .application import travaux
from .echecs import EchecTravail
from .outils import SYSTEM, Outils
from .poste import Dossier

LOG = logging.getLogger("rafael.travaux")
PAR_LOT = 100
GARDE_RECHERCHES = timedelta(days=365)  # CNIL, logging: six months to a year
GARDE_COURRIELS = timedelta(days=30)  # in the folder of an installation without a server
APRES = Compare(("id",), ">", Ref("apres"))
CELLE_CI = Compare(("id",), "=", Ref("celle_ci"))


@travaux.periodic(cron="15 1 * * *")
@travaux.task(name="anonymiser_candidats", queueing_lock="anonymiser_candidats", pass_context=True)
async def anonymiser_candidats(context: JobContext, timestamp: int) -> int:
    """Out: how many people were anonymised. One that fails does not hold the others; then the run fails."""
    outils = Outils.de(context)
    le, faites, ratees, apres = outils.clock(), 0, 0, 0
    while lot := await a_anonymiser(outils, le, apres):
        for cle in lot:
            try:
                faites += await une(outils, cle, le)
            except Exception as erreur:
                ratees += 1
                await outils.noter(context, erreur, est_definitif=False)
        apres = lot[-1]
        LOG.info("conservation : %s personnes anonymisées, %s en échec", faites, ratees)
    if ratees:
        raise EchecTravail(f"{ratees} personnes n'ont pas pu être anonymisées.")
    return faites


async def a_anonymiser(outils: Outils, le: datetime, apres: int) -> list[int]:
    """Out: the keys of the next people whose delay is over."""
    valeurs = {**d.valeurs_conservation(le, outils.conservation_mois), "apres": apres}
    async with outils.writer.knowing(le, SYSTEM) as tx:
        due = all_of([d.A_ANONYMISER, APRES])
        return await tx.cles(m.Candidat, due, PAR_LOT, pour="anonymiser", **valeurs)


async def une(outils: Outils, cle: int, le: datetime) -> bool:
    """Anonymise one person. Out: False if somebody came back to it since it was found."""
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            candidat = await tx.take(m.Candidat, cle, pour="anonymiser")
            dossier = await ouvrir(tx, candidat)
            valeurs = {**d.valeurs_conservation(le, outils.conservation_mois), "celle_ci": cle}
            encore = all_of([d.A_ANONYMISER, CELLE_CI])
            if not await tx.cles(m.Candidat, encore, pour="anonymiser", **valeurs):
                return False
            tx.record(d.CandidatAnonymise(cle, await depouiller(tx, dossier)))
    except Empeche:  # erased, or gone
        return False
    return True


@travaux.periodic(cron="35 1 * * *")
@travaux.task(name="oublier_recherches", queueing_lock="oublier_recherches", pass_context=True)
async def oublier_recherches(context: JobContext, timestamp: int) -> int:
    """Out: how many traces of searches were silenced, then deleted; mails kept as files go too."""
    outils = Outils.de(context)
    le = outils.clock()
    if isinstance(outils.poste, Dossier):
        outils.poste.oublier(le - GARDE_COURRIELS)
    tues = await _chacune(outils, c.TAIRE, le, tue_avant=le - c.SILENCE_RECHERCHE, rien=b"")
    return tues + await _chacune(outils, c.OUBLIER, le, oubliee_avant=le - GARDE_RECHERCHES)


@travaux.periodic(cron="25 2 * * *")
@travaux.task(name="oublier_consultations", queueing_lock="oublier_consultations", pass_context=True)
async def oublier_consultations(context: JobContext, timestamp: int) -> int:
    """Out: how many traces of readings were deleted: they are kept a year."""
    outils = Outils.de(context)
    le, faites = outils.clock(), 0
    while True:
        async with outils.writer.knowing(le, SYSTEM) as tx:
            avant = le - consultations.GARDE
            cles = await tx.cles(
                m.Consultation, consultations.OUBLIER, PAR_LOT, pour="oublier", oubliee_avant=avant
            )
        if not cles:
            return faites
        async with outils.writer.writing(SYSTEM, le) as tx:
            for consultation in await tx.take_tous(m.Consultation, cles, pour="oublier"):
                await tx.retirer(consultation)
        faites += len(cles)


async def _chacune(outils: Outils, lesquelles: Condition, le: datetime, **valeurs: object) -> int:
    """Silence, or delete, the searches of a condition, a few at a time: those it finds, it finds no more."""
    faites = 0
    while True:
        async with outils.writer.knowing(le, SYSTEM) as tx:
            cles = await tx.cles(m.RechercheCandidat, lesquelles, PAR_LOT, pour="oublier", **valeurs)
        if not cles:
            return faites
        async with outils.writer.writing(SYSTEM, le) as tx:
            for recherche in await tx.take_tous(m.RechercheCandidat, cles, pour="oublier"):
                if lesquelles is c.TAIRE:
                    c.taire(recherche)
                else:
                    await tx.retirer(recherche)
        faites += len(cles)
