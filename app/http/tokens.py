"""The one reading outside the reading door: which viewer a token stands for. It is asked before anybody is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy import DateTime as Moment
from sqlalchemy.dialects.postgresql import asyncpg as driver

from app import models as m
from app.domain.partenaires import PRECISION_USAGE
from app.kit.clock import Clock, paris_day
from app.models.comptes import Droit, EtatAffiliation, EtatCompte
from app.policies.viewer import PRETES, REFERENT, Viewer

from .viewer import Lookup

Served: TypeAlias = Callable[[int, datetime], Awaitable[None]]
EMPREINTE = bindparam("empreinte", type_=m.Jeton.empreinte.type)
MAINTENANT = bindparam("maintenant", type_=Moment(timezone=True))
AUJOURD_HUI = bindparam("aujourd_hui", type_=Date())


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
        given = {**compiled.params, "empreinte": empreinte, "maintenant": now, "aujourd_hui": paris_day(now)}
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


def statement() -> Select[*tuple[Any, ...]]:
    """Out: the SELECT of a viewer: token, account, affiliation, loan and partner account all alive (R-018, C-29)."""
    jeton, affiliation, accorde, prete = m.Jeton, m.Affiliation, m.DroitAccorde, m.Delegation
    droit = func.coalesce(accorde.droit, literal(Droit.BENEFICIAIRE.value))
    profil = func.concat(droit, case((affiliation.est_referent, literal(REFERENT)), else_=literal("")))
    return (
        select(
            jeton.compte_id,
            func.coalesce(jeton.portee, case(PRETES, value=prete.role), profil).label("profil"),
            affiliation.structure_id,
            jeton.affiliation_id,
            jeton.id.label("jeton_id"),
            jeton.droit_accorde_id,
            jeton.vu_le,
            jeton.delegation_id,
            prete.de_compte_id.label("pour_compte_id"),
        )
        .join(m.Compte, m.Compte.id == jeton.compte_id)
        .outerjoin(affiliation, affiliation.id == jeton.affiliation_id)
        .outerjoin(accorde, accorde.id == jeton.droit_accorde_id)
        .outerjoin(prete, prete.id == jeton.delegation_id)
        .where(jeton.empreinte == EMPREINTE, jeton.revoque_le.is_(None), jeton.expire_le > MAINTENANT)
        .where(m.Compte.etat == EtatCompte.ACTIF, or_(_alone(), _of_structure(), _of_loan(), _of_machine()))
    )


def _alone() -> ColumnElement[bool]:
    """A person without a structure: the profile of a beneficiary."""
    jeton = m.Jeton
    tied = (jeton.affiliation_id, jeton.droit_accorde_id, jeton.delegation_id, jeton.portee)
    return and_(*(column.is_(None) for column in tied))


def _of_structure() -> ColumnElement[bool]:
    """A person of a structure that still has her, with a droit of that very affiliation."""
    return (
        m.Jeton.portee.is_(None)
        & (m.Affiliation.etat == EtatAffiliation.ACCEPTEE)
        & (m.Affiliation.compte_id == m.Jeton.compte_id)
        & (m.DroitAccorde.affiliation_id == m.Affiliation.id)
    )


def _of_loan() -> ColumnElement[bool]:
    """A person under a role that a colleague lent: in its days, not taken back, and still the colleague's to lend."""
    prete = m.Delegation
    return and_(
        m.Jeton.portee.is_(None),
        m.Affiliation.etat == EtatAffiliation.ACCEPTEE,
        m.Affiliation.compte_id == m.Jeton.compte_id,
        m.Affiliation.structure_id == prete.structure_id,
        prete.a_compte_id == m.Jeton.compte_id,
        prete.est_tenue,
        prete.revoquee_le.is_(None),
        AUJOURD_HUI.between(prete.du, prete.au),
    )


def _of_machine() -> ColumnElement[bool]:
    """A partner's program, for a scope that it still has."""
    machine = m.CompteMachine
    return exists().where(
        machine.compte_id == m.Jeton.compte_id,
        machine.revoque_le.is_(None),
        m.Jeton.portee == func.any(machine.portees),
    )
