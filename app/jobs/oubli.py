"""What proved somebody and proves nothing any more is forgotten: tokens, links, requests that nobody confirmed."""

from __future__ import annotations

from procrastinate import JobContext

from app import models as m
from app.domain import comptes
from app.domain import connexions as d
from app.domain.empechements import Empeche
from app.domain.externes import OUBLI_PASSAGE, PASSAGES_FINIS
from app.kit.conditions import Compare, Ref

from .application import travaux
from .outils import SYSTEM, Outils

PAR_TRANSACTION = 200
SES_LIENS = Compare(("compte_id",), "=", Ref("compte"))


@travaux.periodic(cron="45 2 * * *")
@travaux.task(name="oublier_jetons", queueing_lock="oublier_jetons", pass_context=True)
async def oublier_jetons(context: JobContext, timestamp: int) -> int:
    """Out: how many tokens, links and passages were forgotten. What they carried (a name, an address) goes with them."""
    outils = Outils.de(context)
    oublies = await oublier_les_jetons(outils) + await oublier_les_liens(outils)
    return oublies + await oublier_les_passages(outils)


@travaux.periodic(cron="50 2 * * *")
@travaux.task(name="oublier_demandes", queueing_lock="oublier_demandes", pass_context=True)
async def oublier_demandes(context: JobContext, timestamp: int) -> int:
    """Out: how many requests for an account, that nobody confirmed in a month, were deleted (R-008)."""
    outils = Outils.de(context)
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        keys = await tx.cles(m.Compte, comptes.NON_CONFIRMES, pour="purger", avant=le - comptes.OUBLI_DEMANDE)
    return sum([await oublier_la_demande(outils, key) for key in keys])


async def oublier_la_demande(outils: Outils, key: int) -> bool:
    """Delete one request, asked again under its lock. Out: False where somebody confirmed it, or asked again, meanwhile."""
    le = outils.clock()
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            compte = await tx.take(m.Compte, key, pour="purger")
            oubliee = comptes.est_oubliee(compte, await tx.know(m.LienCourriel, SES_LIENS, compte=key), le=le)
            if oubliee:
                tx.record(comptes.DemandeOubliee(key))
                await tx.retirer(compte)
    except Empeche:
        return False
    return oubliee


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


async def oublier_les_passages(outils: Outils) -> int:
    """Delete what identity providers said of people: it serves ten minutes, and is kept a day."""
    le = outils.clock()
    async with outils.writer.writing(SYSTEM, le, sans_decision="connexion_externe") as tx:
        finis = await tx.know(m.PassageExterne, PASSAGES_FINIS, avant=le - OUBLI_PASSAGE)
        for passage in finis:
            await tx.retirer(passage)
    return len(finis)
