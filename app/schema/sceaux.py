"""The seals of the journal, as the API shows them to those who audit it."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, colonne, critere, objet, relation
from app.schema.cles import cle
from app.schema.faits import Fait
from app.schema.pages import Connection, Node


@objet(
    m.Sceau,
    "Un sceau du journal : l'empreinte des faits survenus depuis le sceau d'avant, et de ce sceau. Qui la note ailleurs"
    " peut s'assurer, plus tard, que le journal n'a pas été réécrit.",
)
class Sceau(Node):
    """What shows that the journal was not rewritten."""

    rang: int = colonne(m.Sceau.id, "Son rang : un, deux, trois ; aucun ne manque.")
    pose_le: dt.datetime = colonne(m.Sceau.pose_le, "Quand il a été posé.")
    nb_faits: int = colonne(m.Sceau.nb_faits, "Combien de faits il scelle.")
    dernier_fait_id: strawberry.ID = cle(
        "Fait",
        m.Sceau.dernier_fait_id,
        "Il scelle les faits qui suivent ceux du sceau d'avant, jusqu'à celui-ci.",
        jamais_nul=True,
    )
    dernier_fait: Fait | None = relation(m.Sceau.dernier_fait, "Ce fait, s'il existe encore.")
    empreinte: str = colonne(m.Sceau.sha256, "SHA-256, en hexadécimal.")


@strawberry.enum(description="L'ordre des sceaux.")
class TriSceaux(Ordre):
    """The orders offered."""

    PLUS_RECENTS = Tri(m.Sceau.pose_le, descendant=True)
    PLUS_ANCIENS = Tri(m.Sceau.pose_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreSceaux:
    """The criteria offered."""

    depuis: dt.datetime | None = critere(m.Sceau.pose_le, ">=", "Posé à partir de ce moment.")
    avant: dt.datetime | None = critere(m.Sceau.pose_le, "<", "Posé avant ce moment.")


@strawberry.type(description="Une page de sceaux.")
class SceauConnection(Connection[Sceau]):
    """A page."""
