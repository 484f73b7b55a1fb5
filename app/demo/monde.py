"""The demonstration world, written in an empty base.

People, structures, candidats and candidatures are plain inserts (`semis.py` says why); the offer that is not named in
the cast comes through the same LHEO import as any other file, and the reference data as the official files do.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app import models as m
from app.domain.contraintes import CONTRAINTES
from app.kit.cipher import Cipher
from app.kit.clock import Clock, ouvree
from app.kit.crypto import hash_password
from app.kit.database import WRITING, plain, writing_pool
from app.kit.lines import TO_OPEN, Line
from app.policies.policy import Policy
from app.writing import Writer

from .candidatures import deposer
from .distribution import MOT_DE_PASSE, TOTP
from .lignes import Monde
from .offre import importer
from .references import charger_references
from .semis import Semis

SEED_LOCK = 20260102  # advisory: two servers start at once, one sows


class BaseOccupee(Exception):
    """Cette base contient déjà des comptes : la démonstration ne s'installe que dans une base vide."""


async def peupler_si_vide(url: str, cipher: Cipher, horloge: Clock | None = None) -> bool:
    """In: the address of a migrated base, the key of the house, the clock of the demonstration. Out: whether the world was written.

    A base that holds an account is left alone.
    """
    try:
        await peupler(url, cipher, horloge)
    except BaseOccupee:
        return False
    return True


async def peupler(url: str, cipher: Cipher, horloge: Clock | None = None) -> None:
    """In: the address of a migrated, empty base. Write the world, all or nothing. Raises BaseOccupee."""
    engine, le = moteur(url, 1), (horloge or ouvree())()
    try:
        async with engine.begin() as db:
            await db.execute(select(func.pg_advisory_xact_lock(SEED_LOCK)))
            if await est_occupee(db):
                raise BaseOccupee(BaseOccupee.__doc__)
            await semer(db, le, cipher)
    finally:
        await engine.dispose()
    async with writing_pool(url, 1) as pool:
        policy = Policy.load()
        await importer(pool, le, policy)
        await charger_references(Writer(pool, policy, CONTRAINTES), le)


def moteur(url: str, connexions: int) -> AsyncEngine:
    """In: an address. Out: SQLAlchemy's engine, which may write. asyncpg reads the address itself: it is not told `sslmode`."""

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(
            plain(url), server_settings=WRITING, connection_class=Line, timeout=TO_OPEN
        )

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_pre_ping=True,
        pool_size=connexions,
        max_overflow=0,
    )


async def est_occupee(db: AsyncConnection) -> bool:
    """Out: whether somebody has an account here."""
    return await db.scalar(select(m.Compte.id).limit(1)) is not None


async def semer(db: AsyncConnection, le: datetime, cipher: Cipher) -> None:
    """In: a connection in its transaction, the moment. Write the cast, and that this base is a demonstration."""
    semis = await Semis.ouvrir(db)
    monde = Monde(semis, le, await hash_password(MOT_DE_PASSE), cipher.seal(TOTP))
    monde.peupler()
    monde.offrir()
    deposer(monde)
    semis.ajouter(m.Reglage, cle=m.DEMONSTRATION, valeur=le.isoformat())
    await semis.ecrire()
