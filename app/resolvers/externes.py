"""Signing in through an identity provider: the passage that it gives is exchanged here for a token like any other."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import strawberry

from app import models as m
from app.domain import externes as d
from app.domain.connexions import DUREE_JETON, IdentifiantsRefuses, noter_succes
from app.domain.empechements import Empeche
from app.domain.seconds_facteurs import CodeIncorrect
from app.kit import crypto
from app.kit.cipher import Cipher, SealBroken
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Anonymous
from app.resolvers.connexions import CE_COURRIEL, connu, jeton_de, prouve_au_complet, secret_de
from app.resolvers.courriels import annoncer
from app.resolvers.preuves import manque, prouve
from app.resolvers.seconds_facteurs import second_facteur
from app.resolvers.verbs import Acte, Context, EmpecheEtNote, Info, Written, faire, repondre, tenter, verbe
from app.schema.comptes_actes import MonComptePayload
from app.schema.externes import ConnexionExternePayload, IdentiteExterne
from app.writing import Writer, Writing

Personne: TypeAlias = dict[str, Any]  # `app.kit.oidc.Person`, as it was sealed
Noter: TypeAlias = Callable[[Personne, str, str, datetime], Awaitable[str | None]]
SANS = "connexion_externe"
CE_PASSAGE = Compare(("empreinte",), "=", Ref("passage"))
CETTE_IDENTITE = all_of(
    [Compare(("emetteur",), "=", Ref("emetteur")), Compare(("sujet",), "=", Ref("sujet"))]
)
CE_COMPTE = Compare(("id",), "=", Ref("compte"))
SES_IDENTITES = Compare(("compte_id",), "=", Ref("compte"))


@strawberry.type
class ConnexionExterneMutation:
    """The acts about identity providers."""

    @verbe(
        "Échanger le passage rapporté d'un fournisseur d'identité contre un jeton (docs/connexion-externe.md)."
        " « verificateur » est ce dont « defi » était l'empreinte."
    )
    async def connexion_externe(
        self, info: Info, passage: str, verificateur: str, code: str | None = None
    ) -> ConnexionExternePayload:
        """Sign in as whom an identity is linked to; at sight, link it to the account of its verified address."""
        retour = Retour(info.context, passage, verificateur)

        async def acte(tx: Writing) -> Written:
            personne = await retour.presente(tx)
            compte, est_nouvelle = await compte_de_l_identite(tx, personne)
            secret = await tx.hold(m.SecretCompte, compte.id)
            d.verifier_ouvert(secret, le=tx.maintenant, code=code)
            if not second_facteur(info.context, secret, code):
                raise manque(tx, secret, CodeIncorrect("code"))
            noter_succes(secret)
            if est_nouvelle:
                await relier(tx, compte, personne)
            await retour.ouvre(tx, compte)
            return {}

        return await retour.rendu(info, acte, compte=code is not None)

    @verbe(
        "Relier l'identité rapportée d'un fournisseur à son compte, par son mot de passe ; et se connecter."
    )
    async def relier_identite(
        self,
        info: Info,
        passage: str,
        verificateur: str,
        email: str,
        mot_de_passe: str,
        code: str | None = None,
    ) -> ConnexionExternePayload:
        """Link an identity to the account that a password proves; it replaces another one of the same provider."""
        retour = Retour(info.context, passage, verificateur)
        compte, garde = await connu(info.context, email)
        juste = await crypto.password_matches(garde, mot_de_passe)

        async def acte(tx: Writing) -> Written:
            personne = await retour.presente(tx)
            secret = await secret_de(tx, compte)
            if compte is None or not prouve_au_complet(info.context, tx, secret, garde, juste, code):
                raise EmpecheEtNote([IdentifiantsRefuses()])
            if await tx.know(m.IdentiteExterne, CETTE_IDENTITE, **cles_de(personne)):
                raise Empeche([d.IdentiteDejaReliee()])
            await relier(tx, compte, personne)
            await retour.ouvre(tx, compte)
            return {}

        return await retour.rendu(info, acte, compte=True)

    @verbe("Ne plus se connecter par un fournisseur d'identité, tant qu'on n'en relie pas à nouveau.")
    async def delier_identites(self, info: Info, mot_de_passe: str) -> MonComptePayload:
        """Unlink every identity of one's own account."""

        async def acte(tx: Writing) -> Written:
            compte, _ = await prouve(tx, mot_de_passe, "mot_de_passe")
            await delier(tx, compte)
            return {m.Compte: compte.id}

        return await faire(info, acte)


