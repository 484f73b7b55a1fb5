"""The life of a candidature as the rules say it, written apart from the application: what the year is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

BROUILLON, SOUMISE, ATTEND, CORBEILLE = "brouillon", "en_attente_validation", "en_attente_avis", "corbeille"
RETENUE, NON_RETENUE, EXPIREE, ANNULEE, REJETEE = "retenue", "non_retenue", "expiree", "annulee", "rejetee"
NON_TRANSMIS, COMPLETE, SESSION_ANNULEE = (
    "avis_non_transmis",
    "refus_session_complete",
    "refus_session_annulee",
)
JUGEES = (RETENUE, NON_RETENUE)

# act → from → where it may lead
MACHINE: dict[str, dict[str, tuple[str, ...]]] = {
    "modifier": {BROUILLON: (BROUILLON,), SOUMISE: (SOUMISE,)},
    "supprimer": {BROUILLON: (CORBEILLE,), SOUMISE: (CORBEILLE,)},
    "restaurer": {CORBEILLE: (BROUILLON,)},
    "soumettre": {BROUILLON: (SOUMISE,)},
    "valider": {BROUILLON: (ATTEND,), SOUMISE: (ATTEND,)},
    "annuler": {ATTEND: (ANNULEE,)},
    "convoquer": {ATTEND: (ATTEND,)},
    "noter": {ATTEND: (ATTEND, NON_RETENUE)},
    "avis": {ATTEND: JUGEES},
    "complete": {ATTEND: (COMPLETE,)},
    "reporter": {ATTEND: (ATTEND,)},
    "rejeter": {ATTEND: (REJETEE,)},
    "corriger": {RETENUE: JUGEES, NON_RETENUE: JUGEES},
    "annuler_session": {ATTEND: (SESSION_ANNULEE,)},
}
JOURS, JOURS_AVIS = timedelta(days=15), timedelta(days=21)


@dataclass
class Suivie:
    """A candidature, as an observer would keep it."""

    id: str  # global
    reference: str
    session: str
    fin: date  # of its session
    candidat: str
    etat: str
    depuis: date  # the day from which its delay runs: last change, submission, corbeille
    auteur: str = ""
    numero: int = 0  # of its last convocation
    prevue: bool = False  # it is to come
    oubliee: bool = False  # nobody judges it
    presente: bool = False  # the person was received

    def echoit(self, jour: date) -> str | None:
        """Out: what the jobs of that day must make of it; "" if it goes away, None if nothing is due."""
        tard = jour - self.depuis > JOURS
        if self.etat in (BROUILLON, CORBEILLE) and tard:
            return ""
        if self.etat == SOUMISE and tard:
            return EXPIREE
        return NON_TRANSMIS if self.etat == ATTEND and jour - self.fin > JOURS_AVIS else None

    def passer(self, acte: str, etat: str, jour: date) -> None:
        """The application says that an act led there: it must have been possible."""
        assert etat in MACHINE[acte].get(self.etat, ()), (self.reference, acte, self.etat, etat)
        if etat != self.etat or (acte, etat) == ("modifier", BROUILLON):
            self.depuis = jour
        self.etat = etat
