"""Fiches that are alike, as a gestionnaire reviews them."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, colonne, critere, droit, droits, ecrit, objet, relation
from app.schema.candidats import Candidat
from app.schema.empechements import Empechement
from app.schema.pages import Connection, Node


@strawberry.type(description="Ce que vous pouvez faire d'un rapprochement.")
class PeutRapprochement:
    """What the viewer may do with it."""

    ecarter: bool = droit("ecarter", "Dire que ce sont deux personnes.")


@objet(m.Rapprochement, "Deux fiches qui se ressemblent.")
class Rapprochement(Node):
    """Two fiches that are alike."""

    candidat: Candidat = relation(m.Rapprochement.candidat, "La plus ancienne.")
    autre: Candidat = relation(m.Rapprochement.autre, "L'autre.")
    score: int = colonne(m.Rapprochement.score, "À quel point elles se ressemblent, sur cent.")
    raisons: list[str] = colonne(
        m.Rapprochement.raisons, "Par quoi : nom, prenom, date_naissance, courriel, nom_proche et les autres."
    )
    etat: m.EtatRapprochement = colonne(m.Rapprochement.etat, "Ce qui en a été dit.")
    trouve_le: dt.datetime = colonne(m.Rapprochement.trouve_le, "Quand il a été trouvé.")
    peut: PeutRapprochement = droits("Ce que vous pouvez en faire.")


@strawberry.enum(description="L'ordre des rapprochements.")
class TriRapprochements(Ordre):
    """The orders offered."""

    PLUS_SEMBLABLES = Tri(m.Rapprochement.score, descendant=True)


@strawberry.input(description="Ce que la liste retient.")
class FiltreRapprochements:
    """The criteria offered."""

    etats: list[m.EtatRapprochement] | None = critere(m.Rapprochement.etat, "parmi", "Dans un de ces états.")


@strawberry.type(description="Une page de rapprochements.")
class RapprochementConnection(Connection[Rapprochement]):
    """A page."""


@strawberry.type(description="Le rapprochement après l'acte, ou ce qui l'empêche.")
class RapprochementPayload:
    """The answer."""

    rapprochement: Rapprochement | None = ecrit(m.Rapprochement, "Nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
