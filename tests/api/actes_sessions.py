"""The documents that the tests of the sessions of the catalogue send, and the short words to send them."""

from __future__ import annotations

from typing import Any

from tests.cast import Monde

from .actes import codes
from .actes_actions import SESSION, acte, rediger
from .conftest import Api
from .identifiants import gid

REMARQUES = "remarques { code chemin }"
AJOUTER = rediger("ajouterSession", f"{SESSION} {REMARQUES}", entree="AjouterSessionInput!")
MODIFIER = rediger("modifierSession", f"{SESSION} {REMARQUES}", entree="ModifierSessionInput!")
DUPLIQUER = rediger(
    "dupliquerSession", f"{SESSION} {REMARQUES}", session="ID!", dateDebut="Date!", dateFin="Date!"
)
DATES = rediger("modifierDatesSession", SESSION, entree="ModifierDatesSessionInput!")
ANNULER = rediger("annulerSession", f"{SESSION} nbCandidatures", session="ID!", motif="String!")
SUPPRIMER = rediger("supprimerSession", SESSION, session="ID!")
DEMANDER = rediger("demanderSuppressionSession", SESSION, session="ID!", motif="String!")
DECIDER = rediger("deciderSuppressionSession", SESSION, session="ID!", accepter="Boolean!")
VOIR = f"query($n: String!) {{ session(numeroCarif: $n) {{ {SESSION.removeprefix('session {')} }}"

LIEU = {"lieuVoie": "1 rue de l'Atelier", "lieuCodePostal": "17200", "lieuVille": "Royan"}
COMPLETE = {**LIEU, "contactTelephone": "05 00 00 00 00"}


async def ajouter(api: Api, qui: Any, monde: Monde, action: Any, **champs: Any) -> dict[str, Any]:
    """Out: the payload of a new session of an action, from a month from now for ten days unless told."""
    dates = {"dateDebut": monde.jour(30).isoformat(), "dateFin": monde.jour(40).isoformat()}
    entree = {"action": gid("Action", action), **dates, **champs}
    return await acte(api, qui, AJOUTER, entree=entree)


async def modifier(api: Api, qui: Any, session: Any, **champs: Any) -> dict[str, Any]:
    """Out: the payload of a change of a session."""
    return await acte(api, qui, MODIFIER, entree={"session": gid("Session", session), **champs})


async def essayer(api: Api, qui: Any, document: str, session: Any, **variables: Any) -> list[str]:
    """Out: the codes that stopped an act on a session."""
    return codes(await acte(api, qui, document, session=gid("Session", session), **variables))


async def voir(api: Api, qui: Any, session: Any) -> Any:
    """Out: the session as somebody reads it."""
    return (await api(qui, VOIR, n=session.numero_carif))["session"]


def refus(payload: dict[str, Any]) -> set[tuple[str, str]]:
    """Out: the empêchements of a payload, each with the last word of its path."""
    return {(e["code"], (e["chemin"] or [""])[-1]) for e in payload["empechements"]}
