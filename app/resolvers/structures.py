"""Structures: finding them, declaring, deciding, changing."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import structures as d
from app.domain.droits import verifier_genres
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Viewer
from app.reading.fields import page, par_id
from app.resolvers.courriels import annoncer
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.structures import RechercheStructures, Structure, StructureConnection, TriStructures
from app.schema.structures_actes import (
    DeclarerStructureInput,
    DemandeModificationConnection,
    DemandeModificationPayload,
    DemanderModificationInput,
    FiltreDemandes,
    ModifierStructureInput,
    StructurePayload,
    TriDemandes,
)
from app.writing import Writing

DEMANDES_EN_ATTENTE = all_of(
    [Compare(("structure_id",), "=", Ref("structure")), Compare(("etat",), "=", "en_attente")]
)

DROITS_DES_MEMBRES = all_of(
    [Compare(("structure_id",), "=", Ref("structure")), Compare(("affiliation", "etat"), "=", "acceptee")]
)


@strawberry.type
class StructureQuery:
    """The root fields about structures."""

    structure: Structure | None = par_id(m.Structure, "Une structure.")
    structures: StructureConnection = page(
        m.Structure, "Les structures.", ordre=TriStructures, filtre=RechercheStructures
    )
    demandes_modification: DemandeModificationConnection = page(
        m.DemandeModification,
        "Les demandes de modification que vous pouvez lire : celles de votre structure si vous en êtes référent.",
        ordre=TriDemandes,
        filtre=FiltreDemandes,
    )


@strawberry.type
class StructureMutation:
    """The acts on structures."""

    @verbe("Déclarer une structure qui n'est pas dans la liste. Cap Métiers la valide avant qu'elle serve.")
    async def declarer_structure(self, info: Info, entree: DeclarerStructureInput) -> StructurePayload:
        """Declare it (R-005)."""

        async def acte(tx: Writing) -> Written:
            return {m.Structure: (await declaree(tx, saisie(entree))).id}

        return await faire(info, acte)

    @verbe("Valider une structure déclarée.")
    async def valider_structure(self, info: Info, structure: strawberry.ID) -> StructurePayload:
        """Accept it (R-005)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Structure, cle(structure, "Structure"), pour="valider")
            tx.record(d.valider(row))
            await prevenir_declarant(tx, row, "structure_validee")
            return {m.Structure: row.id}

        return await faire(info, acte)

    @verbe("Refuser une structure déclarée ; les demandes de rattachement qui la visaient le sont aussi.")
    async def refuser_structure(self, info: Info, structure: strawberry.ID) -> StructurePayload:
        """Refuse it (R-005)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Structure, cle(structure, "Structure"), pour="refuser")
            demandes = await tx.know(m.Affiliation, DEMANDES_EN_ATTENTE, structure=row.id)
            parts = [tx.part(row, demande) for demande in demandes]
            tx.record(d.refuser_structure(row, parts, par=tx.moi, le=tx.maintenant))
            await prevenir_declarant(tx, row, "structure_refusee")
            return {m.Structure: row.id}

        return await faire(info, acte)

    @verbe("Corriger la fiche d'une structure.")
    async def modifier_structure(self, info: Info, entree: ModifierStructureInput) -> StructurePayload:
        """Change the fiche (R-031)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Structure, cle(entree.structure, "Structure"), pour="modifier")
            fait = d.modifier(row, saisie(entree, sauf=("structure",)))
            if set(fait.champs) & set(d.GENRES):
                verifier_genres(row, await tx.know(m.DroitAccorde, DROITS_DES_MEMBRES, structure=row.id))
            tx.record(fait)
            return {m.Structure: row.id}

        return await faire(info, acte)

    @verbe("Demander, comme référent, une correction de la fiche de sa structure.")
    async def demander_modification_structure(
        self, info: Info, entree: DemanderModificationInput
    ) -> DemandeModificationPayload:
        """Ask for a change (R-031)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Structure, cle(entree.structure, "Structure"), pour="demander_modification")
            voulu = saisie(entree, sauf=("structure", "motif"))
            colonnes = d.demander_modification(row, voulu, motif=entree.motif, par=tx.moi, le=tx.maintenant)
            demande = await tx.creer(m.DemandeModification, pour="creer", **colonnes)
            tx.record(d.demandee(demande))
            return {m.DemandeModification: demande.id}

        return await faire(info, acte)

    @verbe("Appliquer une demande de modification : la fiche prend ce qui est demandé.")
    async def appliquer_modification_structure(
        self, info: Info, demande: strawberry.ID
    ) -> DemandeModificationPayload:
        """Apply a request (R-031)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.DemandeModification, cle(demande, "DemandeModification"), pour="decider")
            structure = await tx.take(m.Structure, row.structure_id, pour="modifier")
            tx.record(d.appliquer(row, structure, par=tx.moi, le=tx.maintenant))
            await annoncer(tx, "modification_appliquee", row.auteur_id, structure_id=row.structure_id)
            return {m.DemandeModification: row.id}

        return await faire(info, acte)

    @verbe("Refuser une demande de modification, en disant pourquoi.")
    async def refuser_modification_structure(
        self, info: Info, demande: strawberry.ID, motif: str
    ) -> DemandeModificationPayload:
        """Refuse a request (R-031)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.DemandeModification, cle(demande, "DemandeModification"), pour="decider")
            tx.record(d.refuser_modification(row, motif=motif, par=tx.moi, le=tx.maintenant))
            await annoncer(tx, "modification_refusee", row.auteur_id, structure_id=row.structure_id)
            return {m.DemandeModification: row.id}

        return await faire(info, acte)


async def declaree(tx: Writing, fiche: dict[str, object]) -> m.Structure:
    """Out: a new structure, declared by whoever asks, or by nobody that we know."""
    par = tx.viewer.compte_id if isinstance(tx.viewer, Viewer) else None
    row = await tx.creer(m.Structure, pour="declarer", **d.declarer(fiche, par=par, le=tx.maintenant))
    tx.record(d.StructureDeclaree(row.id))
    return row


async def prevenir_declarant(tx: Writing, structure: m.Structure, gabarit: str) -> None:
    """Write to who declared the structure, if that was an account."""
    if structure.declaree_par_id is not None:
        await annoncer(tx, gabarit, structure.declaree_par_id, structure_id=structure.id)
