"""The one reading outside the reading door: which viewer a token stands for. It is asked before anybody is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, literal, or_, select
from sqlalchemy import DateTime as Moment
from sqlalchemy.dialects.postgresql import asyncpg as driver

from app import models as m
from app.domain.partenaires import PRECISION_USAGE
from app.kit.clock import Clock
from app.models.comptes import Droit, EtatAffiliation, EtatCompte
from app.policies.viewer import REFERENT, Viewer

from .viewer import Lookup

Served: TypeAlias = Callable[[int, datetime], Awaitable[None]]
EMPREINTE = bindparam("empreinte", type_=m.Jeton.empreinte.type)
MAINTENANT = bindparam("maintenant", type_=Moment(timezone=True))


class Pool(Protocol):
    """What is needed of asyncpg's pool."""

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """Out: the first row, or None."""


def lookup(pool: Pool, clock: Clock, served: Served | None = None) -> Lookup:
    """In: the reading pool, the clock, what notes that the key of a program serves (once an hour).

    Out: what finds the living viewer of a fingerprint, in one indexed SELECT.
    """
    compiled = statement().compile(dialect=driver.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    sql, names = compiled.string, compiled.positiontup or []

    async def found(empreinte: bytes) -> Viewer | None:
        now: datetime = clock()
        given = {**compiled.params, "empreinte": empreinte, "maintenant": now}
        row = await pool.fetchrow(sql, *(given[name] for name in names))
        if row is None:
            return None
        values = dict(row)
        seen: datetime | None = values.pop("vu_le")
        viewer = Viewer(**values)
        if served and viewer.is_program and (seen is None or now - seen >= PRECISION_USAGE):
            await served(viewer.jeton_id, now)
        return viewer

    return found


def statement() -> Select[int, str, int, int | None, int, int | None, datetime | None]:
    """Out: the SELECT of a viewer: token, account, affiliation and partner account all alive (R-018, C-29)."""
    jeton, affiliation, accorde = m.Jeton, m.Affiliation, m.DroitAccorde
    droit = func.coalesce(accorde.droit, literal(Droit.BENEFICIAIRE.value))
    profil = func.concat(droit, case((affiliation.est_referent, literal(REFERENT)), else_=literal("")))
    return (
        select(
            jeton.compte_id,
            func.coalesce(jeton.portee, profil).label("profil"),
            affiliation.structure_id,
            jeton.affiliation_id,
            jeton.id.label("jeton_id"),
            jeton.droit_accorde_id,
            jeton.vu_le,
        )
        .join(m.Compte, m.Compte.id == jeton.compte_id)
        .outerjoin(affiliation, affiliation.id == jeton.affiliation_id)
        .outerjoin(accorde, accorde.id == jeton.droit_accorde_id)
        .where(jeton.empreinte == EMPREINTE, jeton.revoque_le.is_(None), jeton.expire_le > MAINTENANT)
        .where(m.Compte.etat == EtatCompte.ACTIF, or_(_alone(), _of_structure(), _of_machine()))
    )


def _alone() -> ColumnElement[bool]:
    """A person without a structure: the profile of a beneficiary."""
    jeton = m.Jeton
    return jeton.affiliation_id.is_(None) & jeton.droit_accorde_id.is_(None) & jeton.portee.is_(None)


def _of_structure() -> ColumnElement[bool]:
    """A person of a structure that still has her, with a droit of that very affiliation."""
    return (
        m.Jeton.portee.is_(None)
        & (m.Affiliation.etat == EtatAffiliation.ACCEPTEE)
        & (m.Affiliation.compte_id == m.Jeton.compte_id)
        & (m.DroitAccorde.affiliation_id == m.Affiliation.id)
    )


def _of_machine() -> ColumnElement[bool]:
    """A partner's program, for a scope that it still has."""
    machine = m.CompteMachine
    return exists().where(
        machine.compte_id == m.Jeton.compte_id,
        machine.revoque_le.is_(None),
        m.Jeton.portee == func.any(machine.portees),
    )
