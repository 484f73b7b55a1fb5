"""Exchanges with partners: read, sent again, answered."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import echanges as d
from app.domain.candidatures_closes import MotifRejet
from app.domain.empechements import Empeche, NonTrouve
from app.kit.conditions import Compare, Ref
from app.reading.fields import page
from app.resolvers.candidatures_recues import rejetee
from app.resolvers.verbs import EmpecheEtNote, Info, Written, cle, faire, verbe
from app.schema.echanges import (
    EchangeConnection,
    EchangePayload,
    FiltreEchanges,
    RepondreEchangeInput,
    ResultatReponse,
    TriEchanges,
)
from app.writing import Writing

CETTE_CLE = Compare(("cle",), "=", Ref("cette_cle"))


@strawberry.type
class EchangeQuery:
    """The root fields about exchanges."""

    echanges: EchangeConnection = page(
        m.Echange,
        "Les échanges avec les partenaires que vous pouvez lire.",
        ordre=TriEchanges,
        filtre=FiltreEchanges,
    )


@strawberry.type
class EchangeMutation:
    """The acts on exchanges."""

    @verbe("Envoyer de nouveau un message qu'un partenaire n'a pas pris, sous la même clé.")
    async def rejouer_echange(self, info: Info, echange: strawberry.ID) -> EchangePayload:
        """Send a dead letter again (R-118, R-119)."""

        async def acte(tx: Writing) -> Written:
            message = await tx.take(m.Echange, cle(echange, "Echange"), pour="rejouer")
            tx.record(d.rejouer(message))
            await tx.confier("transmettre", verrou=d.verrou(message), echange_id=message.id)
            return {m.Echange: message.id}

        return await faire(info, acte)

    @verbe("Répondre à un message : la candidature est acceptée, ou rejetée, et pourquoi.")
    async def repondre_echange(self, info: Info, entree: RepondreEchangeInput) -> EchangePayload:
        """The answer of a partner; one that comes twice counts once (R-112 to R-114)."""

        async def acte(tx: Writing) -> Written:
            motif, acceptee = entree.motif, entree.resultat is ResultatReponse.ACCEPTEE
            d.verifier_reponse(entree.cle, acceptee=acceptee, motif=motif)
            message = await message_de(tx, entree.message)
            connue = d.cle_de_reponse(message.partenaire, entree.cle)
            if not await tx.know(m.Echange, CETTE_CLE, cette_cle=connue):
                await noter_reponse(tx, message, entree, motif)
            return {m.Echange: message.id}

        return await faire(info, acte)


async def message_de(tx: Writing, cle: str) -> m.Echange:
    """Out: the message of that key, locked, if it may be answered. Raises Empeche."""
    trouves = await tx.know(m.Echange, CETTE_CLE, cette_cle=cle)
    if not trouves:
        raise Empeche([NonTrouve("entree", "message")])
    return await tx.take(m.Echange, trouves[0].id, pour="repondre")


async def noter_reponse(
    tx: Writing, message: m.Echange, entree: RepondreEchangeInput, motif: MotifRejet | None
) -> None:
    """Do what an answer asks, and keep it. One that comes too late is kept too, for a gestionnaire to see."""
    refus: Empeche | None = None
    if motif is not None and message.candidature_id is not None:
        try:
            candidature = await tx.take(m.Candidature, message.candidature_id, pour="rejeter")
            tx.record(await rejetee(tx, candidature, motif, entree.champs))
        except Empeche as empeche:
            refus = empeche
    tx.part(
        message, d.repondre(message, entree.cle, motif=motif, refusee=refus is not None, le=tx.maintenant)
    )
    if refus is not None:
        raise EmpecheEtNote(refus.empechements)
