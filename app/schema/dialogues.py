"""The dialogue about an action, as the API shows it."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, colonne, objet, relation
from app.schema.comptes import Compte
from app.schema.pages import Connection, Node
from app.schema.structures import Structure


@objet(m.MessageAction, "Un message au sujet d'une action, entre son organisme et les gestionnaires.")
class MessageAction(Node):
    """A message about an action."""

    texte: str = colonne(m.MessageAction.texte, "Ce qui est écrit ; ne change plus.")
    ecrit_le: dt.datetime = colonne(m.MessageAction.ecrit_le, "Quand.")
    du_gestionnaire: bool = colonne(
        m.MessageAction.est_du_gestionnaire,
        "Écrit par un gestionnaire de Cap Métiers ; sinon, par l'organisme.",
    )
    demande: bool = colonne(
        m.MessageAction.est_demande, "C'est la demande de complément qui a mis l'action en alerte."
    )
    auteur: Compte | None = relation(m.MessageAction.auteur, "Par qui, si vous pouvez lire ce compte.")
    structure: Structure | None = relation(m.MessageAction.structure, "Au titre de quelle structure.")


@strawberry.enum(description="L'ordre d'un dialogue.")
class TriMessages(Ordre):
    """The orders of a dialogue."""

    PLUS_ANCIENS = Tri(m.MessageAction.ecrit_le)
    PLUS_RECENTS = Tri(m.MessageAction.ecrit_le, descendant=True)


@strawberry.type(description="Une page d'un dialogue.")
class MessageActionConnection(Connection[MessageAction]):
    """A page of a dialogue."""
