"""The acts of training organisations on their sessions."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from app import models as m
from app.domain.empechements import refuser
from app.domain.sessions import ConfirmationDemandee, regler_ouverture
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.sessions_actes import ReglerOuvertureInput, SessionPayload
from app.writing import Writing


@strawberry.type
class SessionMutation:
    """The acts on sessions."""

    @verbe(
        "Régler l'ouverture d'une session conventionnée aux candidatures ; selon votre profil, champ par champ."
    )
    async def regler_ouverture(self, info: Info, entree: ReglerOuvertureInput) -> SessionPayload:
        """Open, close, resize a session (R-110, R-134 to R-140)."""

        async def acte(tx: Writing) -> Written:
            session = await tx.take(
                m.SessionFormation, cle(entree.session, "Session"), pour="regler_ouverture"
            )
            champs = {
                nom: Decimal(str(valeur)) if isinstance(valeur, float) else valeur
                for nom, valeur in saisie(entree, sauf=("session", "confirme")).items()
            }
            tx.writable(session, champs)
            tx.record(regler_ouverture(session, champs, le=tx.maintenant))
            refuser(*([] if entree.confirme else [ConfirmationDemandee()]))
            return {m.SessionFormation: session.id}

        return await faire(info, acte)
