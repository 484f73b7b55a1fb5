"""Reading the offer."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page, par_cle, par_id, par_ids
from app.schema.actions import Action, ActionConnection, RechercheActions, TriActions
from app.schema.pages import Node
from app.schema.sessions import Session, SessionConnection
from app.schema.sessions_listes import FiltreSessions, TriSessions


@strawberry.type
class OffreQuery:
    """The root fields about the offer, and whatever has an identifier."""

    node: Node | None = par_id(
        None, "Un objet par son identifiant ; nul s'il n'existe pas ou si vous ne le lisez pas."
    )
    nodes: list[Node | None] = par_ids("Plusieurs objets, dans l'ordre de leurs identifiants.")
    actions: ActionConnection = page(
        m.Action,
        "Les actions que vous pouvez lire : l'offre publiée, et celle de votre structure.",
        ordre=TriActions,
        filtre=RechercheActions,
        argument="recherche",
    )
    action: Action | None = par_cle(m.Action.reference, "Une action par sa référence.", argument="reference")
    sessions: SessionConnection = page(
        m.SessionFormation, "Les sessions que vous pouvez lire.", ordre=TriSessions, filtre=FiltreSessions
    )
    session: Session | None = par_cle(
        m.SessionFormation.numero_carif, "Une session par son numéro Carif.", argument="numero_carif"
    )
