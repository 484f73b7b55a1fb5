"""Partners are told: from a fact of the journal to a message of its own key, sent until it is taken (R-118 to R-122).

`diffuser` is handed over in the transaction of the fact: it leaves if the act took place. Messages about one
candidature leave in order, one at a time (`verrou`); one that its partner refuses for good lets the next ones pass,
and waits for a gestionnaire. Each bears the number of its fact, for a partner to put back in order what it likes.
"""

from __future__ import annotations

from procrastinate import JobContext

from app import models as m
from app.domain import echanges as d
from app.domain.empechements import Empeche
from app.exports.echanges import message
from app.kit.conditions import Compare, Ref, all_of
from app.writing import Writing

from .application import Reprise, travaux
from .outils import SYSTEM, Outils
from .partenaires import PartenaireAbsent, PartenaireRefuse

MINUTE, HOUR = 60, 3600
REPRISES = Reprise(10, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR)
LE_FAIT = Compare(("id",), "=", Ref("le_fait"))
CE_FAIT = all_of(
    [Compare(("fait_id",), "=", Ref("ce_fait")), Compare(("sens",), "=", str(m.SensEchange.SORTANT))]
)
DOSSIER = (
    "candidat",
    "avis",
    "structure_prescriptrice",
    "session.action",
    "session.responsable",
)


@travaux.task(name="diffuser", pass_context=True, retry=REPRISES)
async def diffuser(context: JobContext, /, *, fait_id: int) -> None:
    """In: the key of a fact. A message to each partner that it concerns and that is reached; once."""
    outils = Outils.de(context)
    le = outils.clock()
    async with outils.writer.writing(SYSTEM, le) as tx:
        [fait] = await tx.know(m.Fait, LE_FAIT, le_fait=fait_id)
        assert fait.candidature_id is not None  # only what is about a candidature is handed over
        candidature = await tx.take(m.Candidature, fait.candidature_id, pour="lire")
        deja = {e.partenaire for e in await tx.know(m.Echange, CE_FAIT, ce_fait=fait_id)}
        for partenaire in d.destinataires(fait.nom, candidature, par=fait.profil):
            if partenaire in outils.porteurs and partenaire not in deja:
                echange = d.preparer(fait, candidature, partenaire, le)
                await tx.ajouter(echange, pour="emettre")
                await confier_envoi(tx, echange)


async def confier_envoi(tx: Writing, echange: m.Echange) -> None:
    """Hand a message over to the queue, after those about the same candidature."""
    await tx.confier("transmettre", verrou=d.verrou(echange), echange_id=echange.id)


@travaux.task(name="transmettre", pass_context=True, retry=REPRISES)
async def transmettre(context: JobContext, /, *, echange_id: int) -> None:
    """In: the key of a message. Send it; after the last try, or a refusal for good, it is a dead letter."""
    outils = Outils.de(context)
    try:
        partenaire, cle, corps = await composer(outils, echange_id)
    except Empeche:  # answered, or sent already, by a run that was cut after it
        return
    try:
        etat, resultat = await outils.porteurs[partenaire].porter(cle, corps)
    except (PartenaireAbsent, PartenaireRefuse) as echec:
        derniere = echec.est_definitif or context.job.attempts >= len(REPRISES.delais)
        await noter(outils, echange_id, m.EtatEchange.EN_ERREUR if derniere else None, echec.resultat)
        raise
    await noter(outils, echange_id, etat, resultat)


async def composer(outils: Outils, echange_id: int) -> tuple[m.Correspondant, str, bytes]:
    """Out: to whom, under which key, what. Raises Empeche where there is nothing to send any more."""
    le = outils.clock()
    async with outils.writer.writing(SYSTEM, le) as tx:
        echange = await tx.take(m.Echange, echange_id, pour="emettre")
        d.tenter(echange, le)
        assert echange.candidature_id is not None
        candidature = await tx.take(m.Candidature, echange.candidature_id, pour="lire", avec=DOSSIER)
        [fait] = await tx.know(m.Fait, LE_FAIT, le_fait=echange.fait_id)
        return echange.partenaire, echange.cle, message(echange, fait, candidature)


async def noter(outils: Outils, echange_id: int, etat: m.EtatEchange | None, resultat: str) -> None:
    """Note how a try ended; None: it will be tried again. What was answered meanwhile stays as it is."""
    try:
        async with outils.writer.writing(SYSTEM, outils.clock()) as tx:
            echange = await tx.take(m.Echange, echange_id, pour="emettre")
            d.aboutir(echange, etat or echange.etat, resultat)
    except Empeche:
        return
