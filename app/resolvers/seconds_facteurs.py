"""Second factors: activated, confirmed, taken away; the codes of a day without telephone."""

from __future__ import annotations

import logging
from typing import Any

import strawberry

from app import models as m
from app.domain import seconds_facteurs as d
from app.kit import crypto, totp
from app.kit.cipher import SealBroken
from app.resolvers.courriels import annoncer
from app.resolvers.preuves import manque, prouve, revoquer_les_jetons
from app.resolvers.verbs import Context, Info, Written, faire, verbe
from app.schema.comptes_actes import MonComptePayload
from app.schema.seconds_facteurs import CodesSecoursPayload, SecondFacteurPayload
from app.writing import Writing

LOG = logging.getLogger("rafael.comptes")


@strawberry.type
class SecondFacteurMutation:
    """The acts on one's own second factor."""

    @verbe("Préparer un second facteur. Il ne sert qu'une fois confirmé par un premier code.")
    async def activer_second_facteur(
        self, info: Info, mot_de_passe: str, code: str | None = None
    ) -> SecondFacteurPayload:
        """Propose a factor; whoever has one already gives its code too."""
        faits: dict[str, Any] = {"secret": None, "adresse": None}

        async def acte(tx: Writing) -> Written:
            compte, secret = await prouve_deux_fois(tx, info.context, mot_de_passe, code)
            nouveau = totp.new_secret()
            secret.totp_propose = info.context.cipher.seal(nouveau)
            faits.update(secret=nouveau, adresse=totp.uri(nouveau, compte.courriel))
            return {}

        return await faire(info, acte, faits=faits)

    @verbe("Confirmer son second facteur par un premier code. Toutes vos autres connexions sont fermées.")
    async def confirmer_second_facteur(self, info: Info, code: str) -> CodesSecoursPayload:
        """Prove the factor that was proposed."""
        faits: dict[str, Any] = {"codes_secours": None}

        async def acte(tx: Writing) -> Written:
            compte = await tx.take(m.Compte, tx.moi, pour="modifier")
            secret = tx.part(compte, await tx.hold(m.SecretCompte, compte.id))
            clair = info.context.cipher.open(d.propose(secret))
            pas = totp.step_of(clair, code, info.context.machine(), after=None)
            if pas is None:
                raise manque(tx, secret, d.CodeIncorrect("code"))
            faits["codes_secours"] = codes = totp.new_codes()
            tx.record(d.confirmer(secret, pas, empreintes(codes)))
            await revoquer_les_jetons(tx, compte, sauf_le_mien=True)
            await annoncer(tx, "second_facteur_change", compte.id)
            return {}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Retirer son second facteur. Toutes vos connexions sont fermées ; un gestionnaire doit en remettre un."
    )
    async def retirer_second_facteur(self, info: Info, mot_de_passe: str, code: str) -> MonComptePayload:
        """Take it away."""

        async def acte(tx: Writing) -> Written:
            compte, secret = await prouve_deux_fois(tx, info.context, mot_de_passe, code)
            tx.record(d.retirer(secret))
            await revoquer_les_jetons(tx, compte, sauf_le_mien=False)
            await annoncer(tx, "second_facteur_change", compte.id)
            return {m.Compte: compte.id}

        return await faire(info, acte)

    @verbe("Refaire ses codes de secours ; les anciens ne valent plus rien.")
    async def renouveler_codes_secours(self, info: Info, mot_de_passe: str, code: str) -> CodesSecoursPayload:
        """Make the codes again."""
        faits: dict[str, Any] = {"codes_secours": None}

        async def acte(tx: Writing) -> Written:
            _, secret = await prouve_deux_fois(tx, info.context, mot_de_passe, code)
            faits["codes_secours"] = codes = totp.new_codes()
            tx.record(d.renouveler(secret, empreintes(codes)))
            return {}

        return await faire(info, acte, faits=faits)


async def prouve_deux_fois(
    tx: Writing, context: Context, mot_de_passe: str, code: str | None
) -> tuple[m.Compte, m.SecretCompte]:
    """Out: the account that asks and its secret, once its password, and its code if it has a factor, are proven."""
    return await prouve(
        tx, mot_de_passe, "mot_de_passe", lambda secret: second_facteur(context, secret, code)
    )


def second_facteur(context: Context, secret: m.SecretCompte, code: str | None) -> bool:
    """True if the account has no second factor, or if this is the code of the moment or one of its codes. It is spent."""
    if secret.totp is None:
        return True
    if not code:
        return False
    pas = _pas(context, secret, code)
    if pas is None:
        return d.utiliser_code_secours(secret, crypto.fingerprint(totp.normal(code)))
    secret.totp_pas = pas
    return True


def _pas(context: Context, secret: m.SecretCompte, code: str) -> int | None:
    try:
        clair = context.cipher.open(secret.totp or "")
    except SealBroken:  # sealed under another key: the codes of a day without telephone still serve
        LOG.exception("second facteur illisible sous cette clé : compte %s", secret.compte_id)
        return None
    return totp.step_of(clair, code, context.machine(), after=secret.totp_pas)


def empreintes(codes: list[str]) -> list[bytes]:
    """Out: what is kept of codes; they are random: a plain hash is enough."""
    return [crypto.fingerprint(code) for code in codes]
