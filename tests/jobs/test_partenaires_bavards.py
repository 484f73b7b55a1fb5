"""A partner that talks without end, or says its answer a letter at a time, keeps nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, cycle

import pytest

from app.jobs import partenaires
from app.jobs.partenaires import ParHttp, PartenaireAbsent
from app.models import EtatEchange

ENTETE = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"
PATIENCE = 30  # seconds


@asynccontextmanager
async def dit(morceaux: list[bytes], pause: float) -> AsyncIterator[str]:
    """A partner that takes the message, then says these pieces, the last one again and again. Out: its address."""

    async def parler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):
            for morceau in chain(morceaux, cycle(morceaux[-1:])):
                writer.write(morceau)
                await writer.drain()
                await asyncio.sleep(pause)

    server = await asyncio.start_server(parler, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


def porteur(adresse: str) -> ParHttp:
    return ParHttp(adresse, "s" * 32, lambda: datetime.now(UTC))


async def test_an_answer_without_end_is_read_no_further_than_its_status() -> None:
    async with dit([ENTETE, b"x" * 65536], 0) as adresse:
        porte = porteur(adresse).porter("cle", b"{}")
        assert await asyncio.wait_for(porte, PATIENCE) == (EtatEchange.ACCEPTE, "HTTP_200")


async def test_an_answer_a_letter_at_a_time_is_waited_for_no_longer_than_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(partenaires, "PATIENCE", 0.3)
    async with dit([b"HTTP/1.1 200 OK\r\nx: ", b"y"], 0.05) as adresse:
        with pytest.raises(PartenaireAbsent):
            await asyncio.wait_for(porteur(adresse).porter("cle", b"{}"), PATIENCE)
