"""A real mail server on loopback, which takes, refuses for now, or refuses for good, as a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.smtp import SMTP

TAKEN = "250 OK"


@dataclass
class Recoit:
    """What the server does with a mail: the answers it was told to give, then yes."""

    reponses: list[str] = field(default_factory=list)
    refus: str | None = None  # to a recipient
    recus: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # the library's name
        if self.refus:
            return self.refus
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.reponses.pop(0) if self.reponses else TAKEN
        if answer == TAKEN:
            message = message_from_bytes(envelope.content, policy=POLICY)
            assert isinstance(message, EmailMessage)
            self.recus.append(message)
        return answer


@dataclass
class ServeurDeCourriel:
    """The server, and what came."""

    recoit: Recoit
    url: str


@asynccontextmanager
async def servi(tls: ssl.SSLContext | None = None) -> AsyncIterator[ServeurDeCourriel]:
    """The server, on a port that was free, until the end of the block; it offers STARTTLS under this certificate, if any."""
    recoit = Recoit()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(recoit, loop=loop, tls_context=tls), "127.0.0.1", 0)
    try:
        yield ServeurDeCourriel(recoit, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    finally:
        server.close()
        await server.wait_closed()
