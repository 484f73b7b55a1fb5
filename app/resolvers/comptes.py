"""Asking for an account: the same answer, and the same work, whether or not the address has one (R-008, R-009)."""

from __future__ import annotations

from typing import Any

import strawberry

from app import models as m
from app.domain import comptes as d
from app.domain import connexions, mots_de_passe, structures
from app.domain.empechements import Empeche
from app.kit import crypto
from app.kit.conditions import Compare, Ref
from app.kit.paced import no_sooner
from app.models import UsageLien
from app.policies.viewer import Anonymous
from app.resolvers.affiliations import demandee
from app.resolvers.courriels import annoncer
from app.resolvers.liens import envoyer_lien, suivre
from app.resolvers.saisies import saisie
from app.resolvers.structures import declaree
from app.resolvers.verbs import Info, Written, cle, faire, repondre, verbe
from app.schema.comptes_actes import DemandePayload, DemanderCompteInput, ForcePayload
from app.schema.empechements import Empechement
from app.writing import Writing

CE_COURRIEL = Compare(("courriel",), "=", Ref("courriel"))
CE_SIRET = Compare(("siret",), "=", Ref("siret"))
ANONYME = Anonymous()
LIBRES = ("mot_de_passe", "structure", "structure_declaree")


@strawberry.type
class CompteMutation:
    """The acts of somebody who has no account yet, or cannot open it."""

    @verbe("Demander un compte, rattaché à une structure. Un lien part à l'adresse donnée pour la confirmer.")
    async def demander_compte(self, info: Info, entree: DemanderCompteInput) -> DemandePayload:
        """Ask for an account (R-008, R-009)."""
        try:
            propre = d.demande(saisie(entree, sauf=LIBRES), entree.mot_de_passe)
            voulue = await structure_voulue(info, entree)
        except Empeche as refus:
            return await repondre(info, {}, empechements=[Empechement.of(e) for e in refus.empechements])
        contenu = propre | voulue | {"mot_de_passe": await crypto.hash_password(entree.mot_de_passe)}
        connu = await compte_de(info, propre["courriel"])
        payload = await (demander_un_autre(info, connu, contenu) if connu else demander_un(info, contenu))
        if [e.code.value for e in payload.empechements] == [d.AdresseDejaPrise.code]:  # somebody was quicker
            connu = await compte_de(info, propre["courriel"])
            assert connu is not None  # nobody deletes an account
            return await demander_un_autre(info, connu, contenu)
        return payload

    @verbe("Confirmer une demande de compte : le lien reçu, et le mot de passe choisi alors.")
    async def confirmer_compte(self, info: Info, jeton: str, mot_de_passe: str) -> DemandePayload:
        """Confirm the e-mail of an account; the password shows that who reads it is who asked (R-008)."""

        async def suite(tx: Writing, compte: m.Compte, lien: m.LienCourriel) -> None:
            contenu, lien.contenu = lien.contenu, {}
            if not await crypto.password_matches(contenu["mot_de_passe"], mot_de_passe):
                raise Empeche([connexions.IdentifiantsRefuses("mot_de_passe")])
            tx.record(d.confirmer(compte, contenu))
            secret = m.SecretCompte(compte_id=compte.id, mot_de_passe=contenu["mot_de_passe"])
            tx.part(compte, secret)
            await tx.ecrire()
            await rattacher(tx, contenu)

        return await suivre(info, jeton, (UsageLien.CONFIRMER_COMPTE,), suite)

    @verbe("Recevoir un lien pour changer un mot de passe oublié, si cette adresse a un compte.")
    async def mot_de_passe_oublie(self, info: Info, courriel: str) -> DemandePayload:
        """Ask for a link (R-014). Neither the answer nor the time it takes tells whether there is an account."""
        async with no_sooner(d.DUREE_OUBLI):
            compte = await compte_de(info, d.normaliser_courriel(courriel))

            async def acte(tx: Writing) -> Written:
                if compte is not None and connexions.peut_se_connecter(compte):
                    await envoyer_lien(tx, compte, UsageLien.CHANGER_MOT_DE_PASSE)
                return {}

            return await faire(info, acte, par=ANONYME, sans_decision="lien")

    @verbe("Dire ce que vaut un mot de passe, sans le garder.")
    async def evaluer_mot_de_passe(
        self, info: Info, mot_de_passe: str, nom: str = "", prenom: str = "", courriel: str = ""
    ) -> ForcePayload:
        """Say how strong a password is (CNIL 2022)."""
        proches = (nom, prenom, courriel)
        force = mots_de_passe.force(mot_de_passe, proches)
        trouves = [Empechement.of(e) for e in mots_de_passe.problemes(mot_de_passe, proches)]
        return await repondre(info, {}, force=int(force), phrase=force.phrase, empechements=trouves)


