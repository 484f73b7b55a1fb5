"""How a candidature ends without an avis: cancelled, refused, rejected, expired, forgotten; or waits for later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.models import Candidature, EtatSession, Mot, SessionFormation

from . import candidatures_faits as f
from . import candidatures_transitions as t
from .calendrier import jour_de_paris
from .echeances import avis_depasse, purge_due, rappel_validation_du, validation_depassee
from .empechements import Empeche, Empechement, EtatIncompatible, refuser
from .formulaires import Champ, texte_obligatoire, verifier_champs
from .ouverture import PointEntreeComplet, SansPointEntree, prochain_point
from .textes import nettoyer

MOTIF = Champ("motif", 1000)


class MotifRejet(Mot):
    """Why a candidature is rejected (R-113, R-096)."""

    DONNEES_CANDIDAT = "donnees_candidat", "Données du candidat incohérentes"
    DOUBLON = "doublon", "Une candidature existe déjà sur cette session"
    DATE_SESSION = "date_session", "Problème de date de la session : la refaire le lendemain"


class ChampIdentite(Mot):
    """What of a person differs from what a partner knows (R-114)."""

    NOM = "nom", "Nom"
    PRENOM = "prenom", "Prénom"
    DATE_NAISSANCE = "date_naissance", "Date de naissance"
    NUMERO_FRANCE_TRAVAIL = "numero_france_travail", "Numéro France Travail"
    IDENTIFIANT_REGIONAL = "identifiant_regional", "Identifiant régional France Travail"
    INSCRIPTION = "inscription", "Inscription à France Travail"


class ChampsSansObjet(Empechement):
    """Des champs qui diffèrent n'accompagnent que le motif « données du candidat incohérentes »."""

    regle = "R-114"


class DateAnnulationDepassee(Empechement):
    """La date d'entrée tardive est passée : contactez l'organisme de formation, qui peut la modifier."""

    regle = "R-109"


class SessionNonAnnulee(Empechement):
    """Cette session n'est pas annulée : ce refus n'est possible qu'après son annulation par le financeur."""

    regle = "R-169"


class PointEntreeInchange(Empechement):
    """Cette candidature est déjà sur le prochain point d'entrée : attendez qu'il soit passé."""

    regle = "R-074"


def annuler(
    candidature: Candidature, *, structure_id: int | None, le: datetime, motif: str | None = None
) -> f.CandidatureAnnulee:
    """R-107 to R-111: cancel, for good, what waits for an avis.

    In: the candidature with its session loaded; the structure for which it is cancelled. The prescribing structure
    may until the date d'entrée tardive included; any other one (a gestionnaire's) gives a reason instead.
    """
    t.exiger(candidature, t.ANNULER)
    est_la_sienne = structure_id is not None and structure_id == candidature.structure_prescriptrice_id
    trop_tard = jour_de_paris(le) > candidature.session.annulable_jusqu_au
    if est_la_sienne:
        texte = verifier_champs((MOTIF,), {"motif": nettoyer(motif)}, complet=False)
        refuser(*([DateAnnulationDepassee()] if trop_tard else []), *texte)
    else:
        refuser(*texte_obligatoire("motif", motif))
    candidature.motif_fin = nettoyer(motif)
    return t.passer(candidature, t.ANNULER, le)


def rejeter(
    candidature: Candidature, *, motif: MotifRejet, le: datetime, champs: Iterable[ChampIdentite] = ()
) -> f.CandidatureRejetee:
    """R-112, R-114: an anomaly; the mail to its author tells the motive, and which fields differ, never their values.

    Raises Empeche(CHAMPS_SANS_OBJET) for fields beside another motive, ETAT_INCOMPATIBLE.
    """
    differents = tuple(dict.fromkeys(map(str, champs)))
    refuser(*([ChampsSansObjet("champs")] if differents and motif is not MotifRejet.DONNEES_CANDIDAT else []))
    fait = t.passer(candidature, t.REJETER, le, motif=str(motif), champs=differents)
    candidature.motif_fin = str(motif)
    return fait


def refuser_session_complete(candidature: Candidature, *, le: datetime) -> f.CandidatureRefusee:
    """R-168, C-10: the training organisation, or a gestionnaire, says that the session is full."""
    return t.passer(candidature, t.REFUSER_COMPLETE, le)


