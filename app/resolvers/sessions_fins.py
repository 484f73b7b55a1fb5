"""How sessions are moved, cancelled, withdrawn (R-169, R-240, R-249, R-250, C-01, C-02)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from app import models as m
from app.domain import sessions_vie as d
from app.domain.candidatures_closes import refuser_session_annulee
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Ref, all_of
from app.resolvers.actions_prises import jeter_sessions, retirer
from app.resolvers.courriels import annoncer
from app.resolvers.saisies import saisie
from app.resolvers.sessions_prises import DE_LA_SESSION, prendre_session
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.sessions_actes import SessionPayload
from app.schema.sessions_formulaires import ModifierDatesSessionInput, SessionAnnuleePayload
from app.writing import Writing

SUR_LES_POINTS = Compare(("point_entree_id",), "in", Ref("points", many=True))
QUI_ATTENDENT_UN_AVIS = all_of(
    [
        Compare(("session_id",), "=", Ref("session")),
        Compare(("etat",), "=", str(m.EtatCandidature.EN_ATTENTE_AVIS)),
    ]
)


@strawberry.type
class SessionFinMutation:
    """The acts that move a session, or end it."""

    @verbe("Changer les dates d'une session, pour son financeur ; les prescripteurs concernés sont prévenus.")
    async def modifier_dates_session(self, info: Info, entree: ModifierDatesSessionInput) -> SessionPayload:
        """Move a session (C-01)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, entree.session, "modifier_dates")
            champs = saisie(entree, sauf=("session", "points_entree"))
            tx.writable(row, champs)
            if champs:
                tx.record(d.modifier_dates(row, champs, le=tx.maintenant))
            if entree.points_entree is not strawberry.UNSET:
                await repointer(tx, row, entree.points_entree or [])
            for candidature in await qui_attendent_un_avis(tx, row) if champs else []:
                await prevenir(tx, candidature, "dates_session")
            return {m.SessionFormation: row.id}

        return await faire(info, acte)

    @verbe("Annuler une session, pour son financeur : les candidatures qui attendent un avis sont refusées.")
    async def annuler_session(self, info: Info, session: strawberry.ID, motif: str) -> SessionAnnuleePayload:
        """Cancel a session, and refuse what waits on it (R-169)."""
        faits: dict[str, Any] = {"nb_candidatures": 0}

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, session, "annuler")
            tx.record(d.annuler(row, motif=motif, le=tx.maintenant))
            await tx.ecrire()  # each candidature is then taken as it stands, its session cancelled
            refusees = [await refusee(tx, c.id) for c in await qui_attendent_un_avis(tx, row)]
            faits["nb_candidatures"] = sum(refusees)
            return {m.SessionFormation: row.id}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Supprimer une session : un brouillon disparaît ; une session finie depuis plus de trente jours quitte le"
        " catalogue. Avant, « demanderSuppressionSession »."
    )
    async def supprimer_session(self, info: Info, session: strawberry.ID) -> SessionPayload:
        """Delete a session (R-249, C-02)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre_session(tx, session, "supprimer")
            fait = d.supprimer(row, le=tx.maintenant)
            tx.record(fait)
            if fait.apres is not None:
                return {m.SessionFormation: row.id}
            await jeter_sessions(tx, row, [row])
            return {}

        return await faire(info, acte)

    @verbe("Demander la suppression d'une session publiée, en disant pourquoi ; un gestionnaire en décide.")
    async def demander_suppression_session(
        self, info: Info, session: strawberry.ID, motif: str
    ) -> SessionPayload:
        """Ask that it leave the catalogue (R-250)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, session, "demander_suppression")
            tx.record(d.demander_suppression(row, motif=motif, le=tx.maintenant))
            return {m.SessionFormation: row.id}

        return await faire(info, acte)

    @verbe("Accepter ou refuser la suppression demandée d'une session.")
    async def decider_suppression_session(
        self, info: Info, session: strawberry.ID, accepter: bool
    ) -> SessionPayload:
        """Decide (R-250)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, session, "decider_suppression")
            tx.record(d.decider_suppression(row, accepter=accepter, le=tx.maintenant))
            return {m.SessionFormation: row.id}

        return await faire(info, acte)


async def prise(tx: Writing, id: strawberry.ID, pour: str) -> m.SessionFormation:
    """Out: the session, locked for this permission."""
    return await tx.take(m.SessionFormation, cle(id, "Session"), pour=pour)


async def repointer(tx: Writing, session: m.SessionFormation, jours: list[dt.date]) -> None:
    """Give a HSP these entry points; one on which somebody was placed stays (C-25)."""
    tx.record(d.changer_points(session, jours, le=tx.maintenant))
    points = await tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
    partis = [point for point in points if point.date_entree not in jours]
    placees = await tx.know(m.Candidature, SUR_LES_POINTS, points=[point.id for point in partis])
    occupes = {candidature.point_entree_id for candidature in placees}
    await retirer(tx, session, [point for point in partis if point.id not in occupes])
    for jour in sorted({*jours} - {point.date_entree for point in points}):
        tx.part(session, m.PointEntree(session_id=session.id, date_entree=jour))


async def qui_attendent_un_avis(tx: Writing, session: m.SessionFormation) -> list[m.Candidature]:
    """Out: the candidatures that wait for an avis on this session."""
    return await tx.know(m.Candidature, QUI_ATTENDENT_UN_AVIS, session=session.id)


async def refusee(tx: Writing, candidature_id: int) -> bool:
    """Refuse one, under its own permission; who wrote it is told. Out: False for one that has just ended by itself."""
    try:
        row = await tx.take(m.Candidature, candidature_id, pour="refuser", avec=("session",))
    except Empeche as refus:
        if [e.code for e in refus.empechements] == ["ETAT_INCOMPATIBLE"]:
            return False
        raise
    tx.record(refuser_session_annulee(row, le=tx.maintenant))
    await prevenir(tx, row, "session_annulee")
    return True


async def prevenir(tx: Writing, candidature: m.Candidature, gabarit: str) -> None:
    """Write to who made a candidature, unless a partner brought it."""
    if candidature.auteur_id is not None:
        await annoncer(tx, gabarit, candidature.auteur_id, candidature_id=candidature.id)
