"""The journal, as the API shows it beside what it speaks of: who, when, from what to what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, calcule, colonne, objet, relation
from app.schema.comptes import Compte
from app.schema.pages import Connection, Node
from app.schema.structures import Structure


def _mot(cle: str) -> Any:
    return lambda row, _: row["donnees"][cle].astext


@objet(m.Fait, "Ce qui est arrivé, par qui, sous quel profil.")
class Fait(Node):
    """Something that happened."""

    nom: str = colonne(m.Fait.nom, "Le fait, par son nom.")
    survenu_le: dt.datetime = colonne(m.Fait.survenu_le, "Quand.")
    structure: Structure | None = relation(m.Fait.structure, "Au titre de quelle structure.")
    compte: Compte | None = relation(m.Fait.compte, "Par qui, si vous pouvez lire ce compte.")
    pour_compte: Compte | None = relation(
        m.Fait.pour_compte, "Au nom de qui, quand le rôle était prêté ; si vous pouvez lire ce compte."
    )
    avant: str | None = calcule(_mot("avant"), "L'état quitté, en minuscules.", lit=(m.Fait.donnees,))
    apres: str | None = calcule(_mot("apres"), "L'état atteint, en minuscules.", lit=(m.Fait.donnees,))
    champs: list[str] | None = calcule(
        lambda row, _: row["donnees"]["champs"],
        "Les champs qui ont changé, tels que les tables les nomment ; jamais ce qu'ils contiennent.",
        lit=(m.Fait.donnees,),
    )


@strawberry.enum(description="L'ordre d'un historique de faits.")
class TriFaits(Ordre):
    """The orders offered on a list of facts."""

    PLUS_RECENTS = Tri(m.Fait.survenu_le, descendant=True)
    PLUS_ANCIENS = Tri(m.Fait.survenu_le)


@strawberry.type(description="Une page de faits.")
class FaitConnection(Connection[Fait]):
    """A page of facts."""
