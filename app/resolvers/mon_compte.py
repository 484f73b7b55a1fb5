"""« Mon compte »: address, password, telephone, open connexions (R-014)."""

from __future__ import annotations

from typing import Any

import strawberry

from app import models as m
from app.domain import comptes as d
from app.domain import connexions
from app.kit import crypto
from app.kit.conditions import Compare, Ref, all_of
from app.models import UsageLien
from app.reading.fields import Tri, liste
from app.resolvers.comptes import compte_de
from app.resolvers.courriels import annoncer
from app.resolvers.externes import delier
from app.resolvers.liens import envoyer_lien, liens_de, suivre
from app.resolvers.preuves import prouve, revoquer_les_jetons
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.comptes_actes import (
    AdressePayload,
    DemandePayload,
    Jeton,
    JetonPayload,
    ModifierMonCompteInput,
    MonComptePayload,
)
from app.writing import Writing

MES_VIVANTS = all_of(
    [
        Compare(("compte_id",), "=", Ref("moi")),  # a gestionnaire reads the keys of partners too
        Compare(("revoque_le",), "=", None),
        Compare(("expire_le",), ">", Ref("maintenant")),
    ]
)


@strawberry.type
class MonCompteQuery:
    """What somebody sees of its own account, beside `moi`."""

    mes_jetons: list[Jeton] = liste(
        m.Jeton, "Vos connexions ouvertes.", ordre=Tri(m.Jeton.cree_le, descendant=True), ou=MES_VIVANTS
    )


@strawberry.type
class MonCompteMutation:
    """The acts on one's own account."""

    @verbe("Modifier son compte : le téléphone. L'adresse et le mot de passe ont leurs propres actes.")
    async def modifier_mon_compte(self, info: Info, entree: ModifierMonCompteInput) -> MonComptePayload:
        """Change one's telephone (R-014)."""

        async def acte(tx: Writing) -> Written:
            compte = await tx.take(m.Compte, tx.moi, pour="modifier")
            champs = saisie(entree)
            tx.writable(compte, champs)
            tx.record(d.modifier(compte, champs))
            return {m.Compte: compte.id}

        return await faire(info, acte)

    @verbe("Changer son mot de passe. Toutes vos autres connexions ouvertes sont fermées.")
    async def changer_mot_de_passe(self, info: Info, ancien: str, nouveau: str) -> MonComptePayload:
        """Change one's password (R-014)."""

        async def acte(tx: Writing) -> Written:
            compte, secret = await prouve(tx, ancien, "ancien")
            await donner_mot_de_passe(tx, compte, secret, nouveau, "nouveau")
            await revoquer_les_jetons(tx, compte, sauf_le_mien=True)
            return {m.Compte: compte.id}

        return await faire(info, acte)

    @verbe("Choisir un autre mot de passe par le lien reçu. Toutes les connexions ouvertes sont fermées.")
    async def reinitialiser_mot_de_passe(self, info: Info, jeton: str, mot_de_passe: str) -> DemandePayload:
        """Change a password that was forgotten (R-014). The second factor, if any, stays."""

        async def suite(tx: Writing, compte: m.Compte, _lien: m.LienCourriel) -> None:
            secret = tx.part(compte, await tx.hold(m.SecretCompte, compte.id))
            connexions.noter_succes(secret)
            await donner_mot_de_passe(tx, compte, secret, mot_de_passe, "mot_de_passe")
            await revoquer_les_jetons(tx, compte, sauf_le_mien=False)
            await delier(tx, compte)  # whoever takes an account back takes it back from every way in

        return await suivre(info, jeton, (UsageLien.CHANGER_MOT_DE_PASSE,), suite)

    @verbe("Changer d'adresse e-mail. Un lien part à l'ancienne et à la nouvelle : les deux sont à suivre.")
    async def changer_courriel(self, info: Info, courriel: str, mot_de_passe: str) -> DemandePayload:
        """Ask to change one's address (R-014); the answer does not tell whether the new one has an account."""
        pris = await compte_de(info, d.normaliser_courriel(courriel))

        async def acte(tx: Writing) -> Written:
            compte, _ = await prouve(tx, mot_de_passe, "mot_de_passe")
            nouvelle = d.nouvelle_adresse(courriel)
            for ancien in await liens_de(tx, compte.id):
                if ancien.usage in d.CHANGEMENT_D_ADRESSE and ancien.expire_le > tx.maintenant:
                    tx.part(compte, ancien).expire_le = tx.maintenant  # the last request alone counts
            await envoyer_lien(tx, compte, UsageLien.QUITTER_ADRESSE, courriel=nouvelle)
            if pris is None:
                await envoyer_lien(tx, compte, UsageLien.PRENDRE_ADRESSE, courriel=nouvelle)
            else:
                await annoncer(tx, "compte_existant", pris.id)
            return {}

        return await faire(info, acte)

    @verbe("Confirmer un changement d'adresse par un des deux liens reçus.")
    async def confirmer_courriel(self, info: Info, jeton: str) -> AdressePayload:
        """Follow one of the two links (R-014)."""
        faits: dict[str, Any] = {"est_changee": False}

        async def suite(tx: Writing, compte: m.Compte, lien: m.LienCourriel) -> None:
            tous = {autre.id: autre for autre in await liens_de(tx, compte.id)} | {lien.id: lien}
            faits["est_changee"] = d.est_complete(lien, tous.values())
            if faits["est_changee"]:
                tx.record(d.changer_adresse(compte, lien))

        return await suivre(info, jeton, d.CHANGEMENT_D_ADRESSE, suite, faits=faits)

    @verbe("Fermer une de ses connexions ouvertes.")
    async def revoquer_jeton(self, info: Info, jeton: strawberry.ID) -> JetonPayload:
        """Revoke a token of one's own (R-002)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Jeton, cle(jeton, "Jeton"), pour="revoquer")
            row.revoque_le = row.revoque_le or tx.maintenant
            return {m.Jeton: row.id}

        return await faire(info, acte)

    @verbe("Fermer toutes ses connexions ouvertes, sauf celle-ci.")
    async def revoquer_autres_jetons(self, info: Info) -> MonComptePayload:
        """Revoke all the other tokens of one's own (R-002)."""

        async def acte(tx: Writing) -> Written:
            compte = await tx.take(m.Compte, tx.moi, pour="modifier")
            await tx.hold(m.SecretCompte, compte.id)
            await revoquer_les_jetons(tx, compte, sauf_le_mien=True)
            return {m.Compte: compte.id}

        return await faire(info, acte)


async def donner_mot_de_passe(
    tx: Writing, compte: m.Compte, secret: m.SecretCompte, mot_de_passe: str, chemin: str
) -> None:
    """Give the account this password, and tell its owner. Raises Empeche for one that may not be taken."""
    d.verifier_mot_de_passe(compte, mot_de_passe, chemin)
    secret.mot_de_passe = await crypto.hash_password(mot_de_passe)
    tx.record(d.MotDePasseChange(compte.id))
    await annoncer(tx, "mot_de_passe_change", compte.id)
