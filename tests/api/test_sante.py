"""Health tells the truth in time, of a base that says nothing too."""

from __future__ import annotations

import asyncio
import time

from app.http import health
from app.http.health import Readiness


class Muette:
    """A base that neither answers nor lets go, as one that is cut off."""

    def __init__(self) -> None:
        self.asked = 0
        self.back = asyncio.Event()

    async def __call__(self) -> bool:
        self.asked += 1
        while not self.back.is_set():
            try:
                await self.back.wait()
            except asyncio.CancelledError:
                continue
        return True


async def test_a_check_that_lasts_does_not_hold_and_is_waited_for_no_longer() -> None:
    base = Muette()
    readiness = Readiness({"base": base})
    begun = time.monotonic()
    assert await readiness.report() == {"base": False}
    assert await readiness.report() == {"base": False}
    assert time.monotonic() - begun < 4 * health.SECONDS_MAX
    assert base.asked == 1, "each would take a connection"

    base.back.set()
    assert await readiness.report() == {"base": True}
    assert await readiness.report() == {"base": True}
    assert base.asked == 2


async def test_a_check_that_fails_does_not_hold() -> None:
    async def cassee() -> bool:
        raise OSError

    readiness = Readiness({"base": cassee})
    assert [await readiness.report(), await readiness.report()] == [{"base": False}] * 2
