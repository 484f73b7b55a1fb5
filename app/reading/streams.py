"""Many rows of one model, each whole, read a batch at a time: what a file is made of.

The same door as a query: entering a table asks for the condition of the profile, a column is masked where the policy
hides it. What is asked is not a document of a client but a `Part`, which the house writes. Batches follow one another
by a unique column within one snapshot, so that memory and the length of a statement do not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, Integer, Numeric, Text, bindparam, case, cast, func, null, select

from app.kit.conditions import FALSE, TRUE, Condition, all_of
from app.policies.predicate import predicate
from app.policies.viewer import Asker
from app.reading.compiler import Rights
from app.reading.places import Aliases, Grounds, Place, enter, step
from app.reading.plans import DIALECT, Bind, sent
from app.reading.rendering import Json, json_array, json_object

LOT = 50  # rows of a batch
APRES, COMBIEN = "stream_apres", "stream_combien"


@dataclass(frozen=True)
class Part:
    """What is read of the rows of a model.

    colonnes    names of columns;  parties  what relations lead to, by their name
    pour        the permission that lets a row in, besides `lire` (None: `lire` alone; see `visible`)
    ou          which rows, besides;  ordre  columns that order a list
    visible     False: `pour` alone decides, of rows that the profile does not read otherwise
    """

    model: Any
    colonnes: tuple[str, ...]
    parties: Mapping[str, Part] = field(default_factory=dict)
    pour: str | None = None
    ou: Condition = TRUE
    ordre: tuple[str, ...] = ("id",)
    visible: bool = True


@dataclass(frozen=True)
class Stamp:
    """What tells that rows changed: how many they are, a sum of their dates, the latest one."""

    nombre: int
    somme: str
    dernier: datetime | None


class Stream:
    """Reads for one profile."""

    def __init__(self, policy: Rights, profil: str) -> None:
        """In: the policy, who reads."""
        self.policy, self.profil = policy, profil
        self.grounds = Grounds(lambda model: policy.condition(profil, "lire", model))
        self._aliases = Aliases()

    def may(self, part: Part) -> bool:
        """Out: False where this profile holds the permission on no row at all."""
        return self._condition(part) != FALSE

    # --- statements -----------------------------------------------------------------------------------------

    def batch(self, part: Part, cle: str) -> tuple[str, tuple[Bind, ...]]:
        """In: what is read, the unique column that orders it. Out: the statement of a batch, and its binds."""
        place, where = self._enter(part)
        key = place[cle]
        after = key > bindparam(APRES, type_=Text())
        wanted = select(key, cast(self._object(part, place), Text)).where(*where, after)
        return sent(wanted.order_by(key).limit(bindparam(COMBIEN, type_=Integer())).compile(dialect=DIALECT))

    def stamp(self, part: Part, dates: tuple[str, ...]) -> tuple[str, tuple[Bind, ...]]:
        """In: which rows, the columns that date them. Out: the statement of their stamp, and its binds."""
        place, where = self._enter(part)
        latest = func.greatest(*[place[name] for name in dates])
        total = cast(func.coalesce(func.sum(func.extract("epoch", latest)), 0), Text)
        return sent(select(func.count(), total, func.max(latest)).where(*where).compile(dialect=DIALECT))

    def _enter(self, part: Part) -> tuple[Place, list[Any]]:
        self._aliases = Aliases()
        place, _ = enter(predicate, part.model, self.grounds.root(part.model), self._aliases.take(part.model))
        return place, [predicate(self._condition(part), place), predicate(part.ou, place)]

    def _condition(self, part: Part) -> Condition:
        asked = [*(["lire"] if part.visible else []), *([part.pour] if part.pour else [])]
        return all_of(self.policy.condition(self.profil, said, part.model) for said in asked)

    # --- what is read of a row ------------------------------------------------------------------------------

    def _object(self, part: Part, place: Place) -> Json:
        pairs = [(name, self._column(place, name)) for name in part.colonnes]
        pairs += [(name, self._related(place, name, other)) for name, other in part.parties.items()]
        return json_object(pairs)

    def _column(self, place: Place, name: str) -> Json:
        value = _plain(place[name])
        mask = self.policy.field(self.profil, "lire", place.model, name)
        if mask == TRUE or place.knows(mask):
            return value
        return null() if mask == FALSE else case((predicate(mask, place), value))

    def _related(self, place: Place, name: str, part: Part) -> Json:
        relation = getattr(place.model, name)
        ground = self.grounds.step(place, relation)
        there, where = step(predicate, place, relation, ground, self._aliases.take(part.model))
        where = [*where, predicate(self._condition(part), there), predicate(part.ou, there)]
        value = self._object(part, there)
        if relation.property.uselist:
            value = json_array(value, *[there[column] for column in part.ordre])
        return select(value).where(*where).correlate_except(there.table).scalar_subquery()


def _plain(value: Any) -> Json:
    """Out: the value as JSON can hold it exactly: a word as it is stored, a number as text."""
    return cast(value, Text) if isinstance(value.type, Enum | Numeric) else value


# --- read ---------------------------------------------------------------------------------------------------


class Snapshot:
    """One state of the base, read as one profile may."""

    def __init__(self, connection: Any, policy: Rights, asker: Asker, moment: datetime) -> None:
        """In: an open transaction of the reading role, the policy, who asks, when."""
        self.connection, self.stream = connection, Stream(policy, asker.profil)
        self.values = asker.values(moment)

    async def rows(self, part: Part, cle: str, **values: Any) -> AsyncIterator[list[str]]:
        """In: what is read, the unique column that orders it, the values that conditions name. Out: JSON, by batches."""
        sql, binds = self.stream.batch(part, cle)
        given = {**self.values, **values, APRES: "", COMBIEN: LOT}
        prepared = await self.connection.prepare(sql)
        while found := await prepared.fetch(*[bind(given) for bind in binds]):
            yield [row[1] for row in found]
            if len(found) < LOT:
                break
            given[APRES] = found[-1][0]

    async def stamp(self, part: Part, *dates: str, **values: Any) -> Stamp:
        """In: which rows, the columns that date them. Out: their stamp."""
        sql, binds = self.stream.stamp(part, dates)
        given = {**self.values, **values}
        return Stamp(*await self.connection.fetchrow(sql, *[bind(given) for bind in binds]))


@asynccontextmanager
async def snapshot(pool: Any, policy: Rights, asker: Asker, moment: datetime) -> AsyncIterator[Snapshot]:
    """In: the pool of the readings, the policy, who asks, when. One state of the base, held as long as it is read."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield Snapshot(connection, policy, asker, moment)