@dataclass
class Retour:
    """Somebody back from a provider: the passage they bear, and what comes of it."""

    context: Context
    texte: str
    verificateur: str
    personne: Personne | None = None
    jeton: str | None = None
    passage: m.PassageExterne | None = None

    async def presente(self, tx: Writing) -> Personne:
        """Out: who came back, the passage locked. Raises Empeche for one that proves nothing any more."""
        connus = await tx.know(m.PassageExterne, CE_PASSAGE, passage=crypto.fingerprint(self.texte))
        if not connus:
            raise Empeche([d.PassageInvalide("passage")])
        self.passage = await tx.hold(m.PassageExterne, connus[0].id)
        contenu = self.contenu(self.passage)
        d.verifier_passage(
            self.passage, prouve=repond(self.verificateur, contenu["defi"]), le=self.context.machine()
        )
        self.personne = contenu["personne"]
        return contenu["personne"]

    def contenu(self, passage: m.PassageExterne) -> dict[str, Any]:
        """Out: what it holds. Raises Empeche where the key has changed since: it opens nothing any more."""
        try:
            found: dict[str, Any] = json.loads(self.context.cipher.open(passage.contenu))
        except SealBroken:
            raise Empeche([d.PassageInvalide("passage")]) from None
        return found

    async def ouvre(self, tx: Writing, compte: m.Compte) -> None:
        """Give a token, as a password does. The passage is spent."""
        assert self.passage is not None
        self.passage.utilise_le = self.context.machine()
        self.jeton = await jeton_de(tx, compte)

    async def rendu(self, info: Info, acte: Acte, *, compte: bool) -> ConnexionExternePayload:
        """Run an act. Out: the payload. `compte`: a failure is one of the address too."""
        _, refus = await tenter(info, acte, sans_decision=SANS)
        if refus:
            self.jeton = None
        if compte:
            await self.context.prouve(not refus)
        vers, personne = bool(self.jeton), self.personne or {}
        found: ConnexionExternePayload = await repondre(
            info,
            {},
            jeton=self.jeton,
            expire_le=self.context.moment + DUREE_JETON if vers else None,
            adresse_deconnexion=personne.get("adresse_deconnexion") if vers else None,
            identite=identite(personne) if personne and not vers else None,
            empechements=refus,
        )
        return found


def repond(verificateur: str, defi: str) -> bool:
    """True if the challenge is that of this verifier (S256 of RFC 7636): whoever began is who ends."""
    empreinte = urlsafe_b64encode(hashlib.sha256(verificateur.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(empreinte, defi)


def identite(personne: Personne) -> IdentiteExterne:
    """Out: what a form may begin with."""
    return IdentiteExterne(**{nom: personne[nom] for nom in ("courriel", "nom", "prenom", "siret")})


def cles_de(personne: Personne) -> dict[str, str]:
    """Out: what names an identity for good: neither an address nor a name does."""
    return {"emetteur": personne["emetteur"], "sujet": personne["sujet"]}


async def compte_de_l_identite(tx: Writing, personne: Personne) -> tuple[m.Compte, bool]:
    """Out: whose identity this is, and whether it is still to be linked. Raises Empeche for nobody's."""
    if connues := await tx.know(m.IdentiteExterne, CETTE_IDENTITE, **cles_de(personne)):
        [compte] = await tx.know(m.Compte, CE_COMPTE, compte=connues[0].compte_id)
        return compte, False
    courriel = d.courriel_prouve(personne)
    comptes = await tx.know(m.Compte, CE_COURRIEL, courriel=courriel)
    siennes = await tx.know(m.IdentiteExterne, SES_IDENTITES, compte=comptes[0].id) if comptes else []
    if any((une.emetteur, une.sujet) == (personne["emetteur"], personne["sujet"]) for une in siennes):
        return comptes[0], False  # another tab has just linked it
    return d.a_relier(comptes[0] if comptes else None, siennes, personne["emetteur"]), True


async def relier(tx: Writing, compte: m.Compte, personne: Personne) -> None:
    """Let an identity open an account, in place of another of the same provider; its owner is told."""
    for ancienne in await tx.know(m.IdentiteExterne, SES_IDENTITES, compte=compte.id):
        if ancienne.emetteur == personne["emetteur"]:
            await tx.retirer(tx.part(compte, ancienne))
    await tx.ecrire()
    tx.part(compte, m.IdentiteExterne(compte_id=compte.id, cree_le=tx.maintenant, **cles_de(personne)))
    tx.record(d.IdentiteReliee(compte.id))
    await annoncer(tx, "identite_reliee", compte.id)


async def delier(tx: Writing, compte: m.Compte) -> None:
    """Let no identity open an account."""
    siennes = await tx.know(m.IdentiteExterne, SES_IDENTITES, compte=compte.id)
    for ancienne in siennes:
        await tx.retirer(tx.part(compte, ancienne))
    if siennes:
        tx.record(d.IdentitesDeliees(compte.id))


def passage_note(writer: Writer, cipher: Cipher) -> Noter:
    """Out: what keeps who came back, and gives the word that says so; None where that request was answered already."""

    async def noter(personne: Personne, defi: str, etat: str, le: datetime) -> str | None:
        texte = crypto.new_token()
        try:
            async with writer.writing(Anonymous(), le, sans_decision=SANS) as tx:
                passage = m.PassageExterne(
                    empreinte=crypto.fingerprint(texte),
                    demande=crypto.fingerprint(etat),
                    contenu=cipher.seal(json.dumps({"personne": personne, "defi": defi})),
                    cree_le=le,
                    expire_le=le + d.DUREE_PASSAGE,
                )
                tx.part(passage, passage)
        except Empeche:
            return None
        return texte

    return noter
