"""How a base says that it is the demonstration: asked at each start, by processes that play no parcours."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import models as m


async def est_demonstration(db: AsyncConnection) -> bool:
    """Out: whether this base holds the demonstration, and so nobody real."""
    return await db.scalar(select(m.Reglage.cle).where(m.Reglage.cle == m.DEMONSTRATION)) is not None
