"""The main job, played over HTTP by the cast against a server that holds the demonstration, refusals included.

Each step says who does what and what must come of it. It enters a new person each time, so it can be played again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from app.kit.clock import system
from app.kit.totp import code_at

from . import documents as d
from .distribution import MOT_DE_PASSE, PERSONNES, TOTP

# (token or None, document, variables, moment or None) → the answer
Demander: TypeAlias = Callable[[str | None, str, dict[str, Any], str | None], Awaitable[dict[str, Any]]]

Attendre: TypeAlias = Callable[[float], Awaitable[Any]]

FORMULAIRE = {
    "niveauFormation": "CAP",
    "situation": "Demandeuse d'emploi",
    "parcoursAnterieur": "Deux ans sur des chantiers.",
    "raisons": "Un métier choisi après deux stages.",
    "suitesParcours": "Un contrat dans l'entreprise du stage.",
}
PERSONNE = {p.cle: p for p in PERSONNES}
PAS = timedelta(seconds=30)  # how long six digits are shown
LETTRES = "abcdefghijklmnopqrstuvwxyz"


class ParcoursInterrompu(Exception):
    """Le serveur n'a pas répondu ce qui était attendu."""


@dataclass(frozen=True)
class Etape:
    """A step that was played: who, what, and what came of it: an état, or the codes of a refusal."""

    qui: str
    quoi: str
    obtenu: str
    messages: tuple[str, ...] = ()


