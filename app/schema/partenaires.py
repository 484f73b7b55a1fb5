"""Partners' programs and their keys, as gestionnaires see them (C-32)."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ARRAY, type_coerce

from app import models as m
from app.models.base import mot
from app.reading.fields import Tri, calcule, colonne, ecrit, identifiant, liste, objet
from app.schema.empechements import Empechement
from app.schema.pages import Node


@objet(
    m.Jeton,
    "La clé d'un partenaire, pour une portée. Ce qui la prouve n'est jamais relu.",
    name="ClePartenaire",
)
class ClePartenaire:
    """The key of a program; a token, which has one node of its own."""

    id: strawberry.ID = identifiant("Son identifiant, pour la renouveler ou la révoquer.")
    prefixe: str | None = colonne(m.Jeton.prefixe, "Son début, qui la distingue des autres.")
    portee: m.Portee | None = calcule(
        lambda row, _: type_coerce(row["portee"], mot(m.Portee)), "Ce qu'elle permet.", lit=(m.Jeton.portee,)
    )
    cree_le: dt.datetime = colonne(m.Jeton.cree_le, "Quand elle a été donnée.")
    expire_le: dt.datetime = colonne(m.Jeton.expire_le, "Jusqu'à quand elle vaut.")
    vu_le: dt.datetime | None = colonne(
        m.Jeton.vu_le, "La dernière fois qu'elle a servi, à l'heure près ; nul si elle n'a jamais servi."
    )
    revoque_le: dt.datetime | None = colonne(m.Jeton.revoque_le, "Quand elle a été révoquée.")


@objet(m.CompteMachine, "Le programme d'un partenaire, et ce qui lui est accordé.")
class Partenaire(Node):
    """A partner's program."""

    libelle: str = colonne(m.CompteMachine.libelle, "Son nom.")
    portees: list[m.Portee] = calcule(
        lambda row, _: type_coerce(row["portees"], ARRAY(mot(m.Portee))),
        "Ce qu'il peut faire.",
        lit=(m.CompteMachine.portees,),
        jamais_nul=True,
    )
    cree_le: dt.datetime = colonne(m.CompteMachine.cree_le, "Quand il a été créé.")
    revoque_le: dt.datetime | None = colonne(m.CompteMachine.revoque_le, "Quand il a été révoqué.")
    cles: list[ClePartenaire] = liste(
        m.CompteMachine.cles,
        "Ses clés, les plus récentes d'abord, celles qui ne valent plus comprises.",
        ordre=Tri(m.Jeton.cree_le, descendant=True),
        entiere=True,
    )


@strawberry.input(description="Un partenaire à créer.")
class CreerPartenaireInput:
    """A new program."""

    libelle: str = strawberry.field(description="Son nom, 100 caractères au plus.")
    portees: list[m.Portee] = strawberry.field(description="Ce qu'il pourra faire ; une portée au moins.")


@strawberry.type(description="Le partenaire tel qu'il est après l'acte, ou ce qui l'empêche.")
class PartenairePayload:
    """The answer of an act on a program."""

    partenaire: Partenaire | None = ecrit(m.CompteMachine, "Le partenaire ; nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="La clé donnée, montrée cette seule fois, ou ce qui l'empêche.")
class CleDonneePayload:
    """The answer of whatever gives a key."""

    secret: str | None = strawberry.field(description="La clé à donner au partenaire ; elle ne se relit pas.")
    cle: ClePartenaire | None = ecrit(m.Jeton, "Ce qui s'en relit.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="La clé telle qu'elle est après l'acte, ou ce qui l'empêche.")
class ClePayload:
    """The answer of revoking a key."""

    cle: ClePartenaire | None = ecrit(m.Jeton, "La clé ; nulle si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
