"""Signing in, signing out, choosing a profile: what changes is the token."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.domain import connexions as d
from app.domain import delegations
from app.domain.comptes import normaliser_courriel
from app.domain.empechements import Empeche, Interdit, NonTrouve
from app.kit import crypto
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Viewer
from app.reading.fields import courant
from app.reading.formats import decode_id
from app.resolvers.liens import LE_BENEFICIAIRE
from app.resolvers.seconds_facteurs import second_facteur
from app.resolvers.verbs import Context, Info, Written, cle, faire, repondre, verbe
from app.schema.empechements import Empechement
from app.schema.moi import Moi
from app.writing import Writing

CE_COURRIEL = Compare(("courriel",), "=", Ref("courriel"))
SON_SECRET = Compare(("compte_id",), "=", Ref("compte"))
MEMBRE = all_of(
    [
        Compare(("compte_id",), "=", Ref("compte")),
        Compare(("structure_id",), "=", Ref("structure")),
        Compare(("etat",), "=", "acceptee"),
    ]
)


@strawberry.type
class MoiQuery:
    """Who asks."""

    moi: Moi | None = courant(m.Compte, "Vous, si vous êtes connecté ; nul sinon.", valeur="moi")


@strawberry.type(description="Un jeton à présenter dans l'en-tête Authorization, ou ce qui l'empêche.")
class ConnexionPayload:
    """The answer of whatever gives a token."""

    jeton: str | None = strawberry.field(description="Le jeton, montré cette seule fois.")
    expire_le: dt.datetime | None = strawberry.field(description="Jusqu'à quand il vaut.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="La fin d'une connexion.")
class DeconnexionPayload:
    """The answer of signing out."""

    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type
class ConnexionMutation:
    """The acts about tokens."""

    @verbe("Se connecter. Le jeton agit sous un premier profil ; « choisirProfil » en donne un autre.")
    async def connexion(
        self, info: Info, email: str, mot_de_passe: str, code: str | None = None
    ) -> ConnexionPayload:
        """Sign in: a token, or one refusal that does not tell whether the account exists."""
        context = info.context
        jeton = await connecte(context, email, mot_de_passe, code)
        await context.prouve(jeton is not None)
        if jeton is None:
            return await refuser(info, Empeche([d.IdentifiantsRefuses()]))
        return await repondre(
            info, {}, jeton=jeton, expire_le=context.moment + d.DUREE_JETON, empechements=[]
        )

    @verbe("Se déconnecter : le jeton présenté ne vaut plus rien.")
    async def deconnexion(self, info: Info) -> DeconnexionPayload:
        """Sign out."""

        async def acte(tx: Writing) -> Written:
            if not isinstance(tx.viewer, Viewer):
                raise Empeche([Interdit()])
            jeton = await tx.hold(m.Jeton, tx.viewer.jeton_id)
            jeton.revoque_le = tx.maintenant
            return {}

        return await faire(info, acte, sans_decision="deconnexion")

    @verbe(
        "Prendre un autre de ses profils, ou un rôle prêté (« Delegation ») : un nouveau jeton, qui n'agit que sous"
        " celui-là."
    )
    async def choisir_profil(self, info: Info, profil: strawberry.ID) -> ConnexionPayload:
        """Choose a profile: a new token, bound to it (R-018)."""
        context = info.context
        texte = crypto.new_token()
        prendre = prendre_le_role if decode_id(profil)[0] == "Delegation" else prendre_le_profil
        try:
            async with context.writer.writing(context.viewer, context.moment) as tx:
                await tenir_les_jetons(tx)
                jeton = await tx.creer(m.Jeton, pour="creer", **await prendre(tx, texte, profil))
        except Empeche as refus:
            return await refuser(info, refus)
        return await repondre(info, {}, jeton=texte, expire_le=jeton.expire_le, empechements=[])


async def prendre_le_profil(tx: Writing, texte: str, profil: strawberry.ID) -> dict[str, object]:
    """Out: the columns of a token under one of one's own droits. Raises Empeche."""
    accorde = await tx.take(m.DroitAccorde, cle(profil, "Profil"), pour="choisir")
    return colonnes(tx, texte, accorde.compte_id, accorde)


