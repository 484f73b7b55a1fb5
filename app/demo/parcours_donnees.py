"""What becomes of a person's data, played over HTTP by the cast, refusals included.

Paul enters a person; Yann, of another agency, enters her too under a name that differs by a letter. Gaëlle makes one
fiche of them, then two again; hands out all that is known; erases her on request. It enters a new person each time, so
it can be played again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

from . import documents_donnees as d
from .documents import INSCRIRE, RECHERCHER
from .parcours import Etape, Parcours, ParcoursInterrompu, nom

UN_AN = timedelta(days=365)
PAUL, YANN, GAELLE = "paul", "yann", "gaelle"


class ParcoursDonnees(Parcours):
    """One run: the person's fiche, and the one too many."""

    une = ""
    autre = ""
    jour_dit = ""  # the day it is for the server

    async def jouer(self) -> AsyncIterator[Etape]:
        """Play every step. Raises ParcoursInterrompu at the first that does not end as it must."""
        self.session = (await self.donnees(None, d.SESSIONS))["sessions"]["nodes"][0]
        for acte in (self.inscrire, self.rapprocher, self.donner, self.effacer, self.compter):
            async for etape in acte():
                yield etape

    async def inscrire(self) -> AsyncIterator[Etape]:
        """The same person, twice."""
        async for etape in self.preparer(PAUL):
            yield etape
        lue = (await self.donnees(PAUL, d.CANDIDAT, id=self.candidature))["node"]["candidat"]
        self.une, self.jour_dit = lue["id"], await self.jour(PAUL)
        identite = {"nom": lue["nom"] + "e", "prenom": lue["prenom"], "dateNaissance": lue["dateNaissance"]}
        yield await self.acte(
            YANN, "cherche la même personne, mal orthographiée", RECHERCHER, entree=identite
        )
        inscrite = (await self.donnees(YANN, INSCRIRE, entree=identite))["acte"]
        self.autre = self.reussi(YANN, "l'inscrit", inscrite)["candidat"]["id"]
        yield Etape(nom(YANN), "l'inscrit une seconde fois", f"référence {inscrite['candidat']['reference']}")

    async def rapprocher(self) -> AsyncIterator[Etape]:
        """One fiche, then two again: only a gestionnaire does that."""
        deux = {"garde": self.une, "absorbe": self.autre}
        yield await self.sur_candidat(
            PAUL, "essaie de fusionner les deux fiches", d.FUSIONNER, "NON_TROUVE", **deux
        )
        yield await self.sur_candidat(GAELLE, "les fusionne", d.FUSIONNER, **deux)
        yield await self.sur_candidat(GAELLE, "défait la fusion", d.DEFAIRE, candidat=self.une)
        yield await self.sur_candidat(
            GAELLE, "essaie de la défaire encore", d.DEFAIRE, "AUCUNE_FUSION", candidat=self.une
        )

    async def donner(self) -> AsyncIterator[Etape]:
        """All that is known of her, for a reason that the journal keeps."""
        qui = {"candidat": self.une}
        yield await self.sur_candidat(PAUL, "essaie d'exporter ses données", d.EXPORTER, "INTERDIT", **qui)
        document = (await self.donnees(GAELLE, d.EXPORTER, **qui))["acte"]["document"]
        yield Etape(nom(GAELLE), "exporte ses données, à sa demande", f"{len(document)} caractères de JSON")

    async def effacer(self) -> AsyncIterator[Etape]:
        """Not while something runs; then nothing of her is left."""
        qui = {"candidat": self.une}
        yield await self.completer(PAUL)
        yield await self.sur(PAUL, "valide sa candidature", "validerCandidature", "EN_ATTENTE_AVIS")
        yield await self.sur_candidat(
            GAELLE, "essaie de l'effacer pendant qu'elle attend", d.EFFACER, "CANDIDATURE_EN_COURS", **qui
        )
        yield await self.sur(PAUL, "annule la candidature", "annulerCandidature", "ANNULEE")
        yield await self.sur_candidat(GAELLE, "l'efface, à sa demande", d.EFFACER, **qui)
        reste = (await self.donnees(GAELLE, d.RESTE, id=self.candidature))["node"]["candidat"] or {}
        yield Etape(nom(GAELLE), "relit la candidature", f"nom : {reste.get('nom') or 'aucun'}")

    async def compter(self) -> AsyncIterator[Etape]:
        """Numbers need no name."""
        depuis = date.fromisoformat(self.jour_dit) - UN_AN
        filtre = {"depuis": depuis.isoformat(), "jusquA": self.jour_dit}
        for qui in (PAUL, GAELLE):
            mesures = (await self.donnees(qui, d.STATISTIQUES, filtre=filtre))["statistiques"]["ensemble"]
            yield Etape(nom(qui), "compte les candidatures de l'année", str(mesures["candidatures"]))

    async def sur_candidat(
        self, qui: str, quoi: str, document: str, attendu: str = "", **variables: str
    ) -> Etape:
        """An act on a fiche; `attendu` is the code it must be refused with, empty where it must be done."""
        rendu = (await self.donnees(qui, document, **variables))["acte"]
        codes = [e["code"] for e in rendu["empechements"]]
        if codes != ([attendu] if attendu else []):
            raise ParcoursInterrompu(f"{qui} {quoi} : {attendu or 'aucun refus'} attendu, {codes} obtenu")
        return Etape(nom(qui), quoi, attendu or "fait", tuple(e["message"] for e in rendu["empechements"]))
