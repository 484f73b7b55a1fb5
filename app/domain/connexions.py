"""Signing in: what is refused, for how long an account is locked, and how long a token lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kit.conditions import Compare, Ref, any_of
from app.models import Compte, EtatCompte, NatureCompte, SecretCompte

from .empechements import Empechement

ECHECS_PERMIS = 10  # CNIL: an account locks after ten failures at most (SAN-2026-003, passwords 2022)
PREMIER_VERROU = timedelta(minutes=15)
PLUS_LONG_VERROU = timedelta(hours=24)
PREMIERE_ATTENTE = timedelta(
    seconds=30
)  # of an address, from the same number of failures on; an office is one
PLUS_LONGUE_ATTENTE = timedelta(minutes=15)
DUREE_JETON = timedelta(hours=12)  # a working day; the front-end signs in again the next morning


OUBLI = timedelta(
    days=30
)  # what is over is kept a month, for who asks when somebody signed in; then forgotten
FINIS = any_of([Compare(("expire_le",), "<", Ref("avant")), Compare(("revoque_le",), "<", Ref("avant"))])
"""The tokens that have been worth nothing since a moment."""
LIENS_FINIS = Compare(("expire_le",), "<", Ref("avant"))


class IdentifiantsRefuses(Empechement):
    """Adresse e-mail, mot de passe ou code incorrects. Après dix essais manqués, le compte se verrouille un moment."""


class ProfilIndisponible(Empechement):
    """Ce profil n'est pas, ou n'est plus, un des vôtres."""

    regle = "R-018"


def est_verrouille(secret: SecretCompte, le: datetime) -> bool:
    """True while the account is locked."""
    return secret.verrouille_jusqu_au is not None and le < secret.verrouille_jusqu_au


def noter_echec(secret: SecretCompte, le: datetime) -> None:
    """Count a failure; from the tenth on, lock, twice as long each time."""
    secret.nb_echecs += 1
    if secret.nb_echecs >= ECHECS_PERMIS:
        fois = secret.nb_echecs - ECHECS_PERMIS
        secret.verrouille_jusqu_au = le + min(PREMIER_VERROU * 2 ** min(fois, 10), PLUS_LONG_VERROU)


def noter_succes(secret: SecretCompte) -> None:
    """Forget the failures."""
    secret.nb_echecs, secret.verrouille_jusqu_au = 0, None


def peut_se_connecter(compte: Compte) -> bool:
    """True for the account of a person, whose e-mail is confirmed; a partner's program has a key instead."""
    return compte.etat is EtatCompte.ACTIF and compte.nature is NatureCompte.PERSONNE
