"""The catalogue as its organisme keeps it and as gestionnaires control it (R-126, R-170, R-173 to R-192)."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain import actions as d
from app.domain import actions_modifications as mod
from app.domain.actions_transitions import A_CONTROLER
from app.domain.empechements import Empeche
from app.domain.imports import publier_action
from app.domain.publication import Dossier
from app.kit.conditions import Compare
from app.reading.fields import page
from app.resolvers.actions_prises import a_part, apposer, est_tenue, prendre, publier_sessions, qui_attendent
from app.resolvers.dialogues import demander
from app.resolvers.verbs import Acte, Info, Written, faire, isole, repondre, verbe
from app.schema.actions_actes import ActionPayload, PublicationsPayload, ResultatPublication
from app.schema.actions_listes import CatalogueConnection, FiltreCatalogue, TriCatalogue, TriControle
from app.schema.empechements import Empechement as Dit
from app.writing import Writing

A_LA_FOIS = 100
QUI_ATTENDENT = Compare(("etat",), "in", tuple(sorted(str(etat) for etat in A_CONTROLER)))


@strawberry.type
class CatalogueQuery:
    """The root fields about the catalogue."""

    catalogue: CatalogueConnection = page(
        m.Action,
        "Les actions que vous lisez, dans tous leurs états, comptées par état : les onglets de « Gestion des formations ».",
        ordre=TriCatalogue,
        filtre=FiltreCatalogue,
    )
    actions_a_controler: CatalogueConnection = page(
        m.Action,
        "Les actions qui attendent un contrôle, la plus ancienne d'abord.",
        ordre=TriControle,
        filtre=FiltreCatalogue,
        ou=QUI_ATTENDENT,
    )


@strawberry.type
class ControleMutation:
    """The acts of gestionnaires."""

    @verbe("Publier ce qui attend un contrôle : l'action, ou son changement, et ses sessions qui attendent.")
    async def publier_action(self, info: Info, action: strawberry.ID) -> ActionPayload:
        """Publish (R-175, R-176, R-191)."""
        return await faire(info, _publie(action))

    @verbe("Publier plusieurs actions, cent au plus : chacune à part, l'une n'empêche pas les autres.")
    async def publier_actions(self, info: Info, actions: list[strawberry.ID]) -> PublicationsPayload:
        """Publish many, one result each (R-191)."""
        if len(actions) > A_LA_FOIS:
            return await repondre(info, {}, resultats=None, empechements=[Dit.of(d.TropDActions("actions"))])
        resultats: list[ResultatPublication] = []
        publiees: list[int] = []
        for id in dict.fromkeys(actions):
            ecrites, motifs = await isole(info, _publie(id))
            publiees += ecrites.values()
            resultats.append(ResultatPublication(id=id, publiee=not motifs, empechements=motifs))
        return await repondre(info, {m.Action: publiees}, resultats=resultats, empechements=[])

    @verbe("Demander un complément à l'organisme d'une action qui attend un contrôle : elle passe en alerte.")
    async def signaler_action(self, info: Info, action: strawberry.ID, demande: str) -> ActionPayload:
        """Ask for a complement (R-173)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "signaler")
            tx.record(d.signaler(row, demande, le=tx.maintenant))
            await demander(tx, row)
            return {m.Action: row.id}

        return await faire(info, acte)

    @verbe("Lever l'alerte mise sur une action : elle reprend l'état d'où elle venait.")
    async def lever_alerte(self, info: Info, action: strawberry.ID) -> ActionPayload:
        """Take the request back (R-173)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "lever_alerte")
            a_part(tx, row)
            tx.record(d.lever_alerte(row, le=tx.maintenant))
            return {m.Action: row.id}

        return await faire(info, acte)

    @verbe("Publier de nouveau une action archivée ou supprimée, telle qu'elle était.")
    async def republier_action(self, info: Info, action: strawberry.ID) -> ActionPayload:
        """Put it back in the catalogue (R-179)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "republier")
            tx.record(d.republier(row, le=tx.maintenant))
            return {m.Action: row.id}

        return await faire(info, acte)

    @verbe("Donner à une action ses mots-clés du thésaurus Formacode, cinq au plus.")
    async def definir_formacodes(
        self, info: Info, action: strawberry.ID, formacodes: list[str]
    ) -> ActionPayload:
        """Index a training that certifies nothing (R-191)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "modifier")
            tx.writable(row, ["formacodes"])
            tx.record(mod.definir_formacodes(row, formacodes, le=tx.maintenant))
            return {m.Action: row.id}

        return await faire(info, acte)


async def publiee(tx: Writing, id: strawberry.ID) -> m.Action:
    """Out: the action, published, with what waited beside it and its sessions. Raises Empeche."""
    action = await prendre(tx, id, "publier")
    d.exiger(action, "publier")
    sessions = await qui_attendent(tx, action)
    await apposer(tx, action)
    dossier = Dossier(action, action.responsable, sessions, await est_tenue(tx, action))
    fait = publier_action(dossier, le=tx.maintenant)
    if isinstance(fait, list):
        raise Empeche(fait)
    d.clore_le_controle(action)
    tx.record(fait)
    publier_sessions(tx, action, sessions)
    return action


def _publie(id: strawberry.ID) -> Acte:
    """Out: the act that publishes one."""

    async def acte(tx: Writing) -> Written:
        return {m.Action: (await publiee(tx, id)).id}

    return acte
