"""The acts on an action (R-173 to R-191, C-33). Pure: rows in, rows changed and facts out.

What an organisme changes of a published action stands apart, in its `modification` (see `actions_modifications`), until it
is confirmed, or until a gestionnaire publishes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from app.models import Action, SessionFormation
from app.models import EtatAction as Etat

from . import actions_faits as f
from .actions_contenu import (
    CERTIFICATIONS,
    Contenu,
    attendu,
    change_de_certification,
    ecrit,
    lu,
)
from .actions_modifications import DE_LA_CONVENTION, exiger_titre, poser
from .actions_transitions import passer, transition
from .empechements import Empeche, Empechement, refuser
from .formulaires import RACINE, ChampObligatoire, texte_obligatoire
from .imports import ARRIVEE
from .sessions_vie import DATES, DUPLIQUES
from .textes import nettoyer

COMPLEMENT_MAXIMUM = 2000


class PreuvePerimee(Empechement):
    """Ce que vous confirmez n'est plus ce que vous avez vérifié : vérifiez de nouveau, puis confirmez."""

    regle = "R-189"


class TropDActions(Empechement):
    """Cent actions au plus se publient à la fois : recommencez avec les suivantes."""

    regle = "R-191"


# --- created ---------------------------------------------------------------------------------------------------


def creer(voulu: Contenu, *, reference: str, le: datetime) -> Contenu:
    """R-177, R-198: the columns of a draft. In: what is given, clean, with its responsable. Raises Empeche."""
    refuser(*([] if voulu.get("responsable_id") else [ChampObligatoire(RACINE, "responsable_id")]))
    return _colonnes(voulu, reference, le) | {"etat": Etat.BROUILLON}


def creer_conventionnee(voulu: Contenu, *, reference: str, le: datetime) -> Contenu:
    """R-123, R-124, R-128: the columns of a conventionnée action, which waits to be published. Raises Empeche."""
    manquants = [nom for nom in (*DE_LA_CONVENTION, "responsable_id") if not voulu.get(nom)]
    refuser(*(ChampObligatoire(RACINE, nom) for nom in manquants))
    exiger_titre(voulu["dispositif"], voulu["intitule"])
    return _colonnes(voulu, reference, le) | {"est_conventionnee": True, "etat": ARRIVEE[True]}


def _colonnes(voulu: Contenu, reference: str, le: datetime) -> Contenu:
    return {n: v for n, v in voulu.items() if n != CERTIFICATIONS} | {
        "reference": reference,
        "cree_le": le,
        "modifiee_le": le,
    }


def creee(action: Action) -> f.ActionCreee:
    """Out: the fact of a new action."""
    return f.ActionCreee(action_id=action.id, avant=None, apres=str(action.etat))


def remettre_au_controle(action: Action) -> None:
    """R-170: an action that nobody will confirm, for a gestionnaire made it, waits to be published from the start."""
    action.etat = ARRIVEE[action.est_conventionnee]


# --- checked, confirmed ----------------------------------------------------------------------------------------


def preuve(action: Action, sessions: Sequence[SessionFormation]) -> str:
    """R-189: a digest of what was checked: what the action will say, and the sessions that wait with it."""
    dit = {
        "action": [action.id, str(action.etat)],
        "contenu": ecrit({n: v for n, v in attendu(action).items() if n != CERTIFICATIONS}, []),
        "certifications": attendu(action)[CERTIFICATIONS],
        "sessions": sorted([s.id, s.modifiee_le.isoformat(), *_dit(s)] for s in sessions),
    }
    return hashlib.blake2b(json.dumps(dit, sort_keys=True).encode(), digest_size=16).hexdigest()


def _dit(session: SessionFormation) -> list[str]:
    """Out: the form of a session; a change of its parts shows in `modifiee_le`."""
    return [str(getattr(session, nom)) for nom in (*DATES, *DUPLIQUES)]


def confirmer(
    action: Action, sessions: Sequence[SessionFormation], donnee: str, *, le: datetime
) -> tuple[f.ActionConfirmee, bool]:
    """R-187 to R-190: hand the action to the control, or publish what needs none.

    In: the sessions that wait; the proof of a check that found nothing. Out: the fact; True where what waits, and these
    sessions, are to be published now. Raises Empeche(PREUVE_PERIMEE).
    """
    ligne = transition(action, "confirmer", certification_changee=change_de_certification(action))
    if donnee != preuve(action, sessions):
        raise Empeche([PreuvePerimee("preuve")])
    if action.modification is not None:
        action.modification.confirmee_le = le
    return passer(action, f.ActionConfirmee, ligne.vers, le=le), ligne.vers is Etat.PUBLIEE


def publier_ce_qui_attend(action: Action, *, le: datetime) -> list[int] | None:
    """C-33: what waited is what is published. Out: the certifications to prepare for, None where they stay."""
    if action.modification is None:
        return None
    contenu = lu(action.modification.contenu)
    poser(action, contenu)
    action.publiee_le = action.modifiee_le = le
    return contenu.get(CERTIFICATIONS)


# --- controlled ------------------------------------------------------------------------------------------------


def exiger(action: Action, verbe: str) -> None:
    """Raise Empeche(ETAT_INCOMPATIBLE) where the act does not start from the état of this action."""
    transition(action, verbe)


def clore_le_controle(action: Action) -> None:
    """Once published, what was asked of its organisme is history."""
    action.demande_complement, action.etat_avant_alerte = None, None


def signaler(action: Action, demande: str | None, *, le: datetime) -> f.ComplementDemande:
    """R-173: ask for a complement; the text stands at the top of the page of its organisme. Raises Empeche."""
    ligne = transition(action, "signaler")
    refuser(*texte_obligatoire("demande", demande, COMPLEMENT_MAXIMUM))
    action.demande_complement, action.etat_avant_alerte = nettoyer(demande), str(action.etat)
    return passer(action, f.ComplementDemande, ligne.vers, le=le)


def lever_alerte(action: Action, *, le: datetime) -> f.AlerteLevee:
    """R-173: the action goes back where it came from; what its organisme changed meanwhile is taken as it is."""
    transition(action, "lever_alerte")
    avant = next((etat for etat in Etat if etat.value == action.etat_avant_alerte), None)
    if action.modification is not None:
        action.modification.confirmee_le = le
    fait = passer(action, f.AlerteLevee, avant or ARRIVEE[action.est_conventionnee], le=le)
    clore_le_controle(action)
    return fait


# --- withdrawn: its sessions are shown only with it, their own état stays (R-183) --------------------------------


def archiver(action: Action, *, le: datetime) -> f.ActionArchivee:
    """R-178: take it out of the catalogue, with its sessions."""
    return passer(action, f.ActionArchivee, transition(action, "archiver").vers, le=le)


def supprimer(action: Action, *, le: datetime) -> f.ActionSupprimee:
    """R-183: the same, for good; a draft leaves with its row (`apres` is then None)."""
    return passer(action, f.ActionSupprimee, transition(action, "supprimer").vers, le=le)


def republier(action: Action, *, le: datetime) -> f.ActionRepubliee:
    """R-179: put it back in the catalogue, as it was published."""
    fait = passer(action, f.ActionRepubliee, transition(action, "republier").vers, le=le)
    action.publiee_le = le
    return fait
