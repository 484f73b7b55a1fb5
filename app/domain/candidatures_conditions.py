"""What must hold for a candidature to be submitted, validated or received; every reason is said at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.models import Candidat, Candidature, PointEntree, SessionFormation
from app.models import EtatCandidature as Etat

from .calendrier import SANS_FERIES, jour_de_paris
from .candidatures_closes import MotifRejet
from .candidatures_transitions import BLOQUANTS
from .conservation import obstacles_d_identite
from .empechements import Empechement
from .formulaires import RACINE, formulaire, problemes_candidature
from .ouverture import motifs, prochain_point, valeurs

QUOTA = 3
QUOTA_HSP = 1  # R-076, among the three (C-09)


class QuotaAtteint(Empechement):
    """Cette personne a déjà trois candidatures en attente d'avis : attendez un avis ou annulez-en une."""

    regle = "R-089"


class QuotaHspAtteint(Empechement):
    """Cette personne a déjà une candidature en attente d'avis sur le dispositif HSP : une seule est possible."""

    regle = "R-076"


class CandidatureExistante(Empechement):
    """Cette personne a déjà une candidature sur cette session, peut-être faite ailleurs : échangez avec elle."""

    regle = "R-096"


class DejaNonRetenue(Empechement):
    """Cette personne n'a pas été retenue sur cette session : elle ne peut plus y candidater."""

    regle = "R-075"


class StatutFranceTravailModifie(Empechement):
    """Une candidature rejetée disait cette personne inscrite à France Travail : corrigez sa fiche sans changer ce statut."""

    regle = "R-115"


class PointEntreeImpose(Empechement):
    """On ne positionne une personne que sur le prochain point d'entrée de la session : choisissez celui-là."""

    regle = "R-072"


LUES_DE_LA_SESSION = frozenset(
    {
        "action_id",
        "responsable_id",
        "formateur_id",
        "etat",
        "est_conventionnee",
        "est_hsp",
        "action_en_ligne",
        "date_debut",
        "date_fin",
        "mode_candidature",
        "inscriptions_jusqu_au",
        "est_complete",
    }
)
"""What beginning, submitting and validating a candidature read of its session: a quarter of its columns, thousands of times."""

LUES_DU_CANDIDAT = frozenset({"courriel", "est_inscrit_france_travail", "anonymise_le"})
"""What they read of the person."""

LUES_DES_AUTRES = frozenset({"session_id", "etat", "est_hsp", "est_inscrit_france_travail", "motif_fin"})
"""What they read of the person's other candidatures."""


@dataclass(frozen=True)
class Situation:
    """What the writing door holds, under lock, when a candidature is submitted, validated or received.

    session          with its entry points, action, responsable and formateur loaded
    candidat         locked too: quotas are counted on the person
    autres           every candidature of the person; the one that is acted on may be among them
    feries           the days of Paris that are closed (C-13); none by default
    point_entree_id  the entry point that was asked for, if one was
    """

    session: SessionFormation
    candidat: Candidat
    autres: Sequence[Candidature] = ()
    feries: Collection[date] = SANS_FERIES
    point_entree_id: int | None = None

    def sans(self, candidature: Candidature) -> list[Candidature]:
        """Out: the other candidatures of the person."""
        return [a for a in self.autres if a.id != candidature.id]

    def prochain_point(self, le: datetime) -> PointEntree | None:
        """Out: the entry point on which the person is placed; None where there are none (R-072)."""
        return prochain_point(self.session, jour_de_paris(le)) if self.session.est_hsp else None


def obstacles(candidature: Candidature, contexte: Situation, le: datetime) -> list[Empechement]:
    """Out: what forbids both to submit and to validate: the session, the hours, the form, another candidature."""
    autres = contexte.sans(candidature)
    return [
        *motifs(contexte.session, valeurs(le, contexte.feries)),
        *_point_demande(contexte, le),
        *problemes_candidature(formulaire(candidature), contexte.candidat),
        *doublons(contexte.session, autres),
        *_statut_change(contexte.session, candidature.est_inscrit_france_travail, autres),
    ]


def ineligibilites(contexte: Situation, le: datetime) -> list[Empechement]:
    """Out: all that forbids to place this person on this session now, whatever the form will say; before it is filled.

    The same functions as `obstacles` and `quotas`, which `valider` is refused by.
    """
    return [
        *obstacles_d_identite(contexte.candidat),
        *motifs(contexte.session, valeurs(le, contexte.feries)),
        *doublons(contexte.session, contexte.autres),
        *_statut_change(contexte.session, contexte.candidat.est_inscrit_france_travail, contexte.autres),
        *quotas(contexte.session, contexte.autres),
    ]


def doublons(session: SessionFormation, autres: Sequence[Candidature]) -> list[Empechement]:
    """C-18: what the person already has on this session that forbids another candidature (R-096, R-075)."""
    etats = {a.etat for a in autres if a.session_id == session.id} & BLOQUANTS
    if Etat.NON_RETENUE in etats:
        return [DejaNonRetenue()]
    return [CandidatureExistante()] if etats else []


def quotas(session: SessionFormation, autres: Sequence[Candidature]) -> list[Empechement]:
    """R-089, R-076: three candidatures en attente d'avis at most, one of them on HSP (C-08, C-09)."""
    en_cours = [a for a in autres if a.etat is Etat.EN_ATTENTE_AVIS]
    trouves: list[Empechement] = []
    if len(en_cours) >= QUOTA:
        trouves.append(QuotaAtteint())
    if session.est_hsp and sum(a.est_hsp for a in en_cours) >= QUOTA_HSP:
        trouves.append(QuotaHspAtteint())
    return trouves


def _point_demande(contexte: Situation, le: datetime) -> list[Empechement]:
    """R-072: asking for another point than the next one is refused, on a session without any too."""
    point = contexte.prochain_point(le)
    demande = contexte.point_entree_id
    autre = demande is not None and demande != (point.id if point else None)
    return [PointEntreeImpose(RACINE, "point_entree_id")] if autre else []


def _statut_change(
    session: SessionFormation, est_inscrit: bool, autres: Sequence[Candidature]
) -> list[Empechement]:
    """R-115: after a rejection by France Travail, saying « non inscrit » on the same session hides the person."""
    rejetee = any(
        a.etat is Etat.REJETEE
        and a.motif_fin == MotifRejet.DONNEES_CANDIDAT
        and a.est_inscrit_france_travail
        and a.session_id == session.id
        for a in autres
    )
    return (
        [StatutFranceTravailModifie(RACINE, "est_inscrit_france_travail")]
        if rejetee and not est_inscrit
        else []
    )
