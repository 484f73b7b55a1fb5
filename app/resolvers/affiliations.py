"""The members of a structure, and who gives them their droits."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import droits as d
from app.reading.fields import page
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.affiliations import (
    AffiliationConnection,
    AffiliationPayload,
    FiltreAffiliations,
    TriAffiliations,
)
from app.writing import Writing


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
    """The acts on droits."""

    @verbe("Ajouter un droit à un membre ; un seul par famille (organisme de formation, prescripteur).")
    async def ajouter_droit(
        self, info: Info, affiliation: strawberry.ID, droit: m.Droit
    ) -> AffiliationPayload:
        """Grant a droit (R-020, R-025, C-29)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="lire", avec=("droits",))
            accorde = await tx.creer(
                m.DroitAccorde, pour="ajouter", **d.ajouter(row, droit, par=tx.moi, le=tx.maintenant)
            )
            await tx.db.refresh(accorde)
            tx.record(d.ajoute(accorde))
            return {m.Affiliation: row.id}

        return await faire(info, acte)

    @verbe("Retirer un droit à un membre. Les jetons qui agissaient sous ce profil ne valent plus rien.")
    async def retirer_droit(
        self, info: Info, affiliation: strawberry.ID, droit: m.Droit
    ) -> AffiliationPayload:
        """Take a droit back (R-020, R-025)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Affiliation, cle(affiliation, "Affiliation"), pour="lire", avec=("droits",))
            accorde = await tx.take(m.DroitAccorde, d.accorde(row.droits, droit).id, pour="retirer")
            tx.record(d.retire(accorde))
            await tx.retirer(accorde)
            return {m.Affiliation: row.id}

        return await faire(info, acte)
