"""How a base says that it is the demonstration: asked at each start, by processes that play no parcours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import models as m
from app.kit.database import surely

if TYPE_CHECKING:
    from app.kit.database import Pool

DITE = "select cle from reglage where cle = $1"


async def est_demonstration(pool: Pool) -> bool:
    """Out: whether this base holds the demonstration, and so nobody real."""
    return await surely(pool, lambda db: db.fetchval(DITE, m.DEMONSTRATION)) is not None
