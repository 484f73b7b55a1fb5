"""The writing door: what a mutation holds in its hand. Take, act, record; the answer is read after the commit.

One transaction, in which every row that is changed was either taken for a permission, created under one, or is
a part of such a row. A change of any other row, or a transaction in which nothing was decided, cannot commit.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlalchemy import ARRAY, Select, any_, bindparam, event, false, func, inspect, not_, select, text
from sqlalchemy import Sequence as Suite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Mapper, aliased, selectinload

from app import models as m
from app.domain.empechements import Empeche, Empechement, EtatIncompatible, Interdit, NonTrouve
from app.domain.faits import FaitMetier
from app.kit.conditions import Condition, decide
from app.policies.policy import Policy
from app.policies.predicate import Row, predicate
from app.policies.stateless import without_state
from app.policies.viewer import Anonymous, Asker, Viewer

M = TypeVar("M", bound=m.Base)
ANONYMOUS = Anonymous()
# The acts about what proves an account, and the only rows that each may write: no permission can be asked for them
SANS_DECISION: Mapping[str, frozenset[type[m.Base]]] = {
    "connexion": frozenset({m.Jeton, m.SecretCompte}),
    "deconnexion": frozenset({m.Jeton}),
    "usage": frozenset({m.Jeton}),
    "lien": frozenset({m.LienCourriel}),
}
NONE: frozenset[type[m.Base]] = frozenset()
DEJA_CONFIE = "procrastinate_jobs_queueing_lock_idx_v1"
CONFIER = text("""select (procrastinate_defer_jobs_v1(array[row(
  cast(:file as varchar), cast(:tache as varchar), 0, cast(:verrou as text), cast(:unique as text),
  cast(:args as jsonb), cast(:le as timestamptz))::procrastinate_job_to_defer_v1]))[1]""")
AVANCER = text("""select setval(cast(:suite as text)::regclass, :n)
  where :n > coalesce(pg_sequence_last_value(cast(:suite as text)::regclass), 0)""")


class UndecidedWrite(Exception):
    """A mutation tried to change what no permission was asked for. A fault of ours, never of the client."""


@dataclass
class Writer:
    """Opens transactions for viewers: one for the process."""

    engine: AsyncEngine
    policy: Policy
    contraintes: Mapping[str, Callable[[], Empechement]] = field(default_factory=dict)
    diffuses: frozenset[str] = frozenset()  # the facts that partners are told, by name
    _statements: dict[tuple[str, str, type], Taking] = field(default_factory=dict)

    @asynccontextmanager
    async def writing(
        self, viewer: Asker, maintenant: datetime, *, sans_decision: str | None = None
    ) -> AsyncIterator[Writing]:
        """One transaction. Commits at the end, rolls back on any exception.

        A refusal of the database that says a rule (a UNIQUE, a CHECK) comes back as the rule's empêchement.
        `sans_decision` names an act that needs no permission: one of `SANS_DECISION`.
        """
        if sans_decision not in {None, *SANS_DECISION}:
            raise UndecidedWrite(sans_decision)
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as db:
            tx = Writing(db, self, viewer, maintenant, exempt=SANS_DECISION.get(sans_decision or "", NONE))
            event.listen(db.sync_session, "before_flush", tx.only_decided_rows)
            try:
                yield tx
                tx.something_was_decided()
                await tx.diffuser()
                await db.commit()
            except IntegrityError as refusal:
                raise self.said_by_a_rule(refusal) from refusal

    @asynccontextmanager
    async def knowing(self, maintenant: datetime, viewer: Asker = ANONYMOUS) -> AsyncIterator[Writing]:
        """One transaction in which a command only learns what it must `know` before it acts: nothing is kept."""
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as db:
            yield Writing(db, self, viewer, maintenant)

    def said_by_a_rule(self, refusal: IntegrityError) -> Exception:
        """Out: the empêchement that the violated constraint stands for, or the refusal itself."""
        return Empeche([found()]) if (found := self.contraintes.get(_constraint(refusal))) else refusal

    def taking(self, profil: str, permission: str, model: type[M]) -> Taking:
        """Out: the statement that takes a row of this model for this permission, built once."""
        key = (profil, permission, model)
        if key not in self._statements:
            self._statements[key] = Taking.of(self.policy, profil, permission, model)
        return self._statements[key]


@dataclass(frozen=True)
class Taking:
    """One statement: the row, locked, only if it is readable; and whether the permission holds."""

    statement: Select[Any]
    entity: Any
    deciding: Select[Any]  # the same decision about a row that this transaction has just written
    several: Select[Any]  # the same, of as many rows as there are keys, in their order
    refused: Select[Any]  # the keys of the rows, just written, on which the permission does not hold

    @classmethod
    def of(cls, policy: Policy, profil: str, permission: str, model: type[m.Base]) -> Taking:
        """In: who, what, on what. Out: the statements."""
        table: Any = inspect(model).local_table
        alias = table.alias()
        entity, row, key = aliased(model, alias), Row(model, alias), alias.c.id
        asked = policy.condition(profil, permission, model)
        readable = policy.condition(profil, "lire", model)
        flags = (_flag(asked, row, "permis"), _flag(without_state(asked), row, "hors_etat"))
        seen, among = (
            select(entity, *flags).where(predicate(readable, row)),
            key == any_(bindparam("cles", type_=ARRAY(key.type))),
        )
        locking = seen.with_for_update(of=alias, key_share=True).execution_options(populate_existing=True)
        return cls(
            locking.where(key == bindparam("cle")),
            entity,
            select(flags[0]).where(key == bindparam("cle")),
            locking.where(among).order_by(key),
            select(key).where(among, not_(flags[0].element)),
        )


def _flag(condition: Condition, row: Row, name: str) -> Any:
    return func.coalesce(predicate(condition, row), false()).label(name)


class Writing:
    """One transaction in the hand of a mutation."""

    def __init__(
        self,
        db: AsyncSession,
        writer: Writer,
        viewer: Asker,
        maintenant: datetime,
        *,
        exempt: frozenset[type[m.Base]] = NONE,
    ) -> None:
        """In: the open session, who asks, and the moment of the injected clock."""
        self.db, self.writer, self.viewer, self.maintenant = db, writer, viewer, maintenant
        self._decided: set[int] = set()
        self._parts: list[Any] = []
        self._exempt = exempt

    @cached_property
    def valeurs(self) -> dict[str, Any]:
        """What conditions may know of the request."""
        return self.viewer.values(self.maintenant)

    @property
    def moi(self) -> int:
        """The account that asks; an anonymous viewer and the jobs have none."""
        if not isinstance(self.viewer, Viewer):
            raise Empeche([Interdit()])
        return self.viewer.compte_id

    async def take(self, model: type[M], key: int, *, pour: str, avec: tuple[Any, ...] = ()) -> M:
        """Lock a row in order to do `pour` with it.

        In: the model, the key, the permission, and relations to load (attributes, nested by tuples).
        Raises Empeche: NON_TROUVE when it is absent or invisible, INTERDIT, or ETAT_INCOMPATIBLE where only its
        état stands in the way.
        """
        taking = self.writer.taking(self.viewer.profil, pour, model)
        statement = taking.statement.options(*_loads(taking.entity, avec))
        found = (await self.db.execute(statement, {**self.valeurs, "cle": key})).first()
        if found is None:
            raise Empeche([NonTrouve()])
        if not found.permis:
            raise Empeche([EtatIncompatible() if found.hors_etat else Interdit()])
        row: M = found[0]
        self._decide(row)
        return row

    async def creer(self, model: type[M], *, pour: str, **colonnes: Any) -> M:
        """Create a row under a permission, decided on the new row once it is written. Raises Empeche(INTERDIT)."""
        return await self.ajouter(model(**colonnes), pour=pour)

    async def ajouter(self, row: M, *, pour: str) -> M:
        """The same, for a row that the domain has made."""
        self.db.add(row)
        self._decide(row)
        await self.db.flush()
        deciding = self.writer.taking(self.viewer.profil, pour, type(row)).deciding
        (key,) = inspect(row).identity or (None,)
        if not await self.db.scalar(deciding, {**self.valeurs, "cle": key}):
            raise Empeche([Interdit()])
        return row

    async def ajouter_tous(self, rows: Sequence[m.Base], *, pour: str) -> None:
        """The same, for rows of one model: written together, then decided together. Raises Empeche(INTERDIT)."""
        for row in rows:
            self._decide(row)
        if not rows:
            return
        self.db.add_all(rows)
        await self.db.flush()
        refused = self.writer.taking(self.viewer.profil, pour, type(rows[0])).refused
        keys = {"cles": [getattr(row, "id") for row in rows]}  # noqa: B009  # every table that is written has one
        if (await self.db.scalars(refused, self.valeurs | keys)).first() is not None:
            raise Empeche([Interdit()])

    async def take_tous(self, model: type[M], keys: Sequence[int], *, pour: str) -> None:
        """Take rows, loaded already, in the order of their keys, in one statement. Raises Empeche as `take` does."""
        if not keys:
            return
        statement = self.writer.taking(self.viewer.profil, pour, model).several
        found = list(await self.db.execute(statement, {**self.valeurs, "cles": sorted(keys)}))
        if len(found) < len(set(keys)):
            raise Empeche([NonTrouve()])
        for row, permis, hors_etat in found:
            if not permis:
                raise Empeche([EtatIncompatible() if hors_etat else Interdit()])
            self._decide(row)

    def writable(self, row: m.Base, colonnes: Iterable[str]) -> None:
        """Raise Empeche(INTERDIT, one a field) unless the viewer may write each of these columns of the row."""
        field, profil = self.writer.policy.field, self.viewer.profil
        closed = [
            c for c in colonnes if not decide(field(profil, "modifier", type(row), c))(row, self.valeurs)
        ]
        if closed:
            raise Empeche([Interdit("entree", c) for c in closed])

    def part(self, whole: m.Base, row: M) -> M:
        """Add or change a part (a convocation, an avis, a point) of a row that this transaction has decided on."""
        if id(whole) not in self._decided and type(row) not in self._exempt:
            raise UndecidedWrite(f"{type(row).__name__} of {type(whole).__name__}")
        if not inspect(row).persistent:
            self.db.add(row)
        self._decide(row)
        return row

    async def retirer(self, row: m.Base) -> None:
        """Delete a row that this transaction has decided on."""
        await self.db.delete(row)

    async def hold(self, model: type[M], key: int, *, avec: tuple[Any, ...] = ()) -> M:
        """Lock a row that rules must count on, without any permission: it can be read here, not changed.

        Raises Empeche(NON_TROUVE) if it is gone.
        """
        alias = inspect(model).local_table.alias()
        entity = aliased(model, alias)
        statement = select(entity).where(*(column == key for column in alias.primary_key))
        statement = statement.options(*_loads(entity, avec)).execution_options(populate_existing=True)
        locked = statement.with_for_update(of=entity, key_share=True)
        found = (await self.db.execute(locked)).scalar_one_or_none()
        if found is None:
            raise Empeche([NonTrouve()])
        return found

    async def know(self, model: type[M], condition: Condition, **valeurs: Any) -> list[M]:
        """Out: the rows that satisfy a condition, whoever may read them: what rules must know, never to be shown."""
        return list(await self.db.scalars(_knowing(model, condition), {**self.valeurs, **valeurs}))

    async def ecrire(self) -> None:
        """Write what is pending now: new rows get their key, and the database says what it refuses."""
        await self.db.flush()

    async def cles(self, model: type[M], condition: Condition, *, pour: str, **valeurs: Any) -> list[int]:
        """Out: the keys, in order, of the rows that satisfy a condition and on which one may do `pour`; nothing is locked."""
        may = self.writer.policy.condition(self.viewer.profil, pour, model)
        return list(await self.db.scalars(_keys(model, may, condition), {**self.valeurs, **valeurs}))

    async def confier(
        self,
        tache: str,
        *,
        file: str = "default",
        verrou: str | None = None,
        unique: str | None = None,
        le: datetime | None = None,
        **args: str | int | bool | None,
    ) -> int | None:
        """Hand a job to the queue in this transaction: it starts after the commit, or it never was.

        In: the name of a task; its queue; `verrou`: jobs that share one run one at a time, in order; `unique`: no
        second one while such a job waits; `le`: not before, by the clock of the database; its arguments, which are
        identifiers and words, never personal data. Out: its key, None where one was waiting already.
        """
        job = {"file": file, "tache": tache, "verrou": verrou, "unique": unique, "le": le}
        connection = await self.db.connection()
        try:
            async with connection.begin_nested() if unique else nullcontext():
                key: int = await connection.scalar(CONFIER, {**job, "args": json.dumps(args)})
        except IntegrityError as refusal:
            if _constraint(refusal) == DEJA_CONFIE:
                return None
            raise
        return key

    async def numero(self, suite: str) -> int:
        """Out: the next number of a sequence (`numero_candidat`, …)."""
        return (await self.numeros(suite, 1))[0]

    async def numeros(self, suite: str, combien: int) -> list[int]:
        """Out: the next numbers of a sequence, in one round trip."""
        suivants = select(Suite(suite).next_value()).select_from(func.generate_series(1, combien))
        return list(await self.db.scalars(suivants))

    async def avancer(self, suite: str, jusqu_a: int) -> None:
        """Let a sequence go on after a number that was given without it; it never goes back."""
        await self.db.execute(AVANCER, {"suite": suite, "n": jusqu_a})

    def record(self, *faits: FaitMetier) -> None:
        """Write facts in the journal, in the same transaction."""
        for fait in faits:
            row = m.Fait(
                nom=type(fait).__name__, **self._auteur(), **fait.liens(), donnees=dict(fait.donnees())
            )
            self.db.add(row)
            self._decided.add(id(row))
            self._parts.append(row)

    async def diffuser(self) -> None:
        """Before the commit: hand over the facts that partners are told, in the order of each candidature."""
        for row in self._parts:
            if isinstance(row, m.Fait) and row.nom in self.writer.diffuses:
                await self.db.flush()
                await self.confier("diffuser", verrou=f"fait-{row.candidature_id}", fait_id=row.id)

    def _auteur(self) -> dict[str, Any]:
        base: dict[str, Any] = {"survenu_le": self.maintenant, "profil": self.viewer.profil}
        if isinstance(self.viewer, Viewer):
            base |= {k: getattr(self.viewer, k) for k in ("compte_id", "structure_id", "pour_compte_id")}
        return base

    def _decide(self, row: m.Base) -> None:
        self._decided.add(id(row))
        self._parts.append(row)  # kept alive: an id may not be reused

    # --- what holds the promise of the door -------------------------------------------------------------------

    def only_decided_rows(self, session: Any, _context: Any, _instances: Any) -> None:
        """Before each flush: refuse to write a row that no permission was asked for."""
        changed = [r for r in session.dirty if session.is_modified(r)]
        for row in changed:
            for name in _dated(inspect(row).mapper):
                setattr(row, name, self.maintenant)
        for row in (*session.new, *changed, *session.deleted):
            if id(row) not in self._decided and type(row) not in self._exempt:
                raise UndecidedWrite(type(row).__name__)

    def something_was_decided(self) -> None:
        """Before the commit: refuse a transaction in which nothing was taken nor created."""
        if not self._exempt and not any(not isinstance(row, m.Fait) for row in self._parts):
            raise UndecidedWrite("nothing was taken nor created")


def _constraint(refusal: IntegrityError) -> str:
    """Out: the name of the constraint that the database refused for."""
    return getattr(getattr(refusal.orig, "__cause__", None), "constraint_name", None) or ""


@lru_cache(maxsize=256)
def _dated(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Out: the columns of a model that say when a row last changed (`datee`)."""
    return tuple(a.key for a in mapper.column_attrs if a.columns[0].info.get("datee"))


@lru_cache(maxsize=256)
def _knowing(model: type[m.Base], condition: Condition) -> Select[Any]:
    """Out: the statement of the rows of a model that satisfy a condition, built once: that takes longer than to run it."""
    alias = inspect(model).local_table.alias()
    entity = aliased(model, alias)
    return select(entity).where(predicate(condition, Row(model, alias))).order_by(*alias.primary_key)


@lru_cache(maxsize=256)
def _keys(model: type[m.Base], may: Condition, condition: Condition) -> Select[Any]:
    row = Row(model, inspect(model).local_table.alias())
    return select(row["id"]).where(predicate(may, row), predicate(condition, row)).order_by(row["id"])


def _loads(entity: Any, avec: tuple[Any, ...]) -> list[Any]:
    """In: relations by name, nested ones as `a.b`. Out: the options that load them after the lock, one SELECT each."""
    options = []
    for chemin in avec:
        loader, here = None, entity
        for name in str(chemin).split("."):
            attribute = getattr(here, name)
            loader = selectinload(attribute) if loader is None else loader.selectinload(attribute)
            here = attribute.property.mapper.class_
        options.append(loader)
    return options
