"""Keys of partners that are about to end: the gestionnaires are told a month, then a week before (C-32)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from procrastinate import JobContext

from app import models as m
from app.domain import partenaires as d
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Ref, all_of
from app.resolvers.affiliations import gestionnaires
from app.writing import Writing

from .application import travaux
from .composition import en_lettres
from .outils import SYSTEM, Outils

VIVANTES = all_of(
    [
        Compare(("compte", "nature"), "=", "machine"),
        Compare(("revoque_le",), "=", None),
        Compare(("expire_le",), ">", Ref("maintenant")),
    ]
)
BIENTOT = all_of([VIVANTES, Compare(("expire_le",), "<=", Ref("bientot"))])
CETTE_CLE = all_of([VIVANTES, Compare(("id",), "=", Ref("cette_cle"))])
DE_MEME_PORTEE = all_of(
    [VIVANTES, Compare(("compte_id",), "=", Ref("programme")), Compare(("portee",), "=", Ref("portee"))]
)
DU_COMPTE = all_of([Compare(("compte_id",), "=", Ref("programme")), Compare(("revoque_le",), "=", None)])
PORTEES = {portee.value: portee.libelle for portee in m.Portee}
CE_SUJET = Compare(("sujet",), "=", Ref("ce_sujet"))


@travaux.periodic(cron="15 6 * * *")
@travaux.task(name="annoncer_cles", queueing_lock="annoncer_cles", pass_context=True)
async def annoncer_cles(context: JobContext, timestamp: int) -> int:
    """Out: how many mails were asked for. What left already is not asked for again, whatever the number of runs."""
    outils = Outils.de(context)
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        a_ecrire = [envoi for cle in await bientot(tx, le) for envoi in await envois(tx, cle, le)]
    return sum([await confier(outils, *envoi) for envoi in a_ecrire])


async def bientot(tx: Writing, le: datetime) -> list[m.Jeton]:
    """Out: the keys of partners still with us that end within the longest notice."""
    cles = await tx.know(m.Jeton, BIENTOT, bientot=le + timedelta(days=max(d.ANNONCES)))
    return [cle for cle in cles if await tx.know(m.CompteMachine, DU_COMPTE, programme=cle.compte_id)]


async def envois(tx: Writing, cle: m.Jeton, le: datetime) -> list[tuple[int, int, str]]:
    """Out: the key, whom to write to, and what makes the mail the only one of its kind, for each that is due."""
    autres = await tx.know(m.Jeton, DE_MEME_PORTEE, programme=cle.compte_id, portee=cle.portee)
    jours = d.annonce(cle, autres, le=le)
    if jours is None:
        return []
    dus = [(cle.id, compte, f"cle-{cle.id}-{jours}-{compte}") for compte in await gestionnaires(tx)]
    return [envoi for envoi in dus if not await tx.know(m.CourrielEnvoye, CE_SUJET, ce_sujet=envoi[2])]


async def confier(outils: Outils, cle: int, compte: int, sujet: str) -> bool:
    """Have one mail sent. Out: False where one waits already, or where there is nobody to write to any more."""
    try:
        async with outils.writer.writing(SYSTEM, outils.clock()) as tx:
            await tx.take(m.Compte, compte, pour="prevenir")
            given: dict[str, Any] = {"gabarit": "cle_expire", "compte_id": compte, "sujet": sujet, "cle": cle}
            return await tx.confier("courriel", unique=sujet, **given)
    except Empeche:
        return False


async def contexte(tx: Writing, key: int) -> dict[str, Any]:
    """Out: what the template names. Raises Empeche for a key that was revoked, or ended, meanwhile."""
    cles = await tx.know(m.Jeton, CETTE_CLE, cette_cle=key)
    programmes = await tx.know(m.CompteMachine, DU_COMPTE, programme=cles[0].compte_id) if cles else []
    if not programmes:
        raise Empeche([])
    [cle], [programme] = cles, programmes
    return {
        "partenaire": programme.libelle,
        "prefixe": cle.prefixe,
        "portee": PORTEES[cle.portee or ""],
        "expire": en_lettres(jour_de_paris(cle.expire_le)),
    }
