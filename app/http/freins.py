"""Who asks too often waits: 429 and `Retry-After`.

What proves or creates something is counted in PostgreSQL, by one statement: exact, whatever the number of workers and
of hosts. Readings of strangers are counted in each worker: a statement more would double what they cost, so their
limit holds for each worker apart. Hashes of passwords are bounded in each worker by how many are in hand at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from math import ceil
from typing import TYPE_CHECKING, TypeVar

from app.domain import connexions
from app.kit.clock import Clock
from app.kit.database import surely
from app.reading.errors import SERVICE_UNAVAILABLE

from .errors import RETRY, TOO_MANY_REQUESTS, Refusal, said
from .portes import ECHECS, PORTES, Porte

if TYPE_CHECKING:
    from app.kit.database import Pool

K = TypeVar("K")
KEPT = 10_000  # addresses that each worker remembers
HACHAGES = 40  # in hand at once in a worker: about a second of work
FREINER = "select freiner($1, $2, $3, $4, $5)"
ECHOUER = "select echouer($1, $2, $3, $4, $5)"
RACHETER = "update frein set nb_echecs = nb_echecs / 2 where cle = $1 and nb_echecs > 0"
PUNI = "select jusqu_au from frein where cle = $1 and nb_echecs >= $2 and jusqu_au > $3"


@dataclass
class Freins:
    """The brakes of a worker."""

    pool: Pool  # counting a knock twice, where a connection was lost, harms nobody
    clock: Clock  # the machine's: what slows strangers down does not live in the time of a demonstration
    lectures: int  # of a stranger, each minute, in this worker; 0: as many as it likes
    sel: bytes = b""
    hachages: int = HACHAGES
    refuses: OrderedDict[bytes, datetime] = field(
        default_factory=OrderedDict
    )  # until when, without asking again
    lues: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    en_main: int = 0

    # --- strangers who read -----------------------------------------------------------------------------------

    def lire(self, adresse: str, combien: int) -> None:
        """Count the readings of a stranger. Raises `Refusal` 429."""
        if not self.lectures:
            return
        le, intervalle = self.clock(), timedelta(minutes=1) / self.lectures
        plein = max(self.lues.get(adresse, le), le) + combien * intervalle
        if plein > le + timedelta(minutes=1):
            raise trop(plein - le - timedelta(minutes=1))
        _keep(self.lues, adresse, plein)

    # --- doors ------------------------------------------------------------------------------------------------

    async def passer(self, adresse: str, demandees: Mapping[str, int]) -> None:
        """Count what a request does at each door. Raises `Refusal` 429."""
        for nom in demandees.keys() & PORTES.keys():
            await self.frapper(nom, PORTES[nom], adresse, demandees[nom])

    async def frapper(self, nom: str, porte: Porte, adresse: str, combien: int) -> None:
        """Count at one door. Raises `Refusal` 429."""
        le, cle = self.clock(), self.cle(nom, adresse)
        if (jusqu_au := self.refuses.get(cle)) and le < jusqu_au:
            raise trop(jusqu_au - le)
        if combien > porte.a_la_fois:
            raise trop(porte.intervalle * combien)
        attendre = await self.compter(cle, porte, adresse if nom in ECHECS else None, combien, le)
        if attendre is not None:
            if combien == 1:  # more at once is refused sooner, and says nothing of one
                _keep(self.refuses, cle, attendre)
            raise trop(attendre - le)

    async def compter(
        self, cle: bytes, porte: Porte, puni: str | None, combien: int, le: datetime
    ) -> datetime | None:
        """Out: None where it may go on; else when to come back."""
        if puni is not None:
            echecs = self.cle("echecs", puni), connexions.ECHECS_PERMIS, le
            jusqu_au: datetime | None = await surely(self.pool, lambda db: db.fetchval(PUNI, *echecs))
            if jusqu_au is not None:
                return jusqu_au
        given = cle, combien, porte.a_la_fois, porte.intervalle, le
        attendre: datetime | None = await surely(self.pool, lambda db: db.fetchval(FREINER, *given))
        return attendre

    async def prouve(self, adresse: str, juste: bool) -> None:
        """Count a failure of an address against it; a success pays for half of them."""
        cle = self.cle("echecs", adresse)
        if juste:
            await surely(self.pool, lambda db: db.fetchval(RACHETER, cle))
            return
        delais = connexions.PREMIERE_ATTENTE, connexions.PLUS_LONGUE_ATTENTE
        given = cle, connexions.ECHECS_PERMIS, *delais, self.clock()
        await surely(self.pool, lambda db: db.fetchval(ECHOUER, *given))

    def cle(self, nom: str, adresse: str) -> bytes:
        """Out: what is kept instead of an address: a fingerprint under the key of the house."""
        return blake2b(f"{nom}\0{adresse}".encode(), key=self.sel[:64], digest_size=16).digest()

    # --- hashes -----------------------------------------------------------------------------------------------

    @contextmanager
    def hacher(self, demandees: Mapping[str, int]) -> Iterator[None]:
        """While a request has its hashes in hand. Raises `Refusal` 503 where this worker has too many."""
        combien = sum(n for nom, n in demandees.items() if nom in PORTES and PORTES[nom].hache)
        if combien and self.en_main and self.en_main + combien > self.hachages:
            raise sature()
        self.en_main += combien
        try:
            yield
        finally:
            self.en_main -= combien

    def oublier(self) -> None:
        """Forget what this worker remembers."""
        self.refuses.clear()
        self.lues.clear()


def trop(attente: timedelta) -> Refusal:
    """Out: the refusal of who asks too often."""
    secondes = max(1, ceil(attente.total_seconds()))
    message = f"Trop de demandes depuis cette adresse : réessayez dans {secondes} secondes."
    error = said(message, TOO_MANY_REQUESTS, attente=secondes)
    return Refusal([error], 429, {"retry-after": str(secondes)})


def sature() -> Refusal:
    """Out: the refusal of a worker that has enough passwords to verify."""
    error = said("Trop de connexions en ce moment : réessayez dans quelques secondes.", SERVICE_UNAVAILABLE)
    return Refusal([error], 503, RETRY)


def _keep(known: OrderedDict[K, datetime], key: K, moment: datetime) -> None:
    known[key] = moment
    known.move_to_end(key)
    if len(known) > KEPT:
        known.popitem(last=False)
