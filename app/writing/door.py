"""One transaction in the hand of a mutation.

Every row that is changed in it was either taken for a permission, created under one, or is a part of such a row. A
change of any other row, or a transaction in which nothing was decided, cannot commit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import asyncpg
from sqlalchemy.orm.attributes import set_committed_value

from app import models as m
from app.domain.empechements import Empeche, Empechement, EtatIncompatible, Interdit, NonTrouve
from app.domain.faits import FaitMetier
from app.kit.conditions import TRUE, Condition, decide
from app.policies.policy import Policy
from app.policies.viewer import Anonymous, Asker, Viewer

from . import questions as q
from .asking import Asking, Part, Records
from .relations import follow, missing, tie
from .sending import Sending
from .shapes import Values, shape_of
from .transactions import Transaction, savepoint
from .unit import UndecidedWrite, Unit

if TYPE_CHECKING:
    from app.kit.database import Pool

M = TypeVar("M", bound=m.Base)
ANONYMOUS = Anonymous()
# The acts about what proves an account, and the only rows that each may write: no permission can be asked for them
SANS_DECISION: Mapping[str, frozenset[type[m.Base]]] = {
    "connexion": frozenset({m.Jeton, m.SecretCompte}),
    "connexion_externe": frozenset({m.Jeton, m.SecretCompte, m.IdentiteExterne, m.PassageExterne}),
    "deconnexion": frozenset({m.Jeton}),
    "usage": frozenset({m.Jeton}),
    "lien": frozenset({m.LienCourriel}),
}
NONE: frozenset[type[m.Base]] = frozenset()
# what leaves a transaction when the database refuses; `sqlstate` says why
DatabaseError = asyncpg.PostgresError
DEJA_CONFIE = "procrastinate_jobs_queueing_lock_idx_v1"
AVANCER = """select setval(cast($1 as text)::regclass, $2::bigint)
  where $2::bigint > coalesce(pg_sequence_last_value(cast($1 as text)::regclass), 0)"""


@dataclass
class Writer:
    """Opens transactions for viewers: one for the process."""

    pool: Pool
    policy: Policy
    contraintes: Mapping[str, Callable[[], Empechement]] = field(default_factory=dict)
    diffuses: frozenset[str] = frozenset()  # the facts that partners are told, by name

    @cached_property
    def takings(self) -> q.Takings:
        """What takes rows, built once."""
        return q.Takings(self.policy)

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
        exempt = SANS_DECISION.get(sans_decision or "", NONE)
        try:
            async with self.pool.acquire() as connection, Transaction(connection):
                tx = Writing(connection, self, viewer, maintenant, exempt=exempt)
                yield tx
                await tx.finir()
        except asyncpg.IntegrityConstraintViolationError as refusal:
            raise self.said_by_a_rule(refusal) from refusal

    @asynccontextmanager
    async def knowing(self, maintenant: datetime, viewer: Asker = ANONYMOUS) -> AsyncIterator[Writing]:
        """One transaction in which a command only learns what it must `know` before it acts: nothing is kept."""
        async with self.pool.acquire() as connection, Transaction(connection, kept=False):
            yield Writing(connection, self, viewer, maintenant)

    async def rafraichir(self, *vues: m.Vue) -> None:
        """Compute again what the database derives from its tables, while readers go on: nobody's rows, no permission."""
        async with self.pool.acquire() as connection, Transaction(connection):
            for vue in vues:
                await connection.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {vue}")

    def said_by_a_rule(self, refusal: asyncpg.IntegrityConstraintViolationError) -> Exception:
        """Out: the empêchement that the violated constraint stands for, or the refusal itself."""
        found = self.contraintes.get(_constraint(refusal))
        return Empeche([found()]) if found else refusal


