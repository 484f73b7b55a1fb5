"""Asking for a NIR, writing it, reading it, deleting it (R-116, C-22). Encrypted before it is anywhere near the base."""

from __future__ import annotations

from typing import Any

import strawberry

from app import models as m
from app.domain import nir as d
from app.domain.conservation import identifiee
from app.domain.empechements import Empeche
from app.kit.conditions import Compare, Ref
from app.kit.trousseau import Trousseau
from app.resolvers.courriels import annoncer
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.candidats_actes import CandidatPayload
from app.schema.nir import LireNirPayload
from app.writing import Writing

DU_CANDIDAT = Compare(("candidat_id",), "=", Ref("le_candidat"))


@strawberry.type
class NirMutation:
    """The acts on the NIR of a candidat."""

    @verbe(
        "Demander le numéro de sécurité sociale d'une personne à un compte, qui est prévenu par e-mail et pourra"
        " l'écrire. Fermé sauf si le déploiement y est autorisé."
    )
    async def demander_nir(
        self, info: Info, candidat: strawberry.ID, compte: strawberry.ID
    ) -> CandidatPayload:
        """Ask an account (R-116): the mail says that something is asked, and of which reference; it asks for no answer."""

        async def acte(tx: Writing) -> Written:
            ouvert(info)
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="demander_nir")
            identifiee(row)
            qui = await tx.take(m.Compte, cle(compte, "Compte"), pour="lire")
            tx.record(d.demander(row, qui))
            await annoncer(tx, "nir_demande", qui.id, candidat_id=row.id)
            return {m.Candidat: row.id}

        return await faire(info, acte)

    @verbe("Écrire le numéro de sécurité sociale demandé ; il est chiffré, et ne se relit pas.")
    async def ecrire_nir(self, info: Info, candidat: strawberry.ID, nir: str) -> CandidatPayload:
        """Write a NIR; somebody else's is a duplicate of the person (R-095)."""

        async def acte(tx: Writing) -> Written:
            trousseau = ouvert(info)
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="ecrire_nir")
            identifiee(row)
            await garder(tx, row, d.nir_valide(nir), trousseau)
            row.nir_demande_a_id = None
            tx.record(d.NirEcrit(row.id, trousseau.active))
            return {m.Candidat: row.id}

        return await faire(info, acte)

    @verbe(
        "Lire le numéro de sécurité sociale d'une personne ; le motif et la lecture sont notés au journal."
    )
    async def lire_nir(self, info: Info, candidat: strawberry.ID, motif: d.MotifLectureNir) -> LireNirPayload:
        """Show a NIR, once, for a reason (C-22)."""
        faits: dict[str, Any] = {"nir": None}

        async def acte(tx: Writing) -> Written:
            trousseau = ouvert(info)
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="lire_nir")
            garde = await garde_de(tx, row)
            faits["nir"] = trousseau.dechiffrer(garde.cle, garde.chiffre, row.id)
            tx.record(d.NirLu(row.id, str(motif)))
            return {}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Supprimer le numéro de sécurité sociale d'une personne : il a servi, ou n'aurait pas dû être gardé."
    )
    async def retirer_nir(self, info: Info, candidat: strawberry.ID) -> CandidatPayload:
        """Delete a NIR, even where it is no longer collected."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="lire_nir")
            await tx.retirer(tx.part(row, await garde_de(tx, row)))
            tx.record(d.NirRetire(row.id))
            return {m.Candidat: row.id}

        return await faire(info, acte)


def ouvert(info: Info) -> Trousseau:
    """Out: the keys of this deployment. Raises Empeche(NIR_NON_RECUEILLI) where it has none: off by default (C-22)."""
    trousseau = info.context.trousseau
    if trousseau is None:
        raise Empeche([d.NirNonRecueilli()])
    return trousseau


async def garde_de(tx: Writing, candidat: m.Candidat) -> m.NirCandidat:
    """Out: what is kept of the NIR of a person in hand. Raises Empeche(NIR_ABSENT)."""
    gardes = await tx.know(m.NirCandidat, DU_CANDIDAT, le_candidat=candidat.id)
    if not gardes:
        raise Empeche([d.NirAbsent()])
    return gardes[0]


async def garder(tx: Writing, candidat: m.Candidat, nir: str, trousseau: Trousseau) -> None:
    """Keep a NIR, in the place of the one that was there."""
    nom, chiffre = trousseau.chiffrer(nir, candidat.id)
    gardes = await tx.know(m.NirCandidat, DU_CANDIDAT, le_candidat=candidat.id)
    garde = gardes[0] if gardes else m.NirCandidat(candidat_id=candidat.id)
    garde.cle, garde.chiffre, garde.index_aveugle = nom, chiffre, trousseau.empreinte(nir)
    tx.part(candidat, garde)
