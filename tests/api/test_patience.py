"""What is waited for too long ends; nothing else does."""

from __future__ import annotations

import asyncio

import pytest

from app.http.patience import Patience


async def late() -> None:
    await asyncio.Event().wait()


async def here() -> str:
    return "là"


async def test_what_is_there_is_given() -> None:
    assert await Patience().of(here(), 5) == "là"


async def test_what_lasts_ends_and_what_comes_after_does_not() -> None:
    patience = Patience()
    with pytest.raises(TimeoutError):
        await patience.of(late(), 0.02)

    assert await patience.of(here(), 5) == "là"
    assert not patience.waiting


async def test_each_waits_for_its_own_time() -> None:
    patience, gate = Patience(), asyncio.Event()

    async def opened() -> str:
        await gate.wait()
        return "ouvert"

    long = asyncio.create_task(patience.of(opened(), 60))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await Patience().of(late(), 0.02)
    gate.set()

    assert await long == "ouvert"


async def test_who_is_cancelled_by_another_is_cancelled() -> None:
    patience = Patience()
    task = asyncio.create_task(patience.of(late(), 60))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert not patience.waiting
