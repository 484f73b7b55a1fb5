"""Somebody has a candidature on this session already: whoever acts reads it, and the author is written to (R-096)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app import models as m
from app.domain.candidatures_conditions import CandidatureExistante, DejaNonRetenue
from app.domain.empechements import Empeche
from app.resolvers.courriels import annoncer
from app.resolvers.verbs import EmpecheEtNote
from app.writing import Writing


@asynccontextmanager
async def doublon_annonce(tx: Writing, row: m.Candidature) -> AsyncIterator[None]:
    """Around an act that checks before it changes anything: its refusal for a duplicate is mailed, once a candidature."""
    try:
        yield
    except Empeche as refus:
        double = any(isinstance(e, CandidatureExistante | DejaNonRetenue) for e in refus.empechements)
        if not double or row.auteur_id is None:
            raise
        une = f"doublon-{row.id}"  # once for this candidature: one job at a time, and the first that leaves is noted
        await annoncer(tx, "doublon", row.auteur_id, candidature_id=row.id, sujet=une, verrou=une)
        raise EmpecheEtNote(refus.empechements) from refus
