"""What an import does, told to the journal: identifiers, états, days, names of columns, codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .differences import differences
from .faits import FaitMetier


@dataclass(frozen=True, kw_only=True)
class StructureImportee(FaitMetier):
    """A structure that the offer names was created (R-198, R-223)."""

    structure_concernee_id: int
    source: str


@dataclass(frozen=True, kw_only=True)
class StructureMiseAJour(FaitMetier):
    """Its source changed a structure."""

    structure_concernee_id: int
    source: str
    colonnes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CertificationImportee(FaitMetier):
    """A certification was met for the first time (R-212)."""

    code_rncp: str | None
    code_rs: str | None
    code_certifinfo: str | None


@dataclass(frozen=True, kw_only=True)
class ActionImportee(FaitMetier):
    """An action came in; it waits for a control (R-124, R-128, R-175)."""

    action_id: int
    source: str
    apres: str


@dataclass(frozen=True, kw_only=True)
class ActionMiseAJour(FaitMetier):
    """Its source changed an action; its état stays (R-187)."""

    action_id: int
    source: str
    etat: str
    colonnes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActionPubliee(FaitMetier):
    """An action was published, and its sessions with it (R-174)."""

    action_id: int
    avant: str
    apres: str


@dataclass(frozen=True, kw_only=True)
class SessionImportee(FaitMetier):
    """A session came in."""

    action_id: int
    session_id: int
    source: str
    apres: str


@dataclass(frozen=True, kw_only=True)
class SessionMiseAJour(FaitMetier):
    """Its source changed a session; its état stays."""

    action_id: int
    session_id: int
    source: str
    colonnes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SessionPubliee(FaitMetier):
    """A session that waited was published: its action is online."""

    action_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True)
class DatesDeplacees(FaitMetier):
    """The dates of a session were moved by its source (C-01): who prescribed people on it is to be told."""

    action_id: int
    session_id: int
    debut_avant: date
    debut_apres: date
    fin_avant: date
    fin_apres: date

    def donnees(self) -> Mapping[str, Any]:
        """Out: the same, field by field besides, for the history."""
        avant = {"date_debut": self.debut_avant, "date_fin": self.fin_avant}
        apres = {"date_debut": self.debut_apres, "date_fin": self.fin_apres}
        champs = [nom for nom in avant if avant[nom] != apres[nom]]
        return {**super().donnees(), "champs": champs, "differences": differences(champs, avant, apres)}
