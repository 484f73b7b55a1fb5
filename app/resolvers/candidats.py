"""Finding, creating and reading candidats."""

from __future__ import annotations

from typing import Any

import strawberry

from app import models as m
from app.domain import candidats as d
from app.domain.calendrier import jour_de_paris
from app.domain.candidats_faits import CandidatCree
from app.domain.references import reference_candidat
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Viewer
from app.reading.fields import par_cle
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.candidats import Candidat
from app.schema.candidats_actes import (
    CandidatPayload,
    CreerCandidatInput,
    ModifierCandidatInput,
    RechercherCandidatInput,
    RechercherCandidatPayload,
)
from app.writing import Writing


@strawberry.type
class CandidatQuery:
    """The root fields about candidats."""

    candidat: Candidat | None = par_cle(
        m.Candidat.reference,
        "Un candidat par sa référence ; celle d'une fiche qu'une fusion a absorbée mène à la fiche qui reste.",
        argument="reference",
        sinon=m.Candidat.references_absorbees,
    )


@strawberry.type
class CandidatMutation:
    """The acts on candidats."""

    @verbe("Rechercher une personne dans l'annuaire : exactement, et chaque recherche laisse une trace.")
    async def rechercher_candidat(
        self, info: Info, entree: RechercherCandidatInput
    ) -> RechercherCandidatPayload:
        """Search the directory (R-081 to R-083, C-28); a mutation: it opens an access and is logged."""

        async def acte(tx: Writing) -> Written:
            criteres = d.criteres(saisie(entree))
            trouves = await tx.know(m.Candidat, d.CORRESPOND, **criteres.valeurs())
            structure_id = ma_structure_id(tx)
            recherche, fait = d.noter_recherche(
                criteres,
                nb_trouves=len(trouves),
                compte_id=tx.moi,
                structure_id=structure_id,
                le=tx.maintenant,
            )
            await tx.ajouter(recherche, pour="creer")
            for candidat in trouves if structure_id else []:
                acces = d.ouvrir_acces(
                    candidat, compte_id=tx.moi, structure_id=structure_id or 0, le=tx.maintenant
                )
                tx.part(recherche, acces)
            tx.record(fait)
            return {m.Candidat: [candidat.id for candidat in trouves]}

        return await faire(info, acte)

    @verbe("Inscrire dans l'annuaire une personne qu'une recherche n'a pas trouvée.")
    async def creer_candidat(self, info: Info, entree: CreerCandidatInput) -> CandidatPayload:
        """Enrol a new candidat (R-081, R-088, R-095)."""

        async def acte(tx: Writing) -> Written:
            fiche = saisie(entree)
            colonnes = d.creer(
                fiche,
                reference=await nouvelle_reference(tx),
                recherches=await tx.know(m.RechercheCandidat, Compare(("compte_id",), "=", Ref("moi"))),
                existants=await homonymes_a_creer(tx, fiche),
                compte_id=tx.moi,
                structure_id=ma_structure_id(tx),
                le=tx.maintenant,
            )
            candidat = await tx.creer(m.Candidat, pour="creer", **colonnes)
            tx.record(CandidatCree(candidat.id))
            return {m.Candidat: candidat.id}

        return await faire(info, acte)

    @verbe("Modifier la fiche d'un candidat.")
    async def modifier_candidat(self, info: Info, entree: ModifierCandidatInput) -> CandidatPayload:
        """Change the fiche (R-085)."""

        async def acte(tx: Writing) -> Written:
            candidat = await tx.take(m.Candidat, cle(entree.candidat, "Candidat"), pour="modifier")
            champs = saisie(entree, sauf=("candidat",))
            existants = await homonymes(tx, d.fiche(candidat) | champs)
            tx.record(d.modifier(candidat, champs, existants=existants, le=tx.maintenant))
            return {m.Candidat: candidat.id}

        return await faire(info, acte)


async def homonymes_a_creer(tx: Writing, fiche: dict[str, Any]) -> list[m.Candidat]:
    """Out: the same, before a creation: two that come at once for one person are one after the other (R-095)."""
    if identite := d.criteres_de(fiche).identite():
        await tx.seul("candidat", *identite)
    return await homonymes(tx, fiche)


async def homonymes(tx: Writing, fiche: dict[str, Any]) -> list[m.Candidat]:
    """Out: who is already known under one of the identifiers, or the identity, of this fiche."""
    return await tx.know(m.Candidat, d.CORRESPOND, **d.criteres_de(fiche).valeurs())


def ma_structure_id(tx: Writing) -> int | None:
    """Out: the structure of the active profile."""
    return tx.viewer.structure_id if isinstance(tx.viewer, Viewer) else None


async def nouvelle_reference(tx: Writing) -> str:
    """Out: the reference of a new candidat (R-087)."""
    return reference_candidat(jour_de_paris(tx.maintenant).year, await tx.numero("numero_candidat"))
