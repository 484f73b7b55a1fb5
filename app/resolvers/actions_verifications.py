"""Checking an action before it is confirmed (R-189): what is known, and what the domain says of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app import models as m
from app.domain import actions_formulaire as form
from app.domain import publication as p
from app.domain import sessions_formulaire as s
from app.domain.actions_contenu import CERTIFICATIONS, ENRICHIS, Contenu, attendu, publie
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empechement
from app.kit.conditions import Compare, Ref, all_of
from app.writing import Writing

from .actions_prises import CES_SESSIONS, DE_L_ACTION, PUBLIEES, certifications, est_tenue, qui_attendent

RETIREES = (str(m.EtatAction.ARCHIVEE), str(m.EtatAction.SUPPRIMEE))
DU_MEME = all_of(
    [
        Compare(("responsable_id",), "=", Ref("responsable")),
        Compare(("id",), "!=", Ref("action")),
        *(Compare(("etat",), "!=", etat) for etat in RETIREES),
    ]
)
DES_MEMES = all_of(
    [
        Compare(("certification_id",), "in", Ref("cles", many=True)),
        Compare(("action", "responsable_id"), "=", Ref("responsable")),
    ]
)
VISEES_ENCORE = all_of(
    [
        Compare(("session", "action_id"), "=", Ref("action")),
        Compare(("session", "etat"), PUBLIEES.op, PUBLIEES.value),
        Compare(("certification_id",), "in", Ref("cles", many=True)),
    ]
)
COURTES = all_of(
    [
        DE_L_ACTION,
        PUBLIEES,
        Compare(("type_entree",), "=", str(m.TypeEntree.DATE_FIXE)),
        Compare(("heures_total",), "<", s.COURTE),
        Compare(("heures_total",), ">", 0),
        Compare(("date_fin",), ">=", Ref("aujourd_hui")),
    ]
)


@dataclass(frozen=True)
class Verification:
    """What a check found; the sessions that wait are checked with their action."""

    sessions: Sequence[m.SessionFormation]
    certifications: Sequence[m.Certification]
    contenu: Contenu
    problemes: Sequence[Empechement]


async def verifier(tx: Writing, action: m.Action, departements: Collection[str]) -> Verification:
    """Out: everything that keeps the action from being confirmed. Nothing is written."""
    contenu, sessions = attendu(action), await qui_attendent(tx, action)
    preparees = await certifications(tx, contenu)
    problemes = [
        *_du_formulaire(action, contenu, preparees),
        *_de_l_action(p.Dossier(action, action.responsable, sessions, await est_tenue(tx, action))),
        *await certifications_retirees(tx, action, contenu),
        *await _des_sessions(tx, action, sessions, preparees, departements),
    ]
    return Verification(sessions, preparees, contenu, problemes)


def _du_formulaire(
    action: m.Action, contenu: Contenu, preparees: Sequence[m.Certification]
) -> list[Empechement]:
    """R-129, R-132: of a conventionnée action, an organisme answers for what it may fill."""
    trouves = form.problemes_action(contenu, preparees)
    return [t for t in trouves if not action.est_conventionnee or t.chemin[-1] in ENRICHIS]


def _de_l_action(dossier: p.Dossier) -> list[Empechement]:
    """What publication asks besides; the contact was looked at with the form."""
    autres = ((motif, tient) for motif, tient in p.DE_L_ACTION if motif is not p.ContactActionManquant)
    return [motif() for motif, tient in autres if not tient(dossier)]


async def certifications_retirees(tx: Writing, action: m.Action, contenu: Contenu) -> list[Empechement]:
    """R-229: a certification that a published session validates stays with its action. In: what it will say, or part."""
    avant: list[int] = publie(action)[CERTIFICATIONS]
    partent = set(avant) - set(contenu.get(CERTIFICATIONS, avant))
    if not partent:
        return []
    visees = await tx.know(m.SessionCertification, VISEES_ENCORE, action=action.id, cles=sorted(partent))
    return [s.CertificationEncoreVisee("entree", CERTIFICATIONS)] if visees else []


async def _des_sessions(
    tx: Writing,
    action: m.Action,
    sessions: Sequence[m.SessionFormation],
    preparees: Sequence[m.Certification],
    departements: Collection[str],
) -> list[Empechement]:
    contexte = s.Contexte(action.responsable, preparees, departements, jour_de_paris(tx.maintenant))
    visees = await visees_de(tx, sessions)
    return [
        s.situe(probleme, session)
        for session in sessions
        for probleme in s.problemes_session(session, visees.get(session.id, []), contexte)
    ]


async def visees_de(tx: Writing, sessions: Sequence[m.SessionFormation]) -> dict[int, list[s.Visee]]:
    """Out: what these sessions validate, by the key of the session; one statement."""
    lignes = await tx.know(m.SessionCertification, CES_SESSIONS, cles=[x.id for x in sessions])
    visees: dict[int, list[s.Visee]] = {}
    for ligne in lignes:
        visees.setdefault(ligne.session_id, []).extend(s.visees_de([ligne]))
    return visees


async def avertissements(tx: Writing, action: m.Action, trouve: Verification) -> list[Empechement]:
    """Out: what is worth a look (R-184, R-201, R-239), and stops nothing."""
    jour = jour_de_paris(tx.maintenant)
    courtes = await tx.know(m.SessionFormation, COURTES, action=action.id)
    return [
        *form.avertissements_action(
            trouve.contenu,
            trouve.certifications,
            await _voisines(tx, action, trouve),
            siren=action.responsable.siren,
        ),
        *s.avertissements_sessions([*courtes, *trouve.sessions]),
        *(
            s.situe(a, session)
            for session in trouve.sessions
            for a in s.avertissements_session(session, jour)
        ),
    ]


async def _voisines(
    tx: Writing, action: m.Action, trouve: Verification
) -> list[tuple[str, str, Collection[int]]]:
    """Out: the other actions of the organisme, and the certifications that they share with this one (R-184)."""
    responsable = action.responsable_id
    autres = await tx.know(m.Action, DU_MEME, responsable=responsable, action=action.id)
    cles = [certification.id for certification in trouve.certifications]
    communes = await tx.know(m.ActionCertification, DES_MEMES, responsable=responsable, cles=cles)
    par_action: dict[int, set[int]] = {}
    for ligne in communes:
        par_action.setdefault(ligne.action_id, set()).add(ligne.certification_id)
    return [(autre.reference, autre.intitule, par_action.get(autre.id, set())) for autre in autres]
