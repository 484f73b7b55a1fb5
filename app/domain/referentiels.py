"""Reference data: what the journal keeps of its loading."""

from __future__ import annotations

from dataclasses import dataclass

from .faits import FaitMetier


@dataclass(frozen=True, kw_only=True)
class ReferentielCharge(FaitMetier):
    """A file of reference data was loaded: which kind of file, how many rows it made and changed (R-191)."""

    fichier: str
    crees: int
    modifies: int
