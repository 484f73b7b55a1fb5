"""The acts on a session (R-169, R-188, R-240 to R-251, C-01, C-02). Pure: rows in, rows changed and facts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.models import Action, SessionFormation

from . import sessions_faits as f
from . import sessions_transitions as t
from .calendrier import fin_de_delai
from .differences import differences
from .empechements import Empeche, Empechement, refuser
from .formulaires import RACINE, texte_obligatoire
from .imports import est_en_ligne, publier_session
from .imports_faits import DatesDeplacees, SessionPubliee
from .sessions import problemes_ouverture
from .sessions_formulaire import (
    Contexte,
    Visee,
    nettoyee,
    problemes_saisie,
    problemes_session,
)
from .textes import nettoyer

SUPPRIMABLE_APRES = 30  # days after the end (R-249, C-02)
MOTIF_MAXIMUM = 1000
POINTS_MAXIMUM = 200
DATES = ("date_debut", "date_fin")
DESCRIPTION = (
    "type_entree",
    "voie_acces",
    "annees_apprentissage",
    "modalite",
    "heures_centre",
    "heures_entreprise",
    "lieu_nom",
    "lieu_voie",
    "lieu_code_postal",
    "lieu_ville",
    "lieu_code_insee",
    "lieu_departement",
    "contact_nom",
    "contact_telephone",
    "contact_courriel",
    "referent_handicap",
    "commentaire",
    "modalites_recrutement",
)
PLACES = ("capacite_accueil", "coefficient", "ratio_suite_parcours")
DUPLIQUES = ("formateur_id", "positionneur_id", *DESCRIPTION, "mode_candidature", *PLACES)
"""R-245: what a copy begins with; its dates, meetings and candidatures are its own."""


class DatesVerrouillees(Empechement):
    """Les dates d'une session publiée ne se modifient plus ici : écrivez à offre@cap-metiers.pro."""

    regle = "R-240"


class SuppressionADemander(Empechement):
    """Cette session est en cours, ou finie depuis moins de trente jours : demandez sa suppression, en disant pourquoi."""

    regle = "R-250"


class PointsInvalides(Empechement):
    """Seule une session HSP a des points d'entrée : deux cents au plus, entre son début et sa fin."""

    regle = "R-069"


# --- begun -----------------------------------------------------------------------------------------------------


def ajouter(
    action: Action, saisie: Mapping[str, Any], *, numero_carif: str, le: datetime
) -> SessionFormation:
    """R-219, R-246: a new session of an action. In: what is given of the form. Raises Empeche, every problem at once."""
    session = _neuve(action, nettoyee(saisie), numero_carif, le)
    refuser(*(problemes_saisie(session, nettoyee(saisie)) or problemes_ouverture(session)))
    return session


def dupliquer(
    modele: SessionFormation, action: Action, debut: date, fin: date, *, numero_carif: str, le: datetime
) -> SessionFormation:
    """R-245: a new session like this one, at other dates. Raises Empeche."""
    t.exiger(modele, t.DUPLIQUER)
    repris, dates = {nom: getattr(modele, nom) for nom in DUPLIQUES}, {"date_debut": debut, "date_fin": fin}
    session = _neuve(action, repris | dates, numero_carif, le)
    refuser(*problemes_saisie(session, dates))
    return session


def _neuve(action: Action, colonnes: Mapping[str, Any], numero_carif: str, le: datetime) -> SessionFormation:
    """The copies that triggers keep are said here too: the form's rights rest on them before the row is written."""
    return SessionFormation(
        **colonnes,
        numero_carif=numero_carif,
        action_id=action.id,
        etat=t.Etat.BROUILLON,
        responsable_id=action.responsable_id,
        est_conventionnee=action.est_conventionnee,
        est_hsp=action.est_hsp,
        est_financee_region=action.est_financee_region,
        action_en_ligne=action.est_en_ligne,
        date_debut_initiale=colonnes["date_debut"],
        places_prises=0,
        cree_le=le,
        modifiee_le=le,
    )


def ajoutee(session: SessionFormation) -> f.SessionAjoutee:
    """Out: the fact of a new session."""
    return t.dire(f.SessionAjoutee, session, None, session.etat)


def dupliquee(session: SessionFormation, modele: SessionFormation) -> f.SessionDupliquee:
    """Out: the fact of a copy."""
    return t.dire(f.SessionDupliquee, session, None, session.etat, modele_id=modele.id)


# --- changed, published ----------------------------------------------------------------------------------------


