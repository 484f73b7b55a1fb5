"""Convocations as a calendar (RFC 5545), for the agenda of who receives people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app import models as m

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
PAGE = """query($filtre: FiltreCandidatures, $apres: String) {
  page: candidatures(filtre: $filtre, tri: CREATION, first: 100, after: $apres) {
    pageInfo { hasNextPage endCursor }
    nodes { reference intitule modifieeLe candidat { nom prenom } organismeFormation
      session { numeroCarif lieu { nom voie codePostal ville } }
      convocations { numero typeConvocation dateRendezVous resultat } } } }"""
ETATS = {"PREVUE": "TENTATIVE", "PRESENCE": "CONFIRMED"}  # anything else: the meeting did not take place


def calendrier(candidatures: Iterable[Mapping[str, Any]]) -> bytes:
    """In: the nodes of `PAGE`. Out: a calendar, one event a convocation; a later download moves the same events."""
    from icalendar import Calendar  # eighty modules, that few processes ever need

    made = Calendar()
    made.add("prodid", "-//RafaelPro//Convocations//FR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for candidature in candidatures:
        for convocation in candidature["convocations"]:
            made.add_component(evenement(candidature, convocation))
    return bytes(made.to_ical())


def evenement(candidature: Mapping[str, Any], convocation: Mapping[str, Any]) -> Event:
    """Out: a convocation, as a whole day: nobody says the hour (R-156)."""
    jour = date.fromisoformat(convocation["dateRendezVous"])
    quoi = m.TypeConvocation[convocation["typeConvocation"]].libelle
    from icalendar import Event

    made = Event()
    made.add("uid", f"{candidature['reference']}-{convocation['numero']}@rafaelpro")
    made.add("dtstamp", datetime.fromisoformat(candidature["modifieeLe"]).astimezone(UTC))
    made.add("dtstart", jour)
    made.add("dtend", jour + timedelta(days=1))
    made.add("summary", " : ".join(part for part in (quoi, nom(candidature["candidat"])) if part))
    made.add("description", description(candidature, convocation))
    made.add("status", ETATS.get(convocation["resultat"], "CANCELLED"))
    if ou := lieu(candidature["session"]):
        made.add("location", ou)
    return made


def nom(candidat: Mapping[str, Any] | None) -> str:
    """Out: who is received, where one may read it."""
    return f"{candidat['prenom'] or ''} {candidat['nom'] or ''}".strip() if candidat else ""


def description(candidature: Mapping[str, Any], convocation: Mapping[str, Any]) -> str:
    """Out: what it is about."""
    resultat = m.ResultatConvocation[convocation["resultat"]].libelle
    session = (candidature["session"] or {}).get("numeroCarif")
    lines = [
        f"Candidature {candidature['reference']}, convocation {convocation['numero']} : {resultat.lower()}.",
        f"{candidature['intitule']}{f' (session {session})' if session else ''}.",
        f"{candidature['organismeFormation']}.",
    ]
    return "\n".join(lines)


def lieu(session: Mapping[str, Any] | None) -> str:
    """Out: the place of the session, the only one that is known."""
    found = (session or {}).get("lieu") or {}
    town = " ".join(part for part in (found.get("codePostal"), found.get("ville")) if part)
    return ", ".join(part for part in (found.get("nom"), found.get("voie"), town) if part)
