"""Roles lent to a colleague, from a day to a day (R-019, R-040): who may lend is the policy's; when is here.

The loan dies by itself: at the end of its last day in Paris, when it is taken back, and when who lends loses the role
or who borrows leaves the structure (the base keeps that, `est_tenue`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.models import Affiliation, Delegation, RoleDelegue

from .calendrier import fin_de_delai, jour_de_paris
from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier

DUREE_MAX = timedelta(days=366)  # a role that somebody needs longer is given, not lent


class PretASoiMeme(Empechement):
    """Un rôle ne se prête qu'à quelqu'un d'autre."""


class DatesDePret(Empechement):
    """Un prêt commence aujourd'hui ou plus tard, finit le même jour ou après, et dure un an au plus."""


class PretExistant(Empechement):
    """Ce rôle est déjà prêté à cette personne pendant une partie de ces jours."""


class PretPasEnCours(Empechement):
    """Ce rôle est prêté du {du} au {au} inclus : il ne se prend que ces jours-là."""


@dataclass(frozen=True)
class RolePrete(FaitMetier):
    """A role was lent to a colleague."""

    compte_concerne_id: int
    structure_concernee_id: int
    role: str
    du: date
    au: date


@dataclass(frozen=True)
class RoleRepris(FaitMetier):
    """A loan was ended before its last day."""

    compte_concerne_id: int
    structure_concernee_id: int
    role: str


def preter(
    a_qui: Affiliation,
    deja: Iterable[Delegation],
    role: RoleDelegue,
    du: date,
    au: date,
    *,
    par: int,
    le: datetime,
) -> dict[str, Any]:
    """The columns of a loan. In: the affiliation of who borrows, what was lent to it already. Raises Empeche."""
    refuser(*_problemes(a_qui, deja, role, du, au, par, jour_de_paris(le)))
    return {
        "structure_id": a_qui.structure_id,
        "de_compte_id": par,
        "a_compte_id": a_qui.compte_id,
        "role": role,
        "du": du,
        "au": au,
        "cree_le": le,
    }


def _problemes(
    a_qui: Affiliation,
    deja: Iterable[Delegation],
    role: RoleDelegue,
    du: date,
    au: date,
    par: int,
    jour: date,
) -> Iterable[Empechement]:
    if a_qui.compte_id == par:
        yield PretASoiMeme("affiliation")
    if du < jour or au < du or au - du >= DUREE_MAX:
        yield DatesDePret("du")
    meme = (d for d in deja if d.role is role and d.structure_id == a_qui.structure_id and _vit(d))
    if any(d.du <= au and du <= d.au for d in meme):
        yield PretExistant("affiliation")


def _vit(delegation: Delegation) -> bool:
    return delegation.est_tenue and delegation.revoquee_le is None


def pretee(delegation: Delegation) -> RolePrete:
    """Out: the fact of a loan."""
    d = delegation
    return RolePrete(d.a_compte_id, d.structure_id, str(d.role), d.du, d.au)


def prendre(delegation: Delegation, *, le: datetime) -> datetime:
    """Take the lent role as a profile. Out: the end of its last day. Raises Empeche out of its days."""
    if not delegation.du <= jour_de_paris(le) <= delegation.au:
        jours = {"du": f"{delegation.du:%d/%m/%Y}", "au": f"{delegation.au:%d/%m/%Y}"}
        raise Empeche([PretPasEnCours("profil", **jours)])
    return fin_de_delai(delegation.au, 0)


def reprendre(delegation: Delegation, *, le: datetime) -> RoleRepris | None:
    """End a loan. Out: the fact; None where it was ended already."""
    if delegation.revoquee_le is not None:
        return None
    delegation.revoquee_le = le
    return RoleRepris(delegation.a_compte_id, delegation.structure_id, str(delegation.role))
