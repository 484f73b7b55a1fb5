"""What is due to several candidatures at once: one mail for a session, one summary a day for an author.

As row by row, a run that is cut, repeated, late or doubled changes nothing: each row is asked again under its lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import JobContext

from app import models as m
from app.domain import candidatures_closes as closes
from app.domain import echeances_conditions as dues
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Condition, Ref, all_of
from app.writing import Writing

from .application import travaux
from .echeances import CELLE_CI, QUATRE_FOIS_PAR_HEURE
from .echecs import EchecTravail
from .outils import SYSTEM, Outils

CHAQUE_MATIN = "0 5 * * *"  # in UTC: six or seven in Paris
CES_CLES = Compare(("id",), "in", Ref("cles", many=True))
DIT_AU_PLUS = 200  # candidatures in one mail; more are told the next time
RECRUTEURS = all_of(
    [
        Compare(("droit",), "in", (str(m.Droit.OF_PREINSCRIPTION), str(m.Droit.OF_GENERAL))),
        Compare(("structure_id",), "=", Ref("leur_structure")),
        Compare(("affiliation", "etat"), "=", str(m.EtatAffiliation.ACCEPTEE)),
    ]
)


@dataclass(frozen=True)
class Regroupement:
    """What is due to candidatures that go together."""

    tache: str
    cron: str
    pour: str
    quand: Condition
    par: Callable[[m.Candidature], int | None]
    acte: Callable[[Writing, Sequence[m.Candidature]], Awaitable[None]]
    avec: tuple[str, ...] = ()


async def _rappeler_avis(tx: Writing, candidatures: Sequence[m.Candidature]) -> None:
    """R-167: who recruits for the session is told, once for all that waits on it."""
    tx.record(*[closes.rappeler_avis(candidature) for candidature in candidatures])
    premiere = candidatures[0]
    qui = premiere.positionneur_id or premiere.formateur_id or premiere.responsable_id
    for compte_id in sorted(
        {d.compte_id for d in await tx.know(m.DroitAccorde, RECRUTEURS, leur_structure=qui)}
    ):
        await tx.confier(
            "courriel",
            gabarit="rappel_avis",
            compte_id=compte_id,
            avis_de=premiere.id,
            nombre=len(candidatures),
        )


async def _resumer(tx: Writing, candidatures: Sequence[m.Candidature]) -> None:
    """R-166: an author is told, once a day, what became of its candidatures."""
    tx.record(*[closes.annoncer_resultat(candidature) for candidature in candidatures])
    auteur_id = candidatures[0].auteur_id
    if auteur_id is not None:
        cles = ",".join(str(candidature.id) for candidature in candidatures)
        await tx.confier("courriel", gabarit="resume_resultats", compte_id=auteur_id, resultats=cles)


RAPPELER_AVIS = Regroupement(
    "rappeler_avis",
    QUATRE_FOIS_PAR_HEURE,
    "rappeler",
    dues.AVIS_A_RAPPELER,
    lambda candidature: candidature.session_id,
    _rappeler_avis,
    ("session",),
)
RESUMER = Regroupement(
    "resumer_resultats",
    CHAQUE_MATIN,
    "annoncer",
    dues.A_RESUMER,
    lambda candidature: candidature.auteur_id,
    _resumer,
    ("auteur",),
)
REGROUPEMENTS = (RAPPELER_AVIS, RESUMER)


async def tenir_ensemble(regroupement: Regroupement, outils: Outils, context: JobContext) -> int:
    """Do to each group what is due. Out: how many candidatures. A group that fails does not hold the others."""
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        valeurs = dues.valeurs_echeances(le)
        keys = await tx.cles(m.Candidature, regroupement.quand, pour=regroupement.pour, **valeurs)
        rows = await tx.know(m.Candidature, CES_CLES, cles=keys)
    faites, ratees = 0, 0
    for groupe in groupes(regroupement, rows):
        try:
            faites += await un_groupe(regroupement, outils, groupe, le)
        except Exception as erreur:
            ratees += 1
            await outils.noter(context, erreur, est_definitif=False)
    if ratees:
        raise EchecTravail(f"{ratees} regroupements n'ont pas pu être traités.")
    return faites


def groupes(regroupement: Regroupement, rows: Sequence[m.Candidature]) -> list[list[int]]:
    """Out: the keys that go together, two hundred at most."""
    found: Mapping[Any, list[int]] = defaultdict(list)
    for row in rows:
        found[regroupement.par(row)].append(row.id)
    return [keys[n : n + DIT_AU_PLUS] for keys in found.values() for n in range(0, len(keys), DIT_AU_PLUS)]


async def un_groupe(regroupement: Regroupement, outils: Outils, keys: Sequence[int], le: datetime) -> int:
    """Do to a group what is due, in one transaction. Out: how many were still due."""
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            prises = [row for key in keys if (row := await _due(regroupement, tx, key, le)) is not None]
            if not prises:
                raise Empeche([])
            await regroupement.acte(tx, prises)
    except Empeche:
        return 0
    return len(prises)


async def _due(regroupement: Regroupement, tx: Writing, key: int, le: datetime) -> m.Candidature | None:
    """Out: the row, locked; None where it is not due any more."""
    valeurs = {**dues.valeurs_echeances(le), "celle_ci": key}
    try:
        row = await tx.take(m.Candidature, key, pour=regroupement.pour, avec=regroupement.avec)
    except Empeche:
        return None
    encore = await tx.cles(
        m.Candidature, all_of([regroupement.quand, CELLE_CI]), pour=regroupement.pour, **valeurs
    )
    return row if encore else None


def _declarer(regroupement: Regroupement) -> None:
    async def tache(context: JobContext, /, timestamp: int) -> int:
        return await tenir_ensemble(regroupement, Outils.de(context), context)

    task = travaux.task(name=regroupement.tache, queueing_lock=regroupement.tache, pass_context=True)(tache)
    travaux.periodic(cron=regroupement.cron)(task)


for _regroupement in REGROUPEMENTS:
    _declarer(_regroupement)
