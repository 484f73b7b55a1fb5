"""How long a person is known: two years after the last activity, or until she asks; then only statistics are left.

What is left says where (département), how old (year of birth), which training and what became of it. Nothing of it
leads back to the person: no name, no address, no reference that anybody wrote down, no exact day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.kit.clock import PARIS
from app.kit.conditions import Compare, Condition, Exists, Ref, all_of, any_of, negated
from app.models import Avis, Candidat, Candidature, Convocation, Mot
from app.models import EtatCandidature as Etat

from .calendrier import jour_de_paris
from .candidatures_closes import MotifRejet
from .empechements import Empechement, refuser
from .faits import FaitMetier
from .identifiants import departement_du_code_postal

MOIS_PAR_AN = 12
EN_COURS = frozenset({Etat.EN_ATTENTE_VALIDATION, Etat.EN_ATTENTE_AVIS})
A_ECRIRE = frozenset({Etat.BROUILLON, Etat.CORBEILLE})  # nobody but its author ever saw it
JAMAIS_SEULES = EN_COURS | A_ECRIRE  # their own delays end them first (R-038, R-093, R-167, C-11)
ANONYME = "(anonymisé)"
MOTS_DE_REJET = frozenset(map(str, MotifRejet))

# What the form of a candidature and its avis say in free words, or in the numbers of somebody else
TEXTES = (
    "niveau_formation",
    "situation",
    "parcours_anterieur",
    "raisons",
    "suites_parcours",
    "reference_partenaire",
)
MOMENTS = ("cree_le", "modifiee_le", "soumise_le", "valider_avant_le", "validee_le", "close_le")
JOURS_AVIS = ("date_entree_prevue", "date_sortie_prevue")


class MotifEffacement(Mot):
    """Why somebody is erased before the end of the delay."""

    DEMANDE = "demande", "La personne le demande"
    OPPOSITION = "opposition", "La personne s'oppose au traitement"
    ILLICITE = "illicite", "Elle n'aurait pas dû être inscrite"


class PersonneAnonymisee(Empechement):
    """Cette personne a été anonymisée : plus rien ne la désigne, et sa fiche ne change plus."""


class CandidatureEnCours(Empechement):
    """La candidature {reference} est en cours : l'effacement attend l'avis, ou son annulation."""


class FormationEnCours(Empechement):
    """La candidature {reference} est retenue et la formation dure jusqu'au {fin} : l'effacement attend ce jour."""


@dataclass(frozen=True)
class CandidatAnonymise(FaitMetier):
    """Nothing was done about a person for the whole delay: only statistics are left."""

    candidat_id: int
    nb_candidatures: int


@dataclass(frozen=True)
class CandidatEfface(FaitMetier):
    """A person was erased on request; who it was is nowhere."""

    candidat_id: int
    nb_candidatures: int
    motif: str


# --- when --------------------------------------------------------------------------------------------------------


def limite(le: datetime, mois: int) -> date:
    """Out: the day, in Paris, `mois` months before; the last of its month where there is no such day."""
    jour = jour_de_paris(le)
    rang = jour.year * MOIS_PAR_AN + jour.month - 1 - mois
    annee, mois_0 = divmod(rang, MOIS_PAR_AN)
    fin = (
        date(annee + (mois_0 == MOIS_PAR_AN - 1), (mois_0 + 1) % MOIS_PAR_AN + 1, 1) - timedelta(days=1)
    ).day
    return date(annee, mois_0 + 1, min(jour.day, fin))


_RECENTE = any_of(
    [
        Compare(("etat",), "in", tuple(sorted(map(str, JAMAIS_SEULES)))),
        Compare(("modifiee_le",), ">=", Ref("actif_depuis")),
        all_of(
            [
                Compare(("etat",), "=", str(Etat.RETENUE)),
                Compare(("session_date_fin",), ">=", Ref("formation_finie_depuis")),
            ]
        ),
    ]
)
A_ANONYMISER: Condition = all_of(
    [
        Compare(("anonymise_le",), "=", None),
        Compare(("modifie_le",), "<", Ref("actif_depuis")),
        negated(Exists(("acces",), Compare(("jusqu_au",), ">", Ref("maintenant")))),
        negated(Exists(("candidatures",), _RECENTE)),
    ]
)
"""On a Candidat: its fiche, its candidatures and its training are older than the delay; nobody is just taking it up."""


def valeurs_conservation(le: datetime, mois: int) -> Mapping[str, Any]:
    """Out: the values that `A_ANONYMISER` needs."""
    jour = limite(le, mois)
    return {"maintenant": le, "actif_depuis": debut_du_jour(jour), "formation_finie_depuis": jour}


def derniere_activite(candidat: Candidat, candidatures: Iterable[Candidature]) -> date:
    """Out: the day from which the delay runs: the last change of the fiche or of a candidature, the end of a training."""
    jours = [jour_de_paris(candidat.modifie_le)]
    for candidature in candidatures:
        jours.append(jour_de_paris(candidature.modifiee_le))
        jours += [candidature.session_date_fin] if candidature.etat is Etat.RETENUE else []
    return max(jours)


def conservation_finie(
    candidat: Candidat, candidatures: Iterable[Candidature], le: datetime, mois: int
) -> bool:
    """True when the delay of somebody nobody is taking up is over: `A_ANONYMISER`, in Python."""
    toutes = list(candidatures)
    return (
        candidat.anonymise_le is None
        and not any(c.etat in JAMAIS_SEULES for c in toutes)
        and derniere_activite(candidat, toutes) < limite(le, mois)
    )


def identifiee(candidat: Candidat) -> None:
    """Raise Empeche(PERSONNE_ANONYMISEE) for somebody whom nothing names any more."""
    refuser(*obstacles_d_identite(candidat))


def obstacles_d_identite(candidat: Candidat) -> list[Empechement]:
    """Out: why nothing can be done for somebody whom nothing names any more."""
    return [PersonneAnonymisee()] if candidat.anonymise_le is not None else []


def obstacles_a_l_effacement(
    candidat: Candidat, candidatures: Iterable[Candidature], le: datetime
) -> list[Empechement]:
    """Out: why somebody cannot be erased now: what others still decide on, or pay for, with each reference."""
    trouves = obstacles_d_identite(candidat)
    for c in candidatures:
        if c.etat in EN_COURS:
            trouves.append(CandidatureEnCours(reference=c.reference))
        elif c.etat is Etat.RETENUE and c.session_date_fin >= jour_de_paris(le):
            trouves.append(FormationEnCours(reference=c.reference, fin=f"{c.session_date_fin:%d/%m/%Y}"))
    return trouves


# --- how ---------------------------------------------------------------------------------------------------------


def anonymiser(candidat: Candidat, *, reference: str, le: datetime) -> None:
    """Leave of a fiche the year of birth and the département; nobody can find it by a reference that was written down."""
    candidat.reference = reference
    candidat.civilite = candidat.courriel = candidat.telephone = candidat.voie = candidat.ville = None
    candidat.nom = candidat.prenom = ANONYME
    candidat.date_naissance = date(candidat.date_naissance.year, 1, 1)
    candidat.code_postal = code_du_departement(candidat.code_postal)
    candidat.numero_france_travail = candidat.identifiant_regional = None
    candidat.createur_id = candidat.nir_demande_a_id = None
    candidat.cree_le = debut_du_mois(candidat.cree_le)
    candidat.modifie_le = candidat.anonymise_le = le


def anonymiser_candidature(
    candidature: Candidature, convocations: Iterable[Convocation], avis: Avis | None, *, reference: str
) -> None:
    """Leave of a candidature what is counted; all its days move back together, by whole weeks, to the first of its month.

    Delays between them stay exact, in working days too; the days themselves, and the hours, are lost.
    """
    jours = timedelta(weeks=(jour_de_paris(candidature.cree_le).day - 1) // 7)
    candidature.reference = reference
    _taire(candidature, TEXTES)
    candidature.motif_fin = motif_tu(candidature.motif_fin)
    _reculer(candidature, MOMENTS, jours)
    for convocation in convocations:
        _reculer(convocation, ("cree_le", "date_rendez_vous"), jours)
    if avis is not None:
        _taire(avis, ("raison", "commentaire"))
        _reculer(avis, ("rendu_le", *JOURS_AVIS), jours)


def motif_tu(motif: str | None) -> str | None:
    """Out: that there was a reason, which statistics know (an avis that was corrected); a word of a list as it is."""
    return motif if motif is None or motif in MOTS_DE_REJET else ANONYME


def _taire(row: Any, noms: Iterable[str]) -> None:
    for nom in noms:
        setattr(row, nom, None)


def _reculer(row: Any, noms: Iterable[str], de: timedelta) -> None:
    """Move days back; of a moment only the day, in Paris, is left."""
    for nom in noms:
        quand = getattr(row, nom)
        if isinstance(quand, datetime):
            setattr(row, nom, debut_du_jour(jour_de_paris(quand) - de))
        elif quand is not None:
            setattr(row, nom, quand - de)


def debut_du_jour(jour: date) -> datetime:
    """Out: its first moment, in Paris."""
    return datetime.combine(jour, time(0), PARIS).astimezone(UTC)


def debut_du_mois(moment: datetime) -> datetime:
    """Out: the first moment of its month, in Paris."""
    return debut_du_jour(jour_de_paris(moment).replace(day=1))


def code_du_departement(code_postal: str | None) -> str | None:
    """Out: a code that says the département and no town: `87000` for 87410, `97400` for 97410; None for none."""
    departement = departement_du_code_postal(code_postal or "")
    if departement is None:
        return None
    corse = {"2A": "200", "2B": "202"}
    return corse.get(departement, departement).ljust(5, "0")
