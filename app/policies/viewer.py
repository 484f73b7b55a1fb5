"""Who asks: a profile, which the policy knows at compile time, and values, which it only meets at request time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from app.kit.clock import paris_day

ANONYME = "anonyme"
REFERENT = "+referent"
SYSTEME = "systeme"
DROITS = (
    "beneficiaire",
    "prescripteur_n1",
    "prescripteur_n2",
    "prescripteur_n3",
    "of_catalogue",
    "of_preinscription",
    "of_general",
    "employeur",
    "prestataire",
    "gestionnaire",
    "auditeur",
)
SCOPES = ("offre_lire", "candidatures_region", "candidatures_france_travail", "candidatures_libre")
PROFILS = (ANONYME, *(profil for droit in DROITS for profil in (droit, droit + REFERENT)), *SCOPES)
"""Who may ask: what a token may bear."""
PRETES = {"referent": "beneficiaire" + REFERENT, "prescripteur_n3": "prescripteur_n3"}
"""The profile that a lent role makes: that role, and nothing else of either of the two people."""
ACTEURS = (*PROFILS, SYSTEME)
"""Whom the policy decides about: they, and the jobs of the house, whom no token can name."""


def profile(droit: str, *, referent: bool) -> str:
    """Out: the key of the profile that a droit makes, for whoever is, or is not, référent there."""
    return droit + (REFERENT if referent else "")


def split(profil: str) -> tuple[str, bool]:
    """In: the key of a profile. Out: its droit (or scope, or `anonyme`), and whether it is a référent's."""
    droit = profil.removesuffix(REFERENT)
    return droit, droit != profil


SANS_JETON = 0  # nobody came by HTTP: a command, or a job, acts or reads for an account


@dataclass(frozen=True)
class Anonymous:
    """Somebody without a token."""

    profil: str = ANONYME

    def values(self, maintenant: datetime) -> dict[str, Any]:
        """Out: what conditions may know of the request. A value that is None satisfies no comparison."""
        return _values(maintenant)


@dataclass(frozen=True)
class Viewer:
    """An account under one active profile, or a partner's machine account under one scope (R-018, C-29)."""

    compte_id: int
    profil: str
    structure_id: int | None
    affiliation_id: int | None
    jeton_id: int
    droit_accorde_id: int | None = None
    delegation_id: int | None = None
    pour_compte_id: int | None = None  # on whose behalf, under a lent role

    @property
    def is_program(self) -> bool:
        """True for the key of a partner's program: it has no place in a page."""
        return self.profil in SCOPES

    def values(self, maintenant: datetime) -> dict[str, Any]:
        """Out: what conditions may know of the request. A value that is None satisfies no comparison."""
        return _values(
            maintenant, self.compte_id, self.structure_id, self.droit_accorde_id, self.delegation_id
        )


@dataclass(frozen=True)
class System:
    """The jobs of the house: nobody's account, and only the permissions that `travaux.polar` names."""

    profil: str = SYSTEME

    def values(self, maintenant: datetime) -> dict[str, Any]:
        """Out: what conditions may know of the request: the time, and nobody."""
        return _values(maintenant)


Asker: TypeAlias = "Viewer | Anonymous | System"


def _values(
    maintenant: datetime,
    moi: int | None = None,
    ma_structure: int | None = None,
    mon_profil: int | None = None,
    ma_delegation: int | None = None,
) -> dict[str, Any]:
    return {
        "moi": moi,
        "ma_structure": ma_structure,
        "mon_profil": mon_profil,
        "ma_delegation": ma_delegation,
        "maintenant": maintenant,
        "aujourd_hui": paris_day(maintenant),
    }
