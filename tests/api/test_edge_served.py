"""The edge behind the real server, spoken to byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from app.http import heads
from app.http.together import PIECE

from .edge import Edge

Address = tuple[str, int]


@contextlib.asynccontextmanager
async def served(edge: Edge, kind: type[heads.Heads] = heads.Heads) -> AsyncIterator[Address]:
    """The application under uvicorn, on a port of the loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(edge.app, http=kind, log_level="critical", server_header=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(listener.close)
        while not server.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0)
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    async with served(Edge()) as address:
        yield address


async def spoken(address: Address, sent: bytes) -> bytes:
    """In: bytes to send. Out: all that comes back before the connection ends, five seconds at most."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def request(body: bytes, *headers: str) -> bytes:
    lines = ["POST /graphql HTTP/1.1", "Host: rafael.test", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_a_query_is_answered(address: Address) -> None:
    body = b'{"query": "{ bonjour }"}'

    answer = await spoken(address, request(body, f"Content-Length: {len(body)}", "Connection: close"))

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b'{"data":{"bonjour":"bonjour toi"}}')
    assert b"\r\nserver:" not in answer.lower()


async def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(address: Address) -> None:
    answer = await spoken(address, request(b"", "Content-Length: 4000001"))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("chunks", [11, 39])
async def test_a_client_that_sends_too_much_hears_the_refusal(address: Address, chunks: int) -> None:
    chunk = b"%x\r\n" % 100_000 + b" " * 100_000 + b"\r\n"

    answer = await spoken(address, request(chunk * chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked"))

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_client_that_hangs_up_leaves_no_trace_of_a_fault(
    address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection(*address)
    writer.write(request(b'{"query"', "Content-Length: 5000"))
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    body = b'{"query": "{ bonjour }"}'
    answer = await spoken(address, request(body, f"Content-Length: {len(body)}", "Connection: close"))

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_one_connection_serves_many_requests(address: Address) -> None:
    body = b'{"query": "{ moi }"}'
    again = request(body, f"Content-Length: {len(body)}")
    last = request(body, f"Content-Length: {len(body)}", "Connection: close")

    answer = await spoken(address, again + again + last)

    assert answer.count(b'{"data":{"moi":"anonyme"}}') == 3


@pytest.mark.parametrize(
    "sent",
    [
        b"GRAPHQL\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        request(b"{}", "Content-Length: 2", "Transfer-Encoding: chunked"),
    ],
    ids=["no HTTP", "a negative length", "TLS", "two lengths"],
)
async def test_what_is_not_http_is_a_bad_request(address: Address, sent: bytes) -> None:
    answer = await spoken(address, sent)

    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 ")), answer


@pytest.mark.parametrize("first", [b"", request(b"{}", "Content-Length: 2")], ids=["alone", "after-another"])
async def test_a_head_without_end_is_refused_before_it_fills_the_memory(
    address: Address, first: bytes
) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(first)
    if first:
        await reader.readuntil(b"}]}")
    writer.write(b"POST /graphql HTTP/1.1\r\nHost: rafael.test\r\nX-Long: ")
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            writer.write(b"a" * 10_000)
            await writer.drain()

    with contextlib.suppress(ConnectionError):  # what is still being sent may be answered by a reset
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 431 ")
    writer.close()


@pytest.mark.parametrize("sent", [b"", b"POST /graphql HTTP/1.1\r\nHost:"], ids=["nothing", "a-beginning"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, address: Address, sent: bytes
) -> None:
    monkeypatch.setattr(heads, "SECONDS", 0.05)

    assert (await spoken(address, sent)).startswith(b"HTTP/1.1 408 ")


async def test_headers_as_long_as_browsers_send_are_heard_in_pieces(address: Address) -> None:
    body = b'{"query": "{ bonjour }"}'
    sent = request(body, "Cookie: " + "a" * 30_000, f"Content-Length: {len(body)}", "Connection: close")
    reader, writer = await asyncio.open_connection(*address)
    for at in range(0, len(sent), 1_000):
        writer.write(sent[at : at + 1_000])
        await writer.drain()

    assert b" 200 OK" in (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n")[0]
    writer.close()


class Listened(heads.Heads):
    """The protocol of the house, where what reaches the connection is noted, piece by piece."""

    pieces: ClassVar[list[bytes]] = []

    def connection_made(self, transport: Any) -> None:
        super().connection_made(Noting(transport, self.pieces))


class Noting:
    """The transport of a connection, and what is written there."""

    def __init__(self, transport: Any, pieces: list[bytes]) -> None:
        self.transport, self.pieces = transport, pieces

    def write(self, data: bytes) -> None:
        self.pieces.append(data)
        self.transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class TestPieces:
    """What is written together leaves together."""

    @pytest.fixture
    def pieces(self) -> list[bytes]:
        Listened.pieces.clear()
        return Listened.pieces

    async def test_the_head_and_the_body_of_an_answer_leave_in_one_piece(self, pieces: list[bytes]) -> None:
        async with served(Edge(), Listened) as address:
            answer = await spoken(address, request(b"{}", "Content-Length: 2", "Connection: close"))

        assert pieces == [answer]
        assert b"\r\n\r\n{" in answer

    async def test_two_requests_sent_at_once_are_answered_both(self, pieces: list[bytes]) -> None:
        async with served(Edge(), Listened) as address:
            both = request(b"{}", "Content-Length: 2") + request(
                b"{}", "Content-Length: 2", "Connection: close"
            )
            answer = await spoken(address, both)

        assert answer == b"".join(pieces)
        assert answer.count(b"HTTP/1.1 400") == 2

    async def test_a_long_answer_does_not_wait_whole_in_memory(self, pieces: list[bytes]) -> None:
        chunk = b"x" * (PIECE // 4)

        async def long(asked: Request) -> StreamingResponse:
            async def chunks() -> AsyncIterator[bytes]:
                for _ in range(64):
                    yield chunk

            return StreamingResponse(chunks())

        async with served(Edge(routes=[Route("/long", long)]), Listened) as address:
            answer = await spoken(
                address, b"GET /long HTTP/1.1\r\nHost: rafael.test\r\nConnection: close\r\n\r\n"
            )

        assert answer.count(b"x" * len(chunk)) == 64
        assert max(map(len, pieces)) < PIECE + 2 * len(chunk)
