"""Droits: one of each family for an affiliation (R-025, R-035, R-041, C-29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import Affiliation, Droit, DroitAccorde, Structure

from .empechements import Empeche, Empechement, NonTrouve
from .faits import FaitMetier


class DroitDeLaMemeFamille(Empechement):
    """Ce compte a déjà un droit de cette famille dans cette structure : retirez-le d'abord."""

    regle = "R-025"


class DroitInadapte(Empechement):
    """Ce droit ne convient pas à cette structure : elle n'est pas du genre qui le porte."""

    regle = "R-042"


class DroitsEnPlace(Empechement):
    """Des membres ont des droits que la structure ne pourrait plus porter : retirez-les d'abord."""

    regle = "R-042"


# What a structure must be to bear each droit; the others fit any structure
GENRE = {
    Droit.OF_CATALOGUE: "est_organisme_formation",
    Droit.OF_PREINSCRIPTION: "est_organisme_formation",
    Droit.OF_GENERAL: "est_organisme_formation",
    Droit.PRESTATAIRE: "est_organisme_formation",
    Droit.PRESCRIPTEUR_N1: "est_habilitee_prescrire",
    Droit.PRESCRIPTEUR_N2: "est_habilitee_prescrire",
    Droit.PRESCRIPTEUR_N3: "est_habilitee_prescrire",
    Droit.GESTIONNAIRE: "est_cap_metiers",
    Droit.AUDITEUR: "est_cap_metiers",
}


@dataclass(frozen=True)
class DroitAjoute(FaitMetier):
    """A droit was granted."""

    compte_concerne_id: int
    structure_concernee_id: int
    droit: str


class DroitRetire(DroitAjoute):
    """A droit was taken back."""


def famille(droit: Droit) -> str:
    """Out: the family of a droit, as the database computes it: `of`, `prescripteur`, or the droit itself (C-29)."""
    prefixe = droit.partition("_")[0]
    return prefixe if prefixe in ("of", "prescripteur") else str(droit)


def ajouter(affiliation: Affiliation, droit: Droit, *, par: int, le: datetime) -> dict[str, Any]:
    """R-025: the columns of a new droit. In: the affiliation, its droits loaded. Raises Empeche."""
    if any(d.famille == famille(droit) for d in affiliation.droits):
        raise Empeche([DroitDeLaMemeFamille("droit")])
    return {"affiliation_id": affiliation.id, "droit": droit, "accorde_le": le, "accorde_par_id": par}


def verifier_genre(droit: Droit, structure: Structure) -> None:
    """R-042, R-045: a droit fits the kind of structure, whoever grants it. Raises Empeche."""
    if droit in GENRE and not getattr(structure, GENRE[droit]):
        raise Empeche([DroitInadapte("droit")])


def verifier_genres(structure: Structure, accordes: Iterable[DroitAccorde]) -> None:
    """R-042: a structure stays of the kinds that the droits of its members need. Raises Empeche."""
    if any(a.droit in GENRE and not getattr(structure, GENRE[a.droit]) for a in accordes):
        raise Empeche([DroitsEnPlace("entree")])


def accorde(droits: Iterable[DroitAccorde], droit: Droit) -> DroitAccorde:
    """Out: the droit among those of an affiliation. Raises Empeche(NON_TROUVE)."""
    for found in droits:
        if found.droit is droit:
            return found
    raise Empeche([NonTrouve("droit")])


def ajoute(accorde: DroitAccorde) -> DroitAjoute:
    """Out: the fact of a droit granted."""
    return DroitAjoute(accorde.compte_id, accorde.structure_id, str(accorde.droit))


def retire(accorde: DroitAccorde) -> DroitRetire:
    """Out: the fact of a droit taken back."""
    return DroitRetire(accorde.compte_id, accorde.structure_id, str(accorde.droit))
