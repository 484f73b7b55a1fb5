"""A day of an organisme and a day of a gestionnaire, played over HTTP by the cast, refusals included.

Karim keeps the catalogue of the Institut de l'Estuaire, Gaëlle controls it. It begins a new action each time, so it can
be played again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

from . import documents_offre as d
from .parcours import Etape, Parcours, ParcoursInterrompu, nom

FORMULAIRE = {
    "objectif": "Tailler et poser la pierre, du bloc à l'ouvrage.",
    "programme": "Lecture de plans ; taille ; pose ; sécurité.",
    "objectifGeneral": "PROFESSIONNALISATION",
    "validations": ["ATTESTATION"],
    "conditionsAcces": "RAS",
    "contactNom": "Accueil",
    "contactTelephone": "05 36 49 00 01",
}
LIEU = {"lieuVoie": "45 avenue du Phare", "lieuCodePostal": "17200", "lieuVille": "Royan"}
EN_TETES = "Référence de l'action;Début;Fin;Voie du lieu;Code postal;Ville;Téléphone"
KARIM, GAELLE = "karim", "gaelle"


class ParcoursOffre(Parcours):
    """One run: the action that is begun, its sessions."""

    action: dict[str, Any]
    seance: dict[str, Any]

    async def jouer(self) -> AsyncIterator[Etape]:
        """Play every step. Raises ParcoursInterrompu at the first that does not end as it must."""
        for acte in (
            self.commencer,
            self.confirmer,
            self.controler,
            self.vivre,
            self.certifier,
            self.importer,
            self.retirer,
        ):
            async for etape in acte():
                yield etape

    # -- the organisme ---------------------------------------------------------------------------------------------
    async def commencer(self) -> AsyncIterator[Etape]:
        """A draft, its session; what a check says before anything is confirmed."""
        rendu = await self.rendu(KARIM, d.CREER, "BROUILLON", entree={"intitule": "TAILLEUR DE PIERRE"})
        remarques = {r["code"] for r in rendu["remarques"]}
        yield Etape(nom(KARIM), "commence une action, tout en majuscules", ", ".join(sorted(remarques)))
        verifiee = await self.verifiee(problemes=True)
        yield Etape(nom(KARIM), "la vérifie", f"{len(verifiee['problemes'])} problèmes, rien n'est modifié")
        entree = {"action": self.cle, "intitule": f"Tailleur de pierre {self.repere}", **FORMULAIRE}
        yield await self.sur_action(KARIM, "la complète", d.MODIFIER, "BROUILLON", entree=entree)
        session = {"action": self.cle, **self.dates(30, 120), **LIEU, "contactTelephone": "05 36 49 00 01"}
        yield await self.sur_session(KARIM, "ajoute une session", d.AJOUTER, "BROUILLON", entree=session)

    async def confirmer(self) -> AsyncIterator[Etape]:
        """Check, then confirm what was checked, and nothing else; then the hand is the gestionnaires'."""
        perimee = (await self.verifiee())["preuve"]
        entree = {"action": self.cle, "lePlus": "Un atelier de trois cents mètres carrés"}
        yield await self.sur_action(KARIM, "ajoute un atout", d.MODIFIER, "BROUILLON", entree=entree)
        yield await self.sur_action(
            KARIM, "confirme ce qu'il a vérifié avant", d.CONFIRMER, "PREUVE_PERIMEE", **self.avec(perimee)
        )
        yield await self.confirmee("vérifie, puis confirme", "CREEE")
        yield await self.sur_action(
            KARIM, "essaie de la modifier encore", d.MODIFIER, "ETAT_INCOMPATIBLE", entree=entree
        )
        yield await self.simple(KARIM, "essaie de la publier lui-même", "publierAction", "INTERDIT")

    # -- the gestionnaire --------------------------------------------------------------------------------------------
    async def controler(self) -> AsyncIterator[Etape]:
        """The queue, a request, an answer, key words, the publication."""
        file = (await self.donnees(GAELLE, d.FILE))["actionsAControler"]
        yield Etape(nom(GAELLE), "ouvre la file des contrôles", f"{file['totalCount']} en attente")
        demande = {"action": self.cle, "demande": "Précisez la durée dans le programme."}
        yield await self.sur_action(GAELLE, "demande un complément", d.SIGNALER, "ALERTE", **demande)
        reponse = {"action": self.cle, "texte": "C'est fait, merci."}
        programme = {"action": self.cle, "programme": "Lecture de plans ; taille ; pose : 420 heures."}
        yield await self.sur_action(KARIM, "complète le programme", d.MODIFIER, "ALERTE", entree=programme)
        yield await self.sur_action(KARIM, "répond dans le dialogue", d.ECRIRE, "ALERTE", **reponse)
        yield await self.confirmee("vérifie et confirme de nouveau", "CREEE")
        codes = {"action": self.cle, "formacodes": ["22354"]}
        yield await self.sur_action(GAELLE, "donne un Formacode", d.FORMACODES, "CREEE", **codes)
        yield await self.simple(GAELLE, "publie", "publierAction", "PUBLIEE")
        dialogue = (await self.donnees(KARIM, d.DIALOGUE, r=self.action["reference"]))["action"]
        dits = len(dialogue["dialogue"]["nodes"])
        yield Etape(nom(KARIM), "relit le dialogue et l'historique", f"{dits} messages")
        yield await self.trouvee(1)

    async def vivre(self) -> AsyncIterator[Etape]:
        """A change that needs no control, one more session, one session too many."""
        entree = {"action": self.cle, "lePlus": "Un atelier neuf"}
        yield await self.sur_action(
            KARIM, "change un atout, à part de ce qui est publié", d.MODIFIER, "PUBLIEE", entree=entree
        )
        autre = {"session": self.seance["id"], **self.dates(150, 240)}
        yield await self.sur_session(KARIM, "duplique la session", d.DUPLIQUER, "BROUILLON", **autre)
        yield await self.confirmee("confirme : publié aussitôt", "PUBLIEE")
        motif = {"session": self.seance["id"], "motif": "Le formateur n'est plus disponible."}
        yield await self.sur_session(
            KARIM, "demande la suppression d'une session", d.DEMANDER, "SUPPRESSION_DEMANDEE", **motif
        )
        refus = {"session": self.seance["id"], "accepter": False}
        yield await self.sur_session(GAELLE, "la refuse", d.DECIDER, "PUBLIEE", **refus)

    async def certifier(self) -> AsyncIterator[Etape]:
        """Another certification waits for a control; readers see what was published until a gestionnaire publishes it."""
        titre = (await self.donnees(KARIM, d.CERTIFICATION))["certifications"]["nodes"][0]
        entree = {"action": self.cle, "certifications": [titre["id"]], "validations": ["RNCP"]}
        yield await self.sur_action(
            KARIM, f"cite {titre['codeRncp']}, à part", d.MODIFIER, "PUBLIEE", entree=entree
        )
        yield await self.confirmee("confirme : cela attend un contrôle", "MODIFIEE")
        yield await self.citees("ne la voit pas encore", [])
        rendu = (await self.donnees(GAELLE, d.PUBLIER_ENSEMBLE, actions=[self.cle]))["acte"]
        self.exiger(rendu["resultats"] and rendu["resultats"][0]["publiee"], rendu)
        yield Etape(nom(GAELLE), "la publie, avec d'autres s'il y en a", "PUBLIEE")
        yield await self.citees("la voit", [titre["codeRncp"]])

    async def importer(self) -> AsyncIterator[Etape]:
        """A table of sessions: what it would change, then the change; confirmed, it is published."""
        dates = self.dates(300, 360)
        lignes = ";".join((LIEU["lieuVoie"], LIEU["lieuCodePostal"], LIEU["lieuVille"]))
        contenu = f"{EN_TETES}\n{self.action['reference']};{dates['dateDebut']};{dates['dateFin']};{lignes};05 36 49 00 01\n"
        for essai, quoi in ((True, "essaie un tableau de sessions"), (False, "l'importe")):
            rendu = (await self.donnees(KARIM, d.IMPORTER, contenu=contenu, essai=essai))["acte"]
            self.exiger(rendu["lignes"] and rendu["lignes"][0]["quoi"] == "CREEE", rendu)
            (ligne,) = rendu["lignes"]
            dit = ligne["session"] or f"{len(ligne['differences'])} champs, rien n'est gardé"
            yield Etape(nom(KARIM), quoi, f"CREEE, {dit}")
        yield await self.confirmee("confirme : publié aussitôt", "PUBLIEE")

    async def retirer(self) -> AsyncIterator[Etape]:
        """It leaves the catalogue; only a gestionnaire brings it back."""
        yield await self.simple(KARIM, "archive l'action, avec ses sessions", "archiverAction", "ARCHIVEE")
        yield await self.trouvee(0)
        yield await self.simple(KARIM, "essaie de la publier de nouveau", "republierAction", "INTERDIT")
        yield await self.simple(GAELLE, "la publie de nouveau", "republierAction", "PUBLIEE")
        yield await self.trouvee(1)
        yield await self.simple(KARIM, "la supprime", "supprimerAction", "SUPPRIMEE")
        onglets = (await self.donnees(KARIM, d.ONGLETS))["catalogue"]["parEtat"]
        yield Etape(
            nom(KARIM), "compte ses onglets", ", ".join(f"{o['etat']} {o['nombre']}" for o in onglets)
        )

    # -- asking ------------------------------------------------------------------------------------------------------
    @property
    def cle(self) -> str:
        """The action of this run."""
        return str(self.action["id"])

    @property
    def repere(self) -> str:
        """A word that this action alone bears."""
        return "n" + str(self.action["reference"])[-6:]

    def dates(self, debut: int, fin: int) -> dict[str, str]:
        """Out: dates so many days after the day it is for the server."""
        jour = date.fromisoformat(self.action["modifieeLe"][:10])
        return {
            "dateDebut": (jour + timedelta(debut)).isoformat(),
            "dateFin": (jour + timedelta(fin)).isoformat(),
        }

    def avec(self, preuve: str) -> dict[str, str]:
        """Out: what a confirmation takes."""
        return {"action": self.cle, "preuve": preuve}

    async def rendu(self, qui: str, document: str, attendu: str, **variables: Any) -> dict[str, Any]:
        """Out: the payload of an act, whose action or session has reached the état, or that was refused with the code."""
        rendu: dict[str, Any] = (await self.donnees(qui, document, **variables))["acte"]
        self.action = rendu.get("action") or getattr(self, "action", {})
        self.seance = rendu.get("session") or getattr(self, "seance", {})
        obtenu = {e["code"] for e in rendu["empechements"]}
        obtenu |= {(rendu.get(quoi) or {}).get("etat") for quoi in ("action", "session")}
        if attendu not in obtenu:
            raise ParcoursInterrompu(f"{qui} : {attendu} attendu, {rendu} obtenu")
        return rendu

    async def sur_action(self, qui: str, quoi: str, document: str, attendu: str, **variables: Any) -> Etape:
        """An act on the action, and what must come of it."""
        rendu = await self.rendu(qui, document, attendu, **variables)
        return Etape(nom(qui), quoi, attendu, tuple(e["message"] for e in rendu["empechements"]))

    sur_session = sur_action

    async def simple(self, qui: str, quoi: str, acte: str, attendu: str) -> Etape:
        """An act that needs nothing but the action."""
        return await self.sur_action(qui, quoi, d.sur(acte), attendu, action=self.cle)

    async def verifiee(self, *, problemes: bool = False) -> dict[str, Any]:
        """Out: what a check says. Raises ParcoursInterrompu if it finds problems, or finds none, against what is told."""
        dite: dict[str, Any] = (await self.donnees(KARIM, d.VERIFIER, action=self.cle))["acte"]
        if bool(dite["problemes"]) != problemes:
            raise ParcoursInterrompu(f"vérification : {dite['problemes']}")
        return dite

    async def confirmee(self, quoi: str, attendu: str) -> Etape:
        """Check, and confirm with the proof."""
        preuve = (await self.verifiee())["preuve"]
        return await self.sur_action(KARIM, quoi, d.CONFIRMER, attendu, **self.avec(preuve))

    async def citees(self, quoi: str, attendues: list[str]) -> Etape:
        """A visitor reads which certifications the action prepares for."""
        lue = (await self.donnees(None, d.PUBLIEE, r=self.action["reference"]))["action"]
        citees = [c["certification"]["codeRncp"] for c in lue["certifications"]]
        self.exiger(citees == attendues, lue)
        return Etape("Un visiteur", quoi, ", ".join(citees) or "aucune")

    def exiger(self, vrai: object, rendu: object) -> None:
        """Raise ParcoursInterrompu where the server did not answer what it must."""
        if not vrai:
            raise ParcoursInterrompu(f"{rendu} obtenu")

    async def trouvee(self, combien: int) -> Etape:
        """A visitor looks for it."""
        total = (await self.donnees(None, d.CHERCHER, m=self.repere))["actions"]["totalCount"]
        if total != combien:
            raise ParcoursInterrompu(f"un visiteur trouve {total} actions")
        return Etape("Un visiteur", "la cherche", str(total))
