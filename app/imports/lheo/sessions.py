"""The sessions of an action of a LHEO file."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from app.domain import identifiants
from app.domain.lheo import (
    ALTERNANCES,
    CYCLES,
    EXTRAS_SESSION,
    INFORMATION_COLLECTIVE,
    MODALITES,
    RECRUTEMENT_OUVERT,
    SANS_FIN,
    TYPES_ENTREE,
)
from app.kit.clock import PARIS
from app.models import Modalite, ModeCandidature, TypeEntree, VoieAcces

from . import organismes
from .certifications import de_la_session
from .erreurs import Releveur
from .extras import Extras, vraisemblable
from .lus import AdresseLue, CertificationLue, ContactLu, OrganismeLu, ReunionLue, SessionLue
from .noeuds import Noeud


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
        numero_carif=numero_carif(noeud, extras, releveur),
        date_debut=debut,
        date_fin=fin,
        type_entree=entree,
        voie_acces=voie,
        annees_apprentissage=annees(noeud, extras) if voie is VoieAcces.APPRENTISSAGE else None,
        modalite=modalite or Modalite.PRESENTIEL,
        heures_centre=heures("heures-centre", extras, autour.heures[0]),
        heures_entreprise=heures("heures-entreprise", extras, autour.heures[1]),
        lieu=lieu(noeud, extras, autour, modalite, releveur),
        contact=organismes.joignable(qui),
        referent_handicap=organismes.referent_handicap(qui),
        commentaire=extras.texte("commentaire", 600),
        mode_candidature=mode_candidature(noeud, extras, autour.est_conventionnee),
        date_limite_inscription=limite,
        date_entree_tardive=tardive,
        capacite_accueil=capacite,
        coefficient=extras.nombre("coefficient", moins="1", plus="999", regle="R-139"),
        ratio_suite_parcours=extras.nombre("ratio-suite-parcours", moins="0", plus="999", regle="R-140"),
        formateur=autour.formateur,
        positionneur=positionneur(extras, releveur),
        points_entree=points_entree(extras, debut, fin, releveur),
        reunions=reunions(noeud),
        certifications=de_la_session(noeud, autour.certifications, voie, releveur),
    )


def jour(texte: str, *, fin: bool = False) -> date | None:
    """In: a date of LHEO (AAAAMMJJ, AAAAMM00, AAAA0000). Out: the day, the last one for an end; None: unknown."""
    lu = texte.strip()
    if lu in ("", "00000000", "99999999"):
        return None
    try:
        annee, mois, quantieme = int(lu[:4]), int(lu[4:6]), int(lu[6:8])
        mois = mois or (12 if fin else 1)
        return date(annee, mois, quantieme or (monthrange(annee, mois)[1] if fin else 1))
    except (ValueError, IndexError):
        return None


def periode(session: Noeud, entree: TypeEntree, releveur: Releveur) -> tuple[date, date]:
    """Out: from when to when (R-238). No start, or no end with fixed dates: refused (R-220)."""
    dit_debut, dit_fin = session.un("periode", "debut"), session.un("periode", "fin")
    assert dit_debut is not None
    assert dit_fin is not None
    debut = None if dit_debut.fautif else jour(dit_debut.texte)
    fin = None if dit_fin.fautif else jour(dit_fin.texte, fin=True)
    if debut is None:
        releveur.refuser(dit_debut, "DATE_INCONNUE", "la session doit dire quand elle commence", "R-220")
    if fin is None and entree is TypeEntree.DATE_FIXE:
        releveur.refuser(
            dit_fin, "DATE_INCONNUE", "une session à dates fixes doit dire quand elle finit", "R-220"
        )
    if debut and fin and debut > fin:
        releveur.refuser(
            dit_fin, "DATES", f"la session finit avant de commencer, le {debut:%d/%m/%Y}", "R-238"
        )
    for noeud, lu in ((dit_debut, debut), (dit_fin, fin)):
        if lu is not None and not vraisemblable(lu):
            releveur.refuser(noeud, "DATE", "cette année n'est pas vraisemblable")
    return debut or SANS_FIN, fin or SANS_FIN


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


def limites(session: Noeud, extras: Extras, fin: date, releveur: Releveur) -> tuple[date | None, date | None]:
    """Out: the last day to enter late (R-136), and the last day to enrol (R-134, R-135)."""
    dits = extras.jours("date-entree-tardive")[:1]
    tardive = dits[0][1] if dits else None
    if dits and dits[0][1] > fin:
        releveur.refuser(
            dits[0][0], "DATES", "l'entrée tardive ne peut pas suivre la fin de la session", "R-136"
        )
    inscription = session.un("periode-inscription", "periode", "fin")
    limite = jour(inscription.texte, fin=True) if inscription is not None and not inscription.fautif else None
    if inscription is not None and limite is not None and tardive is not None and limite > tardive:
        motif = f"la date limite d'inscription suit la date limite d'entrée tardive, le {tardive:%d/%m/%Y}"
        releveur.refuser(inscription, "DATES", motif, "R-135")
    if inscription is not None and limite is not None and not vraisemblable(limite):
        releveur.refuser(inscription, "DATE", "cette année n'est pas vraisemblable")
    return tardive, limite


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


def lieu(
    session: Noeud, extras: Extras, autour: Autour, modalite: Modalite | None, releveur: Releveur
) -> AdresseLue:
    """Out: where it takes place (R-243), within the départements of the catalogue (R-244).

    The place is the one that an extra names, else the main one of the action. A wholly remote session without a
    place is said to be where one enrols.
    """
    noeud = _lieu_dit(extras, autour.action, releveur) or organismes.principal(
        autour.action.tous("lieu-de-formation")
    )
    ou = noeud.un("coordonnees", "adresse") if noeud is not None else None
    if ou is None and modalite is Modalite.DISTANCE:
        ou = session.un("adresse-inscription", "adresse")
    if ou is None:
        releveur.refuser(noeud or session, "LIEU", "le lieu de formation doit avoir une adresse", "R-243")
        return AdresseLue()
    element, departement = organismes.departement(ou)
    if departement not in autour.departements:
        motif = (
            f"département {departement or 'inconnu'} : hors du catalogue ({', '.join(autour.departements)})"
        )
        releveur.refuser(element, "HORS_REGION", motif, "R-244")
    return (
        organismes.lieu(noeud)
        if noeud is not None and noeud.un("coordonnees", "adresse")
        else organismes.adresse(ou)
    )


def _lieu_dit(extras: Extras, action: Noeud, releveur: Releveur) -> Noeud | None:
    if (dit := extras.noeud("lieu")) is None:
        return None
    numero = dit.texte.strip()
    trouve = next((lieu for lieu in action.tous("lieu-de-formation") if lieu.numero == numero), None)
    if trouve is None:
        releveur.refuser(dit, "LIEU", "aucun lieu de formation de l'action n'a ce numéro", "R-243")
    return trouve


def positionneur(extras: Extras, releveur: Releveur) -> str | None:
    """Out: the SIRET of the structure that places people, or None."""
    return organismes.siret(extras.noeud("positionneur"), releveur)


def points_entree(extras: Extras, debut: date, fin: date, releveur: Releveur) -> tuple[date, ...]:
    """Out: the days on which people may enter, in order, each once (R-071); within the session."""
    dits = extras.jours("point-entree")
    for noeud, lu in dits:
        if not debut <= lu <= fin:
            releveur.refuser(noeud, "DATES", "un point d'entrée est en dehors de la session", "R-071")
    return tuple(sorted({lu for _, lu in dits}))


def reunions(session: Noeud) -> tuple[ReunionLue, ...]:
    """Out: the information meetings whose day is known (R-242)."""
    lues = []
    for noeud in session.tous("recrutement"):
        le = jour(noeud.dit("periode", "debut"))
        if noeud.dit("modalite-recrutement") == INFORMATION_COLLECTIVE and le is not None:
            ou = organismes.adresse(noeud.un("adresse"))
            lieu_dit = ", ".join(mot for mot in (ou.nom, ou.voie, ou.code_postal, ou.ville) if mot)
            moment = datetime.combine(le, heure(noeud.dit("heure-debut")), PARIS)
            lues.append(ReunionLue(moment, lieu_dit or noeud.dit("urlweb") or None))
    return tuple(lues)


def heure(texte: str) -> time:
    """In: `09:00`, `9h30`, `14`. Out: the hour of the day; midnight when it cannot be read."""
    heures_dites, _, minutes = texte.strip().lower().replace("h", ":").partition(":")
    try:
        return time(int(heures_dites), int(minutes or 0))
    except (ValueError, OverflowError):
        return time()


def numero_carif(session: Noeud, extras: Extras, releveur: Releveur) -> str | None:
    """Out: the number of the session, when the file gives one that has its form (R-180)."""
    if (dit := extras.noeud("numero-carif")) is not None:
        numero = dit.texte.strip()
        if not identifiants.est_numero_carif(numero):
            releveur.refuser(dit, "NUMERO", "numero-carif : 00 et six chiffres attendus", "R-180")
        return numero
    return session.numero if identifiants.est_numero_carif(session.numero) else None
