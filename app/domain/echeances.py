"""Delays: what is overdue, asked of the rows; nobody trusts the tick that asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.models import Candidature
from app.models import EtatCandidature as Etat

from .calendrier import fin_de_delai, jour_de_paris

JOURS_BROUILLON = 15  # R-093, since the last change
JOURS_CORBEILLE = 15  # C-11
JOURS_VALIDATION = 15  # R-038, C-07, since `soumettre`
JOURS_RAPPEL = 5  # C-07: a mail five days before; of drafts and avis too
JOURS_DERNIER_RAPPEL = 1  # and another one the day before
JOURS_AVIS = 21  # R-167, since the end of the session
JOURS_ALERTE_AVIS = 15  # « passage en avis non transmis d'ici 15 jours »


def a_valider_avant(soumise_le: datetime) -> datetime:
    """R-038: the first moment that is too late to validate: day 15 is in time until midnight, day 16 is not."""
    return fin_de_delai(soumise_le, JOURS_VALIDATION)


def validation_depassee(candidature: Candidature, le: datetime) -> bool:
    """C-07: True for what waits for a N3 and may not be validated any more."""
    return (
        candidature.etat is Etat.EN_ATTENTE_VALIDATION
        and candidature.valider_avant_le is not None
        and le >= candidature.valider_avant_le
    )


def rappel_validation_du(candidature: Candidature, le: datetime) -> bool:
    """C-07: True when the N1 and the N3s must be told that the delay is near its end, or past."""
    return (
        candidature.etat is Etat.EN_ATTENTE_VALIDATION
        and candidature.valider_avant_le is not None
        and le >= candidature.valider_avant_le - timedelta(days=JOURS_RAPPEL)
    )


def brouillon_oublie(candidature: Candidature, le: datetime) -> bool:
    """R-093: True for a draft that nobody changed for more than fifteen days."""
    return candidature.etat is Etat.BROUILLON and le >= fin_de_delai(candidature.modifiee_le, JOURS_BROUILLON)


def corbeille_depassee(candidature: Candidature, le: datetime) -> bool:
    """C-11: True for what has been in the corbeille for more than fifteen days."""
    return candidature.etat is Etat.CORBEILLE and le >= fin_de_delai(
        candidature.close_le or candidature.modifiee_le, JOURS_CORBEILLE
    )


def purge_due(candidature: Candidature, le: datetime) -> bool:
    """True for what the night's job deletes (R-093, C-11)."""
    return brouillon_oublie(candidature, le) or corbeille_depassee(candidature, le)


def avis_depasse(fin_session: date, le: datetime) -> bool:
    """R-167: True once more than three weeks have passed since the end of the session."""
    return jour_de_paris(le) > fin_session + timedelta(days=JOURS_AVIS)


def avis_bientot_depasse(fin_session: date, le: datetime) -> bool:
    """R-145: True when the time to give an avis ends within fifteen days and has not ended."""
    restent = fin_session + timedelta(days=JOURS_AVIS) - jour_de_paris(le)
    return timedelta(0) <= restent <= timedelta(days=JOURS_ALERTE_AVIS)