def effectif_atteint(session: SessionFormation, retenues: int) -> bool:
    """C-10: True once as many people are retained as it welcomes. In: how many are; of a HSP, at one entry point."""
    return session.capacite_accueil is not None and retenues >= session.capacite_accueil


def refuser_session_annulee(candidature: Candidature, *, le: datetime) -> f.CandidatureRefusee:
    """R-169: its session, loaded, was cancelled by the financeur."""
    t.exiger(candidature, t.REFUSER_ANNULEE)
    if candidature.session.etat is not EtatSession.ANNULEE:
        raise Empeche([SessionNonAnnulee()])
    return t.passer(candidature, t.REFUSER_ANNULEE, le)


def reporter_point(candidature: Candidature, *, le: datetime) -> f.PointEntreeReporte:
    """C-25: move what waits to the entry point that is now the next one. Its session's points are loaded."""
    t.exiger(candidature, t.REPORTER_POINT)
    session = candidature.session
    point = prochain_point(session, jour_de_paris(le)) if session.est_hsp else None
    if point is None:
        raise Empeche([SansPointEntree()])
    if point.id == candidature.point_entree_id:
        raise Empeche([PointEntreeInchange()])
    refuser(*([PointEntreeComplet()] if point.est_complet else []))
    candidature.point_entree_id = point.id
    return t.passer(candidature, t.REPORTER_POINT, le, point_entree_id=point.id)


# --- the jobs': each verb asks again what is due ---------------------------------------------------------------


def rappeler_validation(candidature: Candidature, *, le: datetime) -> f.ValidationRappelee:
    """C-07: five days before. It changes nothing of the candidature; that it was done already is in the journal."""
    _due(rappel_validation_du(candidature, le) and not validation_depassee(candidature, le))
    return t.dire(f.ValidationRappelee, candidature, candidature.etat, candidature.etat)


def rappeler_brouillon(candidature: Candidature) -> f.BrouillonRappele:
    """R-093: before a draft is deleted. It changes nothing of it: its fifteen days still run from the last change."""
    t.exiger(candidature, t.SOUMETTRE)
    return t.dire(f.BrouillonRappele, candidature, candidature.etat, candidature.etat)


def rappeler_avis(candidature: Candidature) -> f.AvisRappele:
    """R-167: before the time to give an avis ends. It changes nothing of the candidature."""
    t.exiger(candidature, t.AVIS_NON_TRANSMIS)
    return t.dire(f.AvisRappele, candidature, candidature.etat, candidature.etat)


def annoncer_resultat(candidature: Candidature) -> f.ResultatAnnonce:
    """R-166: tell its author what became of it, once. Raises Empeche(ETAT_INCOMPATIBLE) where nothing is to be told."""
    _due(candidature.est_a_annoncer)
    candidature.est_a_annoncer = False
    return t.dire(f.ResultatAnnonce, candidature, candidature.etat, candidature.etat)


def refuser_effectif_atteint(
    candidature: Candidature, *, retenues: int, le: datetime
) -> f.CandidatureRefusee:
    """R-168, C-10: its session, loaded, has retained as many as it welcomes. In: how many are retained now."""
    _due(effectif_atteint(candidature.session, retenues))
    return refuser_session_complete(candidature, le=le)


def expirer(candidature: Candidature, *, le: datetime) -> f.CandidatureExpiree:
    """C-07: nobody validated it in time. Raises Empeche(ETAT_INCOMPATIBLE) when that is not so."""
    _due(validation_depassee(candidature, le))
    return t.passer(candidature, t.EXPIRER, le)


def constater_avis_non_transmis(candidature: Candidature, *, le: datetime) -> f.AvisNonTransmis:
    """R-167: three weeks after the end of its session, loaded, there is no avis."""
    _due(avis_depasse(candidature.session.date_fin, le))
    return t.passer(candidature, t.AVIS_NON_TRANSMIS, le)


def purger(candidature: Candidature, *, le: datetime) -> f.CandidaturePurgee:
    """R-093, C-11: a forgotten draft, or what lay in the corbeille. The row is to be deleted with the fact."""
    _due(purge_due(candidature, le))
    return t.passer(candidature, t.PURGER, le)


def _due(oui: bool) -> None:
    if not oui:
        raise Empeche([EtatIncompatible()])
