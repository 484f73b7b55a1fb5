"""The journal, as the API shows it beside what it speaks of: who, when, from what to what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import case, func

from app import models as m
from app.reading.fields import Ordre, Tri, calcule, cle_json, colonne, critere, liste_json, objet, relation
from app.schema.cles import cle
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
    profil: str = colonne(m.Fait.profil, "Sous quel profil ; « systeme » pour un travail de fond.")
    structure: Structure | None = relation(m.Fait.structure, "Au titre de quelle structure.")
    compte_id: strawberry.ID | None = cle(
        "Compte", m.Fait.compte_id, "L'identifiant de qui l'a fait ; nul pour un travail de fond."
    )
    compte: Compte | None = relation(m.Fait.compte, "Par qui, si vous pouvez lire ce compte.")
    pour_compte: Compte | None = relation(
        m.Fait.pour_compte, "Au nom de qui, quand le rôle était prêté ; si vous pouvez lire ce compte."
    )
    compte_concerne_id: strawberry.ID | None = cle(
        "Compte", m.Fait.compte_concerne_id, "Le compte que cela concerne : son identifiant."
    )
    compte_concerne: Compte | None = relation(
        m.Fait.compte_concerne, "Le compte que cela concerne, si vous pouvez le lire."
    )
    structure_concernee_id: strawberry.ID | None = cle(
        "Structure", m.Fait.structure_concernee_id, "La structure que cela concerne : son identifiant."
    )
    action_id: strawberry.ID | None = cle("Action", m.Fait.action_id, "L'action : son identifiant.")
    session_id: strawberry.ID | None = cle("Session", m.Fait.session_id, "La session : son identifiant.")
    candidat_id: strawberry.ID | None = cle(
        "Candidat", m.Fait.candidat_id, "La personne : son identifiant, même si elle a été fusionnée depuis."
    )
    candidature_id: strawberry.ID | None = cle(
        "Candidature", m.Fait.candidature_id, "La candidature : son identifiant, même si elle a été effacée."
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


@strawberry.input(description="Ce que le journal retient ; les critères se cumulent.")
class FiltreJournal:
    """The criteria offered."""

    noms: list[str] | None = critere(m.Fait.nom, "parmi", "Un de ces faits, par leur nom.")
    profils: list[str] | None = critere(m.Fait.profil, "parmi", "Sous un de ces profils.")
    depuis: dt.datetime | None = critere(m.Fait.survenu_le, ">=", "À partir de ce moment.")
    avant: dt.datetime | None = critere(m.Fait.survenu_le, "<", "Avant ce moment.")
    compte: strawberry.ID | None = critere(m.Fait.compte_id, "=", "Par ce compte.", type_name="Compte")
    candidature: strawberry.ID | None = critere(
        m.Fait.candidature_id, "=", "Sur cette candidature.", type_name="Candidature"
    )
    action: strawberry.ID | None = critere(m.Fait.action_id, "=", "Sur cette action.", type_name="Action")
    session: strawberry.ID | None = critere(m.Fait.session_id, "=", "Sur cette session.", type_name="Session")
    candidat: strawberry.ID | None = critere(
        m.Fait.candidat_id, "=", "Sur cette personne.", type_name="Candidat"
    )
    structure_concernee: strawberry.ID | None = critere(
        m.Fait.structure_concernee_id, "=", "Sur cette structure.", type_name="Structure"
    )
    compte_concerne: strawberry.ID | None = critere(
        m.Fait.compte_concerne_id, "=", "Sur ce compte.", type_name="Compte"
    )


@strawberry.type(description="Une page de faits.")
class FaitConnection(Connection[Fait]):
    """A page of facts."""