async def compte_de(info: Info, courriel: str) -> m.Compte | None:
    """Out: the account of an address, whoever may read it: never to be shown."""
    async with info.context.writer.knowing(info.context.moment) as tx:
        trouves = await tx.know(m.Compte, CE_COURRIEL, courriel=courriel)
    return trouves[0] if trouves else None


async def demander_un(info: Info, contenu: dict[str, Any]) -> DemandePayload:
    """A first request for this address: an account that waits, and what was asked in the link that confirms it."""

    async def acte(tx: Writing) -> Written:
        compte = await tx.creer(m.Compte, pour="creer", **d.nouveau_compte(contenu, le=tx.maintenant))
        tx.record(d.CompteDemande(compte.id))
        await envoyer_lien(tx, compte, UsageLien.CONFIRMER_COMPTE, **contenu)
        return {}

    return await faire(info, acte, par=ANONYME)


async def demander_un_autre(info: Info, compte: m.Compte, contenu: dict[str, Any]) -> DemandePayload:
    """The address has an account (R-009): its owner is told. If it only waits, this request gets its own link."""

    async def acte(tx: Writing) -> Written:
        if connexions.peut_se_connecter(compte):
            await annoncer(tx, "compte_existant", compte.id)
        else:
            await envoyer_lien(tx, compte, UsageLien.CONFIRMER_COMPTE, **contenu)
        return {}

    return await faire(info, acte, par=ANONYME, sans_decision="lien")


async def structure_voulue(info: Info, entree: DemanderCompteInput) -> dict[str, Any]:
    """Out: the structure that a request names or declares, checked. Raises Empeche."""
    d.choisir_structure(entree.structure, entree.structure_declaree)
    async with info.context.writer.knowing(info.context.moment) as tx:
        if entree.structure:
            structure = await tx.take(m.Structure, cle(entree.structure, "Structure"), pour="lire")
            return {"structure_id": structure.id}
        fiche = saisie(entree.structure_declaree)
        colonnes = structures.declarer(fiche, par=None, le=tx.maintenant)
        if await tx.know(m.Structure, CE_SIRET, siret=colonnes["siret"]):
            raise Empeche([structures.StructureExistante("entree", "structure_declaree", "siret")])
    return {"declaree": fiche}


async def rattacher(tx: Writing, contenu: dict[str, Any]) -> None:
    """Ask to join the structure that the request named; if it is gone since, the person asks again for another."""
    structure = await structure_de(tx, contenu)
    if structure is not None:
        await demandee(tx, structure)


async def structure_de(tx: Writing, contenu: dict[str, Any]) -> m.Structure | None:
    """Out: the structure to join: that of the list, or the one declared, unless somebody declared it meanwhile."""
    key = contenu.get("structure_id")
    if key is None:
        siret = structures.fiche(contenu["declaree"])["siret"]
        connues = await tx.know(m.Structure, CE_SIRET, siret=siret)
        key = connues[0].id if connues else (await declaree(tx, contenu["declaree"])).id
    try:
        return await tx.take(m.Structure, key, pour="demander_affiliation")
    except Empeche:
        return None
