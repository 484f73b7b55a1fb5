"""The versions of the policy, as the API shows them to those who review it."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, cle_json, colonne, critere, liste_json, objet
from app.schema.pages import Connection, Node


@strawberry.type(description="Un fichier de la politique.")
class FichierPolitique:
    """A Polar file."""

    nom: str | None = cle_json("nom", "Son nom.")
    empreinte: str | None = cle_json("sha256", "SHA-256 de ce qu'il dit, en hexadécimal.")
    source: str | None = cle_json("source", "Ce qu'il dit, en Polar.")


@objet(
    m.VersionPolitique,
    "La politique d'accès qui décidait à partir d'un moment, entière.",
    name="VersionPolitique",
)
class VersionPolitique(Node):
    """A policy that served."""

    empreinte: str = colonne(m.VersionPolitique.sha256, "Celle de tous ses fichiers, en hexadécimal.")
    mise_en_service_le: dt.datetime = colonne(
        m.VersionPolitique.mise_en_service_le, "Depuis quand ; jusqu'à la version suivante."
    )
    fichiers: list[FichierPolitique] | None = liste_json(
        m.VersionPolitique.contenu, "fichiers", "Ses fichiers, par leur nom."
    )
    matrice: str | None = colonne(
        m.VersionPolitique.matrice,
        "Qui peut quoi, et sous quelles conditions, en toutes lettres, avec les règles qui le disent (Markdown).",
    )


@strawberry.enum(description="L'ordre des versions.")
class TriVersionsPolitique(Ordre):
    """The orders offered."""

    PLUS_RECENTES = Tri(m.VersionPolitique.mise_en_service_le, descendant=True)
    PLUS_ANCIENNES = Tri(m.VersionPolitique.mise_en_service_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreVersionsPolitique:
    """The criteria offered."""

    depuis: dt.datetime | None = critere(
        m.VersionPolitique.mise_en_service_le, ">=", "Mise en service à partir de ce moment."
    )
    avant: dt.datetime | None = critere(
        m.VersionPolitique.mise_en_service_le,
        "<",
        "Mise en service avant ce moment : la plus récente est celle qui décidait alors.",
    )


@strawberry.type(description="Une page de versions de la politique.")
class VersionPolitiqueConnection(Connection[VersionPolitique]):
    """A page."""
