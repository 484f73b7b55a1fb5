"""A real HTTP server on loopback: the peers of the tests listen there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette


@asynccontextmanager
async def ecoute(app: Starlette) -> AsyncIterator[str]:
    """In: an application. Out: its address, on a port that was free, until the end of the block."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    loop = asyncio.get_running_loop()
    server.config.load()
    listener = await loop.create_server(
        lambda: server.config.http_protocol_class(  # type: ignore[call-arg]
            config=server.config, server_state=server.server_state, app_state={}
        ),
        "127.0.0.1",
        0,
    )
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
