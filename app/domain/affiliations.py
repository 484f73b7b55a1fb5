"""Affiliations: asked, accepted, refused, detached; who is référent (R-006 to R-010, R-023 to R-029, R-043).

What a detached person wrote stays where it is: nothing is cancelled, nothing is lost. Its author is no N3 of the
structure any more, so the N3s of the structure read its candidatures, finish them or cancel them (C-17).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import Affiliation, Droit, EtatAffiliation, EtatStructure, Structure

from .empechements import Empeche, Empechement
from .faits import FaitMetier
from .structures import StructureNonValidee, verifier_utilisable

DEJA_MEMBRE = frozenset({EtatAffiliation.ACCEPTEE, EtatAffiliation.DETACHEE})
VIVANTES = frozenset({EtatAffiliation.EN_ATTENTE, EtatAffiliation.ACCEPTEE})


class RattachementExistant(Empechement):
    """Ce compte est déjà rattaché à cette structure, ou sa demande attend une réponse."""

    regle = "R-010"


class PremiereDemandeEnAttente(Empechement):
    """Votre première demande de rattachement attend une réponse ; ensuite, vous en ferez d'autres."""

    regle = "R-009"


@dataclass(frozen=True)
class AffiliationDemandee(FaitMetier):
    """Somebody asked to join a structure (R-010)."""

    compte_concerne_id: int
    structure_concernee_id: int


@dataclass(frozen=True)
class AffiliationAcceptee(AffiliationDemandee):
    """A request was accepted; the first one makes a référent (R-006)."""

    referent: bool


@dataclass(frozen=True)
class AffiliationRefusee(AffiliationDemandee):
    """A request was refused (R-023)."""


@dataclass(frozen=True)
class CompteDetache(AffiliationDemandee):
    """Somebody is no member any more (R-027)."""


@dataclass(frozen=True)
class ReferentNomme(AffiliationDemandee):
    """A member became référent (R-006)."""


@dataclass(frozen=True)
class ReferentRetire(AffiliationDemandee):
    """A member is no référent any more (R-006)."""


@dataclass(frozen=True)
class MembresExportes(FaitMetier):
    """The list of the members of a structure was exported (R-030)."""

    structure_concernee_id: int


def demander(
    structure: Structure, miennes: Sequence[Affiliation], *, compte_id: int, le: datetime
) -> dict[str, Any]:
    """R-010: the columns of a request. In: the affiliations of the account, whatever their état. Raises Empeche.

    R-009: an account that was never accepted anywhere waits for its first answer. A structure that waits to be
    validated can be joined by who declared it: both requests wait together.
    """
    etats = {a.etat for a in miennes}
    if structure.etat is EtatStructure.REFUSEE:
        raise Empeche([StructureNonValidee("structure")])
    if any(a.structure_id == structure.id and a.etat in VIVANTES for a in miennes):
        raise Empeche([RattachementExistant("structure")])
    if EtatAffiliation.EN_ATTENTE in etats and not etats & DEJA_MEMBRE:
        raise Empeche([PremiereDemandeEnAttente("structure")])
    return {"compte_id": compte_id, "structure_id": structure.id, "demandee_le": le}


def accepter(
    affiliation: Affiliation, structure: Structure, *, par: int, le: datetime
) -> tuple[AffiliationAcceptee, dict[str, Any]]:
    """R-006, R-007, R-043: make it a member. In: the structure, locked. Out: the fact, the columns of `beneficiaire`.

    The first member of a structure is its référent; nobody gets another droit before it is given (R-024).
    """
    verifier_utilisable(structure)
    _decider(affiliation, EtatAffiliation.ACCEPTEE, par, le)
    affiliation.est_referent = not structure.a_un_referent
    fait = AffiliationAcceptee(affiliation.compte_id, affiliation.structure_id, affiliation.est_referent)
    return fait, {"affiliation_id": affiliation.id, "droit": Droit.BENEFICIAIRE, "accorde_le": le}


def refuser_demande(affiliation: Affiliation, *, par: int, le: datetime) -> AffiliationRefusee:
    """R-023: say no. The person may ask again."""
    _decider(affiliation, EtatAffiliation.REFUSEE, par, le)
    return AffiliationRefusee(affiliation.compte_id, affiliation.structure_id)


def _decider(affiliation: Affiliation, etat: EtatAffiliation, par: int, le: datetime) -> None:
    affiliation.etat, affiliation.decidee_par_id, affiliation.decidee_le = etat, par, le


def detacher(affiliation: Affiliation) -> CompteDetache:
    """R-027, R-028: end this affiliation, and no other of the account."""
    affiliation.etat, affiliation.est_referent = EtatAffiliation.DETACHEE, False
    return CompteDetache(affiliation.compte_id, affiliation.structure_id)


def nommer_referent(affiliation: Affiliation) -> ReferentNomme:
    """R-006: « modifiable par la suite sur demande »."""
    affiliation.est_referent = True
    return ReferentNomme(affiliation.compte_id, affiliation.structure_id)


def retirer_referent(affiliation: Affiliation) -> ReferentRetire:
    """R-006: the member stays, with its droits."""
    affiliation.est_referent = False
    return ReferentRetire(affiliation.compte_id, affiliation.structure_id)


def demandee(affiliation: Affiliation) -> AffiliationDemandee:
    """Out: the fact of a request."""
    return AffiliationDemandee(affiliation.compte_id, affiliation.structure_id)
