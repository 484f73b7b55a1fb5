"""The file: whole, or what changed since a moment; piece by piece, in constant memory.

A delta holds each formation that changed, whole: it takes the place of the one that was there. What left the offer is
listed at its end, by number: `<extras info="rafaelpro"><extra info="action-retiree">…</extra> … </extras>` (and
`session-retiree`). An action that left the flux asked for is listed too. LHEO wants at least one formation: where
nothing but withdrawals happened, the first formation of the offer is repeated, unchanged.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from app.domain.lheo import ESPACE_2_3, EXTRAS, MAISON
from app.kit.clock import PARIS
from app.policies.policy import Policy
from app.policies.viewer import Asker
from app.reading.streams import Part, Snapshot, snapshot

from .balises import texte
from .formations import formation
from .lecture import ACTIONS_RETIREES, SESSIONS_RETIREES, TAMPONS, Flux, offre

FORME = "1"  # of what is written: another form makes another file of the same offer
MARGE = timedelta(
    minutes=2
)  # longer than a transaction may last: what was being written then is in the delta
SECONDE = timedelta(seconds=1)  # as precise as a date of HTTP is
ANNEES = range(1900, 2200)  # that a moment may be of: what is computed from it stays within the calendar
ENSEMBLE = 2  # files written at once by a process
RETRAITS = (
    (ACTIONS_RETIREES, "reference", "action-retiree"),
    (SESSIONS_RETIREES, "numero_carif", "session-retiree"),
)


@dataclass(frozen=True)
class Demande:
    """Which part of the offer, and since when what changed; None: all of it."""

    flux: Flux = Flux.TOUT
    depuis: datetime | None = None


@dataclass(frozen=True)
class Version:
    """What a file would hold: its tag, and when the offer last changed.

    acquise_le   until when a client that takes it now has everything: earlier than the last change as long as one of
                 the same second may still come, or one that was being written meanwhile
    """

    etiquette: str
    modifiee_le: datetime | None
    acquise_le: datetime | None


@dataclass
class Bilan:
    """What was written, and the actions that LHEO cannot say: their organisation has no SIRET."""

    formations: int = 0
    sessions: int = 0
    retraits: int = 0
    laissees: list[str] = field(default_factory=list)


class Exporteur:
    """Writes files for who asks: one for the process."""

    def __init__(self, policy: Policy, pool: Any) -> None:
        """In: the policy, the pool of the readings."""
        self.policy, self.pool = policy, pool
        self.places = asyncio.Semaphore(ENSEMBLE)

    @asynccontextmanager
    async def ouvrir(self, qui: Asker, le: datetime, demande: Demande) -> AsyncIterator[Fichier]:
        """In: who asks, when, for what. A file of one state of the base."""
        async with snapshot(self.pool, self.policy, qui, le) as cliche:
            yield Fichier(cliche, demande, f"{FORME} {qui.profil} {self.policy.sha256}", le)


class Fichier:
    """One file of one state of the base."""

    def __init__(self, cliche: Snapshot, demande: Demande, forme: str, le: datetime) -> None:
        """In: the state of the base, what is asked, what else the bytes depend on, when."""
        self.cliche, self.demande, self.forme, self.le = cliche, demande, forme, le
        self.bilan = Bilan()
        self.valeurs = {"depuis": demande.depuis - MARGE} if demande.depuis else {}

    @property
    def permis(self) -> bool:
        """Whether the policy lets this profile take the offer away (R-193)."""
        return self.cliche.stream.may(offre(self.demande.flux))

    async def version(self) -> Version:
        """Out: what tells this file from another, without writing it."""
        tampons = [await self.cliche.stamp(part, *dates) for part, dates in TAMPONS]
        dit = repr((self.forme, self.demande, [(t.nombre, t.somme) for t in tampons]))
        dates = [t.dernier for t in tampons if t.dernier is not None]
        dernier = max(dates, default=None)
        acquise = None if dernier is None else min(dernier, self.le - MARGE - SECONDE)
        return Version(hashlib.sha256(dit.encode()).hexdigest()[:32], dernier, acquise)

    async def morceaux(self) -> AsyncIterator[bytes]:
        """Out: the file, piece by piece; nothing at all where there is nothing to say."""
        tete = self._tete()
        partis: list[str] = []
        async for ecrits, sans_formation in self._formations(self._offre()):
            partis += sans_formation
            if ecrits:
                yield tete + ecrits
                tete = b""
        retraits = "" if self.demande.depuis is None else await self._retraits(partis)
        if tete and retraits:
            yield tete + await self._temoin()
            tete = b""
        if not tete:
            yield f"</offres>{retraits}</lheo>\n".encode()

    def _offre(self) -> Part:
        return offre(self.demande.flux, delta=self.demande.depuis is not None)

    def _tete(self) -> bytes:
        depuis = self.demande.depuis
        dit = f' info="depuis {depuis.isoformat(timespec="seconds")}"' if depuis else ""
        declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return f'{declaration}<lheo xmlns="{ESPACE_2_3}" uri="{MAISON}"{dit}><offres>\n'.encode()

    async def _formations(self, part: Part) -> AsyncIterator[tuple[bytes, list[str]]]:
        async for lignes in self.cliche.rows(part, "reference", **self.valeurs):
            yield await asyncio.to_thread(self._ecrire, lignes)

    def _ecrire(self, lignes: Iterable[str]) -> tuple[bytes, list[str]]:
        """Out: the formations of a batch, and the references of the actions that have nothing to say in this flux."""
        ecrites, partis = [], []
        for ligne in lignes:
            action = orjson.loads(ligne)
            if ecrite := formation(action):
                ecrites.append(ecrite)
                self.bilan.sessions += len(action["sessions"])
            else:
                partis.append(action["reference"])
                self.bilan.laissees += partis[-1:] if action["sessions"] else []
        self.bilan.formations += len(ecrites)
        return "".join(ecrites).encode(), partis

    async def _temoin(self) -> bytes:
        """Out: the first formation of the offer, for want of one that changed."""
        async for lignes in self.cliche.rows(offre(self.demande.flux), "reference"):
            for ligne in lignes:
                if ecrite := formation(orjson.loads(ligne)):
                    return ecrite.encode()
        return b""

    async def _retraits(self, partis: list[str]) -> str:
        """Out: the numbers that left the offer, as our extras."""
        dits = [_retrait("action-retiree", reference) for reference in partis]
        for part, cle, nom in RETRAITS:
            async for lignes in self.cliche.rows(part, cle, **self.valeurs):
                dits += [_retrait(nom, orjson.loads(ligne)[cle]) for ligne in lignes]
        self.bilan.retraits = len(dits)
        return f'<extras info="{EXTRAS}">{"".join(dits)}</extras>\n' if dits else ""


def _retrait(nom: str, numero: str) -> str:
    return f'<extra info="{nom}">{texte(numero)}</extra>'


def moment(dit: str) -> datetime:
    """In: a day or a moment, in Paris unless it says otherwise. Out: the moment. Raises ValueError, in French."""
    try:
        lu = datetime.fromisoformat(dit)
        if lu.year not in ANNEES:
            raise ValueError
    except ValueError:
        raise ValueError(f"moment illisible : {dit} ; écrivez 2026-03-02 ou 2026-03-02T20:00") from None
    return lu if lu.tzinfo else lu.replace(tzinfo=PARIS)


def flux_de(dit: str) -> Flux:
    """In: a word. Out: the flux. Raises ValueError, in French."""
    try:
        return Flux(dit)
    except ValueError:
        raise ValueError(f"flux inconnu : {dit} ; attendu : {', '.join(f.value for f in Flux)}") from None
