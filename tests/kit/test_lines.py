"""A line to a base that says nothing any more ends: whoever waited is answered."""

from __future__ import annotations

import socket

import pytest

from app.kit.database import AsItIs
from app.kit.lines import AT_REST, SILENCE, Line, heed_silence


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="a word of Linux")
def test_the_kernel_is_told_how_long_a_silence_may_last() -> None:
    with socket.create_server(("127.0.0.1", 0)) as base, socket.create_connection(base.getsockname()) as line:
        heed_silence(line)
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == AT_REST
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SILENCE * 1000


def test_both_doors_have_such_lines() -> None:
    assert issubclass(AsItIs, Line)
