"""The journal, as the API shows it beside what it speaks of: who, when, from what to what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import case, func

from app import models as m
from app.reading.fields import Ordre, Tri, calcule, cle_json, colonne, liste_json, objet, relation
from app.schema.comptes import Compte
from app.schema.pages import Connection, Node
from app.schema.structures import Structure


def _mot(cle: str) -> Any:
    """Out: the word under a key; null where something else stands there."""
    return lambda row, _: case(
        (func.jsonb_typeof(row["donnees"][cle]) == "string", row["donnees"][cle].astext)
    )


@strawberry.type(description="Un champ qui a changé.")
class DifferenceFait:
    """A field, as it was, as it is."""

    champ: str | None = cle_json("champ", "Le champ, tel que les tables le nomment.")
    avant: str | None = cle_json("avant", "Ce qu'il disait.")
    apres: str | None = cle_json("apres", "Ce qu'il dit.")


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
        lambda row, _: func.coalesce(row["donnees"]["champs"], row["donnees"]["colonnes"]),
        "Les champs qui ont changé, tels que les tables les nomment.",
        lit=(m.Fait.donnees,),
    )
    differences: list[DifferenceFait] | None = liste_json(
        m.Fait.donnees,
        "differences",
        "Ce qu'ils disaient, ce qu'ils disent ; jamais un contact, ni un texte libre.",
    )


@strawberry.enum(description="L'ordre d'un historique de faits.")
class TriFaits(Ordre):
    """The orders offered on a list of facts."""

    PLUS_RECENTS = Tri(m.Fait.survenu_le, descendant=True)
    PLUS_ANCIENS = Tri(m.Fait.survenu_le)


@strawberry.type(description="Une page de faits.")
class FaitConnection(Connection[Fait]):
    """A page of facts."""
