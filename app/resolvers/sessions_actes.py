"""The acts on sessions: begun, duplicated, changed (R-188, R-219 to R-248)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from app import models as m
from app.domain import sessions_vie as d
from app.domain.empechements import refuser
from app.domain.sessions_formulaire import problemes_visees, visees_de
from app.kit.conditions import Compare, all_of
from app.reading.fields import page
from app.resolvers.actions_actes import dits
from app.resolvers.actions_prises import confirmable, prendre
from app.resolvers.sessions_prises import (
    Saisie,
    completer,
    contexte,
    exiger_parties,
    exiger_recrutement,
    nouveau_numero,
    prendre_session,
    remarques,
    visees,
)
from app.resolvers.verbs import Info, Written, faire, verbe
from app.schema.sessions_formulaires import AjouterSessionInput, ModifierSessionInput, SessionSaisiePayload
from app.schema.structures import StructureConnection, TriStructures
from app.schema.structures_formateurs import FiltreFormateurs
from app.writing import Writing

AVEC_ACTION = ("certifications.certification", "modification", "responsable")
AVEC = tuple(f"action.{relation}" for relation in AVEC_ACTION)
FORMENT = all_of([Compare(("est_organisme_formation",), "=", True), Compare(("etat",), "=", "validee")])


@strawberry.type
class FormateurQuery:
    """The root field about who may train."""

    formateurs_proposes: StructureConnection = page(
        m.Structure,
        "Les organismes qui peuvent dispenser une session : filtrez par SIREN pour les établissements du responsable.",
        ordre=TriStructures,
        filtre=FiltreFormateurs,
        ou=FORMENT,
    )


@strawberry.type
class SessionSaisieMutation:
    """The acts that fill the form of a session."""

    @verbe(
        "Ajouter une session à une action. Elle attend que son action soit confirmée ; celle qu'un gestionnaire ajoute à"
        " une action publiée l'est aussitôt."
    )
    async def ajouter_session(self, info: Info, entree: AjouterSessionInput) -> SessionSaisiePayload:
        """Begin a session (R-219, R-246)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            action = await prendre(tx, entree.action, "ajouter_session")
            donnee = Saisie.de(entree, "action").cochee(())
            session = d.ajouter(
                action, donnee.champs, numero_carif=await nouveau_numero(tx), le=tx.maintenant
            )
            await commencee(tx, info, action, session, donnee, faits)
            tx.record(d.ajoutee(session))
            return {m.SessionFormation: session.id}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Dupliquer une session à d'autres dates : la copie en reprend le formulaire, pas les candidatures."
    )
    async def dupliquer_session(
        self, info: Info, session: strawberry.ID, date_debut: dt.date, date_fin: dt.date
    ) -> SessionSaisiePayload:
        """Begin a session from another (R-245)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            modele = await prendre_session(tx, session, "dupliquer", ("certifications",))
            action = await tx.hold(m.Action, modele.action_id, avec=AVEC_ACTION)
            copie = d.dupliquer(
                modele,
                action,
                date_debut,
                date_fin,
                numero_carif=await nouveau_numero(tx),
                le=tx.maintenant,
            )
            donnee = Saisie({}, visees_de(modele.certifications), None)
            await commencee(tx, info, action, copie, donnee, faits, de=modele)
            tx.record(d.dupliquee(copie, modele))
            return {m.SessionFormation: copie.id}

        return await faire(info, acte, faits=faits)

    @verbe("Modifier une session. Ce qui est publié change aussitôt ; ses dates ne changent plus ici.")
    async def modifier_session(self, info: Info, entree: ModifierSessionInput) -> SessionSaisiePayload:
        """Change a session (R-188, R-240)."""
        faits: dict[str, Any] = {"remarques": []}

        async def acte(tx: Writing) -> Written:
            row = await prendre_session(tx, entree.session, "modifier", AVEC)
            donnee = Saisie.de(entree, "session").cochee(row.modalites_recrutement)
            tx.writable(row, donnee.champs)
            fait = d.modifier(row, donnee.champs, donnee.parties, le=tx.maintenant)
            await verifiee(tx, info, row.action, row, donnee, faits)
            await completer(tx, row, donnee)
            tx.record(fait)
            return {m.SessionFormation: row.id}

        return await faire(info, acte, faits=faits)


async def commencee(
    tx: Writing,
    info: Info,
    action: m.Action,
    session: m.SessionFormation,
    donnee: Saisie,
    faits: dict[str, Any],
    *,
    de: m.SessionFormation | None = None,
) -> None:
    """Write a new session with its parts; publish it where its action is online and nobody will confirm it."""
    tx.part(de or action, session)
    tx.writable(session, donnee.champs)
    seule = d.est_publiable(session, action) and not await confirmable(tx, action)
    await verifiee(tx, info, action, session, donnee, faits, complete=seule)
    await tx.ecrire()
    await completer(tx, session, donnee)
    if seule:
        tx.record(d.publier(session, le=tx.maintenant))


async def verifiee(
    tx: Writing,
    info: Info,
    action: m.Action,
    session: m.SessionFormation,
    donnee: Saisie,
    faits: dict[str, Any],
    *,
    complete: bool = False,
) -> None:
    """Check the session as it would be: all of it once it is published or about to be, else what no draft keeps."""
    await exiger_parties(tx, donnee, session.date_fin)
    await exiger_recrutement(tx, session, donnee)
    sur, ses_visees = await contexte(tx, action, info.context.departements), await visees(tx, session, donnee)
    refuser(*problemes_visees(donnee.visees or [], sur.certifications))
    if complete or session.etat is not m.EtatSession.BROUILLON:
        d.exiger_complete(session, ses_visees, sur)
    faits["remarques"] = dits(remarques(session, ses_visees, sur))
