"""The delays of candidatures: what is overdue is looked for four times an hour, and done row by row.

A run that is cut, repeated, late or doubled changes nothing: each row is asked again, under its lock, whether it is
still due.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from procrastinate import JobContext

from app import models as m
from app.domain import candidatures_closes as closes
from app.domain import echeances_conditions as dues
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Condition, Ref, all_of
from app.resolvers.courriels import niveaux_3, promettre_resultat
from app.writing import Writing

from .application import travaux
from .echecs import EchecTravail
from .outils import SYSTEM, Outils

QUATRE_FOIS_PAR_HEURE = (
    "*/15 * * * *"  # in UTC; whatever the tick, the domain decides by its clock and in Paris
)
CELLE_CI = Compare(("id",), "=", Ref("celle_ci"))


@dataclass(frozen=True)
class Echeance:
    """What is due to candidatures: which ones, under which permission, and what is then done."""

    tache: str
    pour: str
    quand: Condition
    acte: Callable[[Writing, m.Candidature], Awaitable[None]]
    avec: tuple[str, ...] = ()


async def _rappeler(tx: Writing, candidature: m.Candidature) -> None:
    """C-07: its author and the niveaux 3 are told, five days before."""
    tx.record(closes.rappeler_validation(candidature, le=tx.maintenant))
    await ecrire_aux_prescripteurs(tx, "rappel_validation", candidature)


async def _rappeler_brouillon(tx: Writing, candidature: m.Candidature) -> None:
    """R-093: its author is told, before it is deleted."""
    tx.record(closes.rappeler_brouillon(candidature))
    if candidature.auteur_id is not None:
        await tx.confier(
            "courriel",
            gabarit="rappel_brouillon",
            compte_id=candidature.auteur_id,
            candidature_id=candidature.id,
            brouillon=candidature.id,
        )


async def _annoncer(tx: Writing, candidature: m.Candidature) -> None:
    """R-166: its author is told what became of it, unless it chose not to be."""
    tx.record(closes.annoncer_resultat(candidature))
    auteur = candidature.auteur
    if auteur is not None and auteur.envoi_avis is m.EnvoiAvis.IMMEDIAT:
        gabarit = "avis_rendu" if candidature.etat in AVIS else "resultat"
        await tx.confier(
            "courriel",
            gabarit=gabarit,
            compte_id=auteur.id,
            candidature_id=candidature.id,
            resultat=candidature.id,
        )


async def _expirer(tx: Writing, candidature: m.Candidature) -> None:
    """R-038, C-07: nobody validated it; its author and the niveaux 3 are told."""
    tx.record(closes.expirer(candidature, le=tx.maintenant))
    await ecrire_aux_prescripteurs(tx, "candidature_expiree", candidature)


async def _constater(tx: Writing, candidature: m.Candidature) -> None:
    """R-167: no avis came."""
    tx.record(closes.constater_avis_non_transmis(candidature, le=tx.maintenant))
    await promettre_resultat(tx, candidature)


async def _purger(tx: Writing, candidature: m.Candidature) -> None:
    """R-093, C-11: the row goes, the fact stays."""
    tx.record(closes.purger(candidature, le=tx.maintenant))
    await tx.retirer(candidature)


RAPPELER = Echeance("rappeler_validations", "rappeler", dues.A_RAPPELER, _rappeler)
EXPIRER = Echeance("expirer_candidatures", "expirer", dues.A_EXPIRER, _expirer)
CONSTATER = Echeance("constater_avis_non_transmis", "constater", dues.SANS_AVIS, _constater, ("session",))
PURGER = Echeance("purger_candidatures", "purger", dues.A_PURGER, _purger)
BROUILLONS = Echeance("rappeler_brouillons", "rappeler", dues.BROUILLONS_A_RAPPELER, _rappeler_brouillon)
ANNONCER = Echeance("annoncer_resultats", "annoncer", dues.A_DIRE_AUSSITOT, _annoncer, ("auteur",))
ECHEANCES = (RAPPELER, EXPIRER, CONSTATER, BROUILLONS, PURGER, ANNONCER)
AVIS = (m.EtatCandidature.RETENUE, m.EtatCandidature.NON_RETENUE)


async def ecrire_aux_prescripteurs(tx: Writing, gabarit: str, candidature: m.Candidature) -> None:
    """Have a mail sent to the author of a candidature, if it has one here, and to the niveaux 3 who look after it.

    Those of its structure; nobody but the author where that is a niveau 3 too (C-17).
    """
    destinataires = set() if candidature.auteur_id is None else {candidature.auteur_id}
    if not candidature.auteur_est_n3:
        destinataires |= await niveaux_3(tx, candidature.structure_prescriptrice_id)
    for compte_id in sorted(destinataires):
        await tx.confier("courriel", gabarit=gabarit, compte_id=compte_id, candidature_id=candidature.id)


async def tenir(echeance: Echeance, outils: Outils, context: JobContext) -> int:
    """Do to each row what is due. Out: how many. A row that fails does not hold the others; then the run fails."""
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        keys = await tx.cles(m.Candidature, echeance.quand, pour=echeance.pour, **dues.valeurs_echeances(le))
    faites, ratees = 0, 0
    for key in keys:
        try:
            faites += await une(echeance, outils, key, le)
        except Exception as erreur:
            ratees += 1
            await outils.noter(context, erreur, est_definitif=False)
    if ratees:
        raise EchecTravail(f"{ratees} candidatures sur {len(keys)} n'ont pas pu être traitées.")
    return faites


async def une(echeance: Echeance, outils: Outils, key: int, le: datetime) -> bool:
    """Do to one row what is due, in a transaction of its own. Out: False where it is not due any more."""
    valeurs = {**dues.valeurs_echeances(le), "celle_ci": key}
    celle_ci = all_of([echeance.quand, CELLE_CI])
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            candidature = await tx.take(m.Candidature, key, pour=echeance.pour, avec=echeance.avec)
            if encore := await tx.cles(m.Candidature, celle_ci, pour=echeance.pour, **valeurs):
                await echeance.acte(tx, candidature)
    except Empeche:  # somebody validated, corrected or restored it since it was found
        return False
    return bool(encore)


@travaux.task(name="dire_resultat", pass_context=True)
async def dire_resultat(context: JobContext, /, *, candidature_id: int) -> bool:
    """R-166: what an act has just decided is told now, once. No retry: the next tick tells what was not."""
    outils = Outils.de(context)
    return await une(ANNONCER, outils, candidature_id, outils.clock())


def _declarer(echeance: Echeance) -> None:
    async def tache(context: JobContext, /, timestamp: int) -> int:
        return await tenir(echeance, Outils.de(context), context)

    # no retry: the next tick asks again; one at a time waits, however late workers are
    task = travaux.task(name=echeance.tache, queueing_lock=echeance.tache, pass_context=True)(tache)
    travaux.periodic(cron=QUATRE_FOIS_PAR_HEURE)(task)


for _echeance in ECHEANCES:
    _declarer(_echeance)
