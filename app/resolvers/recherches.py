"""Saved searches: each keeps its own."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain.recherches import Profil, enregistrer, regler, renommer
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Viewer, split
from app.reading.fields import Tri, liste
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.recherches import (
    EnregistrerRechercheInput,
    RechercheEnregistree,
    RecherchePayload,
    criteres_de,
)
from app.writing import Writing


def profil_de(tx: Writing) -> Profil:
    """Out: under which profile who asks will be told; a lent role, which ends by itself, tells nothing afterwards."""
    match tx.viewer:
        case Viewer(structure_id=structure, droit_accorde_id=int(), profil=profil):
            return Profil(structure, m.Droit[split(profil)[0].upper()])
    return Profil()


LES_SIENNES = Compare(("compte_id",), "=", Ref("moi"))


@strawberry.type
class RechercheQuery:
    """The saved searches of who asks."""

    recherches_enregistrees: list[RechercheEnregistree] = liste(
        m.RechercheEnregistree,
        "Vos recherches enregistrées.",
        ordre=Tri(m.RechercheEnregistree.cree_le),
        entiere=True,
    )


@strawberry.type
class RechercheMutation:
    """The acts on saved searches."""

    @verbe("Enregistrer une recherche d'offre, pour la retrouver.")
    async def enregistrer_recherche(self, info: Info, entree: EnregistrerRechercheInput) -> RecherchePayload:
        """Keep a search (R-048)."""

        async def acte(tx: Writing) -> Written:
            await tx.seul("recherches", tx.moi)
            deja = len(await tx.know(m.RechercheEnregistree, LES_SIENNES, moi=tx.moi))
            recherche = enregistrer(
                tx.moi,
                profil_de(tx),
                entree.nom,
                criteres_de(entree.recherche),
                deja=deja,
                le=tx.maintenant,
                frequence=entree.frequence,
            )
            await tx.ajouter(recherche, pour="creer")
            return {m.RechercheEnregistree: recherche.id}

        return await faire(info, acte)

    @verbe("Renommer une de ses recherches.")
    async def renommer_recherche(self, info: Info, id: strawberry.ID, nom: str) -> RecherchePayload:
        """Give another name to a search."""

        async def acte(tx: Writing) -> Written:
            recherche = await tx.take(
                m.RechercheEnregistree, cle(id, "RechercheEnregistree"), pour="modifier"
            )
            renommer(recherche, nom)
            return {m.RechercheEnregistree: recherche.id}

        return await faire(info, acte)

    @verbe("Être prévenu par courriel de ce qui est nouveau dans une de ses recherches, ou ne plus l'être.")
    async def regler_alerte(
        self, info: Info, id: strawberry.ID, frequence: m.FrequenceAlerte
    ) -> RecherchePayload:
        """Say how often to write about it."""

        async def acte(tx: Writing) -> Written:
            recherche = await tx.take(
                m.RechercheEnregistree, cle(id, "RechercheEnregistree"), pour="modifier"
            )
            regler(recherche, profil_de(tx), frequence, le=tx.maintenant)
            return {m.RechercheEnregistree: recherche.id}

        return await faire(info, acte)

    @verbe("Supprimer une de ses recherches.")
    async def supprimer_recherche(self, info: Info, id: strawberry.ID) -> RecherchePayload:
        """Forget a search."""

        async def acte(tx: Writing) -> Written:
            recherche = await tx.take(
                m.RechercheEnregistree, cle(id, "RechercheEnregistree"), pour="supprimer"
            )
            await tx.retirer(recherche)
            return {}

        return await faire(info, acte)
