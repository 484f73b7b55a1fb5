"""A week of candidatures, played over HTTP by the cast: a prescripteur, a niveau 3, an organisme, a gestionnaire.

Each day is a working day from the one it is for the server; people are entered anew, so it can be played again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

from . import documents as d
from .parcours import Etape, Parcours, ParcoursInterrompu, nom

SAMEDI = 5
NOTE = "Le groupe est complet en niveau débutant."


class ParcoursCandidatures(Parcours):
    """One run: four candidatures, from Monday to Friday."""

    candidatures: list[str]

    async def jouer(self) -> AsyncIterator[Etape]:
        """Play every day. Raises ParcoursInterrompu at the first step that does not end as it must."""
        self.candidatures = []
        async for etape in self.chercher():
            yield etape
        premier = await self.aujourd_hui()
        actes = (self.proposer, self.valider, self.convoquer, self.juger, self.suivre)
        for jour, acte in zip(ouvres(premier), actes, strict=False):
            self.horloge = f"{jour.isoformat()}T10:00"
            self.jetons.clear()  # a connection lasts half a day
            async for etape in acte(jour):
                yield etape

    async def aujourd_hui(self) -> date:
        """Out: the day it is for the server: that of a draft that is begun, then thrown away."""
        async for _ in self.preparer("paul"):
            pass
        jour = date.fromisoformat(await self.jour("paul"))
        await self.sur("paul", "jette un essai", "supprimerCandidature", "CORBEILLE")
        return jour

    # -- the days ------------------------------------------------------------------------------------------------------
    async def proposer(self, _jour: date) -> AsyncIterator[Etape]:
        """Two prescripteurs propose two people each; what stands in the way is said before the form."""
        for qui in ("paul", "nadia", "nadia", "paul"):
            async for _ in self.preparer(qui):
                pass
            self.candidatures.append(self.candidature)
            yield await self.eligible(qui)
            yield await self.completer(qui)
        for qui, quoi, acte, attendu in (
            ("paul", "valide la première", "validerCandidature", "EN_ATTENTE_AVIS"),
            ("nadia", "soumet la deuxième", "soumettreCandidature", "EN_ATTENTE_VALIDATION"),
            ("nadia", "soumet la troisième", "soumettreCandidature", "EN_ATTENTE_VALIDATION"),
            ("paul", "valide la quatrième", "validerCandidature", "EN_ATTENTE_AVIS"),
        ):
            self.candidature = self.candidatures[self.rang(quoi)]
            yield await self.sur(qui, quoi, acte, attendu)

    async def valider(self, _jour: date) -> AsyncIterator[Etape]:
        """A niveau 3 empties her queue in one act; another structure's sees none of it."""
        for qui, attendues in (("camille", 0), ("rosa", 2)):
            file = (await self.donnees(qui, d.FILE))["aValider"]["nodes"]
            miennes = [c for c in file if c["id"] in self.candidatures]
            exiger(len(miennes) == attendues, f"{qui} voit {len(miennes)} candidatures à valider")
            yield Etape(nom(qui), "regarde sa file à valider", str(len(miennes)))
        ids = self.candidatures[1:3]
        yield await self.lot("nadia", "essaie de les valider", d.VALIDER_PAR_LOT, ["INTERDIT"] * 2, ids)
        yield await self.lot("rosa", "les valide ensemble", d.VALIDER_PAR_LOT, ["EN_ATTENTE_AVIS"] * 2, ids)

    async def convoquer(self, jour: date) -> AsyncIterator[Etape]:
        """The organisme looks at its board and its session, and convenes everybody on the same day."""
        tableau = (await self.donnees("marc", d.TABLEAU))["tableauDeBord"]["positionneur"]
        exiger(tableau["enAttente"] >= len(self.candidatures), f"tableau de bord : {tableau}")
        yield Etape(nom("marc"), "regarde son tableau de bord", f"{tableau['enAttente']} en attente")
        [session] = (await self.donnees("marc", d.MES_SESSIONS, texte=self.session["numeroCarif"]))[
            "mesSessions"
        ]["nodes"]
        exiger(session["candidatures"]["totalCount"] >= len(self.candidatures), f"session : {session}")
        yield Etape(
            nom("marc"),
            "ouvre la session",
            f"{session['situation']}, {session['nombrePlaces']['faites']} inscrits",
        )
        demain = next(ouvres(jour + timedelta(days=1)))
        rendez_vous = {"candidatures": self.candidatures, "dateRendezVous": demain.isoformat()}
        attendus = ["EN_ATTENTE_AVIS"] * 4
        yield await self.lot("marc", "convoque les quatre", d.CONVOQUER_PAR_LOT, attendus, rendez_vous)
        presence = [self.venue(0, "PRESENCE")]
        yield await self.lot(
            "marc", "note une présence d'avance", d.NOTER_PAR_LOT, ["RENDEZ_VOUS_A_VENIR"], presence
        )

    async def juger(self, _jour: date) -> AsyncIterator[Etape]:
        """Who came, who did not; avis in one act, each answered on its own; what is given is given."""
        venues = [
            self.venue(0, "PRESENCE"),
            self.venue(1, "PRESENCE"),
            self.venue(2, "ABSENCE_NON_JUSTIFIEE"),
        ]
        attendus = ["EN_ATTENTE_AVIS", "EN_ATTENTE_AVIS", "NON_RETENUE"]
        yield await self.lot("marc", "note les résultats", d.NOTER_PAR_LOT, attendus, venues)
        oui = {"candidature": self.candidatures[0], "retenu": True, "intensiteHebdomadaire": 35.0}
        oui |= {"dateEntreePrevue": self.session["dateDebut"], "dateSortiePrevue": self.session["dateFin"]}
        non = {"candidature": self.candidatures[1], "retenu": False, "motif": "PREREQUIS", "raison": NOTE}
        sans = {"candidature": self.candidatures[3], "retenu": False, "motif": "AUTRE", "raison": NOTE}
        attendus = ["RETENUE", "NON_RETENUE", "PRESENCE_REQUISE"]
        yield await self.lot("marc", "rend trois avis", d.AVIS_PAR_LOT, attendus, [oui, non, sans])
        yield await self.acte(
            "marc", "change d'avis", d.AVIS, "ETAT_INCOMPATIBLE", entree=non | {"retenu": True}
        )
        self.reussi("marc", "exporte", (await self.donnees("marc", d.EXPORTER))["acte"])
        yield Etape(nom("marc"), "exporte ses candidatures", "/exports/candidatures.csv")

    async def suivre(self, _jour: date) -> AsyncIterator[Etape]:
        """The gestionnaire rejects and corrects; the prescripteur sees it all, begins again, asks for one mail a day."""
        self.candidature = self.candidatures[3]
        yield await self.acte("gaelle", "rejette une anomalie", d.REJETER, "REJETEE", id=self.candidature)
        yield await self.sur("paul", "recommence la rejetée", "dupliquerCandidature", "BROUILLON")
        erreur = {
            "candidature": self.candidatures[2],
            "retenu": False,
            "motif": "DISPONIBILITE",
            "raison": NOTE,
        }
        yield await self.acte("gaelle", "corrige sans motif", d.CORRIGER, "CHAMP_OBLIGATOIRE", entree=erreur)
        motive = erreur | {"motifCorrection": "Absence notée sur la mauvaise personne."}
        yield await self.acte("gaelle", "corrige un avis", d.CORRIGER, "NON_RETENUE", entree=motive)
        vue = (await self.donnees("nadia", d.HISTORIQUE, id=self.candidatures[2]))["node"]
        faits = [fait["nom"] for fait in vue["historique"]["nodes"]]
        exiger(faits[-1] == "AvisCorrige", f"historique : {faits}")
        yield Etape(nom("nadia"), "lit ce qui est arrivé", f"{len(faits)} faits, {vue['motifFin']}")
        onglets = (await self.donnees("paul", d.ONGLETS))["onglets"]
        exiger(min(onglets["retenues"], onglets["annulees"]) >= 1, f"onglets : {onglets}")
        yield Etape(nom("paul"), "regarde ses onglets", f"{onglets['retenues']} retenues")
        self.reussi("paul", "choisit", (await self.donnees("paul", d.PREVENIR))["acte"])
        yield Etape(nom("paul"), "choisit un résumé par jour", "QUOTIDIEN")

    # -- helpers -------------------------------------------------------------------------------------------------------
    def rang(self, quoi: str) -> int:
        """Out: which of the four a sentence speaks of."""
        return next(
            n for n, mot in enumerate(("première", "deuxième", "troisième", "quatrième")) if mot in quoi
        )

    def venue(self, rang: int, resultat: str) -> dict[str, Any]:
        """Out: what came of the first convocation of one of the four."""
        return {"candidature": self.candidatures[rang], "numero": 1, "resultat": resultat}

    async def eligible(self, qui: str) -> Etape:
        """Ask what stands in the way of the person of the draft: nothing."""
        document = "query($id: ID!) { node(id: $id) { ... on Candidature { candidat { id } } } }"
        lu = (await self.donnees(qui, document, id=self.candidature))["node"]
        variables = {"session": self.session["id"], "candidat": lu["candidat"]["id"]}
        found = (await self.donnees(qui, d.ELIGIBILITE, **variables))["eligibilite"]
        exiger(found["oui"], f"inéligible : {found['motifs']}")
        return Etape(nom(qui), "demande ce qui s'y oppose", "rien")

    async def lot(self, qui: str, quoi: str, document: str, attendus: list[str], x: Any) -> Etape:
        """An act on many; `attendus`: the état that each reaches, or the code that refuses it, in order."""
        rendu = (await self.donnees(qui, document, x=x))["acte"]
        etats = {c["id"]: c["etat"] for c in rendu["candidatures"]}
        obtenus = [etats[r["id"]] if r["fait"] else r["empechements"][0]["code"] for r in rendu["resultats"]]
        exiger(obtenus == attendus, f"{qui} {quoi} : {attendus} attendus, {obtenus} obtenus")
        messages = (e["message"] for r in rendu["resultats"] for e in r["empechements"])
        return Etape(nom(qui), quoi, ", ".join(obtenus), tuple(dict.fromkeys(messages)))


def exiger(vrai: bool, sinon: str) -> None:
    """Raise ParcoursInterrompu, with these words, unless it holds."""
    if not vrai:
        raise ParcoursInterrompu(sinon)


def ouvres(premier: date) -> Iterator[date]:
    """Out: the working days, from that one."""
    jour = premier
    while True:
        if jour.weekday() < SAMEDI:
            yield jour
        jour += timedelta(days=1)
