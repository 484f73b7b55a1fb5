"""How long something may be waited for, when thousands wait at once: one look now and then at all of them.

A timer for each request costs as much as the rest of the edge: they are made and thrown away without ever ringing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
LOOKS = 10  # of a patience: what lasts too long is ended up to a tenth of it later


@dataclass
class Patience:
    """Ends what is waited for too long. One for an event loop."""

    waiting: dict[asyncio.Task[Any], float] = field(default_factory=dict)  # until when
    over: set[asyncio.Task[Any]] = field(default_factory=set)  # those that were told that this is over
    looking: bool = False

    async def of(self, awaited: Awaitable[T], seconds: float) -> T:
        """Out: what is waited for; raises TimeoutError when it lasts longer than so many seconds."""
        task = asyncio.current_task()
        assert task is not None
        self.waiting[task] = monotonic() + seconds
        if not self.looking:
            self.looking = True
            self.look(seconds / LOOKS)
        try:
            return await awaited
        except asyncio.CancelledError:
            if task in self.over and not task.uncancel():  # nobody else wants it to end
                raise TimeoutError from None
            raise
        finally:
            del self.waiting[task]
            self.over.discard(task)

    def look(self, seconds: float) -> None:
        """End what has lasted too long, and look again later if anything waits."""
        now = monotonic()
        for task, until in self.waiting.items():
            if now >= until and task not in self.over:
                self.over.add(task)
                task.cancel()
        self.looking = bool(self.waiting)
        if self.looking:
            asyncio.get_running_loop().call_later(seconds, self.look, seconds)
