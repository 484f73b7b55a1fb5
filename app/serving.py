"""`rafael servir`: the parent holds the database and brings it up to date; its workers answer."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

import psycopg
import typer
import uvicorn
import uvicorn._subprocess
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from app.kit import processes
from app.kit.cipher import cipher_of
from app.kit.clock import clock_of
from app.kit.database import watched
from app.kit.embedded import EmbeddedError
from app.kit.migrations import migrer
from app.kit.settings import Settings

LOG = logging.getLogger("rafael.servir")
EACH = 1  # second between two looks at the base
RETRIES = 20  # starts of workers that may fail, half a second apart at least, before everything ends
HUNG = 30  # seconds without a word from a worker: on a machine that is short of processors, five are nothing
LAST_REQUESTS = 10  # seconds that requests in flight are given at the end
COLLECTIONS = (
    20_000,
    20,
    20,
)  # objects before one: a new document makes thousands, and what is kept is walked each time
DEMO = "app.demo.monde"


class PortTakenError(Exception):
    """Somebody else listens there; the message says what to do."""


def servir(settings: Settings) -> int:
    """In: the settings. Serve until Ctrl-C or SIGTERM. Out: the code of the process."""
    processes.leave_on_signals()
    gc.disable()  # a start only makes things that stay; `application` puts it back
    with suppress(KeyboardInterrupt), listening(settings) as listener, watched(settings) as (url, revive):
        migrer(url)
        if settings.demo:
            fill(url, settings)
        os.environ.update(settings.environ())
        os.environ.update({"DATABASE_URL": url, processes.PARENT: str(os.getpid())})
        typer.echo(announcement(settings, listener.getsockname()[1]))
        return answer(settings, listener, Guard(revive))
    return 0


def listening(settings: Settings) -> socket.socket:
    """Out: the open port: before the rest, so that nothing is started for nothing, and early clients wait."""
    family = socket.AF_INET6 if ":" in settings.hote else socket.AF_INET
    try:
        return socket.create_server((settings.hote, settings.port), family=family, backlog=2048)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTakenError(
            f"le port {settings.port} est pris ou réservé : arrêtez ce qui l'occupe, "
            "ou choisissez-en un autre (make run PORT=8001)"
        ) from error


def announcement(settings: Settings, port: int) -> str:
    """In: the settings and the port that was given. Out: where it is, and where the data are."""
    there = f"[{settings.hote}]" if ":" in settings.hote else settings.hote
    data = "DATABASE_URL" if settings.database_url else str(settings.donnees)
    return f"RafaelPro : http://{there}:{port}/  (données : {data} ; Ctrl-C pour arrêter)"


def fill(url: str, settings: Settings) -> None:
    """Put the demonstration in an empty base."""
    if is_empty(url):  # asked here first: its imports would slow down every other start
        gc.enable()
        asyncio.run(import_module(DEMO).peupler_si_vide(url, cipher_of(settings), clock_of(settings)))


def is_empty(url: str) -> bool:
    """In: the address of a migrated base. Out: whether nobody has an account there."""
    with psycopg.connect(url) as connection:
        return connection.execute("select from compte limit 1").fetchone() is None


class Guard:
    """Looks after the embedded server, which nobody else would start again."""

    def __init__(self, revive: Callable[[], bool]) -> None:
        """In: what starts it again if it is down: true if it was."""
        self.revive = revive

    def look(self) -> None:
        """Start it again if it was killed. What its own remains forbid is tried again the next time."""
        try:
            if self.revive():
                LOG.warning("PostgreSQL n'était plus là : il est reparti")
        except EmbeddedError as error:
            LOG.warning("PostgreSQL n'est plus là et ne repart pas encore : %s", error)

    async def look_beside(self) -> None:
        """The same, without keeping requests waiting."""
        await asyncio.to_thread(self.look)


def answer(settings: Settings, listener: socket.socket, guard: Guard) -> int:
    """Run the workers on the open port until somebody stops them. Out: 0, or 1 when they could not start."""
    config = uvicorn.Config(
        "app.serving:application",
        factory=True,
        workers=settings.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=LAST_REQUESTS,
        timeout_worker_healthcheck=HUNG,
    )
    if settings.workers > 1:
        born_ready()
        workers = Workers(config, [listener], guard)
        workers.run()
        return 1 if workers.failed else 0
    config.callback_notify, config.timeout_notify = guard.look_beside, EACH
    server = uvicorn.Server(config)
    signal.signal(signal.SIGHUP, server.handle_exit)  # uvicorn itself only hears SIGINT and SIGTERM
    server.run(sockets=[listener])
    return 0 if server.started else 1


def born_ready() -> None:
    """Import here, once, what every worker needs, and let workers be copies of this process; where it can be done.

    uvicorn starts each of them from nothing, and each would spend a second of a core on the same imports. A fork shares
    them, the policy and the schema, and their memory; no thread has run here, and no connection is open. macOS forbids it
    to its frameworks.
    """
    if sys.platform == "linux":
        with suppress(Exception):  # each worker will say what is wrong
            import_module("app.main").prepared()
        gc.freeze()
        uvicorn._subprocess.spawn = multiprocessing.get_context("fork")  # type: ignore[assignment]


class Workers(Multiprocess):
    """uvicorn's workers. A terminal that closes stops them, where uvicorn would start them again for nobody."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], guard: Guard) -> None:
        """In: what they answer by, on which ports, and what looks after the base between two looks at them."""
        super().__init__(config, sockets=sockets)
        self.guard, self.retries = guard, RETRIES

    def keep_subprocess_alive(self) -> None:
        """Start again what has died: the base, then a worker."""
        self.guard.look()
        self.try_again()
        super().keep_subprocess_alive()

    def try_again(self) -> None:
        """Start a worker again that could not start while another one lives: the base was away at that moment.

        Not for ever: what no worker can do, uvicorn ends for good.
        """
        lives = any(each.process.is_alive() for each in self.processes)
        for rank, each in enumerate(self.processes):
            if lives and self.retries and each.exitcode == STARTUP_FAILURE:
                self.retries -= 1
                self.processes[rank] = Process(self.config, self.sockets)
                self.processes[rank].start()

    def handle_hup(self) -> None:
        """Leave."""
        self.should_exit.set()

    @property
    def failed(self) -> bool:
        """Did one of them never start?"""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)


def application() -> ASGIApp:
    """Out: the application, in a worker. One that cannot be made ends everything: it would fail again for ever."""
    from app.main import create_app  # the parent has no need of it

    if processes.is_worker():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent hears it too, and lets requests finish
    try:
        made = create_app(travaux=Settings.read().travaux)
    except Exception:  # whatever it is
        traceback.print_exc()
        sys.exit(STARTUP_FAILURE)
    gc.freeze()  # what is there now stays: no collection looks at it again
    gc.set_threshold(*COLLECTIONS)
    gc.enable()
    return made
