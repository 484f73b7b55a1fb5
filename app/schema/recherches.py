"""Saved searches, as the API shows them."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types.base import get_object_definition

from app import models as m
from app.reading.fields import colonne, ecrit, objet, relation
from app.reading.filters import camel
from app.schema.actions import RechercheActions
from app.schema.empechements import Empechement
from app.schema.pages import Node
from app.schema.structures import Structure


@objet(m.RechercheEnregistree, "Une recherche d'offre que vous voulez retrouver.")
class RechercheEnregistree(Node):
    """A saved search."""

    nom: str = colonne(m.RechercheEnregistree.nom, "Le nom que vous lui avez donné.")
    criteres: JSON = colonne(  # type: ignore[assignment]  # JSON is the scalar of any JSON value
        m.RechercheEnregistree.criteres, "Ses critères, à redonner tels quels à « actions(recherche:) »."
    )
    frequence: m.FrequenceAlerte = colonne(
        m.RechercheEnregistree.frequence, "À quelle fréquence un courriel vous dit ce qui est nouveau."
    )
    alertee_le: dt.datetime | None = colonne(
        m.RechercheEnregistree.alertee_le, "Depuis quand ce qui est publié est nouveau pour vous."
    )
    droit: m.Droit | None = colonne(
        m.RechercheEnregistree.droit,
        "Le droit sous lequel vous êtes prévenu ; nul : ce que lit tout compte. Perdu entre-temps, il ne compte plus.",
    )
    structure: Structure | None = relation(
        m.RechercheEnregistree.structure, "La structure où vous aviez ce droit."
    )
    cree_le: dt.datetime = colonne(m.RechercheEnregistree.cree_le, "Quand vous l'avez enregistrée.")


@strawberry.input(description="Une recherche à retrouver plus tard.")
class EnregistrerRechercheInput:
    """A search to keep."""

    nom: str = strawberry.field(description="Son nom, 100 caractères au plus.")
    recherche: RechercheActions = strawberry.field(description="Ce qu'elle demande.")
    frequence: m.FrequenceAlerte = strawberry.field(
        default=m.FrequenceAlerte.JAMAIS,
        description="À quelle fréquence vous dire ce qui est nouveau ; jamais, sans cela.",
    )


@strawberry.type(description="La recherche enregistrée, ou ce qui empêche l'acte.")
class RecherchePayload:
    """The answer of every act on a saved search."""

    recherche: RechercheEnregistree | None = ecrit(
        m.RechercheEnregistree, "La recherche ; nulle si l'acte n'a pas eu lieu, ou si elle n'existe plus."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


def criteres_de(recherche: Any) -> dict[str, Any]:
    """In: criteria, as an act takes them. Out: the same as a client writes them, to be given again one day."""
    fields = get_object_definition(recherche, strict=True).fields
    given = {camel(f.python_name): getattr(recherche, f.python_name) for f in fields}
    return {name: _written(value) for name, value in given.items() if value is not strawberry.UNSET}


def _written(value: Any) -> Any:
    match value:
        case list():
            return [_written(one) for one in value]
        case enum.Enum():
            return value.name
        case dt.date():
            return value.isoformat()
        case None | str() | bool() | int() | float():
            return value
    return criteres_de(value)
