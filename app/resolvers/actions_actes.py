"""The acts of organismes on their actions (R-173 to R-190)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from app import models as m
from app.domain import actions as d
from app.domain import actions_formulaire as form
from app.domain import actions_modifications as mod
from app.domain.actions_contenu import CERTIFICATIONS, Contenu, attendu
from app.domain.empechements import Empechement, refuser
from app.policies.viewer import Viewer
from app.resolvers.actions_prises import (
    a_part,
    apposer,
    certifications,
    certifier,
    champs_de,
    confirmable,
    exiger_structure,
    jeter_sessions,
    nouvelle_reference,
    prendre,
    publier_sessions,
    qui_attendent,
    retirer,
)
from app.resolvers.actions_verifications import avertissements, certifications_retirees, verifier
from app.resolvers.verbs import Info, Written, faire, verbe
from app.schema.actions_actes import (
    ActionPayload,
    ActionSaisiePayload,
    CreerActionConventionneeInput,
    CreerActionInput,
    ModifierActionInput,
    VerificationPayload,
)
from app.schema.empechements import Empechement as Dit
from app.writing import Writing


@strawberry.type
class ActionMutation:
    """The acts of organismes."""

    @verbe("Commencer une action, hors offre conventionnée : un brouillon, qui se complète plus tard.")
    async def creer_action(self, info: Info, entree: CreerActionInput) -> ActionSaisiePayload:
        """Create a draft (R-177, R-198)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            voulu = {"responsable_id": ma_structure_id(tx)} | champs_de(entree)
            connues = await exiger_saisie(tx, voulu)
            colonnes = d.creer(voulu, reference=await nouvelle_reference(tx), le=tx.maintenant)
            action = await tx.creer(m.Action, pour="creer", **colonnes)
            tx.writable(action, voulu.keys() - {CERTIFICATIONS, "responsable_id"})
            if not await confirmable(tx, action):
                d.remettre_au_controle(action)
            await achever(tx, action, voulu)
            faits["remarques"] = remarques(voulu, connues)
            return {m.Action: action.id}

        return await faire(info, acte, faits=faits)

    @verbe("Créer une action conventionnée, qui attend d'être publiée ; réservé aux gestionnaires.")
    async def creer_action_conventionnee(
        self, info: Info, entree: CreerActionConventionneeInput
    ) -> ActionSaisiePayload:
        """Create a conventionnée action (R-124, R-128)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            voulu = champs_de(entree)
            connues = await exiger_saisie(tx, voulu)
            colonnes = d.creer_conventionnee(voulu, reference=await nouvelle_reference(tx), le=tx.maintenant)
            action = await tx.creer(m.Action, pour="creer_conventionnee", **colonnes)
            await achever(tx, action, voulu)
            faits["remarques"] = remarques(voulu, connues)
            return {m.Action: action.id}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Modifier une action. Ce que son organisme change d'une action publiée attend d'être confirmé, à part de ce qui"
        " est publié ; ce qu'un gestionnaire change est publié aussitôt."
    )
    async def modifier_action(self, info: Info, entree: ModifierActionInput) -> ActionSaisiePayload:
        """Change the draft, what waits, or what is published (R-129, R-187, R-191, C-33)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            action = await prendre(tx, entree.action, "modifier")
            voulu = champs_de(entree, "action")
            tx.writable(action, voulu.keys() - {CERTIFICATIONS})
            connues = await exiger_saisie(tx, voulu, attendu(action))
            await modifiee(tx, action, voulu, connues)
            faits["remarques"] = remarques(attendu(action) | voulu, connues)
            return {m.Action: action.id}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Vérifier une action, avec ses sessions qui attendent : tous les problèmes à la fois. Rien n'est modifié."
    )
    async def verifier_action(self, info: Info, action: strawberry.ID) -> VerificationPayload:
        """Say everything that is wrong; the proof that nothing is (R-189)."""
        faits: dict[str, Any] = {"problemes": [], "avertissements": [], "preuve": None}

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "lire_modification")
            trouve = await verifier(tx, row, info.context.departements)
            faits["problemes"] = dits(trouve.problemes)
            faits["avertissements"] = dits(await avertissements(tx, row, trouve))
            faits["preuve"] = None if trouve.problemes else d.preuve(row, trouve.sessions)
            return {m.Action: row.id}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Confirmer ce que « verifierAction » a vérifié. L'action part au contrôle et ne se modifie plus, ou est publiée"
        " aussitôt si rien n'est à contrôler ; ses sessions qui attendent la suivent."
    )
    async def confirmer_action(self, info: Info, action: strawberry.ID, preuve: str) -> ActionPayload:
        """Confirm (R-187 to R-190)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "confirmer")
            trouve = await verifier(tx, row, info.context.departements)
            refuser(*trouve.problemes)
            a_part(tx, row)
            fait, est_publiee = d.confirmer(row, trouve.sessions, preuve, le=tx.maintenant)
            if est_publiee:
                await apposer(tx, row)
                publier_sessions(tx, row, trouve.sessions)
            tx.record(fait)
            return {m.Action: row.id}

        return await faire(info, acte)

    @verbe("Archiver une action publiée, avec ses sessions. Seul un gestionnaire peut la publier de nouveau.")
    async def archiver_action(self, info: Info, action: strawberry.ID) -> ActionPayload:
        """Take it out of the catalogue (R-178, R-183)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "archiver")
            tx.record(d.archiver(row, le=tx.maintenant))
            return {m.Action: row.id}

        return await faire(info, acte)

    @verbe("Supprimer une action, avec ses sessions : un brouillon disparaît, ce qui est publié est retiré.")
    async def supprimer_action(self, info: Info, action: strawberry.ID) -> ActionPayload:
        """Delete it (R-183)."""

        async def acte(tx: Writing) -> Written:
            row = await prendre(tx, action, "supprimer")
            fait = d.supprimer(row, le=tx.maintenant)
            tx.record(fait)
            if fait.apres is not None:
                return {m.Action: row.id}
            await jeter(tx, row)
            return {}

        return await faire(info, acte)


