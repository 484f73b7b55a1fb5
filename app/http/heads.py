"""What comes before a body: bounded in bytes and in seconds, which uvicorn leaves to whatever stands in front of it."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .together import Together

BYTES = 65_536  # of a request line and its headers, and what came with them
SECONDS = 10.0  # that they may take, from the opening of the connection or from their first byte


class Heads(HttpToolsProtocol):
    """uvicorn's protocol, for clients that do not end what they begin to say."""

    heard = 0
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to count the seconds."""
        super().connection_made(Together(transport, self.loop))  # type: ignore[arg-type]  # nothing else is asked of it
        self.timer = self.loop.call_later(SECONDS, self.refuse, b"408 Request Timeout")

    def data_received(self, data: bytes) -> None:
        """Hear some bytes; a head that is whole is counted no more."""
        super().data_received(data)
        if self.scope is not None and "path" in self.scope:
            if self.timer is not None:
                self.calm()
        else:
            self.begun(len(data))

    def on_response_complete(self) -> None:
        """The answer is whole: it leaves, before what is left to do about it."""
        self.transport.leave()  # type: ignore[attr-defined]  # of `Together`
        super().on_response_complete()

    def begun(self, size: int) -> None:
        """Count the bytes of a head that is not whole."""
        self.heard += size
        if self.heard > BYTES:
            self.refuse(b"431 Request Header Fields Too Large")
        elif self.timer is None:
            self.timer = self.loop.call_later(SECONDS, self.refuse, b"408 Request Timeout")

    def calm(self) -> None:
        """Count no more."""
        self.heard = 0
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def refuse(self, status: bytes) -> None:
        """Say why, unless an answer is on its way, and close."""
        self.calm()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.calm()
        super().connection_lost(exc)
