"""What stands in the way of a table of sessions (R-219, R-222)."""

from __future__ import annotations

from enum import Enum

from .empechements import Empechement


class QuoiImport(Enum):
    """What becomes of a row."""

    CREEE = "creee"
    MODIFIEE = "modifiee"
    INCHANGEE = "inchangee"
    REFUSEE = "refusee"


class TableauInvalide(Empechement):
    """Ce tableau ne peut pas être lu : {pourquoi}."""

    regle = "R-222"


class FichierLheoInvalide(Empechement):
    """Ce fichier LHEO ne peut pas être lu : {pourquoi}."""

    regle = "R-124"


class CelluleIllisible(Empechement):
    """Cette cellule ne peut pas être lue : {pourquoi}."""

    regle = "R-222"


class SessionDUneAutreReference(Empechement):
    """Ce numéro Carif n'est pas celui d'une session de cette action : corrigez l'un des deux."""

    regle = "R-180"


class LigneSolidaire(Empechement):
    """Une autre ligne de la même action est refusée : une action est prise en entier, ou pas du tout."""

    regle = "R-222"
