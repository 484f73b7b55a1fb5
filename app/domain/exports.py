"""Lists that leave as files: which ones, and the trace of it (R-153)."""

from __future__ import annotations

from dataclasses import dataclass

from app.models import Mot

from .faits import FaitMetier


class ListeExportee(Mot):
    """A list that may be exported."""

    CANDIDATURES = "candidatures", "Candidatures"
    SESSIONS = "sessions", "Sessions, par « Gestion par sessions »"
    CONVOCATIONS = "convocations", "Convocations, au format iCalendar"
    STATISTIQUES = "statistiques", "Statistiques"
    STATISTIQUES_PUBLIEES = "statistiques_publiees", "Statistiques publiées"


@dataclass(frozen=True)
class ListeSortie(FaitMetier):
    """A list was exported, for a structure."""

    structure_concernee_id: int
    liste: str