def ma_structure_id(tx: Writing) -> int | None:
    """Out: the structure of the active profile (R-198)."""
    return tx.viewer.structure_id if isinstance(tx.viewer, Viewer) else None


async def exiger_saisie(tx: Writing, voulu: Contenu, *autres: Contenu) -> list[m.Certification]:
    """Raise Empeche for what even a draft refuses. Out: the certifications that the contents name."""
    connues = await certifications(tx, voulu, *autres)
    refuser(*form.problemes_saisie(voulu, {c.id for c in connues}))
    await exiger_structure(tx, voulu)
    return connues


async def achever(tx: Writing, action: m.Action, voulu: Contenu) -> None:
    """Give a new action its certifications, and tell it."""
    for rang, certification in enumerate(voulu.get(CERTIFICATIONS, ()), start=1):
        tx.part(action, m.ActionCertification(action_id=action.id, certification_id=certification, rang=rang))
    tx.record(d.creee(action))


async def modifiee(tx: Writing, action: m.Action, voulu: Contenu, connues: Sequence[m.Certification]) -> None:
    """Write the change where it belongs (C-33)."""
    if action.est_en_ligne and await confirmable(tx, action):
        fait, ligne = mod.mettre_a_part(action, voulu, connues, par=tx.moi, le=tx.maintenant)
        tx.part(action, ligne)
    else:
        refuser(*await certifications_retirees(tx, action, voulu))
        fait, preparees = mod.modifier(action, voulu, connues, le=tx.maintenant)
        a_part(tx, action)
        await certifier(tx, action, preparees)
    tx.record(fait)


async def jeter(tx: Writing, action: m.Action) -> None:
    """A draft goes away with all that belongs to it."""
    await jeter_sessions(tx, action, await qui_attendent(tx, action))
    await retirer(tx, action, action.certifications)
    await tx.ecrire()
    await tx.retirer(action)


def remarques(contenu: Contenu, connues: Sequence[m.Certification]) -> list[Dit]:
    """Out: what will be missing, and what is worth a look, from the same checks; no statement is sent."""
    preparees = [c for c in connues if c.id in contenu.get(CERTIFICATIONS, ())]
    return dits([*form.problemes_action(contenu, preparees), *form.avertissements_action(contenu, preparees)])


def dits(empechements: Sequence[Empechement]) -> list[Dit]:
    """Out: the same, as the API says them."""
    return [Dit.of(e) for e in empechements]
