"""Reading candidatures, and the acts of prescripteurs on them."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import candidatures as d
from app.domain.calendrier import jour_de_paris
from app.domain.candidatures_closes import annuler
from app.domain.candidatures_conditions import Situation
from app.domain.empechements import Empeche, NonTrouve
from app.domain.references import reference_candidature
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Viewer
from app.reading.fields import page, par_cle
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.candidatures import Candidature, CandidatureConnection
from app.schema.candidatures_actes import CandidaturePayload, CreerCandidatureInput, ModifierCandidatureInput
from app.schema.candidatures_listes import FiltreCandidatures, TriCandidatures
from app.writing import Writing

SESSION = ("action", "responsable", "formateur", "points_entree")
DU_CANDIDAT = Compare(("candidat_id",), "=", Ref("candidat"))


@strawberry.type
class CandidatureQuery:
    """The root fields about candidatures."""

    candidature: Candidature | None = par_cle(
        m.Candidature.reference, "Une candidature par sa référence.", argument="reference"
    )
    candidatures: CandidatureConnection = page(
        m.Candidature,
        "Les candidatures que vous pouvez lire.",
        ordre=TriCandidatures,
        filtre=FiltreCandidatures,
    )


@strawberry.type
class CandidatureMutation:
    """The acts of prescripteurs."""

    @verbe("Enregistrer un brouillon de candidature, même incomplet ; il se complète plus tard.")
    async def creer_candidature(self, info: Info, entree: CreerCandidatureInput) -> CandidaturePayload:
        """Create a draft (R-092)."""

        async def acte(tx: Writing) -> Written:
            candidat = await tx.take(m.Candidat, cle(entree.candidat, "Candidat"), pour="lire")
            session = await tx.take(
                m.SessionFormation, cle(entree.session, "Session"), pour="candidater", avec=SESSION
            )
            colonnes = d.creer_brouillon(
                reference=await nouvelle_reference(tx),
                session=session,
                candidat=candidat,
                structure=await ma_structure(tx),
                auteur_id=tx.moi,
                le=tx.maintenant,
                saisie=saisie(entree, sauf=("session", "candidat")),
            )
            candidature = await tx.creer(m.Candidature, pour="creer", **colonnes)
            tx.record(d.creee(candidature))
            return {m.Candidature: candidature.id}

        return await faire(info, acte)

    @verbe("Modifier une candidature qui n'est pas encore validée.")
    async def modifier_candidature(self, info: Info, entree: ModifierCandidatureInput) -> CandidaturePayload:
        """Change the form (R-106)."""

        async def acte(tx: Writing) -> Written:
            candidature = await prise(tx, entree.candidature, "modifier")
            champs = saisie(entree, sauf=("candidature",))
            tx.record(d.modifier(candidature, champs, candidat=candidature.candidat, le=tx.maintenant))
            return {m.Candidature: candidature.id}

        return await faire(info, acte)

    @verbe("Mettre à la corbeille une candidature qui n'est pas encore validée.")
    async def supprimer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Put it in the corbeille (R-037)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "supprimer")
            tx.record(d.supprimer(row, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Sortir une candidature de la corbeille : elle redevient un brouillon.")
    async def restaurer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Take it back from the corbeille (C-11)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "restaurer")
            tx.record(d.restaurer(row, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Soumettre une candidature à un prescripteur de niveau 3, qui a quinze jours pour la valider.")
    async def soumettre_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """A N1 hands it to the N3s (R-104)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "soumettre")
            tx.record(d.soumettre(row, contexte=await situation(tx, row), par=tx.moi, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Valider une candidature : elle part chez l'organisme de formation, qui rendra un avis.")
    async def valider_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Validate it (R-103)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "valider")
            tx.record(d.valider(row, contexte=await situation(tx, row), par=tx.moi, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Annuler, définitivement, une candidature qui attend un avis.")
    async def annuler_candidature(
        self, info: Info, candidature: strawberry.ID, motif: str | None = None
    ) -> CandidaturePayload:
        """Cancel it, for good (R-107 to R-111)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "annuler", "session")
            structure_id = tx.viewer.structure_id if isinstance(tx.viewer, Viewer) else None
            tx.record(annuler(row, structure_id=structure_id, le=tx.maintenant, motif=motif))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Recommencer une candidature expirée, annulée ou rejetée, dans un nouveau brouillon.")
    async def dupliquer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Begin again what ended (C-07)."""

        async def acte(tx: Writing) -> Written:
            modele = await prise(tx, candidature, "dupliquer")
            session = await tx.take(m.SessionFormation, modele.session_id, pour="candidater", avec=SESSION)
            colonnes = d.dupliquer(
                modele,
                reference=await nouvelle_reference(tx),
                session=session,
                candidat=modele.candidat,
                structure=await ma_structure(tx),
                auteur_id=tx.moi,
                le=tx.maintenant,
            )
            copie = await tx.creer(m.Candidature, pour="creer", **colonnes)
            tx.record(d.dupliquee(copie, modele))
            return {m.Candidature: copie.id}

        return await faire(info, acte)


async def prise(tx: Writing, id: strawberry.ID, pour: str, *avec: str) -> m.Candidature:
    """Out: the candidature, locked for this permission, its candidat loaded. Raises Empeche."""
    return await tx.take(m.Candidature, cle(id, "Candidature"), pour=pour, avec=("candidat", *avec))


async def situation(tx: Writing, candidature: m.Candidature) -> Situation:
    """Out: what quotas and windows are counted on, under lock: the person, then the session, always in this order."""
    candidat = await tx.hold(m.Candidat, candidature.candidat_id)
    session = await tx.hold(m.SessionFormation, candidature.session_id, avec=SESSION)
    autres = await tx.know(m.Candidature, DU_CANDIDAT, candidat=candidat.id)
    return Situation(session, candidat, autres)


async def ma_structure(tx: Writing) -> m.Structure:
    """Out: the structure of the active profile. Raises Empeche for a viewer who has none."""
    if not isinstance(tx.viewer, Viewer) or tx.viewer.structure_id is None:
        raise Empeche([NonTrouve()])
    [structure] = await tx.know(m.Structure, Compare(("id",), "=", Ref("ma_structure")))
    return structure


async def nouvelle_reference(tx: Writing) -> str:
    """Out: the reference of a new candidature."""
    return reference_candidature(jour_de_paris(tx.maintenant).year, await tx.numero("numero_candidature"))