class Writing:
    """One transaction in the hand of a mutation."""

    def __init__(
        self,
        connection: Any,
        writer: Writer,
        viewer: Asker,
        maintenant: datetime,
        *,
        exempt: frozenset[type[m.Base]] = NONE,
    ) -> None:
        """In: a connection in its transaction, who asks, and the moment of the injected clock."""
        self.writer, self.viewer, self.maintenant = writer, viewer, maintenant
        self._connection, self._unit = connection, Unit(exempt)
        self._asking, self._sending = Asking(connection), Sending(connection, self._unit, maintenant)
        self.valeurs = viewer.values(maintenant)  # what conditions may know of the request
        self._faits: list[Values] = []
        self._travaux: list[Values] = []

    @property
    def moi(self) -> int:
        """The account that asks; an anonymous viewer and the jobs have none."""
        if not isinstance(self.viewer, Viewer):
            raise Empeche([Interdit()])
        return self.viewer.compte_id

    # --- rows ----------------------------------------------------------------------------------------------------

    async def take(
        self,
        model: type[M],
        key: int,
        *,
        pour: str,
        lues: q.Lues = q.TOUTES,
        avec: tuple[str, ...] = (),
        autour: tuple[str, ...] = (),
        tenir: tuple[str, ...] = (),
    ) -> M:
        """Lock a row in order to do `pour` with it.

        In: the model, the key, the permission; `lues`: the columns that are enough, others shout when read; `avec`:
        relations to load once it is locked (`a`, `a.b`, or `a(colonne colonne)`); `autour`: those that may be as they
        were just before, and cost no round trip; `tenir`: those whose row is locked after it, in this order, as `hold` does.
        Raises Empeche: NON_TROUVE when absent or invisible, INTERDIT, or ETAT_INCOMPATIBLE where only its état is in the way.
        """
        taking = self.writer.takings.of(self.viewer.profil, pour, model, lues)
        near = self.writer.takings.nearby(self.viewer.profil, model, tenir, autour)
        given = self._given(cle=key)
        found, *ends = await self._asking.ask((taking, given), *((link.question, given) for link in near))
        [row] = self._taken(model, lues, found, 1)
        for link, records in zip(near, ends, strict=True):
            tie([row], link, [self._unit.read(link.shape, record).row for record in records])
            if missing(row, link):  # it was changed while its lock was waited for
                there = link.shape.model
                set_committed_value(row, link.name, await self.hold(there, getattr(row, link.here)))
        await self.charger(row, *avec)
        return row

    async def take_tous(self, model: type[M], keys: Sequence[int], *, pour: str) -> list[M]:
        """Take rows in the order of their keys, in one statement. Raises Empeche as `take` does."""
        alone = sorted(set(keys))
        if not alone:
            return []
        taking = self.writer.takings.of(self.viewer.profil, pour, model, q.TOUTES, several=True)
        [found] = await self._asking.ask((taking, self._given(cles=alone)))
        return self._taken(model, q.TOUTES, found, len(alone))

    def _taken(self, model: type[M], lues: q.Lues, found: Records, expected: int) -> list[M]:
        if len(found) < expected:
            raise Empeche([NonTrouve()])
        for *_, permis, hors_etat in found:
            if not permis:
                raise Empeche([EtatIncompatible() if hors_etat else Interdit()])
        held = [self._unit.read(shape_of(model, lues), record) for record in found]
        for each in held:
            self._unit.decide(each)
        return [each.row for each in held]

    async def hold(self, model: type[M], key: int, *, avec: tuple[str, ...] = ()) -> M:
        """Lock a row that rules must count on, without any permission: it can be read here, not changed.

        Raises Empeche(NON_TROUVE) if it is gone.
        """
        [found] = await self._asking.ask((q.holding(model), {q.CLE: key}))
        if not found:
            raise Empeche([NonTrouve()])
        row = self._unit.read(shape_of(model), found[0]).row
        await self.charger(row, *avec)
        return cast("M", row)

    async def seul(self, *sujet: object) -> None:
        """Wait until nobody else is on a subject that no row stands for yet: it is ours to the end of the transaction."""
        await self._asking.ask((q.alone(), {q.SUJET: repr(sujet)}))

    async def know(
        self,
        model: type[M],
        condition: Condition,
        au_plus: int | None = None,
        lues: q.Lues = q.TOUTES,
        /,
        **valeurs: Any,
    ) -> list[M]:
        """Out: the rows that satisfy a condition, whoever may read them: what rules must know, never to be shown.

        `au_plus`: no more than so many, in the order of their keys; `lues`: the columns that are enough, as in `take`.
        """
        asked = q.knowing(model, condition, au_plus, lues)
        [found] = await self._asking.ask((asked, self._given(**valeurs)))
        shape = shape_of(model, lues)
        return [self._unit.read(shape, record).row for record in found]

    async def dernier(self, model: type[M], condition: Condition = TRUE, /, **valeurs: Any) -> M | None:
        """Out: the row of the greatest key among those that `know` would give; None without any."""
        [found] = await self._asking.ask((q.latest(model, condition), self._given(**valeurs)))
        return next((self._unit.read(shape_of(model), record).row for record in found), None)

    async def charger(self, row: m.Base, *avec: str) -> None:
        """Load relations of a row in hand, as `avec` does."""
        await follow(self._asking, self._unit, [row], avec)

    async def cles(
        self,
        model: type[M],
        condition: Condition,
        au_plus: int | None = None,
        /,
        *,
        pour: str,
        **valeurs: Any,
    ) -> list[int]:
        """Out: the keys, in order, of the rows that satisfy a condition and on which the viewer may do `pour`.

        `au_plus`: no more than so many. Nothing is locked: each is then taken, and decided, on its own.
        """
        may = self.writer.policy.condition(self.viewer.profil, pour, model)
        asked = q.keys(model, may, condition, au_plus)
        [found] = await self._asking.ask((asked, self._given(**valeurs)))
        return [record[0] for record in found]

    async def creer(self, model: type[M], *, pour: str, **colonnes: Any) -> M:
        """Create a row under a permission, decided on the row as it is written. Raises Empeche(INTERDIT).

        A row whose key is given (a number of its sequence) is written with the end of the transaction, or by `ecrire`:
        what it tells then costs no round trip.
        """
        return await self.ajouter(shape_of(model).new(colonnes), pour=pour)

    async def ajouter(self, row: M, *, pour: str) -> M:
        """The same, for a row that the domain has made."""
        await self.ecrire()  # it is decided in the state that the act has reached
        condition = self.writer.policy.condition(self.viewer.profil, pour, type(row))
        if shape_of(type(row)).cle in row.__dict__:
            self._sending.announce(row, condition, self.valeurs)
        else:
            await self._sending.create([row], condition, self.valeurs)
        return row

    async def ajouter_tous(self, rows: Sequence[m.Base], *, pour: str) -> None:
        """The same, for rows of one model, written together. Raises Empeche(INTERDIT)."""
        await self.ecrire()
        if rows:
            condition = self.writer.policy.condition(self.viewer.profil, pour, type(rows[0]))
            await self._sending.create(rows, condition, self.valeurs)

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
        if not self._unit.is_decided(whole) and type(row) not in self._unit.exempt:
            raise UndecidedWrite(f"{type(row).__name__} of {type(whole).__name__}")
        self._unit.decide(self._unit.enter(row))
        return row

    async def retirer(self, row: m.Base) -> None:
        """Delete a row that this transaction has decided on."""
        self._unit.enter(row).leaves = True

    # --- beside rows -----------------------------------------------------------------------------------------------

    async def confier(
        self,
        tache: str,
        *,
        file: str = "default",
        verrou: str | None = None,
        unique: str | None = None,
        le: datetime | None = None,
        **args: str | int | bool | None,
    ) -> bool:
        """Hand a job to the queue in this transaction, with its end: it starts after the commit, or it never was.

        In: the name of a task; its queue; `verrou`: jobs that share one run one at a time, in order; `unique`: no
        second one while such a job waits; `le`: not before, by the clock of the database; its arguments, which are
        identifiers and words, never personal data. Out: whether there was none of its kind already.
        """
        job = {"file": file, "tache": tache, "verrou": verrou, "unique": unique, "args": args, "le": le}
        if unique is None:
            self._travaux.append(job)
            return True
        try:
            async with savepoint(self._connection):
                await self._sending.hand(job)
        except asyncpg.UniqueViolationError as refusal:
            if _constraint(refusal) != DEJA_CONFIE:
                raise
            return False
        return True

    async def numero(self, suite: str) -> int:
        """Out: the next number of a sequence (`numero_candidat`, …)."""
        (found,) = await self.numeros(suite, 1)
        return found

    async def numeros(self, suite: str, combien: int) -> list[int]:
        """Out: the next numbers of a sequence, in one round trip."""
        [found] = await self._asking.ask((q.numbering(suite), {"combien": combien}))
        return [record[0] for record in found]

    async def avancer(self, suite: str, jusqu_a: int) -> None:
        """Let a sequence go on after a number that was given without it; it never goes back."""
        await self._connection.fetchval(AVANCER, suite, jusqu_a)

    def record(self, *faits: FaitMetier) -> None:
        """Tell facts to the journal: they are written with the end of the transaction."""
        for fait in faits:
            told = {"nom": type(fait).__name__, **self._auteur(), **fait.liens(), "donnees": fait.donnees()}
            self._faits.append(told)

    def _auteur(self) -> dict[str, Any]:
        who, base = self.viewer, {"survenu_le": self.maintenant, "profil": self.viewer.profil}
        if isinstance(who, Viewer):
            base |= {"compte_id": who.compte_id, "structure_id": who.structure_id}
            base["pour_compte_id"] = who.pour_compte_id
        return base

    # --- the rhythm ------------------------------------------------------------------------------------------------

    async def ensemble(self, *actes: Part) -> list[Any]:
        """Run parts of an act side by side: what they ask at the same time is asked in one statement.

        In: calls of this door, or functions that await nothing else. What they lock is locked in their order; what
        must be known under a lock is asked after it, not beside it. Out: what each gives. Raises what the first raises.
        """
        return await self._asking.ensemble(*actes)

    async def ecrire(self) -> None:
        """Write what is pending now: new rows get their key, and the database says what it refuses."""
        await self._sending.pending()

    async def finir(self) -> None:
        """Write all that is pending, and the journal, of which partners are told their part. Raises UndecidedWrite where nothing was taken nor created."""
        if not self._unit.exempt and not self._unit.decisions:
            raise UndecidedWrite("nothing was taken nor created")
        keys = await self._sending.pending(*self._faits, jobs=self._travaux, last=True)
        self._travaux.clear()
        for fait, key in zip(self._faits, keys, strict=True):
            if fait["nom"] in self.writer.diffuses:  # in the order of each candidature
                await self.confier("diffuser", verrou=f"fait-{fait.get('candidature_id')}", fait_id=key)
        for job in self._travaux:
            await self._sending.hand(job)

    def _given(self, **valeurs: Any) -> dict[str, Any]:
        return {**self.valeurs, **valeurs}


def _constraint(refusal: asyncpg.IntegrityConstraintViolationError) -> str:
    """Out: the name of the constraint that the database refused for."""
    return refusal.constraint_name or ""
