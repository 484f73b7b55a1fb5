"""The members of a structure: who asks to join it, who decides, who gives them their droits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry

from app import models as m
from app.domain import affiliations as a
from app.domain import droits as d
from app.kit.conditions import Compare, Ref, all_of
from app.reading.fields import page
from app.resolvers.courriels import annoncer, annoncer_a
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.affiliations import (
    AffiliationConnection,
    AffiliationPayload,
    FiltreAffiliations,
    TriAffiliations,
)
from app.schema.structures_actes import StructurePayload
from app.writing import Writing

MIENNES = Compare(("compte_id",), "=", Ref("moi"))
REFERENTS = all_of(
    [
        Compare(("structure_id",), "=", Ref("structure")),
        Compare(("etat",), "=", "acceptee"),
        Compare(("est_referent",), "=", True),
    ]
)
GESTIONNAIRES = all_of(
    [Compare(("droit",), "=", "gestionnaire"), Compare(("affiliation", "etat"), "=", "acceptee")]
)


@strawberry.type
class AffiliationQuery:
    """The root fields about affiliations."""

    affiliations: AffiliationConnection = page(
        m.Affiliation,
        "Les affiliations que vous pouvez lire : les vôtres, et celles des membres de votre structure.",
        ordre=TriAffiliations,
        filtre=FiltreAffiliations,
    )


@strawberry.type
class AffiliationMutation:
    """The acts on affiliations and droits."""

    @verbe("Demander à rejoindre une structure. Ses référents répondent ; Cap Métiers si elle n'en a pas.")
    async def demander_affiliation(self, info: Info, structure: strawberry.ID) -> AffiliationPayload:
        """Ask to join a structure (R-010)."""

        async def acte(tx: Writing) -> Written:
            await tx.hold(m.Compte, tx.moi)  # two requests at once are asked one after the other
            row = await tx.take(m.Structure, cle(structure, "Structure"), pour="demander_affiliation")
            return {m.Affiliation: (await demandee(tx, row)).id}

        return await faire(info, acte)

    @verbe("Accepter une demande de rattachement. Le membre n'a encore aucun droit : ajoutez-les ensuite.")
    async def accepter_affiliation(self, info: Info, affiliation: strawberry.ID) -> AffiliationPayload:
        """Accept a request (R-006, R-007, R-023)."""

        async def acte(tx: Writing) -> Written:
            key = cle(affiliation, "Affiliation")
            await tenir_la_structure(tx, key)
            row = await tx.take(m.Affiliation, key, pour="valider", avec=("structure",))
            fait, beneficiaire = a.accepter(row, row.structure, par=tx.moi, le=tx.maintenant)
            tx.part(row, m.DroitAccorde(**beneficiaire))
            tx.record(fait)
            await prevenir(tx, row, "affiliation_acceptee")
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Refuser une demande de rattachement.")
    async def refuser_affiliation(self, info: Info, affiliation: strawberry.ID) -> AffiliationPayload:
        """Refuse a request (R-023)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="refuser")
            tx.record(a.refuser_demande(row, par=tx.moi, le=tx.maintenant))
            await prevenir(tx, row, "affiliation_refusee")
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe(
        "Détacher un compte de la structure. Ses jetons y meurent ; ses candidatures restent, aux niveaux 3."
    )
    async def detacher(self, info: Info, affiliation: strawberry.ID) -> AffiliationPayload:
        """Detach somebody, from this structure only (R-027, R-028)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="detacher")
            async with alerter_sans_referent(tx, row):
                tx.record(a.detacher(row))
            await prevenir(tx, row, "compte_detache")
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Faire d'un membre un référent de sa structure.")
    async def nommer_referent(self, info: Info, affiliation: strawberry.ID) -> AffiliationPayload:
        """Make a référent (R-006)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="nommer_referent")
            tx.record(a.nommer_referent(row))
            await prevenir(tx, row, "referent_nomme")
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Retirer à un membre le rôle de référent ; il garde ses droits.")
    async def retirer_referent(self, info: Info, affiliation: strawberry.ID) -> AffiliationPayload:
        """Make it a référent no more (R-006)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="retirer_referent")
            async with alerter_sans_referent(tx, row):
                tx.record(a.retirer_referent(row))
            await prevenir(tx, row, "referent_retire")
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Exporter la liste des membres : laisse une trace, puis se télécharge à « /exports/membres.csv ».")
    async def exporter_membres(self, info: Info, structure: strawberry.ID) -> StructurePayload:
        """Note that the list of the members leaves (R-030)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Structure, cle(structure, "Structure"), pour="exporter_membres")
            tx.record(a.MembresExportes(row.id))
            return {m.Structure: row.id}

        return await faire(info, acte)

    @verbe("Ajouter un droit à un membre ; un seul par famille (organisme de formation, prescripteur).")
    async def ajouter_droit(
        self, info: Info, affiliation: strawberry.ID, droit: m.Droit
    ) -> AffiliationPayload:
        """Grant a droit (R-020, R-025, C-29)."""

        async def acte(tx: Writing) -> Written:
            await tenir_la_structure(tx, cle(affiliation, "Affiliation"))
            row = await avec_ses_droits(tx, affiliation)
            colonnes = d.ajouter(row, droit, par=tx.moi, le=tx.maintenant)
            accorde = await tx.creer(m.DroitAccorde, pour="ajouter", **colonnes)
            d.verifier_genre(droit, row.structure)
            tx.record(d.ajoute(accorde))
            await prevenir(tx, row, "droit_ajoute", droit=str(droit))
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Retirer un droit à un membre. Les jetons qui agissaient sous ce profil ne valent plus rien.")
    async def retirer_droit(
        self, info: Info, affiliation: strawberry.ID, droit: m.Droit
    ) -> AffiliationPayload:
        """Take a droit back (R-020, R-025)."""

        async def acte(tx: Writing) -> Written:
            row = await avec_ses_droits(tx, affiliation)
            accorde = await tx.take(m.DroitAccorde, d.accorde(row.droits, droit).id, pour="retirer")
            tx.record(d.retire(accorde))
            await tx.retirer(accorde)
            await prevenir(tx, row, "droit_retire", droit=str(droit))
            return {m.Affiliation: row.id}

        return await faire(info, acte)


