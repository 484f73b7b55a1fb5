"""The same delays as in `echeances`, as conditions: what jobs look for. A test holds both to say one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.kit.clock import PARIS
from app.kit.conditions import Column, Compare, Exists, Ref, all_of, any_of, negated
from app.models import EtatCandidature as Etat

from .calendrier import jour_de_paris
from .candidatures_faits import ValidationRappelee
from .echeances import JOURS_AVIS, JOURS_BROUILLON, JOURS_CORBEILLE, JOURS_RAPPEL_VALIDATION

EN_ATTENTE_VALIDATION = Compare(("etat",), "=", str(Etat.EN_ATTENTE_VALIDATION))

A_EXPIRER = all_of([EN_ATTENTE_VALIDATION, Compare(("valider_avant_le",), "<=", Ref("maintenant"))])
"""R-038, C-07: nobody validated it in time."""

_BROUILLON_OUBLIE = all_of(
    [
        Compare(("etat",), "=", str(Etat.BROUILLON)),
        Compare(("modifiee_le",), "<", Ref("brouillon_avant")),
    ]
)
_FOND_DE_CORBEILLE = all_of(
    [
        Compare(("etat",), "=", str(Etat.CORBEILLE)),
        any_of(
            [
                Compare(("close_le",), "<", Ref("corbeille_avant")),
                all_of(
                    [
                        Compare(("close_le",), "=", None),
                        Compare(("modifiee_le",), "<", Ref("corbeille_avant")),
                    ]
                ),
            ]
        ),
    ]
)
A_PURGER = any_of([_BROUILLON_OUBLIE, _FOND_DE_CORBEILLE])
"""R-093, C-11: forgotten drafts, and what lay in the corbeille."""

SANS_AVIS = all_of(
    [
        Compare(("etat",), "=", str(Etat.EN_ATTENTE_AVIS)),
        Compare(("session", "date_fin"), "<", Ref("session_finie_avant")),
    ]
)
"""R-167: three weeks after the end of the session, no avis."""

_DEJA_RAPPELEE = Exists(
    ("faits",),
    all_of(
        [
            Compare(("nom",), "=", ValidationRappelee.__name__),
            Compare(("survenu_le",), ">=", Column(("candidature", "soumise_le"))),
        ]
    ),
)
A_RAPPELER = all_of(
    [
        EN_ATTENTE_VALIDATION,
        Compare(("valider_avant_le",), "<=", Ref("rappel_avant")),
        Compare(("valider_avant_le",), ">", Ref("maintenant")),
        negated(_DEJA_RAPPELEE),
    ]
)
"""C-07: five days before, its author and the niveaux 3 are told; once a submission."""


def valeurs_echeances(le: datetime) -> Mapping[str, Any]:
    """In: the moment. Out: the values that these conditions need."""
    jour = jour_de_paris(le)
    return {
        "maintenant": le,
        "brouillon_avant": _minuit(jour - timedelta(days=JOURS_BROUILLON)),
        "corbeille_avant": _minuit(jour - timedelta(days=JOURS_CORBEILLE)),
        "session_finie_avant": jour - timedelta(days=JOURS_AVIS),
        "rappel_avant": le + timedelta(days=JOURS_RAPPEL_VALIDATION),
    }


def _minuit(jour: date) -> datetime:
    """Out: the first moment of that day in Paris."""
    return datetime.combine(jour, time(0), PARIS).astimezone(UTC)
