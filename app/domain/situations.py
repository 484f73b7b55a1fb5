"""What screens call the état of a session, computed from its dates and its places; and its CPF mention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kit.conditions import TRUE, Compare, Condition, Exists, Ref, all_of, any_of, decide, negated
from app.models import EtatSession, Mot, SessionFormation

from .ouverture import (
    AUJOURD_HUI,
    MOTIFS,
    OUVERTE,
    HorsHoraires,
    InscriptionsCloses,
    PointEntreeComplet,
    SansPointEntree,
    SessionComplete,
)


class SituationSession(Mot):
    """Where a session is, as screens say it (R-149)."""

    A_VENIR = "a_venir", "À venir"
    CANDIDATURE_POSSIBLE = "candidature_possible", "Candidature possible"
    COMPLETE = "complete", "Complète"
    INSCRIPTIONS_CLOSES = "inscriptions_closes", "Inscriptions closes"
    EN_COURS = "en_cours", "En cours"
    TERMINEE = "terminee", "Terminée"
    ANNULEE = "annulee", "Annulée"


_COMPLET = (SessionComplete, PointEntreeComplet)
_PASSE = (InscriptionsCloses, SansPointEntree)


def _rien_sauf(*exceptes: type) -> Condition:
    """Out: nothing closes the session, but perhaps these reasons."""
    return all_of(negated(motif.condition) for motif in MOTIFS if motif.empechement not in exceptes)


SITUATIONS: tuple[tuple[SituationSession, Condition], ...] = (
    (SituationSession.ANNULEE, Compare(("etat",), "=", str(EtatSession.ANNULEE))),
    (SituationSession.TERMINEE, Compare(("date_fin",), "<", AUJOURD_HUI)),
    (SituationSession.CANDIDATURE_POSSIBLE, OUVERTE),
    (SituationSession.COMPLETE, _rien_sauf(HorsHoraires, *_COMPLET)),
    (SituationSession.EN_COURS, Compare(("date_debut",), "<=", AUJOURD_HUI)),
    (SituationSession.INSCRIPTIONS_CLOSES, _rien_sauf(HorsHoraires, *_COMPLET, *_PASSE)),
    (SituationSession.A_VENIR, TRUE),
)
"""On a SessionFormation: the first whose condition holds. A session that one may still enter is open, even begun."""

_DECISIONS = [(situation, decide(condition)) for situation, condition in SITUATIONS]


def situation(session: SessionFormation, valeurs: Mapping[str, Any]) -> SituationSession:
    """In: a session with its entry points loaded, the values of `ouverture.valeurs`. Out: where it is."""
    return next(situation for situation, decision in _DECISIONS if decision(session, valeurs))


CERTIFIANTE = any_of(Compare(("certification", code), "!=", None) for code in ("code_rncp", "code_rs"))
ELIGIBLE_CPF: Condition = all_of(
    [
        Exists(("action", "certifications"), CERTIFIANTE),
        Compare(("publiee_le",), "<=", Ref("publiee_avant_cpf")),
    ]
)
"""On a SessionFormation: its action prepares a certification of a national register, and a day went by (R-062, R-065)."""
