"""Candidatures that no account of ours wrote: France Travail's tools, people on CMaFormation (C-32)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.models import Candidature, ModeCandidature, OrigineCandidature
from app.models import EtatCandidature as Etat

from . import candidatures_faits as f
from .candidatures import colonnes
from .candidatures_conditions import Situation, doublons, quotas
from .candidatures_transitions import dire
from .empechements import Empechement, refuser
from .formulaires import nettoyee, problemes_brouillon
from .ouverture import HorsHoraires, motifs, valeurs


class CandidatureLibreFermee(Empechement):
    """Cette session ne reçoit pas de candidature libre : un prescripteur peut y positionner la personne."""

    regle = "R-125"


def recevoir(
    *,
    reference: str,
    origine: OrigineCandidature,
    contexte: Situation,
    le: datetime,
    saisie: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """C-32: the columns of a candidature that a partner brings: same session, quota and duplicate rules.

    Neither the opening hours (C-13: they bind who submits and who validates here) nor the form are asked of it.
    """
    propre, session = nettoyee(saisie or {}), contexte.session
    fermes = [e for e in motifs(session, valeurs(le)) if not isinstance(e, HorsHoraires)]
    libre_fermee = (
        origine is OrigineCandidature.CMAFORMATION
        and session.mode_candidature is not ModeCandidature.PRESCRIPTION_LIBRE
    )
    refuser(
        *fermes,
        *([CandidatureLibreFermee()] if libre_fermee else []),
        *problemes_brouillon(propre),
        *doublons(session, contexte.autres),
        *quotas(session, contexte.autres),
    )
    point = contexte.prochain_point(le)
    return {
        **colonnes(reference, session, contexte.candidat, le),
        "etat": Etat.EN_ATTENTE_AVIS,
        "origine": origine,
        "validee_le": le,
        "point_entree_id": point.id if point else None,
        **propre,
    }


def recue(candidature: Candidature) -> f.CandidatureRecue:
    """Out: the fact of a candidature received, once it has a key."""
    return dire(f.CandidatureRecue, candidature, None, candidature.etat)
