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
        self.lasting: dict[str, asyncio.Future[bool]] = {}

    async def report(self) -> dict[str, bool]:
        """Out: each check and whether it holds. One that fails or takes too long does not hold; why is in the log."""
        held = await asyncio.gather(*(self.held(name, check) for name, check in self.checks.items()))
        return dict(zip(self.checks, held, strict=True))

    async def held(self, name: str, check: Check) -> bool:
        """Whether a check holds. One that lasts is left to itself: to end it, too, waits for a base that says nothing.

        As long as it lasts the next ones do not hold either: they would take a connection each.
        """
        asked = self.lasting.get(name) or asyncio.ensure_future(check())
        self.lasting[name] = asked
        await asyncio.wait([asked], timeout=SECONDS_MAX)
        if not asked.done():
            LOG.warning("controle %s : rien au bout de %s secondes", name, SECONDS_MAX)
            return False
        self.lasting.pop(name, None)
        if asked.cancelled():
            return False
        if (fault := asked.exception()) is not None:
            LOG.warning("controle %s", name, exc_info=fault)
            return False
        return asked.result()


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """The process can serve: the base is reachable and migrated to head, the policy equal to its sources."""
    desk = getattr(request.app.state, "desk", None)
    report = await desk.readiness.report() if desk else {"ouverture": False}
    ready = all(report.values())
    return JSONResponse({"pret": ready, "controles": report}, 200 if ready else 503)
