"""Partners' programs: what each may do, and the keys that prove it (C-32).

A key serves one scope, until a day that is known when it is given. It is renewed before: for a while both serve, so
that nobody has to change a setting and press a button in the same second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.models import Compte, CompteMachine, EtatCompte, Jeton, NatureCompte, Portee

from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier
from .formulaires import RACINE, Champ, ChampObligatoire, FormatInvalide, verifier_champs
from .textes import nettoyer

JOURS_AU_PLUS = 366  # a key that nobody renews in a year is a key that nobody watches
RECOUVREMENT_AU_PLUS = 30
LIBELLE = Champ("libelle", 100, obligatoire=True)
ANNONCES = (7, 30)  # days before the end of a key, when the gestionnaires are told
PRECISION_USAGE = timedelta(hours=1)  # what is shown of the last use, and how often it is written at most


class PorteeNonAccordee(Empechement):
    """Cette portée n'est pas accordée à ce partenaire : changez ses portées d'abord."""

    regle = "C-32"


class PartenaireRevoque(Empechement):
    """Ce partenaire est révoqué : il ne reçoit plus de clé."""

    regle = "C-32"


class CleTerminee(Empechement):
    """Cette clé est expirée ou révoquée : donnez-en une autre."""

    regle = "C-32"


@dataclass(frozen=True)
class PartenaireCree(FaitMetier):
    """A gestionnaire made the account of a program (C-32)."""

    compte_concerne_id: int
    portees: tuple[str, ...]


@dataclass(frozen=True)
class PorteesChangees(PartenaireCree):
    """What a program may do was changed (C-32)."""


@dataclass(frozen=True)
class PartenaireFerme(FaitMetier):
    """A program has no access any more (C-32)."""

    compte_concerne_id: int


@dataclass(frozen=True)
class CleDonnee(FaitMetier):
    """A program was given a key (C-32)."""

    compte_concerne_id: int
    jeton: int
    portee: str


@dataclass(frozen=True)
class CleRenouvelee(CleDonnee):
    """A key was given to take the place of another, which serves a while more (C-32)."""

    remplace: int


@dataclass(frozen=True)
class CleRevoquee(CleDonnee):
    """A key serves no more (C-32)."""


def nouveau_compte(libelle: str | None, courriel: str, *, le: datetime) -> dict[str, Any]:
    """Out: the columns of the account of a program, which nobody signs in to. Raises Empeche."""
    propre = nettoyer(libelle)
    refuser(*verifier_champs((LIBELLE,), {"libelle": propre}, complet=True))
    nature, etat = NatureCompte.MACHINE, EtatCompte.ACTIF
    return {
        "courriel": courriel,
        "nom": propre,
        "prenom": "",
        "nature": nature,
        "etat": etat,
        "cree_le": le,
    }


def nouveau_partenaire(
    compte: Compte, portees: Iterable[Portee], *, par: int, le: datetime
) -> dict[str, Any]:
    """Out: the columns of what a program is granted. Raises Empeche without a scope."""
    mots = verifier_portees(portees)
    return {"compte_id": compte.id, "libelle": compte.nom, "portees": mots, "cree_par_id": par, "cree_le": le}


def verifier_portees(portees: Iterable[Portee]) -> list[str]:
    """Out: the scopes, each once, in order. Raises Empeche without one."""
    mots = sorted({str(portee) for portee in portees})
    if not mots:
        raise Empeche([ChampObligatoire(RACINE, "portees")])
    return mots


def changer_portees(partenaire: CompteMachine, portees: Iterable[Portee]) -> PorteesChangees:
    """Give a program these scopes, and no other: a key of one that it has no more is worth nothing (C-32)."""
    verifier_vivant(partenaire)
    partenaire.portees = verifier_portees(portees)
    return PorteesChangees(partenaire.compte_id, tuple(partenaire.portees))


def cree(partenaire: CompteMachine) -> PartenaireCree:
    """Out: the fact of a new program."""
    return PartenaireCree(partenaire.compte_id, tuple(partenaire.portees))


def fermer(partenaire: CompteMachine, *, le: datetime) -> PartenaireFerme:
    """Take everything back from a program: none of its keys serves. Raises Empeche if that is done."""
    verifier_vivant(partenaire)
    partenaire.revoque_le = le
    return PartenaireFerme(partenaire.compte_id)


def verifier_vivant(partenaire: CompteMachine) -> None:
    """Raise Empeche for a program that has no access any more."""
    if partenaire.revoque_le is not None:
        raise Empeche([PartenaireRevoque("partenaire")])


# --- keys ---------------------------------------------------------------------------------------------------------


def nouvelle_cle(partenaire: CompteMachine, portee: str, jours: int, *, le: datetime) -> dict[str, Any]:
    """Out: the columns of a key, but for what proves it. Raises Empeche."""
    verifier_vivant(partenaire)
    if portee not in partenaire.portees:
        raise Empeche([PorteeNonAccordee("portee")])
    duree = en_jours(jours, JOURS_AU_PLUS, "jours")
    return {
        "compte_id": partenaire.compte_id,
        "portee": str(portee),
        "cree_le": le,
        "expire_le": le + duree,
    }


def en_jours(jours: int, au_plus: int, chemin: str, au_moins: int = 1) -> timedelta:
    """Out: so many days. Raises Empeche for a number out of reason."""
    if not au_moins <= jours <= au_plus:
        raise Empeche([FormatInvalide(chemin, attendu=f"de {au_moins} à {au_plus} jours")])
    return timedelta(days=jours)


def est_terminee(cle: Jeton, le: datetime) -> bool:
    """True for a key that proves nothing any more."""
    return cle.revoque_le is not None or cle.expire_le <= le


def annonce(cle: Jeton, autres: Iterable[Jeton], *, le: datetime) -> int | None:
    """Out: of how many days' notice the end of a key is due, None for none.

    Not of a key that was given for less than that, nor of one that another of the same scope outlives.
    """
    if est_terminee(cle, le) or any(autre.expire_le > cle.expire_le for autre in autres):
        return None
    vecue, reste = cle.expire_le - cle.cree_le, cle.expire_le - le
    return next((jours for jours in ANNONCES if reste <= timedelta(days=jours) < vecue), None)


def remplacer(cle: Jeton, recouvrement: int, *, le: datetime) -> None:
    """Let a key serve these days more, never longer than it would have. Raises Empeche for one that is over."""
    reste = en_jours(recouvrement, RECOUVREMENT_AU_PLUS, "recouvrement", au_moins=0)
    if est_terminee(cle, le):
        raise Empeche([CleTerminee("cle")])
    cle.expire_le = min(cle.expire_le, le + reste)


def revoquer(cle: Jeton, *, le: datetime) -> CleRevoquee:
    """End a key, now. Raises Empeche for one that is over."""
    if est_terminee(cle, le):
        raise Empeche([CleTerminee("cle")])
    cle.revoque_le = le
    return CleRevoquee(cle.compte_id, cle.id, str(cle.portee))


def donnee(cle: Jeton) -> CleDonnee:
    """Out: the fact of a key."""
    return CleDonnee(cle.compte_id, cle.id, str(cle.portee))


def renouvelee(cle: Jeton, ancienne: Jeton) -> CleRenouvelee:
    """Out: the fact of a key that takes the place of another."""
    return CleRenouvelee(cle.compte_id, cle.id, str(cle.portee), ancienne.id)
