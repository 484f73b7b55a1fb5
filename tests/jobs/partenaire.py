"""A real partner on loopback: it takes, refuses, fails, delays or forgets, as a test says; and keeps what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.kit.clock import system
from app.kit.signature import HEADER, est_signe
from tests.loopback import ecoute

SECRET = "secret-de-loopback-pour-les-essais-seulement"
MUET = 0  # takes the message, then says nothing: the line is cut


@dataclass
class Pair:
    """What the partner heard, and how it was told to answer: these statuses, then yes for ever."""

    url: str = ""
    reponses: list[int] = field(default_factory=list)
    recus: list[dict[str, Any]] = field(default_factory=list)
    cles: list[str] = field(default_factory=list)

    async def ecouter(self, request: Request) -> Response:
        corps = await request.body()
        assert est_signe(SECRET, corps, request.headers.get(HEADER), int(system()().timestamp()))
        statut = self.reponses.pop(0) if self.reponses else 200
        if statut == MUET or statut < 300:
            self.recus.append(orjson.loads(corps))
        self.cles.append(request.headers["idempotency-key"])
        if statut == MUET:
            raise asyncio.CancelledError
        return Response(status_code=statut)

    @property
    def distincts(self) -> dict[str, dict[str, Any]]:
        """Out: what it holds, once a key, as whoever honours keys does."""
        return {message["cle"]: message for message in self.recus}


@asynccontextmanager
async def servi(pair: Pair) -> AsyncIterator[Pair]:
    """The partner, on a port that was free, until the end of the block."""
    app = Starlette(routes=[Route("/messages", pair.ecouter, methods=["POST"])])
    async with ecoute(app) as adresse:
        pair.url = f"{adresse}/messages"
        yield pair
