"""The dialogue between an organisme and the gestionnaires about an action (R-173): who wrote, and who is to answer."""

from __future__ import annotations

from datetime import datetime

from app.models import Action, MessageAction

from .actions_faits import FaitAction
from .empechements import refuser
from .formulaires import texte_obligatoire
from .textes import nettoyer

MESSAGE_MAXIMUM = 2000


class MessageEcrit(FaitAction):
    """Somebody wrote about it; what was written stands in the dialogue."""


def ecrire(
    action: Action,
    texte: str | None,
    *,
    par: int,
    pour_structure: int | None,
    est_du_gestionnaire: bool,
    le: datetime,
) -> tuple[MessageEcrit, MessageAction]:
    """In: what is written, by whom, in the name of which structure. Out: the fact, the message. Raises Empeche.

    An organisme that writes waits for an answer; a gestionnaire that writes has given it.
    """
    refuser(*texte_obligatoire("texte", texte, MESSAGE_MAXIMUM))
    action.est_sans_reponse = not est_du_gestionnaire
    etat = str(action.etat)
    message = _message(action, texte, par, pour_structure, le)
    message.est_du_gestionnaire = est_du_gestionnaire
    return MessageEcrit(action_id=action.id, avant=etat, apres=etat), message


def demander(action: Action, *, par: int, pour_structure: int | None, le: datetime) -> MessageAction:
    """R-173: what a gestionnaire has just asked for stands in the dialogue too, and stays there once it is answered."""
    message = _message(action, action.demande_complement, par, pour_structure, le)
    message.est_du_gestionnaire = message.est_demande = True
    action.est_sans_reponse = False
    return message


def a_prevenir(*, attendait: bool, suivent: set[int], controlent: set[int]) -> set[int]:
    """R-173: whom a message of an organisme is announced to, among the gestionnaires.

    In: whether it was waiting already, who wrote about this action, who may answer. Out: those who follow it, every
    gestionnaire where none does; nobody while a message waits: what adds to it is read with it.
    """
    return set() if attendait else (suivent & controlent) or controlent


def _message(
    action: Action, texte: str | None, par: int, pour_structure: int | None, le: datetime
) -> MessageAction:
    return MessageAction(
        action_id=action.id,
        auteur_id=par,
        structure_id=pour_structure,
        est_demande=False,
        texte=nettoyer(texte),
        ecrit_le=le,
    )
