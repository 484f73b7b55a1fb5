"""Which policy is in service: written down when it is another than the last one."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from app import models as m
from app.kit.database import Database
from app.policies.lock import digest, read_sources
from app.policies.matrix import matrix
from app.policies.policy import Policy
from app.policies.viewer import System

from .door import Writer

SYSTEM = System()


async def noter(url: str, le: datetime) -> bool:
    """In: the address of the base, at its last revision. The same, for a process that has no door yet."""
    async with Database(url, connections=1) as database:
        return await noter_politique(Writer(database.writing, Policy.load()), le)


async def noter_politique(writer: Writer, le: datetime) -> bool:
    """In: the writing door, and the moment. Out: whether this policy was not the one in service.

    Of machines that start together, one writes it.
    """
    policy = writer.policy
    async with writer.knowing(le, SYSTEM) as tx:
        derniere = await tx.dernier(m.VersionPolitique)
    if derniere and derniere.sha256 == policy.sha256:
        return False
    try:
        async with writer.writing(SYSTEM, le) as tx:
            await tx.creer(
                m.VersionPolitique,
                pour="noter",
                sha256=policy.sha256,
                mise_en_service_le=le,
                precedente_id=derniere.id if derniere else None,
                contenu=contenu(),
                matrice=matrix(policy.compiled, policy.sha256),
            )
    except asyncpg.UniqueViolationError:  # by another machine, just now
        return False
    return True


def contenu() -> dict[str, list[dict[str, str]]]:
    """Out: the files of the policy, as they are read."""
    return {
        "fichiers": [
            {"nom": nom, "sha256": digest(source), "source": source} for nom, source in read_sources().items()
        ]
    }
