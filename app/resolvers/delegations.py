"""Lending one's role to a colleague, and taking it back."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import delegations as d
from app.domain.empechements import Empeche, Interdit
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Viewer
from app.reading.fields import page
from app.resolvers.courriels import annoncer
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.delegations import (
    DelegationConnection,
    DelegationPayload,
    FiltreDelegations,
    PreterRoleInput,
    TriDelegations,
)
from app.writing import Writing

RECUES = Compare(("a_compte_id",), "=", Ref("emprunteur"))


@strawberry.type
class DelegationQuery:
    """The root field about lent roles."""

    delegations: DelegationConnection = page(
        m.Delegation,
        "Les prêts de rôles que vous pouvez lire : ceux que vous faites ou recevez, ceux de votre structure.",
        ordre=TriDelegations,
        filtre=FiltreDelegations,
    )


@strawberry.type
class DelegationMutation:
    """The acts on lent roles."""

    @verbe(
        "Prêter son rôle de référent ou de niveau 3 à un collègue de la structure, d'un jour à un jour. Le collègue le"
        " prend comme un profil ; le journal dit au nom de qui il agit."
    )
    async def preter_role(self, info: Info, entree: PreterRoleInput) -> DelegationPayload:
        """Lend one's role (R-019, R-040)."""

        async def acte(tx: Writing) -> Written:
            a_qui = await tx.take(m.Affiliation, cle(entree.affiliation, "Affiliation"), pour="lire")
            await tenir_son_role(tx)
            deja = await tx.know(m.Delegation, RECUES, emprunteur=a_qui.compte_id)
            colonnes = d.preter(a_qui, deja, entree.role, entree.du, entree.au, par=tx.moi, le=tx.maintenant)
            row = await tx.creer(m.Delegation, pour="creer", **colonnes)
            tx.record(d.pretee(row))
            await annoncer(tx, "role_prete", row.a_compte_id, delegation_id=row.id)
            return {m.Delegation: row.id}

        return await faire(info, acte)

    @verbe(
        "Mettre fin à un prêt de rôle avant son dernier jour. Les jetons qui agissaient sous lui ne valent plus rien."
    )
    async def reprendre_role(self, info: Info, delegation: strawberry.ID) -> DelegationPayload:
        """Take a role back (R-019, R-040)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Delegation, cle(delegation, "Delegation"), pour="revoquer")
            if fait := d.reprendre(row, le=tx.maintenant):
                tx.record(fait)
                if row.a_compte_id != tx.moi:
                    await annoncer(tx, "role_repris", row.a_compte_id, delegation_id=row.id)
            return {m.Delegation: row.id}

        return await faire(info, acte)


async def tenir_son_role(tx: Writing) -> None:
    """Lock one's own affiliation: the role is not lost while it is lent, and is not lent twice at once."""
    if not isinstance(tx.viewer, Viewer) or tx.viewer.affiliation_id is None:
        raise Empeche([Interdit()])
    await tx.hold(m.Affiliation, tx.viewer.affiliation_id)
