"""Acts that ask for the password again: a token alone does not change what opens an account."""

from __future__ import annotations

from collections.abc import Callable

from app import models as m
from app.domain import connexions as d
from app.domain.empechements import Empeche, Empechement
from app.domain.seconds_facteurs import CodeIncorrect
from app.kit import crypto
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Viewer
from app.resolvers.verbs import EmpecheEtNote
from app.writing import Writing

SES_JETONS = all_of([Compare(("compte_id",), "=", Ref("compte")), Compare(("revoque_le",), "=", None)])


async def prouve(
    tx: Writing, mot_de_passe: str, chemin: str, facteur: Callable[[m.SecretCompte], bool] | None = None
) -> tuple[m.Compte, m.SecretCompte]:
    """Out: the account that asks and its secret, locked, once its password is proven, and its second factor if asked.

    A failure of either counts as at sign-in.
    """
    compte = await tx.take(m.Compte, tx.moi, pour="modifier")
    secret = tx.part(compte, await tx.hold(m.SecretCompte, compte.id))
    juste = await crypto.password_matches(secret.mot_de_passe, mot_de_passe)
    if d.est_verrouille(secret, tx.maintenant):
        raise Empeche([d.IdentifiantsRefuses(chemin)])
    if not juste:
        raise manque(tx, secret, d.IdentifiantsRefuses(chemin))
    if facteur is not None and not facteur(secret):
        raise manque(tx, secret, CodeIncorrect("code"))
    d.noter_succes(secret)
    return compte, secret


def manque(tx: Writing, secret: m.SecretCompte, pourquoi: Empechement) -> EmpecheEtNote:
    """Count a failure, of the password or of the code: both are guessed. Out: the refusal."""
    d.noter_echec(secret, tx.maintenant)
    return EmpecheEtNote([pourquoi])


async def revoquer_les_jetons(tx: Writing, compte: m.Compte, *, sauf_le_mien: bool) -> None:
    """Revoke the tokens of an account. Its secret is held, and so no token is made meanwhile."""
    mien = tx.viewer.jeton_id if sauf_le_mien and isinstance(tx.viewer, Viewer) else None
    for jeton in await tx.know(m.Jeton, SES_JETONS, compte=compte.id):
        if jeton.id != mien:
            tx.part(compte, jeton).revoque_le = tx.maintenant
