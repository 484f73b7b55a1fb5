"""A year of candidatures, day by day: people act at random through the API, jobs run twice, an observer compares."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from app import models as m
from app.kit.clock import PARIS
from tests.api import actes, actes_lots
from tests.api.identifiants import gid
from tests.cast import Acteur, Connexion, Monde

from .machine import ATTEND, BROUILLON, CORBEILLE, EXPIREE, SOUMISE, Suivie

SESSION_D_ANNULATION = """mutation($id: ID!, $motif: String!) { annulerSession(session: $id, motif: $motif) {
  nbCandidatures empechements { code } } }"""
DUPLIQUER = f"mutation($id: ID!) {{ dupliquerCandidature(candidature: $id) {{ {actes.CANDIDATURE} }} }}"
FINI = {"annulee", "rejetee", EXPIREE}
SENSES = {
    BROUILLON: ("modifier", "soumettre", "valider", "valider", "supprimer"),
    SOUMISE: ("valider", "valider", "modifier", "supprimer"),
    CORBEILLE: ("restaurer",),
    ATTEND: ("annuler", "complete", "reporter", "reporter", "rejeter"),
}
RECRUTER = ("convoquer", "noter", "avis", "complete", "reporter")
PRESCRIPTEURS, RECRUTEURS = ("nadia", "nadia", "paul", "rosa", "hugo"), ("ines",)
TOUS = (*PRESCRIPTEURS, *RECRUTEURS, "gaelle", "camille", "marc", "karim")

Executer = Callable[..., Awaitable[bytes]]


@dataclass
class Annee:
    """One run."""

    monde: Monde
    executer: Executer
    travaux: Callable[[datetime], Awaitable[None]]  # all that is due at a moment
    alea: random.Random
    combien: int
    premier: date = date(2026, 1, 1)
    jour: date = field(init=False)
    suivies: dict[str, Suivie] = field(default_factory=dict)
    comptes: Counter[str] = field(default_factory=Counter)
    vues: int = 0
    sessions: list[m.SessionFormation] = field(default_factory=list)
    candidats: list[m.Candidat] = field(default_factory=list)

    async def preparer(self) -> None:
        """People and sessions, all year; one in three a HSP with a point every month."""
        monde, self.jour = self.monde, self.premier
        for rang in range(max(20, self.combien // 3)):
            self.candidats.append(await monde.un_candidat(nom=f"Annee{rang}", cree_le=self.moment(8)))
        action = await monde.une_action(dispositif="hsp")
        for rang in range(max(20, self.combien // 8)):
            debut = self.premier + timedelta(days=self.alea.randrange(-30, 330))
            dates = {"date_debut": debut, "date_fin": debut + timedelta(days=self.alea.randrange(15, 120))}
            places = {"capacite_accueil": self.alea.randrange(3, 9), "coefficient": 1}
            session = await monde.une_session(action if rang % 3 == 0 else None, **dates, **places)
            if rang % 3 == 0:
                for ecart in range(0, (dates["date_fin"] - debut).days, 30):
                    await monde.inserer(
                        m.PointEntree, session_id=session.id, date_entree=debut + timedelta(days=ecart)
                    )
            self.sessions.append(session)

    async def courir(self, jours: int = 365) -> None:
        """Live the days, one after the other."""
        for numero in range(jours):
            self.jour = self.premier + timedelta(days=numero)
            for _ in range(self.a_creer(numero, jours)):
                await self.creer()
            for _ in range(max(3, self.combien * 5 // 260)):
                await self.un_acte()
            await self.echeances(ensemble=numero % 7 == 3)
            await self.comparer()

    def a_creer(self, numero: int, jours: int) -> int:
        """Out: how many drafts begin that day: all, spread over the first nine tenths."""
        passe = min(1.0, (numero + 1) / (jours * 0.9))
        return round(passe * self.combien) - self.vues

    def moment(self, heure: int, minute: int = 0) -> datetime:
        """Out: a moment of the day."""
        return datetime.combine(self.jour, time(heure, minute), PARIS)

    # -- jobs ----------------------------------------------------------------------------------------------------------
    async def echeances(self, *, ensemble: bool) -> None:
        """The jobs of the day, twice: one after the other, or both at once; the second time changes nothing."""
        le = self.moment(22)
        if ensemble:
            await asyncio.gather(self.travaux(le), self.travaux(le))
        else:
            await self.travaux(le)
        avant = await self.empreinte()
        await self.travaux(le + timedelta(minutes=15))
        assert await self.empreinte() == avant, self.jour
        for suivie in list(self.suivies.values()):
            du = suivie.echoit(self.jour)
            if du == "":
                del self.suivies[suivie.reference]
                self.comptes["purgees"] += 1
            elif du is not None:
                suivie.etat, suivie.depuis = du, self.jour
                self.comptes[du] += 1

    async def empreinte(self) -> tuple[Any, ...]:
        """Out: what would change if anything did: rows, facts, mails to send."""
        asked = """select (select coalesce(sum(hashtext(c::text)), 0) from candidature c),
          (select count(*) from fait), (select count(*) from procrastinate_jobs)"""
        async with self.monde.engine.connect() as db:
            return tuple((await db.execute(text(asked))).one())

    async def comparer(self) -> None:
        """The base holds what the observer expects: none lost, none in another état, none a day late or early."""
        async with self.monde.engine.connect() as db:
            rows = await db.execute(text("select reference, etat from candidature"))
            found = {row.reference: row.etat for row in rows}
        attendu = {reference: suivie.etat for reference, suivie in self.suivies.items()}
        differ = {
            k: (attendu.get(k), found.get(k))
            for k in attendu.keys() | found.keys()
            if attendu.get(k) != found.get(k)
        }
        assert not differ, (self.jour, differ)

    # -- acts ----------------------------------------------------------------------------------------------------------
    async def demander(self, qui: str, document: str, **variables: Any) -> Any:
        """Out: the payload of an act, done by somebody at some hour of the day."""
        acteur: Acteur | Connexion = getattr(self.monde, qui)
        le = self.moment(self.alea.choice([7, 9, 9, 11, 14, 17, 19, 20]), self.alea.randrange(60))
        answer = json.loads(bytes(await self.executer(acteur.viewer, document, variables, None, le)))
        assert "errors" not in answer, (qui, document, answer["errors"])
        return next(iter(answer["data"].values()))

    async def creer(self) -> None:
        """Somebody begins a draft; most are complete."""
        qui, session = self.alea.choice(PRESCRIPTEURS), self.une_session()
        entree = {
            "session": gid("Session", session),
            "candidat": gid("Candidat", self.alea.choice(self.candidats)),
        }
        formulaire = actes.FORMULAIRE if self.alea.random() < 0.9 else {}
        rendu = await self.demander(qui, actes.CREER, entree=entree | formulaire)
        self.vues += 1
        self.noter("creer", rendu)
        if not rendu["empechements"]:
            self.suivre(rendu["candidature"], entree["session"], session.date_fin, entree["candidat"], qui)

    def une_session(self) -> m.SessionFormation:
        """Out: one that has not ended long ago, most of the time."""
        ouvertes = [
            s for s in self.sessions if s.date_fin >= self.jour and s.date_debut < self.jour + timedelta(60)
        ]
        return self.alea.choice(ouvertes if ouvertes and self.alea.random() < 0.95 else self.sessions)

    def suivre(self, candidature: Any, session: str, fin: date, candidat: str, auteur: str) -> None:
        """Keep an eye on a new draft."""
        reference = candidature["reference"]
        suivie = Suivie(candidature["id"], reference, session, fin, candidat, BROUILLON, self.jour, auteur)
        suivie.oubliee = self.alea.random() < 0.2
        self.suivies[reference] = suivie

    def noter(self, acte: str, rendu: Any) -> None:
        """Count an act that took place, or why it did not."""
        for code in actes.codes(rendu) or [acte]:
            self.comptes[code] += 1

    async def un_acte(self) -> None:
        """Somebody does something, often sensible, to a candidature."""
        if not self.suivies:
            return
        suivie = self.alea.choice(list(self.suivies.values()))
        vivantes = [s for s in self.suivies.values() if s.etat in SENSES]
        if vivantes and self.alea.random() < 0.9:
            suivie = self.alea.choice(vivantes)
        sense = self.alea.random() < 0.85
        acte = self.sense(suivie) if sense else self.alea.choice(list(ACTES))
        qui = self.alea.choice(self.qui_peut(acte, suivie) if sense else TOUS)
        if self.alea.random() < 0.003:
            await self.annuler_session(suivie)
        elif acte == "dupliquer":
            await self.dupliquer(qui, suivie)
        else:
            await self.agir(acte, qui, suivie)

    def sense(self, suivie: Suivie) -> str:
        """Out: what people do next, most of the time; a recruiter convenes, notes, then judges."""
        if suivie.etat == ATTEND and suivie.oubliee:
            return "reporter"
        if suivie.etat == ATTEND and self.alea.random() < 0.8:
            return "avis" if suivie.presente else "noter" if suivie.prevue else "convoquer"
        return self.alea.choice(SENSES.get(suivie.etat, ("corriger", "dupliquer")))

    def qui_peut(self, acte: str, suivie: Suivie) -> tuple[str, ...]:
        """Out: who may well do it."""
        if acte in ("corriger", "rejeter"):
            return ("gaelle",)
        if acte in RECRUTER:
            return RECRUTEURS
        return (suivie.auteur, suivie.auteur, "rosa") if acte != "soumettre" else (suivie.auteur,)

    async def agir(self, acte: str, qui: str, suivie: Suivie) -> None:
        """One act on one candidature."""
        document, variables = ACTES[acte](self, suivie)
        rendu = await self.demander(qui, document, **variables)
        for resultat in rendu.get("resultats") or [rendu]:
            self.noter(acte, resultat)
        candidatures = rendu.get("candidatures") or (
            [rendu["candidature"]] if rendu.get("candidature") else []
        )
        if candidatures:
            suivie.passer(acte, candidatures[0]["etat"].lower(), self.jour)
            if acte == "convoquer":
                suivie.numero, suivie.prevue = suivie.numero + 1, True
            elif acte == "noter":
                resultat = variables["entree"]["resultat"]
                suivie.prevue, suivie.presente = False, resultat == "PRESENCE"
            self.quotas(suivie)

    def quotas(self, suivie: Suivie) -> None:
        """R-089: never more than three that wait for an avis."""
        en_cours = [s for s in self.suivies.values() if s.candidat == suivie.candidat and s.etat == ATTEND]
        assert len(en_cours) <= 3, en_cours

    async def dupliquer(self, qui: str, suivie: Suivie) -> None:
        """Begin again what ended."""
        rendu = await self.demander(qui, DUPLIQUER, id=suivie.id)
        self.noter("dupliquer", rendu)
        if not rendu["empechements"]:
            assert suivie.etat in FINI, suivie
            self.suivre(rendu["candidature"], suivie.session, suivie.fin, suivie.candidat, qui)

    async def annuler_session(self, suivie: Suivie) -> None:
        """The financeur cancels a session: what waits on it is refused."""
        rendu = await self.demander(
            "gaelle", SESSION_D_ANNULATION, id=suivie.session, motif="Marché résilié."
        )
        self.noter("annuler_session", rendu)
        if not rendu["empechements"]:
            touchees = [s for s in self.suivies.values() if (s.session, s.etat) == (suivie.session, ATTEND)]
            assert len(touchees) == rendu["nbCandidatures"]
            for une in touchees:
                une.passer("annuler_session", "refus_session_annulee", self.jour)


Demande = tuple[str, dict[str, Any]]


def _seule(document: str) -> Callable[[Annee, Suivie], Demande]:
    return lambda _, suivie: (document, {"id": suivie.id})


def _modifier(annee: Annee, suivie: Suivie) -> Demande:
    formulaire = actes.FORMULAIRE | {"raisons": f"Une autre raison, le {annee.jour}."}
    return actes.MODIFIER, {"entree": {"candidature": suivie.id} | formulaire}


def _convoquer(annee: Annee, suivie: Suivie) -> Demande:
    jour = annee.jour + timedelta(days=annee.alea.choice([0, 0, 0, 0, 1]))
    return actes.CONVOQUER, {"entree": {"candidature": suivie.id, "dateRendezVous": jour.isoformat()}}


def _noter(annee: Annee, suivie: Suivie) -> Demande:
    resultat = annee.alea.choice(["PRESENCE", "PRESENCE", "ABSENCE_JUSTIFIEE", "ABSENCE_NON_JUSTIFIEE"])
    return actes.NOTER, {
        "entree": {"candidature": suivie.id, "numero": max(1, suivie.numero), "resultat": resultat}
    }


def _avis(annee: Annee, suivie: Suivie) -> dict[str, Any]:
    if annee.alea.random() < 0.4:
        return {"candidature": suivie.id, "retenu": False, "motif": "PREREQUIS", "raison": "Le niveau A2."}
    jours = {"dateEntreePrevue": "2026-09-01", "dateSortiePrevue": "2026-12-01"}
    return {"candidature": suivie.id, "retenu": True, **jours, "intensiteHebdomadaire": 35.0}


def _un_de_lot(document: str) -> Callable[[Annee, Suivie], Demande]:
    return lambda _, suivie: (document, {"x": [suivie.id]})


ACTES: dict[str, Callable[[Annee, Suivie], Demande]] = {
    "modifier": _modifier,
    "supprimer": _seule(actes.SUPPRIMER),
    "restaurer": _seule(actes.RESTAURER),
    "soumettre": _seule(actes.SOUMETTRE),
    "valider": _seule(actes.VALIDER),
    "annuler": _seule(actes.ANNULER),
    "convoquer": _convoquer,
    "noter": _noter,
    "avis": lambda annee, suivie: (actes.AVIS, {"entree": _avis(annee, suivie)}),
    "complete": lambda _, suivie: (actes_lots.COMPLETE, {"session": suivie.session, "x": [suivie.id]}),
    "reporter": _un_de_lot(actes_lots.REPORTER),
    "rejeter": lambda _, suivie: (actes_lots.REJETER, {"id": suivie.id, "motif": "DATE_SESSION"}),
    "corriger": lambda annee, suivie: (
        actes_lots.CORRIGER,
        {"entree": _avis(annee, suivie) | {"motifCorrection": "Erreur de saisie."}},
    ),
}
