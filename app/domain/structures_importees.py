"""Structures that an official list brings (R-005, R-042): created by their SIRET, followed afterwards.

A list is followed, not obeyed (docs/decisions/0011): it changes what it changed itself since its last import, so what a
référent had corrected (R-031) stays. It adds kinds and takes none away: members may have droits that need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models import EtatStructure, Structure

from .empechements import Empeche, Empechement, refuser
from .formulaires import verifier_champs
from .imports import empreintes
from .structures import CHAMPS_STRUCTURE, fiche, verifier_donnes

GENRES: Mapping[str, str] = {
    "organisme de formation": "est_organisme_formation",
    "prescripteur": "est_habilitee_prescrire",
}
"""The kinds that a list may say, as it says them, and the column of each."""
MARQUE = (
    "liste:"  # the digests of a list stand beside those of an offer, which may speak of the same structure
)


class StructureRefuseeAvant(Empechement):
    """Cette structure a été refusée par Cap Métiers : un gestionnaire décide de ce qu'elle devient."""

    regle = "R-005"


class GenreInconnu(Empechement):
    """Ce genre de structure n'est pas connu : « organisme de formation » ou « prescripteur » sont attendus."""

    regle = "R-042"


def lire_genres(dits: str) -> dict[str, bool]:
    """In: the kinds of a line, separated by commas or bars. Out: the columns that they make true. Raises Empeche."""
    mots = [" ".join(mot.split()).lower() for mot in dits.replace("|", ",").split(",") if mot.strip()]
    if any(mot not in GENRES for mot in mots):
        raise Empeche([GenreInconnu("genres")])
    return {GENRES[mot]: True for mot in mots}


def dite(colonnes: Mapping[str, str], genres: str) -> dict[str, Any]:
    """Out: what a line says of a structure, cleaned; an empty cell says nothing. Raises Empeche."""
    return fiche({nom: valeur for nom, valeur in colonnes.items() if valeur.strip()}) | lire_genres(genres)


def nouvelle(voulu: Mapping[str, Any]) -> dict[str, Any]:
    """R-005: the columns of a structure that a list brings: validated, by who imports it. Raises Empeche."""
    refuser(*verifier_champs(CHAMPS_STRUCTURE, dict(voulu), complet=True))
    return {**voulu, "etat": EtatStructure.VALIDEE, "empreintes": marquees(voulu)}


def suivre(structure: Structure, voulu: Mapping[str, Any]) -> tuple[str, ...]:
    """Give a structure what the list changed since its last import. Out: the columns that changed. Raises Empeche."""
    if structure.etat is EtatStructure.REFUSEE:
        raise Empeche([StructureRefuseeAvant("siret")])
    verifier_donnes(voulu)
    dites = marquees(voulu)
    news = [nom for nom in sorted(voulu) if structure.empreintes.get(MARQUE + nom) != dites[MARQUE + nom]]
    changees = tuple(nom for nom in news if getattr(structure, nom) != voulu[nom])
    for nom in changees:
        setattr(structure, nom, voulu[nom])
    if news:
        structure.empreintes = {**structure.empreintes, **dites}
    return changees


def marquees(voulu: Mapping[str, Any]) -> dict[str, str]:
    """Out: a digest of each thing that a list says."""
    return empreintes({MARQUE + nom: valeur for nom, valeur in voulu.items()})
