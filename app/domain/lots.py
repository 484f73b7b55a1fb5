"""« Gestion par lot » (R-152): how many candidatures one mutation takes; each is decided on its own."""

from __future__ import annotations

from .empechements import Empechement

PAR_LOT = 200


class TropDeCandidatures(Empechement):
    """Un lot compte deux cents candidatures au plus : envoyez-le en plusieurs fois."""

    regle = "R-152"


class IncidentInterne(Empechement):
    """Une erreur de notre fait a empêché cet acte, et rien n'a changé : réessayez, ou citez le numéro {incident}."""


class ValeurIllisible(Empechement):
    """Une valeur de cette ligne ne se lit pas ({raison}) : rien n'a changé."""
