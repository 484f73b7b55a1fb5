"""When a session takes place, until when one enrols, when one may enter."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time

from app.domain.lheo import (
    DATE_INCONNUE,
    FIN_INCONNUE,
    INFORMATION_COLLECTIVE,
    MODALITES_RECRUTEMENT,
    SANS_FIN,
)
from app.domain.recrutement import ordonnees
from app.kit.clock import PARIS
from app.models import TypeEntree

from . import organismes
from .erreurs import Releveur
from .extras import Extras, notes, vraisemblable
from .lus import ReunionLue
from .noeuds import Noeud

HEURE = re.compile(r"(?P<heures>[0-9]{1,2})(?:[hH:.]|(?=[0-9]{2}))?(?P<minutes>[0-9]{1,2})?")


def jour(texte: str, *, fin: bool = False) -> date | None:
    """In: a date of LHEO (AAAAMMJJ, AAAAMM00, AAAA0000). Out: the day, the last one for an end; None: unknown."""
    lu = texte.strip()
    if lu in ("", DATE_INCONNUE, FIN_INCONNUE):
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


def points_entree(extras: Extras, debut: date, fin: date, releveur: Releveur) -> tuple[date, ...]:
    """Out: the days on which people may enter, in order, each once (R-071); within the session."""
    dits = extras.jours("point-entree")
    for noeud, lu in dits:
        if not debut <= lu <= fin:
            releveur.refuser(noeud, "DATES", "un point d'entrée est en dehors de la session", "R-071")
    return tuple(sorted({lu for _, lu in dits}))


def modalites_recrutement(session: Noeud) -> tuple[str, ...]:
    """Out: how one is admitted (R-242)."""
    dites = (MODALITES_RECRUTEMENT.get(n.dit("modalite-recrutement")) for n in session.tous("recrutement"))
    return tuple(ordonnees(str(mot) for mot in dites if mot is not None))


def reunions(session: Noeud, releveur: Releveur) -> tuple[ReunionLue, ...]:
    """Out: the information meetings whose day is known (R-242); at midnight where no hour is said, or none is readable."""
    lues = []
    for noeud in session.tous("recrutement"):
        dit = noeud.un("periode", "debut")
        le = jour(dit.texte) if dit is not None else None
        if dit is not None and le is not None and not vraisemblable(le):
            releveur.avertir(
                dit, "DATE", "cette année n'est pas vraisemblable : la réunion n'est pas reprise"
            )
            le = None
        if noeud.dit("modalite-recrutement") == INFORMATION_COLLECTIVE and le is not None:
            ou = organismes.adresse(noeud.un("adresse"))
            lieu_dit = ", ".join(mot for mot in (ou.nom, ou.voie, ou.code_postal, ou.ville) if mot)
            lieu_dit = notes(noeud).get("lieu") or lieu_dit
            dite = noeud.un("heure-debut")
            lue = heure(dite.texte) if dite is not None else time()
            if lue is None and dite is not None and not dite.fautif:
                motif = "cette heure ne se lit pas : la réunion est prise sans heure"
                releveur.avertir(dite, "HEURE", motif, "R-242")
            moment = datetime.combine(le, lue or time(), PARIS)
            lues.append(ReunionLue(moment, lieu_dit or noeud.dit("urlweb") or None))
    return tuple(lues)


def heure(texte: str) -> time | None:
    """In: `09:00`, `9h30`, `9 h`, `0930`, `14`. Out: the hour of the day; None when it cannot be read."""
    lue = HEURE.fullmatch("".join(texte.split()))
    try:
        return time(int(lue["heures"]), int(lue["minutes"] or 0)) if lue else None
    except ValueError:
        return None
