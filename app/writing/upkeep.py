"""What the base is asked to know of its own tables: nobody's rows, no permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import models as m

if TYPE_CHECKING:
    from app.kit.database import Pool


async def compter(pool: Pool, *models: type[m.Base]) -> None:
    """Have tables counted: the plan of a statement that was met while they were small is made again.

    One that somebody else is counting, or moving, is left out.
    """
    async with pool.acquire() as connection:
        for model in models:
            await connection.execute(f"ANALYZE (SKIP_LOCKED) {model.__tablename__}")
