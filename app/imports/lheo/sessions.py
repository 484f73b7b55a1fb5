"""The sessions of an action of a LHEO file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain import identifiants
from app.domain.lheo import (
    ALTERNANCES,
    CYCLES,
    EXTRAS_SESSION,
    MODALITES,
    RECRUTEMENT_OUVERT,
    TYPES_ENTREE,
)
from app.models import Modalite, ModeCandidature, TypeEntree, VoieAcces

from . import organismes
from .certifications import de_la_session
from .erreurs import Releveur
from .extras import Extras
from .lieux import lieu
from .lus import CertificationLue, ContactLu, OrganismeLu, PositionneurLu, SessionLue
from .noeuds import Noeud
from .periodes import limites, modalites_recrutement, periode, points_entree, reunions
from .textes import ou_rien, une_ligne


@dataclass(frozen=True, slots=True)
class Autour:
    """What a session takes from its action and its formation.

    departements  the départements of the catalogue (R-244)
    contacts      who to call when the session says nothing, the nearest first
    """

    action: Noeud
    departements: tuple[str, ...]
    est_conventionnee: bool
    certifications: tuple[CertificationLue, ...]
    contacts: tuple[tuple[str, ContactLu], ...]
    formateurs: Mapping[str, OrganismeLu]
    formateur: OrganismeLu | None
    heures: tuple[Decimal | None, Decimal | None]


def lire_session(noeud: Noeud, numero: str, autour: Autour, releveur: Releveur) -> SessionLue:
    """Out: the session; what is wrong in it goes to the releveur, and the result is then not to be used."""
    extras = Extras(EXTRAS_SESSION, releveur, noeud, autour.action)
    voie = voie_acces(noeud, extras, releveur)
    entree = type_entree(autour.action, extras)
    debut, fin = periode(noeud, entree, releveur)
    modalite = extras.mot("modalite", Modalite) or MODALITES.get(autour.action.dit("modalites-enseignement"))
    tardive, limite = limites(noeud, extras, fin, releveur)
    qui = [*organismes.contacts(noeud.tous("contact-session"), releveur), *autour.contacts]
    capacite = capacite_accueil(noeud, extras)
    return SessionLue(
        ligne=noeud.ligne,
        numero_source=numero,
        date_debut=debut,
        date_fin=fin,
        type_entree=entree,
        voie_acces=voie,
        annees_apprentissage=annees(noeud, extras) if voie is VoieAcces.APPRENTISSAGE else None,
        modalite=modalite or Modalite.PRESENTIEL,
        heures_centre=heures("heures-centre", extras, autour.heures[0]),
        heures_entreprise=heures("heures-entreprise", extras, autour.heures[1]),
        lieu=lieu(noeud, autour.action, autour.departements, extras, modalite, releveur),
        contact=organismes.joignable(qui),
        referent_handicap=organismes.referent_handicap(qui),
        commentaire=extras.texte("commentaire", 600),
        mode_candidature=mode_candidature(noeud, extras, autour.est_conventionnee),
        date_limite_inscription=limite,
        date_entree_tardive=tardive,
        capacite_accueil=capacite,
        coefficient=extras.nombre("coefficient", moins="1", plus="999", regle="R-139"),
        ratio_suite_parcours=extras.nombre("ratio-suite-parcours", moins="0", plus="999", regle="R-140"),
        formateur=formateur(extras, autour, releveur),
        positionneur=positionneur(extras, releveur),
        points_entree=points_entree(extras, debut, fin, releveur),
        modalites_recrutement=modalites_recrutement(noeud),
        reunions=reunions(noeud, releveur),
        certifications=()
        if extras.noeud("sans-certification") is not None
        else de_la_session(noeud, autour.certifications, voie, releveur),
    )


def type_entree(action: Noeud, extras: Extras) -> TypeEntree:
    """Out: how people enter; LHEO has no code for « séquencées » (R-238)."""
    return extras.mot("type-entree", TypeEntree) or TYPES_ENTREE.get(
        action.dit("modalites-entrees-sorties"), TypeEntree.DATE_FIXE
    )


def voie_acces(session: Noeud, extras: Extras, releveur: Releveur) -> VoieAcces:
    """Out: the access route; several in one session are refused (R-225)."""
    if (dite := extras.mot("voie-acces", VoieAcces)) is not None:
        return dite
    voies: dict[VoieAcces, Noeud] = {}
    for cycle in session.tous("cycle"):
        code = ALTERNANCES.get(cycle.dit("alternance", "type-alternance")) or CYCLES.get(
            cycle.dit("type-cycle")
        )
        if code is not None:
            voies.setdefault(code, cycle)
    if len(voies) > 1:
        releveur.refuser(list(voies.values())[-1], "VOIES", "une session a une seule voie d'accès", "R-225")
    return next(iter(voies), VoieAcces.FORMATION_CONTINUE)


def annees(session: Noeud, extras: Extras) -> str | None:
    """Out: the years open to apprentices (R-227)."""
    lues = sorted(
        {annee.texte.strip() for cycle in session.tous("cycle") for annee in cycle.tous("annee-cycle")}
    )
    return extras.texte("annees-apprentissage", 100) or ", ".join(lues) or None


def mode_candidature(session: Noeud, extras: Extras, est_conventionnee: bool) -> ModeCandidature:
    """Out: what an extra says, else « sur prescription » where a conventionnée session is said to recruit (R-125)."""
    ouvert = est_conventionnee and session.dit("etat-recrutement") == RECRUTEMENT_OUVERT
    dit = extras.mot("mode-candidature", ModeCandidature)
    return dit or (ModeCandidature.PRESCRIPTION if ouvert else ModeCandidature.FERMEE)


def capacite_accueil(session: Noeud, extras: Extras) -> int | None:
    """Out: how many people it can hold: our extra, else the capacity of its cycle (R-139)."""
    dite = extras.nombre("capacite-accueil", moins="1", plus="9999", entier=True, regle="R-139")
    if dite is not None:
        return int(dite)
    simultanee = session.dit("cycle", "capacite-simultanee")
    return int(simultanee) if simultanee.isdecimal() and 0 < int(simultanee) < 10_000 else None


def heures(nom: str, extras: Extras, de_l_action: Decimal | None) -> Decimal | None:
    """Out: the hours that the session says, else those of its action (R-216, R-237)."""
    dites = extras.nombre(nom, moins="0", plus="99999", regle="R-237")
    return de_l_action if dites is None else dites


def formateur(extras: Extras, autour: Autour, releveur: Releveur) -> OrganismeLu | None:
    """Out: the formateur that the session names among those of its action, else its main one (R-223)."""
    if (noeud := extras.noeud("formateur")) is None:
        return autour.formateur
    if (dit := ou_rien(noeud.texte)) is None:
        return None
    if dit not in autour.formateurs:
        releveur.refuser(noeud, "FORMATEUR", "aucun organisme formateur de l'action n'a ce SIRET", "R-223")
    return autour.formateurs.get(dit)


def positionneur(extras: Extras, releveur: Releveur) -> PositionneurLu | None:
    """Out: the structure that places people, or None: its SIRET, then its name (R-146)."""
    if (noeud := extras.noeud("positionneur")) is None:
        return None
    siret, _, nom = noeud.texte.strip().partition(" ")
    if not identifiants.est_siret(siret):
        releveur.refuser(noeud, "SIRET_INVALIDE", "ce SIRET n'existe pas : sa clé ne correspond pas")
    return PositionneurLu(noeud.ligne, siret, une_ligne(nom))
