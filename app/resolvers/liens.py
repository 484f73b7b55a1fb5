"""Links sent by e-mail: made, and followed. A link stands for its account, as a password does."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from app import models as m
from app.domain import comptes as d
from app.domain.empechements import Empeche
from app.kit.cipher import Cipher, number_of
from app.kit.conditions import Compare, Ref
from app.models import UsageLien
from app.policies.viewer import Viewer
from app.resolvers.courriels import annoncer
from app.resolvers.verbs import Info, Written, faire
from app.writing import Writing

Suite: TypeAlias = Callable[[Writing, m.Compte, m.LienCourriel], Awaitable[None]]
GABARITS = {
    UsageLien.CONFIRMER_COMPTE: "confirmation_courriel",
    UsageLien.CHANGER_MOT_DE_PASSE: "mot_de_passe_oublie",
    UsageLien.QUITTER_ADRESSE: "adresse_a_quitter",
    UsageLien.PRENDRE_ADRESSE: "adresse_a_prendre",
}
LE_LIEN = Compare(("id",), "=", Ref("lien"))
SES_LIENS = Compare(("compte_id",), "=", Ref("compte"))
LE_BENEFICIAIRE = m.Droit.BENEFICIAIRE.value  # as whom an account acts that has chosen no profile


async def envoyer_lien(tx: Writing, compte: m.Compte, usage: UsageLien, **contenu: Any) -> None:
    """Make a link and have it sent; nothing at all, and not a word, when the account was sent too many."""
    recents = await liens_de(tx, compte.id)
    if d.trop_de_liens(recents, le=tx.maintenant):
        return
    lien = m.LienCourriel(
        compte_id=compte.id,
        usage=usage,
        sel=secrets.token_bytes(16),
        contenu=contenu,
        cree_le=tx.maintenant,
        expire_le=tx.maintenant + d.DUREES[usage],
    )
    tx.part(compte, lien)
    await tx.ecrire()
    await annoncer(tx, GABARITS[usage], compte.id, lien_id=lien.id)


async def liens_de(tx: Writing, compte_id: int) -> list[m.LienCourriel]:
    """Out: the links of an account."""
    return await tx.know(m.LienCourriel, SES_LIENS, compte=compte_id)


async def suivre(info: Info, jeton: str, usages: tuple[UsageLien, ...], suite: Suite, **options: Any) -> Any:
    """Follow a link: once, in time, as its account. Out: the payload; LIEN_INVALIDE for anything else."""
    connu = await lien_de(info, jeton)
    if connu is None:
        return await faire(info, _refuse, sans_decision="lien", **options)

    async def acte(tx: Writing) -> Written:
        compte = await tx.take(m.Compte, connu.compte_id, pour="modifier")  # one link of an account at a time
        lien = tx.part(compte, await tx.hold(m.LienCourriel, connu.id))
        d.utiliser(lien, usages, le=tx.maintenant)
        await suite(tx, compte, lien)
        return {m.Compte: compte.id}

    par = Viewer(connu.compte_id, LE_BENEFICIAIRE, None, None, 0)
    return await faire(info, acte, par=par, **options)


async def _refuse(tx: Writing) -> Written:
    raise Empeche([d.LienInvalide("jeton")])


async def lien_de(info: Info, jeton: str) -> m.LienCourriel | None:
    """Out: the link that a word proves, whether or not it still serves; None for a word that proves nothing."""
    context, key = info.context, number_of(jeton)
    if key is None:
        return None
    async with context.writer.knowing(context.moment) as tx:
        trouves = await tx.know(m.LienCourriel, LE_LIEN, lien=key)
    return trouves[0] if trouves and _prouve(context.cipher, jeton, trouves[0]) else None


def _prouve(cipher: Cipher, jeton: str, lien: m.LienCourriel) -> bool:
    return cipher.proves(jeton, lien.id, lien.sel)
