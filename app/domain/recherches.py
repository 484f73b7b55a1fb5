"""Searches that somebody wants to find again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from app.kit.clock import PARIS
from app.kit.conditions import Compare, Ref, all_of, any_of
from app.models import Droit, FrequenceAlerte, RechercheEnregistree

from .calendrier import jour_de_paris
from .empechements import Empechement, refuser
from .formulaires import Champ, verifier_champs
from .textes import nettoyer

NOM = Champ("nom", 100, obligatoire=True)
MAXIMUM = 50  # a person's own, to be seen at a glance


@dataclass(frozen=True)
class Profil:
    """Under which profile somebody reads: a structure and a droit there, or neither."""

    structure_id: int | None = None
    droit: Droit | None = None


class TropDeRecherches(Empechement):
    """Vous avez déjà {maximum} recherches enregistrées : supprimez-en une d'abord."""

    regle = "R-048"


def enregistrer(
    compte_id: int,
    profil: Profil,
    nom: str,
    criteres: Mapping[str, Any],
    *,
    deja: int,
    le: datetime,
    frequence: FrequenceAlerte = FrequenceAlerte.JAMAIS,
) -> RechercheEnregistree:
    """In: whose search, under which profile, its name, what it asks, how many that account keeps already, how often to write.

    Raises Empeche.
    """
    refuser(
        *verifier_champs([NOM], {"nom": nettoyer(nom)}, complet=True),
        *([TropDeRecherches(maximum=MAXIMUM)] if deja >= MAXIMUM else []),
    )
    recherche = RechercheEnregistree(
        compte_id=compte_id, nom=nom.strip(), criteres=dict(criteres), cree_le=le
    )
    recherche.frequence = FrequenceAlerte.JAMAIS
    regler(recherche, profil, frequence, le=le)
    return recherche


def regler(
    recherche: RechercheEnregistree, profil: Profil, frequence: FrequenceAlerte, *, le: datetime
) -> None:
    """Write so often, or no more, what that profile then reads. What was published before that is not new."""
    recherche.structure_id, recherche.droit = profil.structure_id, profil.droit
    if frequence is FrequenceAlerte.JAMAIS:
        recherche.alertee_le = None
    elif recherche.frequence is FrequenceAlerte.JAMAIS:
        recherche.alertee_le = le
    recherche.frequence = frequence


# --- when to write, and about what ------------------------------------------------------------------------------

HEURE = timedelta(hours=7)  # in the morning, in Paris
JOURS = {FrequenceAlerte.QUOTIDIENNE: 1, FrequenceAlerte.HEBDOMADAIRE: 7}
RECUL = timedelta(minutes=5)  # what was dated just before, and is still being written, is for the next time
DUES = any_of(
    [
        all_of(
            [
                Compare(("frequence",), "=", str(frequence)),
                Compare(("alertee_le",), "<", Ref(f"alertee_avant_{jours}")),
            ]
        )
        for frequence, jours in JOURS.items()
    ]
)
"""The searches whose owner is to be told, if there is anything new."""


def valeurs_dues(le: datetime) -> Mapping[str, datetime]:
    """In: the moment. Out: the values that `DUES` needs: from seven in the morning, so many days of Paris after."""
    jour = jour_de_paris(le - HEURE)
    premiers = {jours: jour - timedelta(days=jours - 1) for jours in JOURS.values()}
    return {
        f"alertee_avant_{jours}": datetime.combine(premier, time(0), PARIS).astimezone(UTC)
        for jours, premier in premiers.items()
    }


def alerter(recherche: RechercheEnregistree, *, le: datetime) -> tuple[datetime, datetime]:
    """Out: since when, until when what was published is new to its owner; the next time starts there."""
    depuis, jusqu_a = recherche.alertee_le or recherche.cree_le, le - RECUL
    recherche.alertee_le = jusqu_a
    return depuis, jusqu_a


def renommer(recherche: RechercheEnregistree, nom: str) -> None:
    """Give another name to a search. Raises Empeche."""
    refuser(*verifier_champs([NOM], {"nom": nettoyer(nom)}, complet=True))
    recherche.nom = nom.strip()
