"""Signing in through an identity provider: whose account an identity is, and what is refused (OpenID Connect).

A provider says who somebody is; it never says what they may do here. No droit comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.kit.conditions import Compare, Ref
from app.models import Compte, IdentiteExterne, PassageExterne, SecretCompte

from .comptes import est_courriel, normaliser_courriel
from .connexions import est_verrouille, peut_se_connecter
from .empechements import Empeche, Empechement
from .faits import FaitMetier

DUREE_DEMANDE = timedelta(minutes=10)  # to sign in at the provider, and come back
DUREE_PASSAGE = timedelta(minutes=10)  # to link an account, whose password must be found first
OUBLI_PASSAGE = timedelta(days=1)
PASSAGES_FINIS = Compare(("expire_le",), "<", Ref("avant"))


class PassageInvalide(Empechement):
    """Cette connexion n'est pas valable, a déjà servi ou a trop attendu : recommencez-la."""


class IdentiteNonReliee(Empechement):
    """Cette identité n'est reliée à aucun compte : donnez une fois votre mot de passe, ou demandez un compte."""


class IdentiteDejaReliee(Empechement):
    """Cette identité est déjà reliée à un compte."""


class CodeAttendu(Empechement):
    """Ce compte demande aussi son code à six chiffres."""


class CompteVerrouille(Empechement):
    """Trop d'essais manqués : ce compte est verrouillé un moment. Un nouveau mot de passe le déverrouille aussitôt."""


@dataclass(frozen=True)
class IdentiteReliee(FaitMetier):
    """An account may be opened by an identity provider from now on."""

    compte_concerne_id: int


@dataclass(frozen=True)
class IdentitesDeliees(IdentiteReliee):
    """An account is no longer opened by any identity provider."""


def verifier_passage(passage: PassageExterne, *, prouve: bool, le: datetime) -> None:
    """A passage serves once, in time, in the browser that asked for it. Raises Empeche, which says no more than that."""
    if not prouve or passage.utilise_le is not None or passage.expire_le <= le:
        raise Empeche([PassageInvalide("passage")])


def courriel_prouve(personne: dict[str, Any]) -> str | None:
    """Out: the address that the provider has verified, as the house writes it; None without one.

    An address that looks like another is none: only ASCII links an account, before anything is normalised.
    """
    courriel = personne["courriel"]
    if personne["courriel_verifie"] and est_courriel(courriel):
        return normaliser_courriel(courriel)
    return None


def a_relier(compte: Compte | None, siennes: Sequence[IdentiteExterne], emetteur: str) -> Compte:
    """Out: the account of a verified address, if it may be linked at sight. Raises Empeche.

    One that this provider knows already under another subject is not: an address may have been given to somebody else.
    """
    if compte is None or not peut_se_connecter(compte) or any(i.emetteur == emetteur for i in siennes):
        raise Empeche([IdentiteNonReliee()])
    return compte


def verifier_ouvert(secret: SecretCompte, *, le: datetime, code: str | None) -> None:
    """A locked account is locked whichever way one comes; its second factor is asked for, whatever a provider proved."""
    if est_verrouille(secret, le):
        raise Empeche([CompteVerrouille()])
    if secret.totp is not None and not code:
        raise Empeche([CodeAttendu("code")])
