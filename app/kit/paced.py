"""What takes the same time whatever it finds: a stopwatch must not tell what the answer keeps silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def no_sooner(seconds: float) -> AsyncIterator[None]:
    """In: how long, which must be well above what is done within. What follows is reached no sooner, success or failure.

    Nothing may be held meanwhile: no transaction, no lock, no place among the hashes in hand.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    try:
        yield
    finally:
        await asyncio.sleep(end - loop.time())  # nothing to wait on: time itself is what is hidden
