"""Processes: which one is it, which one is gone, who leaves with it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

PARENT = "RAFAEL_PARENT"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MAY_FORK = sys.platform == "linux"


def exists(pid: int) -> bool:
    """Is there a process, or the remains of one, under this number?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """Out: the words of the process, each between line feeds; empty when it is gone or a zombie."""
    proc = Path("/proc/self/cmdline")
    if proc.exists():
        try:
            return "\n" + Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b"\n").decode(
                errors="replace"
            )
        except OSError:
            return ""
    done = subprocess.run(  # noqa: S603  # macOS has no /proc
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f"\n{done.stdout.strip()}\n".replace(" ", "\n")


def leave_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into SystemExit, so that every `with` is left properly.

    To call before uvicorn runs: it raises the signal again after its own shutdown, under the handler it found.
    """
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def hear_as_ctrl_c() -> None:
    """Let SIGTERM and SIGHUP act as Ctrl-C does, in a command: it says what is done, and stops the server it started."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    signal.signal(signal.SIGHUP, _as_ctrl_c)


def _as_ctrl_c(signum: int, frame: FrameType | None) -> None:
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # a shell makes what it starts in the background deaf to it
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


@contextmanager
def signals_later() -> Iterator[None]:
    """Hold the signals that end a process until the block is done, then let them act."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python only hears signals in the main thread
        return
    held: list[int] = []
    heard = [one for one in ENDING if callable(signal.getsignal(one))]
    before = {one: signal.signal(one, lambda signum, _: held.append(signum)) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for signum in dict.fromkeys(held):
            signal.raise_signal(signum)


def is_worker() -> bool:
    """Was this process started by another one of ours, to answer?"""
    return os.environ.get(PARENT, str(os.getpid())) != str(os.getpid())


async def leave_with_parent(interval: float = 1.0) -> None:
    """End this worker when the process that started it has gone, however it went.

    uvicorn's workers outlive a parent killed by -9 and keep the port. A task for the lifespan of the application;
    returns at once in a process that nobody started as a worker.
    """
    if not is_worker():
        return
    parent = int(os.environ[PARENT])
    while os.getppid() == parent:  # noqa: ASYNC110
        await asyncio.sleep(interval)  # nothing to wait on: the kernel tells nobody of a parent's death
    os.kill(os.getpid(), signal.SIGTERM)


def context() -> Any:
    """Out: how a process is started: a copy of this one where that is safe, which costs neither imports nor memory."""
    return multiprocessing.get_context("fork" if MAY_FORK and threading.active_count() == 1 else "spawn")


def started(work: Callable[..., None], *given: Any) -> BaseProcess:
    """In: a function of a module, its arguments. Out: the process that runs it, and leaves on the usual signals."""
    process: BaseProcess = context().Process(target=run, args=(work, *given), daemon=True)
    process.start()
    return process


def run(work: Callable[..., None], *given: Any) -> None:
    """Run it; Ctrl-C ends it without a trace."""
    leave_on_signals()
    with suppress(KeyboardInterrupt):
        work(*given)


@contextmanager
def beside(work: Callable[..., None], *given: Any) -> Iterator[BaseProcess]:
    """The same, for as long as the block lasts: cut short if the block is."""
    process = started(work, *given)
    try:
        yield process
    finally:
        process.terminate()
        process.join()


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do it to its end, or until one of the usual signals comes: it is then cancelled, and puts its things away."""
    task = asyncio.ensure_future(work)
    for one in ENDING:
        asyncio.get_running_loop().add_signal_handler(one, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
