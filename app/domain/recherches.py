"""Searches that somebody wants to find again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.models import RechercheEnregistree

from .empechements import Empechement, refuser
from .formulaires import Champ, verifier_champs
from .textes import nettoyer

NOM = Champ("nom", 100, obligatoire=True)
MAXIMUM = 50  # a person's own, to be seen at a glance


class TropDeRecherches(Empechement):
    """Vous avez déjà {maximum} recherches enregistrées : supprimez-en une d'abord."""

    regle = "R-048"


def enregistrer(
    compte_id: int, nom: str, criteres: Mapping[str, Any], *, deja: int, le: datetime
) -> RechercheEnregistree:
    """In: whose search, its name, what it asks, how many that account keeps already. Raises Empeche."""
    refuser(
        *verifier_champs([NOM], {"nom": nettoyer(nom)}, complet=True),
        *([TropDeRecherches(maximum=MAXIMUM)] if deja >= MAXIMUM else []),
    )
    return RechercheEnregistree(compte_id=compte_id, nom=nom.strip(), criteres=dict(criteres), cree_le=le)


def renommer(recherche: RechercheEnregistree, nom: str) -> None:
    """Give another name to a search. Raises Empeche."""
    refuser(*verifier_champs([NOM], {"nom": nettoyer(nom)}, complet=True))
    recherche.nom = nom.strip()