class Parcours:
    """One run: the tokens of those who act, what they made."""

    def __init__(self, demander: Demander, attendre: Attendre = asyncio.sleep) -> None:
        """In: how to ask the server, how to let seconds pass."""
        self.demander, self.attendre = demander, attendre
        self.jetons: dict[str, str] = {}
        self.candidature = ""
        self.session: dict[str, Any] = {}
        self.horloge: str | None = None  # the moment that the server is told, None: its own

    async def jouer(self) -> AsyncIterator[Etape]:
        """Play every step. Raises ParcoursInterrompu at the first that does not end as it must."""
        for acte in (self.chercher, self.prescrire, self.soumettre, self.recruter):
            async for etape in acte():
                yield etape

    # -- four acts ---------------------------------------------------------------------------------------------------
    async def chercher(self) -> AsyncIterator[Etape]:
        """A visitor finds a session that a feed brought; to Paul, it says that he may add a candidature."""
        trouvees = (await self.donnees(None, d.SESSIONS))["sessions"]["nodes"]
        self.session = next((s for s in trouvees if s["action"]["source"]), trouvees[0])
        source = self.session["action"]["source"] or "de la distribution"
        choisie = f"{self.session['action']['intitule']}, {self.session['numeroCarif']} ({source})"
        yield Etape("Un visiteur", "cherche « maçon » dans cinq départements", choisie)
        yield await self.compte(None, "Un visiteur", "regarde les candidatures", 0)
        for qui, dit in ((None, "Un visiteur"), ("paul", nom("paul"))):
            session = (await self.donnees(qui, d.SESSION, numero=self.session["numeroCarif"]))["session"]
            motifs = [m["code"] for m in session["peutCandidater"]["motifs"]]
            yield Etape(dit, "demande s'il peut y candidater", ", ".join(motifs) or "oui")

    async def prescrire(self) -> AsyncIterator[Etape]:
        """A N2 enters a person, writes, hears every problem at once, corrects, validates, though not after 20 h."""
        async for etape in self.preparer("paul"):
            yield etape
        yield await self.sur("paul", "le valide, incomplet", "validerCandidature", "CHAMP_OBLIGATOIRE")
        yield await self.completer("paul")
        self.horloge = f"{await self.jour('paul')}T20:01"
        yield await self.sur("paul", "essaie de valider à 20 h 01", "validerCandidature", "HORS_HORAIRES")
        self.horloge = None
        yield await self.sur("paul", "valide", "validerCandidature", "EN_ATTENTE_AVIS")

    async def soumettre(self) -> AsyncIterator[Etape]:
        """A N1 never validates; a N3 of another structure sees nothing; a N3 of the same validates."""
        async for etape in self.preparer("nadia"):
            yield etape
        yield await self.sur("nadia", "le soumet, incomplet", "soumettreCandidature", "CHAMP_OBLIGATOIRE")
        yield await self.completer("nadia")
        yield await self.sur("nadia", "essaie de valider elle-même", "validerCandidature", "INTERDIT")
        yield await self.sur("nadia", "soumet à un niveau 3", "soumettreCandidature", "EN_ATTENTE_VALIDATION")
        yield await self.sur(
            "camille", "essaie de valider, d'une autre structure", "validerCandidature", "NON_TROUVE"
        )
        yield await self.sur("rosa", "valide", "validerCandidature", "EN_ATTENTE_AVIS")
        yield await self.compte("karim", "Karim Haddad", "au catalogue, compte les candidatures qu'il lit", 0)

    async def preparer(self, qui: str) -> AsyncIterator[Etape]:
        """Somebody searches a person, finds nobody, enters her, begins a draft."""
        identite = {
            "nom": "Parcours-" + "".join(secrets.choice(LETTRES) for _ in range(8)),
            "prenom": "Camélia",
            "dateNaissance": "1997-04-12",
        }
        yield await self.acte(qui, "cherche la personne dans l'annuaire", d.RECHERCHER, entree=identite)
        inscrite = await self.donnees(qui, d.INSCRIRE, entree=identite)
        candidat = self.reussi(qui, "l'inscrit", inscrite["acte"])["candidat"]
        yield Etape(nom(qui), "l'inscrit", f"référence {candidat['reference']}")
        entree = {"session": self.session["id"], "candidat": candidat["id"]}
        brouillon = (await self.donnees(qui, d.CREER, entree=entree))["acte"]
        self.candidature = self.reussi(qui, "prépare un brouillon", brouillon)["candidature"]["id"]
        yield Etape(nom(qui), "prépare un brouillon", "BROUILLON")

    async def completer(self, qui: str) -> Etape:
        """Fill the form of the draft."""
        complete = {"candidature": self.candidature, **FORMULAIRE}
        return await self.acte(qui, "le complète", d.MODIFIER, "BROUILLON", entree=complete)

    async def recruter(self) -> AsyncIterator[Etape]:
        """The positionneur convenes, then gives its avis; nothing changes after."""
        oui = {
            "candidature": self.candidature,
            "retenu": True,
            "dateEntreePrevue": self.session["dateDebut"],
            "dateSortiePrevue": self.session["dateFin"],
            "intensiteHebdomadaire": 35.0,
            "commentaire": "Chaussures de sécurité à prévoir.",
        }
        yield await self.acte(
            "marc", "rend un avis sans avoir reçu la personne", d.AVIS, "PRESENCE_REQUISE", entree=oui
        )
        rendez_vous = {"candidature": self.candidature, "dateRendezVous": await self.jour("rosa")}
        yield await self.acte("marc", "la convoque", d.CONVOQUER, "EN_ATTENTE_AVIS", entree=rendez_vous)
        venue = {"candidature": self.candidature, "numero": 1, "resultat": "PRESENCE"}
        yield await self.acte("marc", "note sa présence", d.NOTER, "EN_ATTENTE_AVIS", entree=venue)
        yield await self.acte("marc", "rend un avis favorable", d.AVIS, "RETENUE", entree=oui)
        lu = (await self.donnees("nadia", d.LIRE, id=self.candidature))["node"]
        yield Etape("Nadia Bensaïd", "lit l'avis", lu["avis"]["commentaire"])
        yield await self.acte("marc", "essaie de changer son avis", d.AVIS, "ETAT_INCOMPATIBLE", entree=oui)
        yield await self.sur("rosa", "essaie d'annuler", "annulerCandidature", "ETAT_INCOMPATIBLE")

    # -- asking ------------------------------------------------------------------------------------------------------
    async def donnees(self, qui: str | None, document: str, **variables: Any) -> dict[str, Any]:
        """Out: the data of an answer. Raises ParcoursInterrompu for an error of GraphQL."""
        answer = await self.demander(await self.jeton(qui), document, variables, self.horloge)
        if answer.get("errors"):
            raise ParcoursInterrompu(answer["errors"][0]["message"])
        data: dict[str, Any] = answer["data"]
        return data

    async def jeton(self, qui: str | None) -> str | None:
        """Out: the token of somebody of the cast, who signs in the first time; six digits serve once: those of the next step then."""
        if qui is None:
            return None
        if qui not in self.jetons:
            self.jetons[qui] = await self.connecte(qui)
        return self.jetons[qui]

    async def connecte(self, qui: str) -> str:
        """Out: a new token. Raises ParcoursInterrompu."""
        personne = PERSONNE[qui]
        for attend in (True, False):
            for code in codes_possibles() if personne.a_un_second_facteur else [None]:
                variables = {"email": personne.courriel, "motDePasse": MOT_DE_PASSE, "code": code}
                signed = (await self.donnees(None, d.CONNEXION, **variables))["connexion"]
                if signed["jeton"]:
                    return str(signed["jeton"])
            if attend and personne.a_un_second_facteur:  # others have just used them all: new ones come
                await self.attendre(reste_du_pas())
        refus = ", ".join(e["message"] for e in signed["empechements"])
        raise ParcoursInterrompu(f"{nom(qui)} ne se connecte pas : {refus}")

    async def sur(self, qui: str, quoi: str, acte: str, attendu: str) -> Etape:
        """An act on the candidature, and what must come of it."""
        return await self.acte(qui, quoi, d.sur(acte), attendu, id=self.candidature)

    async def acte(self, qui: str, quoi: str, document: str, attendu: str = "", **variables: Any) -> Etape:
        """An act; `attendu` is the état it must reach, or a code it must be refused with."""
        rendu = (await self.donnees(qui, document, **variables))["acte"]
        refus = rendu["empechements"]
        etat = (rendu.get("candidature") or {}).get("etat", "")
        if attendu not in {e["code"] for e in refus} | {etat}:
            raise ParcoursInterrompu(f"{qui} {quoi} : {attendu} attendu, {refus or etat} obtenu")
        obtenu = ", ".join(sorted({e["code"] for e in refus})) or etat or "personne"
        return Etape(nom(qui), quoi, obtenu, tuple(dict.fromkeys(e["message"] for e in refus)))

    async def compte(self, qui: str | None, dit: str, quoi: str, attendu: int) -> Etape:
        """Count the candidatures that somebody reads."""
        total = (await self.donnees(qui, d.CANDIDATURES))["candidatures"]["totalCount"]
        if total != attendu:
            raise ParcoursInterrompu(f"{dit} lit {total} candidatures")
        return Etape(dit, quoi, str(total))

    async def jour(self, qui: str) -> str:
        """Out: the day it is for the server: that of the last act on the candidature."""
        document = "query($id: ID!) { node(id: $id) { ... on Candidature { modifieeLe } } }"
        return str((await self.donnees(qui, document, id=self.candidature))["node"]["modifieeLe"])[:10]

    def reussi(self, qui: str, quoi: str, rendu: dict[str, Any]) -> dict[str, Any]:
        """Out: the payload of an act that was not refused."""
        if rendu["empechements"]:
            raise ParcoursInterrompu(f"{qui} {quoi} : {rendu['empechements']}")
        return rendu


def codes_possibles() -> list[str]:
    """Out: the six digits that the server takes now, each once: of the step before, of this one, of the next."""
    return [code_at(TOTP, system()() + n * PAS) for n in (-1, 0, 1)]


def reste_du_pas() -> float:
    """Out: the seconds until other digits are taken."""
    pas = PAS.total_seconds()
    return pas - system()().timestamp() % pas


def nom(cle: str) -> str:
    """Out: how somebody is called."""
    return f"{PERSONNE[cle].prenom} {PERSONNE[cle].nom}"
