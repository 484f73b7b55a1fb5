"""What a fact says of a change, field by field, old then new, for the history that its owners read.

Never who to call: the journal is kept longer than a contact stays one. Nor free texts: their field is named, that is all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any

TUS = frozenset(
    {
        *("contact_nom", "contact_telephone", "contact_courriel", "referent_handicap"),
        *(
            "commentaire",
            "objectif",
            "programme",
            "le_plus",
            "resultats_attendus",
            "conditions_acces",
            "prerequis",
        ),
    }
)
MONTRE = 200  # characters of a value

Difference = dict[str, str | None]


def differences(
    champs: Iterable[str], avant: Mapping[str, Any], apres: Mapping[str, Any]
) -> list[Difference]:
    """In: the names of what changed, values by name. Out: each as it was and as it is, but for those that are not told."""
    return [
        {"champ": nom, "avant": _dit(avant.get(nom)), "apres": _dit(apres.get(nom))}
        for nom in champs
        if nom not in TUS and not nom.endswith("_id") and _est_dicible(avant.get(nom), apres.get(nom))
    ]


def _est_dicible(*valeurs: Any) -> bool:
    """Keys of other rows say nothing to people."""
    return not any(isinstance(v, list) and any(isinstance(x, int) for x in v) for v in valeurs)


def _dit(valeur: Any) -> str | None:
    if isinstance(valeur, list | tuple):
        return ", ".join(str(mot) for mot in map(_dit, valeur) if mot) or None
    if isinstance(valeur, Enum):
        return str(valeur.value)
    if isinstance(valeur, date):
        return valeur.isoformat()
    return None if valeur is None else str(valeur)[:MONTRE]
