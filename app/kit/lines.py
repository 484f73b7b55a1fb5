"""Lines to a base that is on another machine: when nothing comes back any more, they end, rather than wait for a quarter of an hour.

A base that is stopped says so; a machine that is cut off, or whose address has moved, says nothing. The kernel then sends
again for some fifteen minutes, and asks a line at rest whether it lives after two hours only.
"""

from __future__ import annotations

import socket
from typing import Any

import asyncpg

SILENCE = 15  # seconds without a word from the other machine: as long as a change of hands may last
# seconds before a line at rest is asked whether it lives, between two questions; how many questions
AT_REST, EACH, PROBES = 10, 5, 3
TO_OPEN = 5.0  # seconds that opening a connection may take

# in words of the kernel, where it has them (Linux; macOS calls the first one otherwise)
OPTIONS = {
    "TCP_KEEPIDLE": AT_REST,
    "TCP_KEEPINTVL": EACH,
    "TCP_KEEPCNT": PROBES,
    "TCP_USER_TIMEOUT": SILENCE * 1000,
}

# the same, in words of libpq
LIBPQ = {
    "keepalives_idle": AT_REST,
    "keepalives_interval": EACH,
    "keepalives_count": PROBES,
    "tcp_user_timeout": SILENCE * 1000,
    "connect_timeout": int(TO_OPEN),
}


class Line(asyncpg.Connection):
    """A connection of asyncpg that ends when the other machine is silent."""

    def __init__(self, protocol: Any, transport: Any, *rest: Any) -> None:
        """In: what asyncpg makes it of."""
        super().__init__(protocol, transport, *rest)
        found = transport.get_extra_info("socket")
        if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
            heed_silence(found)


def heed_silence(line: socket.socket) -> None:
    """Tell the kernel how long a silence may last."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OPTIONS.items():
        if (option := getattr(socket, name, None)) is not None:
            line.setsockopt(socket.IPPROTO_TCP, option, value)