def modifier(
    session: SessionFormation,
    saisie: Mapping[str, Any],
    parties: Sequence[str],
    *,
    le: datetime,
) -> f.SessionModifiee:
    """R-188: change what is given; what is published changes at once. In: the parts that change too.

    R-240: a published session keeps its dates here. Raises Empeche.
    """
    t.exiger(session, t.MODIFIER)
    voulu = nettoyee(saisie)
    if session.etat is not t.Etat.BROUILLON and voulu.keys() & set(DATES):
        raise Empeche([DatesVerrouillees(RACINE, nom) for nom in DATES if nom in voulu])
    champs = [nom for nom, valeur in voulu.items() if getattr(session, nom) != valeur]
    avant = {nom: getattr(session, nom) for nom in champs}
    for nom in champs:
        setattr(session, nom, voulu[nom])
    if "date_debut" in champs:
        session.date_debut_initiale = session.date_debut
    refuser(*(problemes_saisie(session, voulu) or problemes_ouverture(session)))
    tries = tuple(sorted([*champs, *parties]))
    changees = tuple(differences(sorted(champs), avant, voulu))
    return t.passer(session, t.MODIFIER, le, champs=tries, differences=changees)


def exiger_complete(session: SessionFormation, visees: Sequence[Visee], contexte: Contexte) -> None:
    """Raise Empeche, every problem at once, for a session that is published, or about to be, and lacks something."""
    refuser(*problemes_session(session, visees, contexte))


def est_publiable(session: SessionFormation, action: Action) -> bool:
    """Out: True for a session that waits although its action is online."""
    return session.etat is t.Etat.BROUILLON and est_en_ligne(action)


def publier(session: SessionFormation, *, le: datetime) -> SessionPubliee:
    """Publish a session that lacks nothing. In: written, so it has its key."""
    publier_session(session, le=le)
    return SessionPubliee(action_id=session.action_id, session_id=session.id)


def modifier_dates(session: SessionFormation, saisie: Mapping[str, Any], *, le: datetime) -> DatesDeplacees:
    """C-01: a gestionnaire enters what the financeur decided; a postponement (C-14) counts from the new start.

    In: among date_debut, date_fin, date_limite_inscription, date_entree_tardive. Raises Empeche.
    """
    t.exiger(session, t.MODIFIER)
    avant = (session.date_debut, session.date_fin)
    for nom, valeur in saisie.items():
        setattr(session, nom, valeur)
    refuser(*(problemes_saisie(session, saisie) or problemes_ouverture(session)))
    session.date_debut_initiale, session.modifiee_le = session.date_debut, le
    return DatesDeplacees(
        action_id=session.action_id,
        session_id=session.id,
        debut_avant=avant[0],
        debut_apres=session.date_debut,
        fin_avant=avant[1],
        fin_apres=session.date_fin,
    )


def changer_points(session: SessionFormation, jours: Sequence[date], *, le: datetime) -> f.SessionModifiee:
    """R-069, C-01: a gestionnaire gives a HSP its entry points. Raises Empeche."""
    dedans = all(session.date_debut <= jour <= session.date_fin for jour in jours)
    if not session.est_hsp or not dedans or len(jours) > POINTS_MAXIMUM:
        raise Empeche([PointsInvalides(RACINE, "points_entree")])
    return t.passer(session, t.MODIFIER, le, champs=("points_entree",))


# --- ended -----------------------------------------------------------------------------------------------------


def annuler(session: SessionFormation, *, motif: str | None, le: datetime) -> f.SessionAnnulee:
    """R-169: for the financeur; what waits for an avis is then refused, each on its own. Raises Empeche."""
    t.exiger(session, t.ANNULER)
    refuser(*texte_obligatoire("motif", motif, MOTIF_MAXIMUM))
    session.motif_annulation = nettoyer(motif)
    return t.passer(session, t.ANNULER, le)


def supprimer(session: SessionFormation, *, le: datetime) -> f.SessionSupprimee:
    """R-249, C-02: a draft goes away with its row (`apres` is then None), a session that ended long ago leaves the catalogue.

    Raises Empeche(SUPPRESSION_A_DEMANDER) before the thirty days are over.
    """
    if session.etat is t.Etat.BROUILLON:
        return t.passer(session, t.JETER, le)
    t.exiger(session, t.SUPPRIMER)
    if le < fin_de_delai(session.date_fin, SUPPRIMABLE_APRES):
        raise Empeche([SuppressionADemander()])
    return t.passer(session, t.SUPPRIMER, le)


def demander_suppression(
    session: SessionFormation, *, motif: str | None, le: datetime
) -> f.SuppressionDemandee:
    """R-250: ask, saying why; it stays published meanwhile. Raises Empeche."""
    t.exiger(session, t.DEMANDER)
    refuser(*texte_obligatoire("motif", motif, MOTIF_MAXIMUM))
    session.motif_suppression = nettoyer(motif)
    return t.passer(session, t.DEMANDER, le)


def decider_suppression(session: SessionFormation, *, accepter: bool, le: datetime) -> f.FaitSession:
    """R-250: a gestionnaire accepts, and it leaves the catalogue, or refuses, and it stays as it was."""
    if accepter:
        return t.passer(session, t.ACCEPTER, le)
    session.motif_suppression = None
    return t.passer(session, t.REFUSER, le)
