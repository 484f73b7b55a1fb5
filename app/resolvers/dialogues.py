"""Writing about an action: to the gestionnaires, or to its organisme (R-173)."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import dialogues as d
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Viewer
from app.resolvers.actions_prises import prendre
from app.resolvers.courriels import annoncer_a
from app.resolvers.verbs import Info, Written, faire, verbe
from app.schema.actions_actes import ActionPayload
from app.writing import Writing

ACCEPTEE = Compare(("affiliation", "etat"), "=", str(m.EtatAffiliation.ACCEPTEE))
TIENNENT = all_of(
    [
        Compare(("droit",), "in", (str(m.Droit.OF_CATALOGUE), str(m.Droit.OF_GENERAL))),
        Compare(("structure_id",), "=", Ref("la_structure")),
        ACCEPTEE,
    ]
)
CONTROLENT = all_of([Compare(("droit",), "=", str(m.Droit.GESTIONNAIRE)), ACCEPTEE])
DU_GESTIONNAIRE = all_of(
    [Compare(("action_id",), "=", Ref("action")), Compare(("est_du_gestionnaire",), "=", True)]
)


@strawberry.type
class DialogueMutation:
    """The acts of the dialogue."""

    @verbe(
        "Écrire au sujet d'une action : son organisme aux gestionnaires, ou un gestionnaire à son organisme. Un message"
        " écrit ne change plus ; qui doit le lire en reçoit l'annonce par courriel."
    )
    async def ecrire_message(self, info: Info, action: strawberry.ID, texte: str) -> ActionPayload:
        """Write a message."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "dialoguer")
            par, pour_structure = qui(tx)
            du_gestionnaire, attendait = pour_structure != row.responsable_id, row.est_sans_reponse
            fait, message = d.ecrire(
                row,
                texte,
                par=par,
                pour_structure=pour_structure,
                est_du_gestionnaire=du_gestionnaire,
                le=tx.maintenant,
            )
            tx.part(row, message)
            tx.record(fait)
            lecteurs = organisme(tx, row) if du_gestionnaire else gestionnaires(tx, row, attendait)
            await prevenir(tx, row, await lecteurs)
            return {m.Action: row.id}

        return await faire(info, acte)


def qui(tx: Writing) -> tuple[int, int | None]:
    """Out: the account that writes, and the structure in whose name."""
    return tx.moi, tx.viewer.structure_id if isinstance(tx.viewer, Viewer) else None


async def demander(tx: Writing, action: m.Action) -> None:
    """What has just been asked for stands in the dialogue, and its organisme is told (R-173)."""
    par, pour_structure = qui(tx)
    tx.part(action, d.demander(action, par=par, pour_structure=pour_structure, le=tx.maintenant))
    await prevenir(tx, action, await organisme(tx, action))


async def organisme(tx: Writing, action: m.Action) -> set[int]:
    """Out: the accounts that keep the catalogue of the responsable."""
    droits = await tx.know(m.DroitAccorde, TIENNENT, la_structure=action.responsable_id)
    return {droit.compte_id for droit in droits}


async def gestionnaires(tx: Writing, action: m.Action, attendait: bool) -> set[int]:
    """In: whether its organisme was waiting before this message. Out: the gestionnaires who are told of it."""
    controlent = await tx.know(m.DroitAccorde, CONTROLENT)
    ecrits = await tx.know(m.MessageAction, DU_GESTIONNAIRE, action=action.id)
    return d.a_prevenir(
        attendait=attendait,
        suivent={message.auteur_id for message in ecrits if message.auteur_id is not None},
        controlent={droit.compte_id for droit in controlent},
    )


async def prevenir(tx: Writing, action: m.Action, comptes: set[int]) -> None:
    """Tell them by mail; what is written stays in the dialogue."""
    await annoncer_a(tx, "message_action", sorted(comptes - {tx.moi}), action=action.reference)
