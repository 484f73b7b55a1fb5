"""Structures: declared by who does not find theirs, decided and corrected by gestionnaires (R-005, R-031)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import (
    Affiliation,
    DemandeModification,
    EtatAffiliation,
    EtatDemande,
    EtatStructure,
    Structure,
)

from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier
from .formulaires import CHAMPS_CANDIDAT, Champ, texte_obligatoire, verifier_champs
from .identifiants import departement_du_code_postal, est_code_postal, est_numero_activite, est_siret
from .textes import compacter, nettoyer

COMPACTES = frozenset({"siret", "numero_activite"})
GENRES = ("est_organisme_formation", "est_habilitee_prescrire", "est_qualiopi_apprentissage")
_COORDONNEES = tuple(champ for champ in CHAMPS_CANDIDAT if champ.nom in ("telephone", "courriel"))
CHAMPS_STRUCTURE = (
    Champ("raison_sociale", 200, obligatoire=True),
    Champ("sigle", 50),
    Champ("siret", 14, True, est_siret, "les quatorze chiffres d'un SIRET"),
    Champ("numero_activite", 11, False, est_numero_activite, "onze caractères"),
    Champ("voie", 200),
    Champ("code_postal", 5, True, est_code_postal, "cinq chiffres"),
    Champ("ville", 100, obligatoire=True),
    *_COORDONNEES,
)


class StructureExistante(Empechement):
    """Une structure porte déjà ce numéro SIRET : cherchez-la dans la liste, ou écrivez à Cap Métiers."""

    regle = "R-005"


class StructureNonValidee(Empechement):
    """Cette structure attend d'être validée par Cap Métiers : personne ne peut encore agir en son nom."""

    regle = "R-005"


class RienADemander(Empechement):
    """Cette demande ne change rien à la fiche : indiquez au moins un champ qui diffère."""

    regle = "R-031"


@dataclass(frozen=True)
class StructureDeclaree(FaitMetier):
    """Somebody declared a structure that was not in the list (R-005)."""

    structure_concernee_id: int


@dataclass(frozen=True)
class StructureValidee(StructureDeclaree):
    """A gestionnaire accepted it."""


@dataclass(frozen=True)
class StructureRefusee(StructureDeclaree):
    """A gestionnaire refused it."""


@dataclass(frozen=True)
class StructureModifiee(FaitMetier):
    """The fiche of a structure was changed: names of fields, never what they hold."""

    structure_concernee_id: int
    champs: tuple[str, ...]


@dataclass(frozen=True)
class ModificationDemandee(StructureModifiee):
    """A référent asked for a change (R-031)."""

    demande: int


@dataclass(frozen=True)
class ModificationAppliquee(ModificationDemandee):
    """A gestionnaire applied it."""


@dataclass(frozen=True)
class ModificationRefusee(ModificationDemandee):
    """A gestionnaire refused it."""


# --- declaring, deciding ------------------------------------------------------------------------------------------


