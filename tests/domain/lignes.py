"""Rows for the tests of the rules, without any base: who the people are, and open sessions unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import models as m
from app.domain.candidatures_conditions import Situation
from app.domain.empechements import Empeche
from app.kit.clock import PARIS
from app.models import EtatCandidature as Etat

NADIA, PAUL, ROSA = 1, 2, 3  # prescripteurs of the Trois Vallées: N1, N2, N3
KARIM, GAELLE = 4, 5  # of the Institut de l'Estuaire; gestionnaire
TROIS_VALLEES = m.Structure(id=10, raison_sociale="Mission locale des Trois Vallées")
ESTUAIRE = m.Structure(id=11, raison_sociale="Institut de l'Estuaire")
SAINTES = m.Structure(id=12, raison_sociale="Institut de l'Estuaire, Saintes")
CAP_METIERS = m.Structure(id=13, raison_sociale="Cap Métiers")
MARDI = datetime(2026, 6, 2, 10, 0, tzinfo=PARIS)
AUJOURD_HUI = MARDI.date()
JOUR = timedelta(days=1)


def dans(jours: int) -> datetime:
    """Out: the same hour, so many days later."""
    return MARDI + jours * JOUR


def jour(jours: int) -> date:
    """Out: the day that is so many days from today."""
    return AUJOURD_HUI + jours * JOUR


def une_session(**colonnes: Any) -> m.SessionFormation:
    """A conventionnée session, published and open, without HSP."""
    limite = colonnes.pop("date_limite_inscription", jour(20))
    fin = colonnes.get("date_fin", jour(120))
    defauts = {
        "id": 100,
        "etat": m.EtatSession.PUBLIEE,
        "est_conventionnee": True,
        "est_hsp": False,
        "action_en_ligne": True,
        "mode_candidature": m.ModeCandidature.PRESCRIPTION_LIBRE,
        "date_debut": jour(30),
        "date_fin": fin,
        "date_limite_inscription": limite,
        "inscriptions_jusqu_au": limite or fin,
        "annulable_jusqu_au": jour(40),
        "est_complete": False,
        "action": m.Action(intitule="Maçonnerie"),
        "responsable": ESTUAIRE,
        "formateur": None,
    }
    return m.SessionFormation(**defauts | colonnes)


def une_hsp(*jours: int, complets: tuple[int, ...] = (), **colonnes: Any) -> m.SessionFormation:
    """A HSP session with entry points on these days from today, some of them full."""
    session = une_session(id=200, est_hsp=True, **colonnes)
    dates = sorted(jour(j) for j in jours)
    session.points_entree = [
        m.PointEntree(
            id=1000 + (date_entree - AUJOURD_HUI).days,
            date_entree=date_entree,
            date_precedente=precedente,
            est_complet=(date_entree - AUJOURD_HUI).days in complets,
        )
        for precedente, date_entree in zip([None, *dates], dates, strict=False)
    ]
    return session


def lea(**colonnes: Any) -> m.Candidat:
    """Léa, who looks for a training."""
    defauts = {
        "id": 500,
        "nom": "Lefèvre-Rousseau",
        "prenom": "Léa",
        "nom_plie": "lefevre rousseau",
        "prenom_plie": "lea",
        "date_naissance": date(1998, 4, 12),
        "courriel": "lea@courriel.example",
        "est_inscrit_france_travail": True,
    }
    return m.Candidat(**defauts | colonnes)


COMPLET: dict[str, Any] = {
    "niveau_formation": "niveau_4",
    "situation": "demandeur_emploi",
    "parcours_anterieur": "Deux ans de vente.",
    "raisons": "Un métier choisi après un stage.",
    "suites_parcours": "Un emploi dans le bâtiment.",
    "envoyer_recapitulatif": False,
    "est_inscrit_france_travail": True,
}


def une_candidature(
    etat: Etat = Etat.BROUILLON, session: m.SessionFormation | None = None, **colonnes: Any
) -> m.Candidature:
    """Nadia's candidature for Léa on the maçonnerie, with a complete form."""
    session = session or une_session()
    defauts = {
        "id": 700,
        "etat": etat,
        "session": session,
        "session_id": session.id,
        "session_date_fin": session.date_fin,
        "candidat_id": 500,
        "est_hsp": session.est_hsp,
        "structure_prescriptrice_id": TROIS_VALLEES.id,
        "auteur_id": NADIA,
        "convocations": [],
        "modifiee_le": MARDI,
        **COMPLET,
    }
    return m.Candidature(**defauts | colonnes)


def une_autre(etat: Etat = Etat.EN_ATTENTE_AVIS, **colonnes: Any) -> m.Candidature:
    """Another candidature of Léa, on another session unless said otherwise."""
    defauts = {"id": 701, "session_id": 999, "candidat_id": 500, "est_hsp": False}
    return m.Candidature(etat=etat, **defauts | colonnes)


def situation(candidature: m.Candidature, *autres: m.Candidature, **champs: Any) -> Situation:
    """What the door holds: its session, Léa, her other candidatures."""
    champs.setdefault("candidat", lea())
    return Situation(session=candidature.session, autres=autres, **champs)


@contextmanager
def empeche(*attendus: str) -> Iterator[None]:
    """The act is refused, for exactly these reasons: a code, or `CODE champ`."""
    with pytest.raises(Empeche) as refus:
        yield
    assert sorted(en_clair(e) for e in refus.value.empechements) == sorted(attendus)


def en_clair(empechement: Any) -> str:
    """Out: `CODE`, or `CODE champ` where it speaks of a field of the input."""
    return " ".join([empechement.code, *empechement.chemin[1:]])
