"""What happens to a candidat, told to the journal: identifiers and names of fields, never a value of theirs."""

from __future__ import annotations

from dataclasses import dataclass

from .faits import FaitMetier


@dataclass(frozen=True)
class CandidatsRecherches(FaitMetier):
    """Somebody searched the directory (C-28)."""

    nb_trouves: int


@dataclass(frozen=True)
class CandidatCree(FaitMetier):
    """A new candidat was enrolled (R-088)."""

    candidat_id: int


@dataclass(frozen=True)
class CandidatModifie(FaitMetier):
    """The fiche of a candidat was changed (R-085)."""

    candidat_id: int
    champs: tuple[str, ...]