def fiche(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """Out: what is given of a fiche, cleaned; the département follows the postal code."""
    propre = {nom: _nettoye(nom, valeur) for nom, valeur in saisie.items()}
    if propre.get("code_postal"):
        propre["departement"] = departement_du_code_postal(propre["code_postal"])
    return propre


def _nettoye(nom: str, valeur: Any) -> Any:
    if not isinstance(valeur, str):
        return valeur
    return compacter(valeur) if nom in COMPACTES else nettoyer(valeur)


def declarer(saisie: Mapping[str, Any], *, par: int | None, le: datetime) -> dict[str, Any]:
    """R-005: the columns of a structure that waits to be validated. Raises Empeche, every problem at once.

    Only a gestionnaire says that a structure may prescribe, so nobody declares it.
    """
    propre = fiche(saisie)
    refuser(*verifier_champs(CHAMPS_STRUCTURE, propre, complet=True))
    return propre | {"etat": EtatStructure.A_VALIDER, "declaree_par_id": par, "cree_le": le}


def valider(structure: Structure) -> StructureValidee:
    """R-005: it can be used from now on."""
    structure.etat = EtatStructure.VALIDEE
    return StructureValidee(structure.id)


def refuser_structure(
    structure: Structure, demandes: Iterable[Affiliation], *, par: int, le: datetime
) -> StructureRefusee:
    """R-005: it cannot be used; who asked to join it is refused too."""
    structure.etat = EtatStructure.REFUSEE
    for demande in demandes:
        demande.etat, demande.decidee_le, demande.decidee_par_id = EtatAffiliation.REFUSEE, le, par
    return StructureRefusee(structure.id)


def verifier_utilisable(structure: Structure) -> None:
    """R-005: nobody joins a structure that is not validated. Raises Empeche."""
    if structure.etat is not EtatStructure.VALIDEE:
        raise Empeche([StructureNonValidee()])


# --- changing -----------------------------------------------------------------------------------------------------


def modifier(structure: Structure, saisie: Mapping[str, Any]) -> StructureModifiee:
    """R-031: change the fiche. An absent key changes nothing. Raises Empeche."""
    voulu = fiche(saisie)
    verifier_donnes(voulu)
    change = differences(structure, voulu)
    for nom in change:
        setattr(structure, nom, voulu[nom])
    return StructureModifiee(structure.id, change)


def differences(structure: Structure, voulu: Mapping[str, Any]) -> tuple[str, ...]:
    """Out: the columns in which a fiche would change."""
    return tuple(sorted(nom for nom, valeur in voulu.items() if getattr(structure, nom) != valeur))


def verifier_donnes(voulu: Mapping[str, Any]) -> None:
    """Raise Empeche for what is given and not right; an imported fiche may lack what is not spoken of."""
    donnes = [champ for champ in CHAMPS_STRUCTURE if champ.nom in voulu]
    refuser(*verifier_champs(donnes, voulu, complet=True))


def demander_modification(
    structure: Structure, saisie: Mapping[str, Any], *, motif: str | None, par: int, le: datetime
) -> dict[str, Any]:
    """R-031: the columns of a request: only what differs from the fiche. Raises Empeche."""
    voulu = fiche(saisie)
    verifier_donnes(voulu)
    refuser(*verifier_champs([Champ("motif", 1000)], {"motif": nettoyer(motif)}, complet=False))
    contenu = {nom: voulu[nom] for nom in differences(structure, voulu)}
    if not contenu:
        raise Empeche([RienADemander("entree")])
    return {
        "structure_id": structure.id,
        "auteur_id": par,
        "contenu": contenu,
        "motif": nettoyer(motif),
        "etat": EtatDemande.EN_ATTENTE,
        "cree_le": le,
    }


def demandee(demande: DemandeModification) -> ModificationDemandee:
    """Out: the fact of a request."""
    return ModificationDemandee(*_de(demande))


def appliquer(
    demande: DemandeModification, structure: Structure, *, par: int, le: datetime
) -> ModificationAppliquee:
    """R-031: give the fiche what was asked; what it said before is kept. Raises Empeche if it is no longer right."""
    demande.valeurs_avant = {nom: getattr(structure, nom) for nom in demande.contenu}
    modifier(structure, demande.contenu)
    demande.etat, demande.decidee_par_id, demande.decidee_le = EtatDemande.APPLIQUEE, par, le
    return ModificationAppliquee(*_de(demande))


def refuser_modification(
    demande: DemandeModification, *, motif: str | None, par: int, le: datetime
) -> ModificationRefusee:
    """R-031: leave the fiche as it is, and say why. Raises Empeche without a reason."""
    refuser(*texte_obligatoire("motif", motif))
    demande.etat, demande.decidee_par_id, demande.decidee_le = EtatDemande.REFUSEE, par, le
    demande.motif_refus = nettoyer(motif)
    return ModificationRefusee(*_de(demande))


def _de(demande: DemandeModification) -> tuple[int, tuple[str, ...], int]:
    return demande.structure_id, tuple(sorted(demande.contenu)), demande.id
