"""Second factors: put in place, used, taken away (the CNIL asks for one where many people are within reach)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.models import SecretCompte

from .empechements import Empeche, Empechement
from .faits import FaitMetier


class CodeIncorrect(Empechement):
    """Ce code n'est pas celui du moment, ou a déjà servi : attendez le suivant, puis réessayez."""


class SecondFacteurAbsent(Empechement):
    """Aucun second facteur n'attend d'être confirmé : commencez par l'activer."""


@dataclass(frozen=True)
class SecondFacteurActive(FaitMetier):
    """An account asks for six digits from now on."""

    compte_concerne_id: int


@dataclass(frozen=True)
class SecondFacteurRetire(SecondFacteurActive):
    """An account asks for a password only."""


@dataclass(frozen=True)
class CodesSecoursRenouveles(SecondFacteurActive):
    """The codes of a day without telephone were made again; the former ones are worth nothing."""


def confirmer(secret: SecretCompte, pas: int, codes: Sequence[bytes]) -> SecondFacteurActive:
    """The factor that was proposed is the account's. In: the step of the code that proved it, fingerprints of codes."""
    secret.totp, secret.totp_propose, secret.totp_pas = secret.totp_propose, None, pas
    secret.codes_secours = list(codes)
    return SecondFacteurActive(secret.compte_id)


def propose(secret: SecretCompte) -> str:
    """Out: the factor that waits, sealed. Raises Empeche without one."""
    if secret.totp_propose is None:
        raise Empeche([SecondFacteurAbsent("code")])
    return secret.totp_propose


def retirer(secret: SecretCompte) -> SecondFacteurRetire:
    """Take it away, with its codes."""
    secret.totp = secret.totp_propose = secret.totp_pas = None
    secret.codes_secours = []
    return SecondFacteurRetire(secret.compte_id)


def renouveler(secret: SecretCompte, codes: Sequence[bytes]) -> CodesSecoursRenouveles:
    """Give other codes."""
    secret.codes_secours = list(codes)
    return CodesSecoursRenouveles(secret.compte_id)


def utiliser_code_secours(secret: SecretCompte, empreinte: bytes) -> bool:
    """True if this is the fingerprint of a code that remains; it serves no more."""
    restent = [code for code in secret.codes_secours if code != empreinte]
    trouve = len(restent) < len(secret.codes_secours)
    if trouve:
        secret.codes_secours = restent
    return trouve
