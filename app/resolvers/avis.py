"""The acts of training organisations on the candidatures of their sessions."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from app import models as m
from app.domain import avis as d
from app.domain import convocations as c
from app.domain.empechements import Empeche, NonTrouve
from app.resolvers.candidatures import prise
from app.resolvers.courriels import promettre_resultat
from app.resolvers.verbs import Acte, Info, Written, faire, verbe
from app.schema.candidatures_actes import (
    CandidaturePayload,
    ConvoquerInput,
    ConvoquerParLotInput,
    CorrigerAvisInput,
    NoterConvocationInput,
    RendreAvisInput,
)
from app.writing import Writing

DOSSIER = ("session", "convocations")


@strawberry.type
class AvisMutation:
    """The acts of training organisations."""

    @verbe("Convoquer la personne à un entretien ou à une information collective ; trois fois au plus.")
    async def convoquer(self, info: Info, entree: ConvoquerInput) -> CandidaturePayload:
        """Convene somebody (R-156, R-157)."""
        return await faire(info, convoque(entree.candidature, entree))

    @verbe(
        "Noter si la personne est venue. Une absence injustifiée, ou une troisième absence, clôt la candidature."
    )
    async def noter_convocation(self, info: Info, entree: NoterConvocationInput) -> CandidaturePayload:
        """Note what came of a convocation (R-156, R-158, R-159)."""
        return await faire(info, note(entree))

    @verbe("Rendre l'avis de recrutement. Il ne se modifie plus.")
    async def rendre_avis(self, info: Info, entree: RendreAvisInput) -> CandidaturePayload:
        """Give the avis, for good (R-155 to R-165)."""
        return await faire(info, rend(entree, info))

    @verbe(
        "Corriger, pour Cap Métiers, un avis rendu par erreur, en disant pourquoi ; le journal en garde la trace."
    )
    async def corriger_avis(self, info: Info, entree: CorrigerAvisInput) -> CandidaturePayload:
        """Correct an avis (C-24)."""

        async def acte(tx: Writing) -> Written:
            candidature = await prise(tx, entree.candidature, "corriger_avis", "avis")
            avis = candidature.avis
            if avis is None:  # an état that says an avis, without one: an old import
                raise Empeche([NonTrouve()])
            tx.part(candidature, avis)
            motif = entree.motif_correction
            tx.record(
                d.corriger(candidature, avis, saisie_avis(entree), motif=motif, par=tx.moi, le=tx.maintenant)
            )
            await faire_suivre(tx, candidature, refus_session_complete=info.context.refus_session_complete)
            return {m.Candidature: candidature.id}

        return await faire(info, acte)


def convoque(id: strawberry.ID, rendez_vous: ConvoquerInput | ConvoquerParLotInput) -> Acte:
    """Out: the act that convenes somebody (R-156, R-157)."""

    async def acte(tx: Writing) -> Written:
        candidature = await prise(tx, id, "convoquer", *DOSSIER)
        convocation, fait = c.convoquer(
            candidature,
            date_rendez_vous=rendez_vous.date_rendez_vous,
            type_convocation=rendez_vous.type_convocation,
            le=tx.maintenant,
        )
        tx.part(candidature, convocation)
        tx.record(fait)
        return {m.Candidature: candidature.id}

    return acte


def note(entree: NoterConvocationInput) -> Acte:
    """Out: the act that notes what came of a convocation (R-156, R-158, R-159)."""

    async def acte(tx: Writing) -> Written:
        candidature = await prise(tx, entree.candidature, "convoquer", *DOSSIER)
        convocation = next((x for x in candidature.convocations if x.numero == entree.numero), None)
        if convocation is None:
            raise Empeche([NonTrouve("entree", "numero")])
        tx.part(candidature, convocation)
        faits, avis = c.noter_resultat(candidature, convocation, resultat=entree.resultat, le=tx.maintenant)
        if avis is not None:
            tx.part(candidature, avis)
        tx.record(*faits)
        await promettre_resultat(tx, candidature)
        return {m.Candidature: candidature.id}

    return acte


def rend(entree: RendreAvisInput, info: Info) -> Acte:
    """Out: the act that gives an avis (R-155 to R-165)."""
    refus_session_complete = info.context.refus_session_complete

    async def acte(tx: Writing) -> Written:
        candidature = await prise(tx, entree.candidature, "rendre_avis", *DOSSIER)
        avis, fait = d.rendre_avis(candidature, saisie_avis(entree), par=tx.moi, le=tx.maintenant)
        tx.part(candidature, avis)
        tx.record(fait)
        await faire_suivre(tx, candidature, refus_session_complete=refus_session_complete)
        return {m.Candidature: candidature.id}

    return acte


async def faire_suivre(tx: Writing, candidature: m.Candidature, *, refus_session_complete: bool) -> None:
    """Hand over what an avis brings about: its author is told; a session that it fills takes no more (C-10, a setting)."""
    await promettre_resultat(tx, candidature)
    if refus_session_complete and candidature.etat is m.EtatCandidature.RETENUE:
        await tx.confier("fermer_session_complete", candidature_id=candidature.id)


def saisie_avis(entree: RendreAvisInput) -> d.SaisieAvis:
    """Out: the form of the avis, as the domain takes it."""
    heures = entree.intensite_hebdomadaire
    return d.SaisieAvis(
        est_retenu=entree.retenu,
        motif=entree.motif,
        raison=entree.raison,
        commentaire=entree.commentaire,
        date_entree_prevue=entree.date_entree_prevue,
        date_sortie_prevue=entree.date_sortie_prevue,
        intensite_hebdomadaire=None if heures is None else Decimal(str(heures)),
    )
