"""The same delays as in `echeances`, as conditions: what jobs look for. A test holds both to say one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.kit.clock import PARIS
from app.kit.conditions import Column, Compare, Condition, Exists, Ref, all_of, any_of, negated
from app.models import EnvoiAvis
from app.models import EtatCandidature as Etat

from . import candidatures_faits as f
from .calendrier import jour_de_paris
from .echeances import (
    JOURS_AVIS,
    JOURS_BROUILLON,
    JOURS_CORBEILLE,
    JOURS_DERNIER_RAPPEL,
    JOURS_RAPPEL,
)

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
        Compare(("session_date_fin",), "<", Ref("session_finie_avant")),
    ]
)
"""R-167: three weeks after the end of the session, no avis."""


def _dit(fait: type[f.FaitCandidature], depuis: Column | Ref) -> Condition:
    """Out: the journal holds this fact about it, since then."""
    return Exists(
        ("faits",), all_of([Compare(("nom",), "=", fait.__name__), Compare(("survenu_le",), ">=", depuis)])
    )


def _a_rappeler(
    quoi: Condition, bientot: Condition, demain: Condition, dit: tuple[Condition, Condition]
) -> Condition:
    """Five days before, once since `dit[0]`; the day before too, unless it has just been said (`dit[1]`)."""
    return all_of([quoi, any_of([all_of([bientot, negated(dit[0])]), all_of([demain, negated(dit[1])])])])


A_RAPPELER = _a_rappeler(
    all_of([EN_ATTENTE_VALIDATION, Compare(("valider_avant_le",), ">", Ref("maintenant"))]),
    Compare(("valider_avant_le",), "<=", Ref("rappel_avant")),
    Compare(("valider_avant_le",), "<=", Ref("dernier_rappel_avant")),
    (
        _dit(f.ValidationRappelee, Column(("candidature", "soumise_le"))),
        _dit(f.ValidationRappelee, Ref("dit_depuis")),
    ),
)
"""C-07: its author and the niveaux 3 are told, five days before and the day before."""

BROUILLONS_A_RAPPELER = _a_rappeler(
    all_of(
        [
            Compare(("etat",), "=", str(Etat.BROUILLON)),
            Compare(("modifiee_le",), ">=", Ref("brouillon_avant")),
            negated(Compare(("auteur_id",), "=", None)),
        ]
    ),
    Compare(("modifiee_le",), "<", Ref("brouillon_a_rappeler_avant")),
    Compare(("modifiee_le",), "<", Ref("brouillon_dernier_rappel_avant")),
    (
        _dit(f.BrouillonRappele, Column(("candidature", "modifiee_le"))),
        _dit(f.BrouillonRappele, Ref("dit_depuis")),
    ),
)
"""R-093: its author is told, five days before it is deleted and the day before."""

AVIS_A_RAPPELER = _a_rappeler(
    all_of(
        [
            Compare(("etat",), "=", str(Etat.EN_ATTENTE_AVIS)),
            Compare(("session_date_fin",), ">=", Ref("session_finie_avant")),
        ]
    ),
    Compare(("session_date_fin",), "<=", Ref("session_a_rappeler")),
    Compare(("session_date_fin",), "<=", Ref("session_dernier_rappel")),
    (_dit(f.AvisRappele, Column(("candidature", "validee_le"))), _dit(f.AvisRappele, Ref("dit_depuis"))),
)
"""R-167: those who recruit are told, five days before it becomes « avis non transmis » and the day before."""

A_DIRE = Compare(("est_a_annoncer",), "=", True)
A_DIRE_AUSSITOT = all_of([A_DIRE, Compare(("auteur", "envoi_avis"), "!=", str(EnvoiAvis.QUOTIDIEN))])
"""R-166: results that their author wants one by one, or not at all."""
A_RESUMER = all_of([A_DIRE, Compare(("auteur", "envoi_avis"), "=", str(EnvoiAvis.QUOTIDIEN))])
"""R-166: results that their author wants once a day."""


def valeurs_echeances(le: datetime) -> Mapping[str, Any]:
    """In: the moment. Out: the values that these conditions need."""
    jour = jour_de_paris(le)
    return {
        "maintenant": le,
        "brouillon_avant": _minuit(jour - timedelta(days=JOURS_BROUILLON)),
        "corbeille_avant": _minuit(jour - timedelta(days=JOURS_CORBEILLE)),
        "session_finie_avant": jour - timedelta(days=JOURS_AVIS),
        "rappel_avant": le + timedelta(days=JOURS_RAPPEL),
        "dernier_rappel_avant": le + timedelta(days=JOURS_DERNIER_RAPPEL),
        "dit_depuis": le - timedelta(days=JOURS_RAPPEL - JOURS_DERNIER_RAPPEL - 1),
        "brouillon_a_rappeler_avant": _minuit(jour - timedelta(days=JOURS_BROUILLON - JOURS_RAPPEL)),
        "brouillon_dernier_rappel_avant": _minuit(
            jour - timedelta(days=JOURS_BROUILLON - JOURS_DERNIER_RAPPEL)
        ),
        "session_a_rappeler": jour - timedelta(days=JOURS_AVIS - JOURS_RAPPEL),
        "session_dernier_rappel": jour - timedelta(days=JOURS_AVIS - JOURS_DERNIER_RAPPEL),
    }


def _minuit(jour: date) -> datetime:
    """Out: the first moment of that day in Paris."""
    return datetime.combine(jour, time(0), PARIS).astimezone(UTC)
