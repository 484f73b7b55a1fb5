"""What the acts on actions share: taking one with its parts, knowing what rules need, writing its parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import strawberry

from app import models as m
from app.domain import actions as d
from app.domain import sessions_vie
from app.domain.actions_contenu import CERTIFICATIONS, attendu
from app.domain.actions_formulaire import nettoyee
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empeche, NonTrouve
from app.domain.references import reference_action
from app.kit.conditions import Compare, Exists, Ref, all_of
from app.resolvers.saisies import saisie
from app.resolvers.verbs import cle
from app.writing import Writing

AVEC = ("certifications.certification", "modification", "responsable")
CELLE_CI = Compare(("id",), "=", Ref("action"))
CES_CLES = Compare(("id",), "in", Ref("cles", many=True))
DE_L_ACTION = Compare(("action_id",), "=", Ref("action"))
QUI_ATTENDENT = all_of([DE_L_ACTION, Compare(("etat",), "=", str(m.EtatSession.BROUILLON))])
PUBLIEES = Compare(("etat",), "in", (str(m.EtatSession.PUBLIEE), str(m.EtatSession.SUPPRESSION_DEMANDEE)))
EST_TENUE = all_of([CELLE_CI, Exists(("sessions",), PUBLIEES)])
CES_SESSIONS = Compare(("session_id",), "in", Ref("cles", many=True))


async def prendre(tx: Writing, id: strawberry.ID, pour: str) -> m.Action:
    """Out: the action, locked for this permission, with its certifications, what waits, its responsable."""
    return await tx.take(m.Action, cle(id, "Action"), pour=pour, avec=AVEC)


def a_part(tx: Writing, action: m.Action) -> None:
    """What waits beside the action changes with it (C-33)."""
    if action.modification is not None:
        tx.part(action, action.modification)


async def nouvelle_reference(tx: Writing) -> str:
    """Out: the reference of a new action (R-180)."""
    return reference_action(jour_de_paris(tx.maintenant).year, await tx.numero("numero_action"))


def champs_de(entree: Any, *sauf: str) -> dict[str, Any]:
    """Out: what is given of a form, clean, by column; keys for identifiers."""
    donnes = saisie(entree, sauf=sauf)
    if CERTIFICATIONS in donnes:
        donnes[CERTIFICATIONS] = [cle(id, "Certification") for id in donnes[CERTIFICATIONS] or []]
    if "responsable" in donnes:
        id = donnes.pop("responsable")
        donnes["responsable_id"] = None if id is None else cle(id, "Structure")
    return nettoyee(donnes)


async def exiger_structure(tx: Writing, champs: Mapping[str, Any]) -> None:
    """Raise Empeche for a responsable that does not exist."""
    cle_structure = champs.get("responsable_id")
    if cle_structure is not None and not await tx.know(m.Structure, CES_CLES, cles=[cle_structure]):
        raise Empeche([NonTrouve("entree", "responsable")])


async def certifications(tx: Writing, *contenus: Mapping[str, Any]) -> list[m.Certification]:
    """Out: the certifications that these contents name and that exist."""
    cles = sorted({c for contenu in contenus for c in contenu.get(CERTIFICATIONS, ())})
    return await tx.know(m.Certification, CES_CLES, cles=cles) if cles else []


async def qui_attendent(tx: Writing, action: m.Action) -> list[m.SessionFormation]:
    """Out: the sessions that wait with the action; those that are online are many, and were checked (R-251)."""
    return await tx.know(m.SessionFormation, QUI_ATTENDENT, action=action.id)


async def est_tenue(tx: Writing, action: m.Action) -> bool:
    """Out: True if a session of the action is published."""
    return bool(await tx.know(m.Action, EST_TENUE, action=action.id))


async def confirmable(tx: Writing, action: m.Action) -> bool:
    """Out: True if the viewer is who confirms this action: what it changes is not published at once (C-33)."""
    return bool(await tx.cles(m.Action, CELLE_CI, pour="confirmer", action=action.id))


async def certifier(tx: Writing, action: m.Action, cles: Sequence[int] | None) -> None:
    """Give the action these certifications, in this order; None leaves them as they are (R-209)."""
    if cles is None:
        return
    await retirer(tx, action, action.certifications)
    await tx.ecrire()  # what leaves goes first: ranks are used once
    for rang, certification in enumerate(cles, start=1):
        tx.part(action, m.ActionCertification(action_id=action.id, certification_id=certification, rang=rang))


async def apposer(tx: Writing, action: m.Action) -> None:
    """Publish what waited beside the action: its row goes away (C-33)."""
    preparees = d.publier_ce_qui_attend(action, le=tx.maintenant)
    if action.modification is not None:
        await retirer(tx, action, [action.modification])
    await certifier(tx, action, preparees)


def publier_sessions(tx: Writing, action: m.Action, sessions: Iterable[m.SessionFormation]) -> None:
    """Publish the sessions that waited for their action."""
    for session in sessions:
        tx.record(sessions_vie.publier(tx.part(action, session), le=tx.maintenant))


async def retirer(tx: Writing, entier: m.Base, parties: Iterable[m.Base]) -> None:
    """Delete parts of a row that this transaction has decided on."""
    for partie in list(parties):
        await tx.retirer(tx.part(entier, partie))


async def jeter_sessions(tx: Writing, entier: m.Base, sessions: Collection[m.SessionFormation]) -> None:
    """Delete drafts of sessions, with all that belongs to them."""
    cles = [session.id for session in sessions]
    for partie in (m.SessionCertification, m.Reunion, m.PointEntree):
        await retirer(tx, entier, await tx.know(partie, CES_SESSIONS, cles=cles))
    await tx.ecrire()
    await retirer(tx, entier, sessions)


def visees_par(action: m.Action) -> list[int]:
    """Out: the certifications that the action will prepare for, once what waits is published."""
    return list(attendu(action)[CERTIFICATIONS])
