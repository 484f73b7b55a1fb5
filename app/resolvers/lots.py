"""« Gestion par lot » (R-152): many candidatures in one mutation, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from app import models as m
from app.domain.candidatures_closes import refuser_session_complete, reporter_point
from app.domain.empechements import Empeche, NonTrouve
from app.domain.lots import PAR_LOT, TropDeCandidatures
from app.reading.formats import encode_id
from app.resolvers.avis import convoque, note, rend
from app.resolvers.candidatures import prise, valide
from app.resolvers.courriels import promettre_resultat
from app.resolvers.sessions_fins import QUI_ATTENDENT_UN_AVIS
from app.resolvers.verbs import Acte, Info, Written, cle, isole, repondre, verbe
from app.schema.candidatures_actes import (
    ConvoquerParLotInput,
    LotPayload,
    NoterConvocationInput,
    RendreAvisInput,
    ResultatDuLot,
)
from app.schema.empechements import Empechement as Dit
from app.writing import Writing

Lot = Sequence[tuple[strawberry.ID, Acte]]


@strawberry.type
class LotMutation:
    """The acts on many candidatures, and those that end one without an avis."""

    @verbe("Valider plusieurs candidatures, deux cents au plus : chacune à part.")
    async def valider_candidatures(self, info: Info, candidatures: list[strawberry.ID]) -> LotPayload:
        """Validate many (R-103, R-152)."""
        return await par_lot(info, [(id, valide(id)) for id in dict.fromkeys(candidatures)])

    @verbe("Donner le même rendez-vous à plusieurs candidats, deux cents au plus : chacun à part.")
    async def convoquer_par_lot(self, info: Info, entree: ConvoquerParLotInput) -> LotPayload:
        """Convene many (R-152, R-156)."""
        return await par_lot(info, [(id, convoque(id, entree)) for id in dict.fromkeys(entree.candidatures)])

    @verbe("Noter ce qu'il est advenu de plusieurs rendez-vous, deux cents au plus : chacun à part.")
    async def noter_convocations(self, info: Info, entrees: list[NoterConvocationInput]) -> LotPayload:
        """Note many (R-152, R-156)."""
        return await par_lot(info, [(entree.candidature, note(entree)) for entree in entrees])

    @verbe("Rendre plusieurs avis de recrutement, deux cents au plus : chacun à part, et pour de bon.")
    async def rendre_avis_par_lot(self, info: Info, entrees: list[RendreAvisInput]) -> LotPayload:
        """Give many avis (R-152, R-155)."""
        return await par_lot(info, [(entree.candidature, rend(entree, info)) for entree in entrees])

    @verbe("Reporter des candidatures HSP au point d'entrée qui est maintenant le prochain ; chacune à part.")
    async def reporter_au_point_suivant(self, info: Info, candidatures: list[strawberry.ID]) -> LotPayload:
        """Move to the next entry point (C-25, R-074)."""
        return await par_lot(info, [(id, reporte(id)) for id in dict.fromkeys(candidatures)])

    @verbe(
        "Dire une session complète : les candidatures nommées qui attendent un avis sont refusées ; toutes, si aucune"
        " n'est nommée."
    )
    async def declarer_session_complete(
        self, info: Info, session: strawberry.ID, candidatures: list[strawberry.ID] | None = None
    ) -> LotPayload:
        """Refuse what waits on a full session (R-168, C-10)."""
        try:
            key = cle(session, "Session")
        except Empeche as refus:
            return await refuse(info, [Dit.of(e) for e in refus.empechements])
        nommees = await en_attente(info, key) if candidatures is None else list(dict.fromkeys(candidatures))
        lot = [(id, complete(id, key)) for id in nommees]
        return await par_lot(info, lot, au_plus=None if candidatures is None else PAR_LOT)


def reporte(id: strawberry.ID) -> Acte:
    """Out: the act that moves one to the next entry point (C-25). The session is locked: its places are counted."""

    async def acte(tx: Writing) -> Written:
        row = await prise(tx, id, "reporter_point")
        await tx.hold(m.SessionFormation, row.session_id)
        row = await prise(tx, id, "reporter_point", "session.points_entree")
        tx.record(reporter_point(row, le=tx.maintenant))
        return {m.Candidature: row.id}

    return acte


def complete(id: strawberry.ID, session_id: int) -> Acte:
    """Out: the act that refuses one because its session, this one, is full (R-168)."""

    async def acte(tx: Writing) -> Written:
        row = await prise(tx, id, "refuser", "session")
        if row.session_id != session_id:
            raise Empeche([NonTrouve()])
        tx.record(refuser_session_complete(row, le=tx.maintenant))
        await promettre_resultat(tx, row)
        return {m.Candidature: row.id}

    return acte


async def en_attente(info: Info, session_id: int) -> list[strawberry.ID]:
    """Out: what waits for an avis on a session, and that who asks may refuse."""
    context = info.context
    async with context.writer.knowing(context.moment, context.viewer) as tx:
        keys = await tx.cles(m.Candidature, QUI_ATTENDENT_UN_AVIS, pour="refuser", session=session_id)
    return [strawberry.ID(encode_id("Candidature", key)) for key in keys]


async def par_lot(info: Info, lot: Lot, *, au_plus: int | None = PAR_LOT) -> Any:
    """Out: the payload: each act is done whole or not at all, and says so; none hinders another."""
    if au_plus is not None and len(lot) > au_plus:
        return await refuse(info, [Dit.of(TropDeCandidatures())])
    resultats: list[ResultatDuLot] = []
    ecrites: list[int] = []
    for id, acte in lot:
        written, refus = await isole(info, acte)
        ecrites += written.values()
        resultats.append(ResultatDuLot(id=id, fait=not refus, empechements=refus))
    return await repondre(info, {m.Candidature: ecrites}, resultats=resultats, empechements=[])


async def refuse(info: Info, motifs: list[Dit]) -> Any:
    """Out: the payload of a lot that is refused whole: nothing was tried."""
    return await repondre(info, {m.Candidature: []}, resultats=None, empechements=motifs)
