"""The chapter of accounts, played over HTTP by the cast: structures, requests, droits, profiles, partners, refusals.

Jeanne joins the mission locale and leaves it at the end, so it can be played again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

from app.domain.identifiants import suit_luhn

from . import documents_comptes as c
from .courrier import mot_recu
from .distribution import MOT_DE_PASSE, STRUCTURES
from .documents import CONNEXION
from .parcours import LETTRES, PERSONNE, Etape, Parcours, ParcoursInterrompu, nom

ORGANISATION = {s.cle: s for s in STRUCTURES}
SON_MOT = "Brouette-Violon-83"
OUBLI = 1.0  # seconds: what ends somewhere has ended everywhere


class ParcoursComptes(Parcours):
    """One run of the chapter."""

    structures: dict[str, str]
    jeanne: str
    alix: str  # the address of somebody new, each time

    async def jouer(self) -> AsyncIterator[Etape]:
        """Play every step. Raises ParcoursInterrompu at the first that does not end as it must."""
        self.structures = {}
        avant = (self.chercher_structure, self.demander_un_compte, self.suivre_le_courriel, self.se_connecter)
        for acte in (
            *avant,
            self.declarer,
            self.rejoindre,
            self.donner,
            self.changer,
            self.detacher,
            self.partenaire,
        ):
            async for etape in acte():
                yield etape

    # -- before any account --------------------------------------------------------------------------------------------
    async def chercher_structure(self) -> AsyncIterator[Etape]:
        """R-004: by a name, a sigle, a SIRET whose spaces do not count."""
        siret = ORGANISATION["estuaire"].siret
        avec_espaces = f"{siret[:3]} {siret[3:9]} {siret[9:]}"
        for cle, texte in (("trois_vallees", "mltv"), ("landes", "Ateliers"), ("estuaire", avec_espaces)):
            trouvees = (await self.donnees(None, c.STRUCTURES, filtre={"texte": texte}))["structures"][
                "nodes"
            ]
            voulue = ORGANISATION[cle].raison_sociale
            trouvee = next((s for s in trouvees if s["raisonSociale"] == voulue), None)
            if trouvee is None:
                raise ParcoursInterrompu(f"« {texte} » ne trouve pas {voulue}")
            self.structures[cle] = trouvee["id"]
            yield Etape("Un visiteur", f"cherche une structure : « {texte} »", voulue)

    async def demander_un_compte(self) -> AsyncIterator[Etape]:
        """R-008, R-009: the same answer whether the address has an account; a weak password, a lookalike, are refused."""
        self.alix = f"alix.{''.join(secrets.choice(LETTRES) for _ in range(8))}@courriel.example"
        demande = {
            "courriel": self.alix,
            "motDePasse": SON_MOT,
            "nom": "Roche",
            "prenom": "Alix",
            "structure": self.structures["trois_vallees"],
        }
        essais: tuple[tuple[str, dict[str, str], str], ...] = (
            ("avec un mot de passe trop simple", {"motDePasse": "Vélo-bleu-7"}, "MOT_DE_PASSE_TROP_FAIBLE"),
            ("avec un « а » cyrillique", {"courriel": "pаul@trois-vallees.example"}, "FORMAT_INVALIDE"),
            ("sous l'adresse de Paul", {"courriel": PERSONNE["paul"].courriel}, ""),
            ("sous la sienne", {}, ""),
        )
        for dit, champs, attendu in essais:
            quoi = f"demande un compte, {dit}"
            yield await self.faire(None, quoi, c.DEMANDER_COMPTE, attendu, entree=demande | champs)

    async def suivre_le_courriel(self) -> AsyncIterator[Etape]:
        """R-008: the link that was mailed confirms the account, once, with the password; it gives no droit."""
        mot = await mot_recu(getattr(self.demander, "page", None), self.alix)
        if mot is None:
            yield Etape("Alix Roche", "reçoit un courriel", "cette installation ne montre pas les siens")
            return
        essais: tuple[tuple[str, dict[str, str], str], ...] = (
            ("suit un lien dont un caractère a changé", {"jeton": mot[:-1] + "!"}, "LIEN_INVALIDE"),
            ("suit son lien, sans le bon mot de passe", {"motDePasse": "pas le bon"}, "IDENTIFIANTS_REFUSES"),
            ("suit son lien", {}, ""),
            ("suit son lien une seconde fois", {}, "LIEN_INVALIDE"),
        )
        for quoi, autres, attendu in essais:
            given = {"jeton": mot, "motDePasse": SON_MOT} | autres
            yield await self.faire(None, quoi, c.CONFIRMER_COMPTE, attendu, **given)
        signe = (await self.donnees(None, CONNEXION, email=self.alix, motDePasse=SON_MOT))["connexion"]
        moi = (await self.sous(self.reussi("alix", "se connecte", signe)["jeton"], c.MOI))["data"]["moi"]
        attend = ", ".join(d["structure"]["raisonSociale"] for d in moi["demandes"])
        yield Etape("Alix Roche", "se connecte", f"{len(moi['profils'])} profil, attend {attend}")
        filtre = {"structure": self.structures["trois_vallees"], "etat": "EN_ATTENTE"}
        en_attente = (await self.donnees("rosa", c.MEMBRES, filtre=filtre))["affiliations"]["nodes"]
        for demande in (a for a in en_attente if a["compte"]["nom"] == "Roche"):
            yield await self.faire(
                "rosa", "refuse sa demande, comme référente", c.REFUSER, affiliation=demande["id"]
            )

    async def declarer(self) -> AsyncIterator[Etape]:
        """R-005: a structure that is not in the list serves nobody until a gestionnaire has validated it."""
        fiche = {
            "raisonSociale": "Atelier du Viaduc",
            "siret": siret_au_hasard(),
            "codePostal": "19100",
            "ville": "Brive-la-Gaillarde",
            "organismeFormation": True,
        }
        rendu = await self.rendu("jeanne", c.DECLARER, entree=fiche)
        structure = self.reussi("jeanne", "déclare", rendu)["structure"]
        yield Etape(nom("jeanne"), "déclare une structure qui n'est pas dans la liste", structure["etat"])
        yield await self.faire(
            "paul", "essaie de la valider", c.VALIDER_STRUCTURE, "NON_TROUVE", structure=structure["id"]
        )
        yield await self.faire("gaelle", "la valide", c.VALIDER_STRUCTURE, structure=structure["id"])

    async def se_connecter(self) -> AsyncIterator[Etape]:
        """A wrong password and an unknown address get the same refusal; a gestionnaire needs its six digits."""
        essais = (
            ("se connecte avec un mot de passe faux", PERSONNE["theo"].courriel, "pas le bon"),
            ("se connecte sous une adresse inconnue", "personne@nulle-part.example", MOT_DE_PASSE),
            (
                "se connecte comme gestionnaire sans les six chiffres",
                PERSONNE["gaelle"].courriel,
                MOT_DE_PASSE,
            ),
        )
        for quoi, email, mot in essais:
            rendu = (await self.donnees(None, CONNEXION, email=email, motDePasse=mot))["connexion"]
            yield self.etape(None, quoi, rendu, "IDENTIFIANTS_REFUSES")

    # -- a member ------------------------------------------------------------------------------------------------------
    async def rejoindre(self) -> AsyncIterator[Etape]:
        """R-007, R-010, R-023: the référent of that structure answers, and nobody else."""
        ici = self.structures["trois_vallees"]
        rendu = self.reussi("jeanne", "demande", await self.rendu("jeanne", c.DEMANDER, structure=ici))
        self.jeanne = rendu["affiliation"]["id"]
        yield Etape(nom("jeanne"), "demande à rejoindre la mission locale", rendu["affiliation"]["etat"])
        yield await self.faire(
            "jeanne", "le demande encore", c.DEMANDER, "RATTACHEMENT_EXISTANT", structure=ici
        )
        essais = (
            ("jeanne", "INTERDIT"),
            ("paul", "NON_TROUVE"),
            ("camille", "NON_TROUVE"),
            ("gaelle", "INTERDIT"),
        )
        for qui, attendu in essais:
            yield await self.sur_jeanne(qui, "essaie d'accepter la demande", c.ACCEPTER, attendu)
        yield await self.par_alias("karim", "l'accepte cinq fois d'un coup, d'ailleurs", "NON_TROUVE")
        yield await self.hors_contrat("jeanne", "se dit référente dans une entrée", c.SE_DIRE_REFERENT)
        yield await self.sur_jeanne("rosa", "accepte, comme référente", c.ACCEPTER)
        yield await self.sur_jeanne("rosa", "accepte une seconde fois", c.ACCEPTER, "ETAT_INCOMPATIBLE")
        moi = (await self.donnees("jeanne", c.MOI))["moi"]
        profils = [p["droit"] for p in moi["profils"]]
        yield Etape(nom("jeanne"), "lit ses profils", ", ".join(profils))

    async def donner(self) -> AsyncIterator[Etape]:
        """R-020, R-025, R-042: one by one, one of a family, on the right kind of structure, by its référent."""
        yield await self.droit("jeanne", "se donne un droit", c.AJOUTER, "PRESCRIPTEUR_N3", "INTERDIT")
        yield await self.droit("karim", "en donne un, d'ailleurs", c.AJOUTER, "PRESCRIPTEUR_N1", "NON_TROUVE")
        yield await self.droit("rosa", "donne le niveau 1", c.AJOUTER, "PRESCRIPTEUR_N1")
        yield await self.droit(
            "rosa", "donne aussi le niveau 2", c.AJOUTER, "PRESCRIPTEUR_N2", "DROIT_DE_LA_MEME_FAMILLE"
        )
        yield await self.droit("rosa", "donne un droit d'organisme", c.AJOUTER, "OF_GENERAL", "INTERDIT")
        yield await self.droit("rosa", "la fait gestionnaire", c.AJOUTER, "GESTIONNAIRE", "INTERDIT")
        yield await self.droit("rosa", "retire « bénéficiaire »", c.RETIRER, "BENEFICIAIRE", "INTERDIT")
        moi = (await self.donnees("jeanne", c.MOI))["moi"]
        onglets = []
        for profil in moi["profils"]:
            jeton = self.reussi(
                "jeanne", "choisit", await self.rendu("jeanne", c.CHOISIR, profil=profil["id"])
            )["jeton"]
            onglets.append((await self.sous(jeton, c.MOI))["data"]["moi"]["profilActif"]["droit"])
            if profil["droit"] == "PRESCRIPTEUR_N1":
                self.jetons["jeanne"] = jeton
        yield Etape(nom("jeanne"), "ouvre un onglet par profil", ", ".join(onglets))
        filtre = {"structure": self.structures["trois_vallees"], "etat": "ACCEPTEE"}
        lus = (await self.donnees("jeanne", c.MEMBRES, filtre=filtre))["affiliations"]["nodes"]
        etoile = next(a["compte"]["prenom"] for a in lus if a["referent"])
        yield Etape(nom("jeanne"), "lit la liste des membres", f"{len(lus)} personnes, référente : {etoile}")
        yield await self.faire("jeanne", "l'exporte", c.EXPORTER, "INTERDIT", structure=filtre["structure"])
        yield await self.faire(
            "rosa", "l'exporte, comme référente", c.EXPORTER, structure=filtre["structure"]
        )

    async def changer(self) -> AsyncIterator[Etape]:
        """R-031: a référent asks, a gestionnaire applies, the history stays."""
        numero = f"05 55 00 {secrets.randbelow(90) + 10} {secrets.randbelow(90) + 10}"
        entree = {"structure": self.structures["trois_vallees"], "telephone": numero}
        yield await self.faire(
            "jeanne", "demande un autre téléphone", c.DEMANDER_MODIFICATION, "INTERDIT", entree=entree
        )
        rendu = self.reussi(
            "rosa", "demande", await self.rendu("rosa", c.DEMANDER_MODIFICATION, entree=entree)
        )
        demande = rendu["demande"]["id"]
        yield Etape(nom("rosa"), "demande, comme référente, un autre téléphone", rendu["demande"]["etat"])
        yield await self.faire("rosa", "essaie de l'appliquer", c.APPLIQUER, "INTERDIT", demande=demande)
        yield await self.faire("gaelle", "l'applique", c.APPLIQUER, demande=demande)
        filtre = {"structure": self.structures["trois_vallees"]}
        lues = (await self.donnees("rosa", c.HISTORIQUE, filtre=filtre))["demandesModification"]["nodes"]
        faite = next(d for d in lues if d["id"] == demande)
        avant = faite["avant"]["telephone"] or "aucun"
        yield Etape(nom("rosa"), "relit l'historique", f"{faite['etat']}, avant : {avant}")

    async def detacher(self) -> AsyncIterator[Etape]:
        """R-027, R-029: by the référent, never oneself; every token of that profile is dead within a second."""
        soi = (await self.donnees("rosa", c.MOI))["moi"]["rattachements"][0]["id"]
        yield await self.faire("rosa", "se détache elle-même", c.DETACHER, "INTERDIT", affiliation=soi)
        yield await self.sur_jeanne(
            "karim", "détache Jeanne, d'une autre structure", c.DETACHER, "NON_TROUVE"
        )
        yield await self.sur_jeanne("rosa", "détache Jeanne", c.DETACHER)
        yield await self.mort(self.jetons.pop("jeanne"), "Jeanne Petit", "présente son jeton")
        profils = (await self.donnees("jeanne", c.MOI))["moi"]["profils"]
        yield Etape(nom("jeanne"), "se reconnecte", f"{len(profils)} profil")

    # -- partners ------------------------------------------------------------------------------------------------------
    async def partenaire(self) -> AsyncIterator[Etape]:
        """C-32: a key has its scope and nothing else; it is renewed, then everything is taken back."""
        entree = {"libelle": "Observatoire (démonstration)", "portees": ["OFFRE_LIRE"]}
        yield await self.faire("rosa", "crée un partenaire", c.CREER_PARTENAIRE, "INTERDIT", entree=entree)
        rendu = self.reussi("gaelle", "crée", await self.rendu("gaelle", c.CREER_PARTENAIRE, entree=entree))
        id = rendu["partenaire"]["id"]
        quoi = "lui donne une clé pour les candidatures"
        region = {"partenaire": id, "portee": "CANDIDATURES_REGION"}
        yield await self.faire("gaelle", quoi, c.DONNER_CLE, "PORTEE_NON_ACCORDEE", **region)
        offre = {"partenaire": id, "portee": "OFFRE_LIRE"}
        premiere = self.reussi("gaelle", "donne", await self.rendu("gaelle", c.DONNER_CLE, **offre))
        yield Etape(nom("gaelle"), "lui donne une clé pour l'offre", premiere["cle"]["prefixe"] + "…")
        lu = (await self.sous(premiere["secret"], c.OFFRE))["data"]
        dit = f"{lu['actions']['totalCount']} actions, {lu['candidatures']['totalCount']} candidature"
        yield Etape("Le partenaire", "lit avec sa clé", dit)
        renouvele = await self.rendu("gaelle", c.RENOUVELER, cle=premiere["cle"]["id"])
        autre = self.reussi("gaelle", "renouvelle", renouvele)
        yield Etape(
            nom("gaelle"), "la renouvelle : les deux valent une semaine", autre["cle"]["prefixe"] + "…"
        )
        yield await self.faire("gaelle", "révoque le partenaire", c.REVOQUER_PARTENAIRE, partenaire=id)
        for secret in (premiere["secret"], autre["secret"]):
            yield await self.mort(secret, "Le partenaire", "présente une de ses clés")

    # -- asking --------------------------------------------------------------------------------------------------------
    async def rendu(self, qui: str | None, document: str, **variables: Any) -> dict[str, Any]:
        """Out: the payload of an act."""
        payload: dict[str, Any] = (await self.donnees(qui, document, **variables))["acte"]
        return payload

    async def faire(
        self, qui: str | None, quoi: str, document: str, attendu: str = "", **variables: Any
    ) -> Etape:
        """An act, and the code it must be refused with; without one, it must take place."""
        return self.etape(qui, quoi, await self.rendu(qui, document, **variables), attendu)

    def etape(self, qui: str | None, quoi: str, rendu: dict[str, Any], attendu: str) -> Etape:
        """Out: the step. Raises ParcoursInterrompu where it ended otherwise."""
        refus = rendu["empechements"]
        codes = list(dict.fromkeys(e["code"] for e in refus))
        if (attendu and attendu not in codes) or (refus and not attendu):
            raise ParcoursInterrompu(f"{qui} {quoi} : {attendu or 'fait'} attendu, {refus or 'fait'} obtenu")
        dit = nom(qui) if qui else "Un visiteur"
        return Etape(dit, quoi, ", ".join(codes) or "fait", tuple(dict.fromkeys(e["message"] for e in refus)))

    async def sur_jeanne(self, qui: str, quoi: str, document: str, attendu: str = "") -> Etape:
        """An act on the affiliation of Jeanne."""
        return await self.faire(qui, quoi, document, attendu, affiliation=self.jeanne)

    async def droit(self, qui: str, quoi: str, document: str, droit: str, attendu: str = "") -> Etape:
        """An act on a droit of Jeanne."""
        return await self.faire(qui, quoi, document, attendu, affiliation=self.jeanne, droit=droit)

    async def par_alias(self, qui: str, quoi: str, attendu: str) -> Etape:
        """One act, many times in a request: each is decided apart, and refused."""
        rendus = await self.donnees(qui, c.ACCEPTER_CINQ_FOIS, affiliation=self.jeanne)
        codes = {e["code"] for rendu in rendus.values() for e in rendu["empechements"]}
        if codes != {attendu} or not all(rendu["empechements"] for rendu in rendus.values()):
            raise ParcoursInterrompu(f"{qui} {quoi} : {attendu} attendu, {codes or 'fait'} obtenu")
        return Etape(nom(qui), quoi, f"{len(rendus)} fois {attendu}")

    async def hors_contrat(self, qui: str, quoi: str, document: str) -> Etape:
        """A word that no input of the API knows: the request is refused before anything is decided."""
        answer = await self.demander(await self.jeton(qui), document, {}, self.horloge)
        if not answer.get("errors"):
            raise ParcoursInterrompu(f"{qui} {quoi} : accepté")
        return Etape(nom(qui), quoi, answer["errors"][0]["extensions"]["code"])

    async def sous(self, jeton: str, document: str) -> dict[str, Any]:
        """Out: the whole answer to whoever bears a token."""
        return await self.demander(jeton, document, {}, None)

    async def mort(self, jeton: str, dit: str, quoi: str) -> Etape:
        """A token that a second has made worthless everywhere."""
        await asyncio.sleep(OUBLI)  # what is promised: not at once, but within a second
        errors = (await self.sous(jeton, c.MOI)).get("errors")
        if not errors:
            raise ParcoursInterrompu(f"{dit} {quoi} : il vaut encore")
        return Etape(dit, quoi, errors[0]["extensions"]["code"], (errors[0]["message"],))


def siret_au_hasard() -> str:
    """Out: a number that looks like a SIRET, right by Luhn, in a range that nobody was given."""
    debut = f"99{secrets.randbelow(10**6):06}"
    siren = next(s for n in range(10) if suit_luhn(s := f"{debut}{n}"))
    return next(s for n in range(10) if suit_luhn(s := f"{siren}0001{n}"))
