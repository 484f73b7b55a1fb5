"""May somebody be placed on this session, now? One table, read as SQL by queries and as Python by `valider`.

The values that the conditions need: `aujourd_hui` (the day in Paris) and `hors_horaires` (a yes or no).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from app.kit.conditions import (
    Compare,
    Condition,
    Decision,
    Exists,
    Given,
    Ref,
    all_of,
    any_of,
    decide,
    negated,
)
from app.models import EtatSession, ModeCandidature, PointEntree, SessionFormation

from .calendrier import SANS_FERIES, est_ouvert, jour_de_paris
from .empechements import Empechement
from .onglets import valeurs_onglets


class NonConventionnee(Empechement):
    """Cette session ne relève pas de l'offre conventionnée : aucune candidature ne s'y fait dans RafaelPro."""

    regle = "R-099"


class SessionNonPubliee(Empechement):
    """Cette session n'est pas publiée, ou ne l'est plus : choisissez une autre session."""

    regle = "R-098"


class SessionFermee(Empechement):
    """Cette session n'est pas ouverte à la candidature : contactez l'organisme de formation."""

    regle = "R-125"


class InscriptionsCloses(Empechement):
    """La date limite d'inscription est passée : contactez l'organisme de formation ou choisissez une autre session."""

    regle = "R-098"


class SessionComplete(Empechement):
    """Cette session a reçu autant de candidatures qu'elle en accepte : choisissez une autre session."""

    regle = "R-097"


class SansPointEntree(Empechement):
    """Cette session n'a aucun point d'entrée à venir : contactez l'organisme de formation."""

    regle = "R-072"


class PointEntreeComplet(Empechement):
    """Le prochain point d'entrée de cette session est complet : attendez le suivant ou choisissez une autre session."""

    regle = "R-097"


class HorsHoraires(Empechement):
    """Les candidatures sont possibles de 8 h à 20 h, du lundi au vendredi : gardez votre brouillon et revenez."""

    regle = "R-077"


AUJOURD_HUI = Ref("aujourd_hui")
DELAI_CPF = timedelta(hours=24)
HSP = Compare(("est_hsp",), "=", True)

PROCHAIN_POINT = all_of(
    [
        Compare(("date_entree",), ">=", AUJOURD_HUI),
        any_of([Compare(("date_precedente",), "=", None), Compare(("date_precedente",), "<", AUJOURD_HUI)]),
    ]
)
"""On a PointEntree: the first one that is not past (R-067)."""


@dataclass(frozen=True)
class Motif:
    """A reason that closes a session; `definitif`: waiting would not lift it, so not even a draft is begun."""

    empechement: type[Empechement]
    condition: Condition
    definitif: bool = False

    @cached_property
    def decision(self) -> Decision:
        """The condition as a Python closure."""
        return decide(self.condition)


MOTIFS: tuple[Motif, ...] = (
    Motif(NonConventionnee, negated(Compare(("est_conventionnee",), "=", True)), definitif=True),
    Motif(
        SessionNonPubliee,
        negated(
            all_of(
                [
                    Compare(("etat",), "=", str(EtatSession.PUBLIEE)),
                    Compare(("action_en_ligne",), "=", True),
                ]
            )
        ),
        definitif=True,
    ),
    Motif(SessionFermee, Compare(("mode_candidature",), "=", str(ModeCandidature.FERMEE))),
    Motif(
        InscriptionsCloses,  # a HSP follows its next point instead
        all_of([negated(HSP), Compare(("inscriptions_jusqu_au",), "<", AUJOURD_HUI)]),
    ),
    Motif(SessionComplete, all_of([negated(HSP), Compare(("est_complete",), "=", True)])),
    Motif(SansPointEntree, all_of([HSP, negated(Exists(("points_entree",), PROCHAIN_POINT))])),
    Motif(
        PointEntreeComplet,
        all_of(
            [
                HSP,
                Exists(("points_entree",), all_of([PROCHAIN_POINT, Compare(("est_complet",), "=", True)])),
            ]
        ),
    ),
    Motif(HorsHoraires, Given("hors_horaires")),
)


def valeurs(le: datetime, feries: Collection[date] = SANS_FERIES) -> dict[str, Any]:
    """Out: what the conditions of `MOTIFS` (and the CPF mention, R-065; the tabs, R-143) need to know of a moment."""
    return {
        **valeurs_onglets(le),
        "aujourd_hui": jour_de_paris(le),
        "hors_horaires": not est_ouvert(le, feries),
        "publiee_avant_cpf": le - DELAI_CPF,
    }


def motifs(session: SessionFormation, valeurs: Mapping[str, Any]) -> list[Empechement]:
    """In: a session with its entry points loaded, the values. Out: everything that closes it, empty when open."""
    return [motif.empechement() for motif in MOTIFS if motif.decision(session, valeurs)]


def motifs_definitifs(session: SessionFormation, valeurs: Mapping[str, Any]) -> list[Empechement]:
    """Out: what forbids even a draft (R-099): neither hours nor places, which may change."""
    return [m.empechement() for m in MOTIFS if m.definitif and m.decision(session, valeurs)]


_EST_LE_PROCHAIN = decide(PROCHAIN_POINT)


def prochain_point(session: SessionFormation, jour: date) -> PointEntree | None:
    """Out: the only entry point on which people are placed that day (R-072), None without one."""
    points = (p for p in session.points_entree if _EST_LE_PROCHAIN(p, {"aujourd_hui": jour}))
    return next(points, None)


OUVERTE: Condition = all_of(
    [negated(motif.condition) for motif in MOTIFS if motif.empechement is not HorsHoraires]
)
"""On a SessionFormation: it takes candidatures, at the hours of R-077."""

A_UNE_SESSION_OUVERTE: Condition = Exists(("sessions",), OUVERTE)
"""On an Action: the pictogram of R-063."""
