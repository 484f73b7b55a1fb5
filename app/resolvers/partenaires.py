"""Partners' programs: made, granted scopes, given keys, renewed, closed (C-32)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry

from app import models as m
from app.domain import partenaires as d
from app.kit import crypto
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Anonymous
from app.reading.fields import Tri, liste
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.partenaires import (
    CleDonneePayload,
    ClePayload,
    CreerPartenaireInput,
    Partenaire,
    PartenairePayload,
)
from app.writing import Writer, Writing

CETTE_CLE: TypeAlias = Annotated[strawberry.ID, strawberry.argument(name="cle", description="La clé.")]
DU_COMPTE = Compare(("compte_id",), "=", Ref("compte"))


@strawberry.type
class PartenaireQuery:
    """The root fields about partners."""

    partenaires: list[Partenaire] = liste(
        m.CompteMachine,
        "Les programmes des partenaires, pour un gestionnaire.",
        ordre=Tri(m.CompteMachine.cree_le, descendant=True),
        entiere=True,
    )


@strawberry.type
class PartenaireMutation:
    """The acts of gestionnaires on partners."""

    @verbe("Créer le compte du programme d'un partenaire. Une clé lui sera donnée pour chaque portée.")
    async def creer_partenaire(self, info: Info, entree: CreerPartenaireInput) -> PartenairePayload:
        """Make the account of a program; nobody signs in to it."""

        async def acte(tx: Writing) -> Written:
            adresse = (
                f"{secrets.token_hex(8)}@partenaire.invalid"  # an account has one; nobody reads this one
            )
            colonnes = d.nouveau_compte(entree.libelle, adresse, le=tx.maintenant)
            d.verifier_portees(entree.portees)
            compte = await tx.creer(m.Compte, pour="creer", **colonnes)
            accorde = d.nouveau_partenaire(compte, entree.portees, par=tx.moi, le=tx.maintenant)
            row = await tx.creer(m.CompteMachine, pour="creer", **accorde)
            tx.record(d.cree(row))
            return {m.CompteMachine: row.id}

        return await faire(info, acte)

    @verbe("Changer les portées d'un partenaire. Les clés d'une portée retirée ne valent plus rien.")
    async def modifier_portees(
        self, info: Info, partenaire: strawberry.ID, portees: list[m.Portee]
    ) -> PartenairePayload:
        """Grant these scopes, and no other."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.CompteMachine, cle(partenaire, "Partenaire"), pour="modifier")
            tx.record(d.changer_portees(row, portees))
            return {m.CompteMachine: row.id}

        return await faire(info, acte)

    @verbe("Révoquer un partenaire : aucune de ses clés ne vaut plus rien.")
    async def revoquer_partenaire(self, info: Info, partenaire: strawberry.ID) -> PartenairePayload:
        """Close the account of a program, for good."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.CompteMachine, cle(partenaire, "Partenaire"), pour="revoquer")
            tx.record(d.fermer(row, le=tx.maintenant))
            return {m.CompteMachine: row.id}

        return await faire(info, acte)

    @verbe("Donner à un partenaire une clé pour une de ses portées. Elle n'est montrée qu'ici.")
    async def donner_cle(
        self, info: Info, partenaire: strawberry.ID, portee: m.Portee, jours: int = 365
    ) -> CleDonneePayload:
        """Give a key, for so many days."""

        async def acte(tx: Writing, prouve: dict[str, Any]) -> m.Jeton:
            row = await tx.take(m.CompteMachine, cle(partenaire, "Partenaire"), pour="lire")
            colonnes = d.nouvelle_cle(row, portee, jours, le=tx.maintenant)
            jeton = await tx.creer(m.Jeton, pour="creer", **colonnes, **prouve)
            tx.record(d.donnee(jeton))
            return jeton

        return await donner(info, acte)

    @verbe("Renouveler une clé : une autre la remplace, et l'ancienne vaut encore quelques jours.")
    async def renouveler_cle(
        self, info: Info, ancienne: CETTE_CLE, jours: int = 365, recouvrement: int = 7
    ) -> CleDonneePayload:
        """Give another key of the same scope; both serve for a while."""

        async def acte(tx: Writing, prouve: dict[str, Any]) -> m.Jeton:
            avant = await tx.take(m.Jeton, cle(ancienne, "ClePartenaire"), pour="revoquer")
            [row] = await tx.know(m.CompteMachine, DU_COMPTE, compte=avant.compte_id)
            d.remplacer(avant, recouvrement, le=tx.maintenant)
            colonnes = d.nouvelle_cle(row, avant.portee or "", jours, le=tx.maintenant)
            jeton = await tx.creer(m.Jeton, pour="creer", **colonnes, **prouve)
            tx.record(d.renouvelee(jeton, avant))
            return jeton

        return await donner(info, acte)

    @verbe("Révoquer une clé : elle ne vaut plus rien dans la seconde.")
    async def revoquer_cle(self, info: Info, revoquee: CETTE_CLE) -> ClePayload:
        """End a key."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Jeton, cle(revoquee, "ClePartenaire"), pour="revoquer")
            tx.record(d.revoquer(row, le=tx.maintenant))
            return {m.Jeton: row.id}

        return await faire(info, acte)


async def donner(info: Info, acte: Callable[[Writing, dict[str, Any]], Awaitable[m.Jeton]]) -> Any:
    """Run an act that gives a key. Out: the payload, where its text is shown once; a fingerprint of it is kept."""
    texte, prefixe = crypto.new_key()
    prouve = {"empreinte": crypto.fingerprint(texte), "prefixe": prefixe}

    async def entier(tx: Writing) -> Written:
        return {m.Jeton: (await acte(tx, prouve)).id}

    return await faire(info, entier, faits={"secret": texte})


def usage_note(writer: Writer) -> Callable[[int, datetime], Awaitable[None]]:
    """Out: what writes down that a key has just served."""

    async def noter(jeton_id: int, le: datetime) -> None:
        async with writer.writing(Anonymous(), le, sans_decision="usage") as tx:
            jeton = await tx.hold(m.Jeton, jeton_id)
            jeton.vu_le = le

    return noter
