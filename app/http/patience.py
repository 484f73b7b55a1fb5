"""How long something may be waited for, when thousands wait at once: one look now and then at all of them.

A timer for each request costs as much as the rest of the edge: they are made and thrown away without ever ringing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
LOOKS = 10  # of a patience: what lasts too long is ended up to a tenth of it later


@dataclass(eq=False)
class Wait:
    """A task that waits, until when it may, and whether it was told that this is over."""

    until: float
    over: bool = False


@dataclass
class Patience:
    """Ends what is waited for too long. One for an event loop."""

    waiting: dict[asyncio.Task[Any], Wait] = field(default_factory=dict)
    looking: bool = False

    async def of(self, awaited: Awaitable[T], seconds: float) -> T:
        """Out: what is waited for; raises TimeoutError when it lasts longer than so many seconds."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self.waiting[task] = wait = Wait(loop.time() + seconds)
        if not self.looking:
            self.looking = True
            loop.call_later(seconds / LOOKS, self.look, loop, seconds / LOOKS)
        try:
            return await awaited
        except asyncio.CancelledError:
            if wait.over and not task.uncancel():  # nobody else wants it to end
                raise TimeoutError from None
            raise
        finally:
            del self.waiting[task]

    def look(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """End what has lasted too long, and look again later if anything waits."""
        now = loop.time()
        for task, wait in self.waiting.items():
            if now >= wait.until and not wait.over:
                wait.over = True
                task.cancel()
        self.looking = bool(self.waiting)
        if self.looking:
            loop.call_later(seconds, self.look, loop, seconds)
