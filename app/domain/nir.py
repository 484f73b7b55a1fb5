"""The NIR of a person: asked by a gestionnaire, written by whom it was asked, read for a reason; off unless a deployment may (C-22).

Nothing here keeps or tells a value: facts and empêchements hold identifiers and words of lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models import Candidat, Compte, Mot

from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier
from .identifiants import est_nir
from .textes import compacter


class MotifLectureNir(Mot):
    """Why a NIR is shown to a gestionnaire: kept at the journal."""

    RAPPROCHEMENT = "rapprochement", "Rapprocher la personne de celle d'un partenaire"
    ANOMALIE = "anomalie", "Instruire une anomalie d'identité"
    DEMANDE = "demande", "La personne demande ce que l'on sait d'elle"
    CONTROLE = "controle", "Contrôle d'un financeur"


class NirNonRecueilli(Empechement):
    """Ici, le numéro de sécurité sociale n'est ni demandé ni conservé."""

    regle = "R-116"


class NirInvalide(Empechement):
    """Ce n'est pas un numéro de sécurité sociale : treize caractères puis la clé de deux chiffres. Vérifiez-le."""

    regle = "R-116"


class NirAbsent(Empechement):
    """Aucun numéro de sécurité sociale n'est conservé pour cette personne."""

    regle = "R-116"


class NirDejaDemande(Empechement):
    """Ce numéro est déjà demandé à ce compte."""

    regle = "R-116"


@dataclass(frozen=True)
class NirDemande(FaitMetier):
    """A gestionnaire asked somebody for the NIR of a person."""

    candidat_id: int
    compte_concerne_id: int


@dataclass(frozen=True)
class NirEcrit(FaitMetier):
    """The NIR of a person was written; under which key, never which."""

    candidat_id: int
    cle: str


@dataclass(frozen=True)
class NirLu(FaitMetier):
    """The NIR of a person was shown, and why."""

    candidat_id: int
    motif: str


@dataclass(frozen=True)
class NirRetire(FaitMetier):
    """The NIR of a person was deleted: it served, or should not have been kept."""

    candidat_id: int


@dataclass(frozen=True)
class NirsRechiffres(FaitMetier):
    """So many NIR are now under this key."""

    nombre: int
    cle: str


def demander(candidat: Candidat, compte: Compte) -> NirDemande:
    """R-116: ask this account for the NIR; whoever was asked before is no more."""
    refuser(*([NirDejaDemande("compte")] if candidat.nir_demande_a_id == compte.id else []))
    candidat.nir_demande_a_id = compte.id
    return NirDemande(candidat.id, compte.id)


def nir_valide(saisi: str) -> str:
    """In: as it was typed, with blanks, dots or hyphens. Out: fifteen characters whose key is right; 2A and 2B are Corsica's.

    Raises Empeche(NIR_INVALIDE), which does not repeat what was typed.
    """
    nir = compacter(saisi) or ""
    if not est_nir(nir):
        raise Empeche([NirInvalide("nir")])
    return nir
