"""How the catalogue is filtered, ordered and counted: its tabs (R-126, R-170, R-186)."""

from __future__ import annotations

import strawberry
from sqlalchemy import func

from app import models as m
from app.kit.conditions import TRUE, Compare, Ref
from app.reading.fields import Ordre, Tri, comptes, critere, critere_calcule, critere_si, partie
from app.reading.pages import Groupe
from app.schema.actions import Action
from app.schema.pages import Connection

DE_MA_STRUCTURE = Compare(("responsable_id",), "=", Ref("ma_structure"))


@strawberry.enum(description="L'ordre du catalogue.")
class TriCatalogue(Ordre):
    """The orders of the catalogue."""

    PLUS_RECENTES = Tri(m.Action.modifiee_le, descendant=True)
    INTITULE = Tri(m.Action.intitule)


@strawberry.enum(description="L'ordre de la file des gestionnaires.")
class TriControle(Ordre):
    """The orders of the queue."""

    PLUS_ANCIENNES = Tri(m.Action.modifiee_le)
    PLUS_RECENTES = Tri(m.Action.modifiee_le, descendant=True)


@strawberry.input(description="Ce que le catalogue retient ; les critères se cumulent.")
class FiltreCatalogue:
    """The tabs of « Gestion des formations »."""

    etats: list[m.EtatAction] | None = critere(m.Action.etat, "parmi", "Dans un de ces états : un onglet.")
    conventionnee: bool | None = critere_si(
        Compare(("est_conventionnee",), "=", True), "De l'offre conventionnée, ou hors de celle-ci."
    )
    mon_catalogue: bool | None = critere_si(
        DE_MA_STRUCTURE, "Vrai : de la structure de votre profil actif.", sinon=TRUE
    )
    responsable: strawberry.ID | None = critere(
        m.Action.responsable_id, "=", "De cet organisme responsable.", type_name="Structure"
    )
    attend_reponse: bool | None = critere_si(
        Compare(("est_sans_reponse",), "=", True),
        "Vrai : dont l'organisme attend la réponse d'un gestionnaire.",
    )
    intitule: str | None = critere_calcule(
        lambda row, given: func.plier(row["intitule"]).contains(func.plier(given)),
        "Un morceau de l'intitulé ; accents et casse à part.",
        lit=(m.Action.intitule,),
    )


@strawberry.type(description="Combien d'actions dans un état.")
class NombreActions:
    """How many actions in one état: what a tab shows."""

    etat: m.EtatAction = partie(Groupe("valeur"), "L'état.")
    nombre: int = partie(Groupe("nombre"), "Combien.")


@strawberry.type(description="Une page du catalogue.")
class CatalogueConnection(Connection[Action]):
    """A page of the catalogue."""

    par_etat: list[NombreActions] = comptes(m.Action.etat, "Toute la liste, comptée par état.")
