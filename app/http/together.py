"""A transport where what is written in one turn of the loop leaves in one piece.

uvicorn writes the head of an answer, then its body: two system calls, two packets, and a client that wakes up twice.
"""

from __future__ import annotations

import asyncio
from typing import Any

PIECE = 65_536  # bytes that may wait for the end of a turn: beyond, they leave, and the transport says when to stop


class Together:
    """A transport that writes at the end of the turn; for all the rest it is the one of the connection."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        """In: the transport of the connection, and its loop."""
        self.transport, self.loop = transport, loop
        self.written: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> None:
        """Write some bytes, at the end of this turn at the latest."""
        if not self.written:
            self.loop.call_soon(self.leave)
        self.written.append(data)
        self.size += len(data)
        if self.size > PIECE:
            self.leave()

    def leave(self) -> None:
        """Let what was written go; of a connection that is lost nothing goes any more."""
        written, self.written, self.size = self.written, [], 0
        if written and not self.transport.is_closing():
            self.transport.write(b"".join(written))

    def close(self) -> None:
        """Close, once all that was written has left."""
        self.leave()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        """Out: what any transport has."""
        return getattr(self.transport, name)
