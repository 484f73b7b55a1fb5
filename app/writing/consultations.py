"""Who read which fiche: noted as answers leave, written a batch at a time beside them, and never dropped for want of room.

A reading has one statement, under a role that may not write: its trace goes by the writing pool, at most `PAUSE` later, so that
no reader waits for it. What waits is bounded: beyond, a reading waits until there is room, and fails if there is none, since
what leaves no trace is not shown. At the end all is written; what a dead base keeps from it is said in the log, line by line.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from app.kit.database import PANNES
from app.policies.viewer import Asker, Viewer

if TYPE_CHECKING:
    from app.kit.database import Pool

LOG = logging.getLogger("rafael.consultations")
PAUSE = 1.0  # seconds that a trace may wait: what a process that is killed loses
LAST = 5.0  # seconds that writing them is given at the end
LOT, PLACE, CONNUES = 1_000, 10_000, 100_000  # lines of a statement; that may wait; remembered within an hour

Who: TypeAlias = tuple[int | None, int | None, str, int | None]
Line: TypeAlias = tuple[datetime, int | None, int | None, str, int | None, int, str]
KEYS = "SELECT nextval(pg_get_serial_sequence('consultation', 'id'))::int FROM generate_series(1, $1)"
WRITE = """
INSERT INTO consultation (id, lue_le, compte_id, pour_compte_id, profil, structure_id, candidat_id, regle)
SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::int[], $4::int[], $5::text[], $6::int[], $7::int[], $8::text[])
ON CONFLICT (id) DO NOTHING"""


@dataclass
class Consultations:
    """What keeps the trace of readings: one for the process."""

    pool: Pool
    pause: float = PAUSE
    place: int = PLACE
    waiting: list[Line] = field(default_factory=list)
    batch: list[tuple[int, Line]] = field(
        default_factory=list
    )  # being written; its keys make it the same twice
    heure: int = 0
    connues: dict[Who, set[bytes]] = field(default_factory=dict)  # already noted in this hour
    nb_connues: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def pending(self) -> int:
        """How many lines are not written yet."""
        return len(self.waiting) + len(self.batch)

    async def note(self, viewer: Asker, marks: AbstractSet[bytes], le: datetime) -> None:
        """In: who was shown which people, by which rule (`key:rule`), when. Once an hour for the same of all these.

        Raises what the base says if there is no room left and none can be made.
        """
        who = (
            (viewer.compte_id, viewer.pour_compte_id, viewer.profil, viewer.structure_id)
            if isinstance(viewer, Viewer)
            else (None, None, viewer.profil, None)
        )
        if new := marks - self._known(who, le):
            while self.pending and self.pending + len(new) > self.place:
                await self.ecrire()
            self.waiting += [
                (le, *who, int(key), rule) for key, rule in sorted(m.decode().split(":") for m in new)
            ]
            self._known(who, le).update(new)
            self.nb_connues += len(new)
            self._some.set()

    def _known(self, who: Who, le: datetime) -> set[bytes]:
        """Out: what was already noted of somebody in this hour."""
        heure = int(le.timestamp()) // 3600
        if heure != self.heure or self.nb_connues > CONNUES:
            self.heure, self.nb_connues = heure, 0
            self.connues.clear()
        if who not in self.connues:
            self.connues[who] = set()
        return self.connues[who]

    async def ecrire(self) -> None:
        """Write what waits, a batch. Raises what the base says; nothing is then lost, nor written twice later."""
        async with self._lock:
            if not self.pending:
                return
            async with self.pool.acquire() as connection:
                if not self.batch:
                    keys = await connection.fetch(KEYS, min(LOT, len(self.waiting)))
                    lines, self.waiting = self.waiting[: len(keys)], self.waiting[len(keys) :]
                    self.batch = [(key[0], line) for key, line in zip(keys, lines, strict=True)]
                await connection.execute(
                    WRITE, *map(list, zip(*((k, *line) for k, line in self.batch), strict=True))
                )
            self.batch = []

    @asynccontextmanager
    async def ouvertes(self) -> AsyncIterator[Consultations]:
        """While this is open, a task writes; at the end all that waits is written."""
        writing = asyncio.create_task(self._tenir())
        try:
            yield self
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await self._finir()

    async def _tenir(self) -> None:
        failing = False
        while True:
            await self._some.wait()
            await asyncio.sleep(
                self.pause
            )  # so that many go together; and that a base that is away is left in peace
            try:
                await self.ecrire()
                failing = False
            except PANNES as error:
                if not failing:
                    LOG.warning("consultations en attente : %s", type(error).__name__)
                failing = True
            if not self.pending:
                self._some.clear()

    async def _finir(self) -> None:
        with suppress(*PANNES, TimeoutError):
            async with asyncio.timeout(LAST):
                while self.pending:
                    await self.ecrire()
        for line in [*(line for _, line in self.batch), *self.waiting]:
            le, compte, pour, profil, structure, candidat, regle = line
            LOG.error(
                "consultation non écrite : le=%s compte=%s pour=%s profil=%s structure=%s candidat=%s regle=%s",
                *(le.isoformat(), compte, pour, profil, structure, candidat, regle),
            )