async def prendre_le_role(tx: Writing, texte: str, profil: strawberry.ID) -> dict[str, object]:
    """Out: the columns of a token under a role that a colleague lent; it ends with the loan. Raises Empeche."""
    prete = await tx.take(m.Delegation, cle(profil, "Delegation"), pour="choisir")
    fin = delegations.prendre(prete, le=tx.maintenant)
    ici = await tx.know(m.Affiliation, MEMBRE, compte=prete.a_compte_id, structure=prete.structure_id)
    if not ici:
        raise Empeche([NonTrouve("profil")])
    propres = colonnes(tx, texte, prete.a_compte_id, None)
    return propres | {
        "affiliation_id": ici[0].id,
        "delegation_id": prete.id,
        "expire_le": min(fin, tx.maintenant + d.DUREE_JETON),
    }


async def tenir_les_jetons(tx: Writing) -> None:
    """Wait for whoever revokes the tokens of the account: none is made from one that has just died. Raises Empeche."""
    if isinstance(tx.viewer, Viewer):
        await tx.hold(m.SecretCompte, tx.viewer.compte_id)
        jeton = await tx.hold(m.Jeton, tx.viewer.jeton_id)
        if jeton.revoque_le is not None:
            raise Empeche([Interdit()])


async def refuser(info: Info, refus: Empeche) -> ConnexionPayload:
    """Out: the payload of a refusal."""
    empechements = [Empechement.of(e) for e in refus.empechements]
    found: ConnexionPayload = await repondre(info, {}, jeton=None, expire_le=None, empechements=empechements)
    return found


async def connecte(context: Context, courriel: str, mot_de_passe: str, code: str | None) -> str | None:
    """Out: a new token of the account that these words prove, or None.

    One hash is verified whatever happens (no oracle), and before any row is locked: attempts on one account do not
    wait for each other, nor hold connexions. What is proven then is asked again under the lock.
    """
    compte, garde = await connu(context, courriel)
    juste = await crypto.password_matches(garde, mot_de_passe)
    async with context.writer.writing(context.viewer, context.moment, sans_decision="connexion") as tx:
        secret = await secret_de(tx, compte)
        if compte is None or not prouve_au_complet(context, tx, secret, garde, juste, code):
            return None
        return await jeton_de(tx, compte)


def prouve_au_complet(
    context: Context,
    tx: Writing,
    secret: m.SecretCompte | None,
    garde: str | None,
    juste: bool,
    code: str | None,
) -> bool:
    """True if what was proven still is, under the lock, and the second factor with it; a failure is counted."""
    if secret is None or secret.mot_de_passe != garde or d.est_verrouille(secret, tx.maintenant):
        return False
    if not (juste and second_facteur(context, secret, code)):
        d.noter_echec(secret, tx.maintenant)
        return False
    d.noter_succes(secret)
    return True


async def connu(context: Context, courriel: str) -> tuple[m.Compte | None, str | None]:
    """Out: the account of this address, if it may sign in, and what is kept of its password."""
    async with context.writer.knowing(context.moment) as tx:
        comptes = await tx.know(m.Compte, CE_COURRIEL, courriel=normaliser_courriel(courriel))
        compte = comptes[0] if comptes and d.peut_se_connecter(comptes[0]) else None
        secrets = await tx.know(m.SecretCompte, SON_SECRET, compte=compte.id if compte else 0)
    return compte, secrets[0].mot_de_passe if secrets else None


async def secret_de(tx: Writing, compte: m.Compte | None) -> m.SecretCompte | None:
    """Out: what proves the account, locked; None, after as many statements, where there is nothing to prove."""
    try:
        return await tx.hold(m.SecretCompte, compte.id if compte else 0)
    except Empeche:
        return None


async def jeton_de(tx: Writing, compte: m.Compte) -> str:
    """Out: a new token under the first profile that the account may take; a beneficiary's without structure else."""
    choisissables = tx.writer.policy.condition(LE_BENEFICIAIRE, "choisir", m.DroitAccorde)
    droits = await tx.know(m.DroitAccorde, choisissables, moi=compte.id)
    droits.sort(key=lambda accorde: (accorde.famille == "beneficiaire", accorde.id))
    texte = crypto.new_token()
    tx.part(compte, m.Jeton(**colonnes(tx, texte, compte.id, droits[0] if droits else None)))
    return texte


def colonnes(tx: Writing, texte: str, compte_id: int, accorde: m.DroitAccorde | None) -> dict[str, object]:
    """Out: the columns of a new token; only its fingerprint is kept."""
    return {
        "empreinte": crypto.fingerprint(texte),
        "compte_id": compte_id,
        "affiliation_id": accorde.affiliation_id if accorde else None,
        "droit_accorde_id": accorde.id if accorde else None,
        "cree_le": tx.maintenant,
        "expire_le": tx.maintenant + d.DUREE_JETON,
    }