async def avec_ses_droits(tx: Writing, affiliation: strawberry.ID) -> m.Affiliation:
    """Out: an affiliation that the viewer reads, locked, with its structure and its droits."""
    key = cle(affiliation, "Affiliation")
    return await tx.take(m.Affiliation, key, pour="lire", avec=("droits", "structure"))


async def demandee(tx: Writing, structure: m.Structure) -> m.Affiliation:
    """Out: the request of whoever asks to join this structure; those who decide are told (R-006, R-007, R-010)."""
    miennes = await tx.know(m.Affiliation, MIENNES)
    colonnes = a.demander(structure, miennes, compte_id=tx.moi, le=tx.maintenant)
    row = await tx.creer(m.Affiliation, pour="demander", **colonnes)
    tx.record(a.demandee(row))
    await annoncer_a(tx, "affiliation_demandee", await qui_decide(tx, structure.id), affiliation_id=row.id)
    return row


async def qui_decide(tx: Writing, structure_id: int) -> list[int]:
    """Out: the accounts that answer to the requests made to a structure: its référents, or the gestionnaires."""
    referents = await tx.know(m.Affiliation, REFERENTS, structure=structure_id)
    if referents:
        return [referent.compte_id for referent in referents]
    return await gestionnaires(tx)


async def gestionnaires(tx: Writing) -> list[int]:
    """Out: the accounts of the gestionnaires."""
    return [accorde.compte_id for accorde in await tx.know(m.DroitAccorde, GESTIONNAIRES)]


@asynccontextmanager
async def alerter_sans_referent(tx: Writing, row: m.Affiliation) -> AsyncIterator[None]:
    """Around an act that may leave a structure without a référent: if it does, the other gestionnaires are told."""
    avant = (await tx.hold(m.Structure, row.structure_id)).a_un_referent
    yield
    await tx.ecrire()
    if avant and not await tx.know(m.Affiliation, REFERENTS, structure=row.structure_id):
        autres = [compte for compte in await gestionnaires(tx) if compte != tx.moi]
        await annoncer_a(tx, "structure_sans_referent", autres, structure_id=row.structure_id)


async def tenir_la_structure(tx: Writing, affiliation_id: int) -> None:
    """Lock the structure of an affiliation that the viewer reads: two first members do not both become its référent
    (R-006), and its kinds do not change while a droit is given (R-042)."""
    row = await tx.take(m.Affiliation, affiliation_id, pour="lire")
    await tx.hold(m.Structure, row.structure_id)


async def prevenir(tx: Writing, row: m.Affiliation, gabarit: str, **sujets: str) -> None:
    """Write to the person whose affiliation this is, unless that is who acts."""
    if row.compte_id != tx.moi:
        await annoncer(tx, gabarit, row.compte_id, affiliation_id=row.id, **sujets)
