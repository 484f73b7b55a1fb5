"""Alive, and ready: what a supervisor asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

LOG = logging.getLogger("rafael.http")
SECONDS_MAX = 2.0

Check: TypeAlias = Callable[[], Awaitable[bool]]


class Readiness:
    """The checks that must hold before requests are sent here."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """In: the checks by their name, a French word."""
        self.checks = dict(checks)

    async def report(self) -> dict[str, bool]:
        """Out: each check and whether it holds. One that fails or takes too long does not hold; why is in the log."""
        held = await asyncio.gather(*(self.held(name, check) for name, check in self.checks.items()))
        return dict(zip(self.checks, held, strict=True))

    async def held(self, name: str, check: Check) -> bool:
        """Whether a check holds."""
        try:
            async with asyncio.timeout(SECONDS_MAX):
                return await check()
        except Exception as fault:
            LOG.warning("controle %s", name, exc_info=fault)
            return False


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """The process can serve: the base is reachable and migrated to head, the policy equal to its sources."""
    desk = getattr(request.app.state, "desk", None)
    report = await desk.readiness.report() if desk else {"ouverture": False}
    ready = all(report.values())
    return JSONResponse({"pret": ready, "controles": report}, 200 if ready else 503)
