"""What an action says, as a bag of values by name: what is published, and what waits beside it (C-33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.models import Action, ActionModification, Certification, Mot, ObjectifGeneral

CERTIFICATIONS = "certifications"
"""In a content: the keys of the certifications, in their order (R-209)."""

TEXTES_LONGS = ("objectif", "programme", "le_plus", "resultats_attendus", "conditions_acces", "prerequis")
TEXTES_COURTS = (
    "intitule",
    "lien_web",
    "contact_nom",
    "contact_telephone",
    "contact_courriel",
    "numero_marche",
    "mesure",
)
FORMULAIRE = (*TEXTES_LONGS, *TEXTES_COURTS[:5], "objectif_general", "validations")
"""The columns of the form that an organisme fills (R-129, R-197 to R-218)."""

ENRICHIS = frozenset(
    {"contact_nom", "contact_telephone", "contact_courriel", "le_plus", "objectif", "programme"}
) | {CERTIFICATIONS, "conditions_acces", "prerequis"}
"""R-132: what an organisme fills of a conventionnée action, and so answers for; the rest is its financeur's."""

OBJECTIFS = {objectif.value: objectif for objectif in ObjectifGeneral}
Contenu = dict[str, Any]


def publie(action: Action) -> Contenu:
    """In: an action with its certifications loaded. Out: what its columns say."""
    preparees = sorted(action.certifications, key=lambda ligne: ligne.rang)
    contenu = {nom: getattr(action, nom) for nom in FORMULAIRE}
    return contenu | {CERTIFICATIONS: [ligne.certification_id for ligne in preparees]}


def attendu(action: Action) -> Contenu:
    """In: an action, its modification loaded too. Out: what it will say once what waits is published."""
    return publie(action) | (lu(action.modification.contenu) if action.modification is not None else {})


def ecrit(contenu: Mapping[str, Any], certifications: Sequence[Certification]) -> Contenu:
    """Out: the same as JSON holds it, with the names of the fields and the codes of the certifications, to be shown."""
    fait: Contenu = {nom: str(v) if isinstance(v, Mot) else v for nom, v in contenu.items()}
    fait[CHAMPS] = sorted(_camel(nom) for nom in contenu)
    if CERTIFICATIONS in fait:
        par_cle = {c.id: code(c) for c in certifications}
        fait[CODES] = [par_cle[cle] for cle in fait[CERTIFICATIONS]]
    return fait


CODES, CHAMPS = "codes_certifications", "champs"


def _camel(nom: str) -> str:
    premier, *suite = nom.split("_")
    return premier + "".join(mot.capitalize() for mot in suite)


def lu(json: Mapping[str, Any]) -> Contenu:
    """Out: what JSON holds, as columns hold it."""
    contenu = {nom: valeur for nom, valeur in json.items() if nom not in (CODES, CHAMPS)}
    if contenu.get("objectif_general") is not None:
        contenu["objectif_general"] = OBJECTIFS[contenu["objectif_general"]]
    return contenu


def code(certification: Certification) -> str:
    """Out: the code that says best which certification it is (R-212)."""
    return certification.code_rncp or certification.code_rs or certification.code_certifinfo or ""


def change_de_certification(action: Action) -> bool:
    """R-133, R-176: does what waits change what the action prepares for?"""
    return set(attendu(action)[CERTIFICATIONS]) != set(publie(action)[CERTIFICATIONS])


def est_confirmee(modification: ActionModification | None) -> bool:
    """Out: True for what waits for a control; what is only begun is still its organisme's."""
    return modification is not None and modification.confirmee_le is not None
