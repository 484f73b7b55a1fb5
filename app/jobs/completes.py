"""C-10: once as many people are retained as a session welcomes, what still waits for an avis on it is refused.

Only where the house has chosen it (`REFUS_SESSION_COMPLETE`): the act that retains somebody hands this over. Each
candidature is asked again under its own lock, so a job that is cut, repeated or doubled refuses none twice.
"""

from __future__ import annotations

from datetime import datetime

from procrastinate import JobContext

from app import models as m
from app.domain import candidatures_closes as closes
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Condition, Ref, all_of
from app.resolvers.courriels import promettre_resultat
from app.writing import Writing

from .application import Reprise, travaux
from .outils import SYSTEM, Outils

REPRISES = Reprise(10, 60, 600, 3600)
DE_LA_SESSION = Compare(("session_id",), "=", Ref("session"))
DU_POINT = Compare(("point_entree_id",), "=", Ref("point"))


@travaux.task(name="fermer_session_complete", pass_context=True, retry=REPRISES)
async def fermer_session_complete(context: JobContext, /, *, candidature_id: int) -> int:
    """In: somebody who has just been retained. Out: how many candidatures were refused for it."""
    outils = Outils.de(context)
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        retenue = await tx.take(m.Candidature, candidature_id, pour="lire", avec=("session",))
        if not closes.effectif_atteint(retenue.session, await nb_retenues(tx, retenue)):
            return 0
        keys = await voisines(tx, retenue, m.EtatCandidature.EN_ATTENTE_AVIS, pour="refuser")
    return sum([await refusee(outils, key, le) for key in keys])


async def refusee(outils: Outils, key: int, le: datetime) -> bool:
    """Refuse one, in a transaction of its own. Out: False for one that has ended, or whose session has room again."""
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            row = await tx.take(m.Candidature, key, pour="refuser", avec=("session",))
            await tx.hold(m.SessionFormation, row.session_id)  # an avis that changes waits, or is counted
            retenues = await nb_retenues(tx, row)
            tx.record(closes.refuser_effectif_atteint(row, retenues=retenues, le=le))
            await promettre_resultat(tx, row)
    except Empeche:
        return False
    return True


async def nb_retenues(tx: Writing, candidature: m.Candidature) -> int:
    """Out: how many people are retained where somebody is placed."""
    return len(await voisines(tx, candidature, m.EtatCandidature.RETENUE, pour="lire"))


async def voisines(
    tx: Writing, candidature: m.Candidature, etat: m.EtatCandidature, *, pour: str
) -> list[int]:
    """Out: the keys of those in this état on the same session, loaded; of a HSP, on the same entry point."""
    ici: list[Condition] = [DE_LA_SESSION, Compare(("etat",), "=", str(etat))]
    if candidature.session.est_hsp:
        ici.append(DU_POINT)
    lieu = {"session": candidature.session_id, "point": candidature.point_entree_id}
    return await tx.cles(m.Candidature, all_of(ici), pour=pour, **lieu)
