"""The processes that answer, and the one that does the jobs: started, looked after, ended."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.process import BaseProcess

import uvicorn
import uvicorn._subprocess
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from app.http.heads import Heads
from app.kit import processes
from app.kit.embedded import EmbeddedError
from app.kit.settings import Settings

LOG = logging.getLogger("rafael.servir")
RETRIES = 20  # starts that may fail before everything ends
EACH = 1.0  # second between two looks at what is looked after
AGAIN = 5.0  # seconds, at least, between two starts of the process that does the jobs
HUNG = 30  # seconds without a word from a worker: on a machine that is short of processors, five are nothing
# seconds between two requests of a connection: more than the minute of usual proxies, which would else write
# on one that closes, and answer 502
IDLE = 75
LAST_REQUESTS, LAST_JOBS = 10, 10  # seconds that requests in flight, then jobs, are given at the end
# objects before a collection: a new document makes thousands, and what is kept is walked each time; older ones are not left
# to wait, or what compiling leaves behind adds half as much again to what is kept
COLLECTIONS = (20_000, 10, 5)


class Jobs:
    """The process that does the jobs; whoever answers is never kept waiting by one."""

    process: BaseProcess | None = None
    begun = -AGAIN

    def __init__(self, listener: socket.socket, wanted: bool) -> None:
        """In: the open port, which is not for it; whether there are jobs to do here."""
        self.listener, self.wanted = listener, wanted

    def look(self) -> None:
        """Start it, or start it again when it has died."""
        lives = self.process is not None and self.process.is_alive()
        if lives or not self.wanted or time.monotonic() < self.begun + AGAIN:
            return
        if self.process is not None:
            LOG.warning("le processus des travaux s'est arrêté (code %s) : il repart", self.process.exitcode)
        self.begun = time.monotonic()
        self.process = processes.started(do_jobs, self.listener)

    def tell(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        """End it: running jobs are given some seconds."""
        self.tell()
        if self.process is not None:
            self.process.join(LAST_JOBS)
            self.process.kill()
            self.process.join()


def do_jobs(listener: socket.socket) -> None:
    """Do the jobs until told to stop, in a process of its own."""
    listener.close()  # a port is free as soon as nobody answers there
    gc.enable()
    main = import_module("app.main")
    main.configure()
    asyncio.run(processes.until_told(main.faire_les_travaux(Settings.read(), une_fois=False)))


class Guard:
    """Looks after the embedded server, which nobody else would start again."""

    def __init__(self, revive: Callable[[], bool]) -> None:
        """In: what starts the server again if it is down: true if it was."""
        self.revive = revive

    def look(self) -> None:
        """Start it again if it was killed. What its own remains forbid is tried again the next time."""
        try:
            if self.revive():
                LOG.warning("PostgreSQL n'était plus là : il est reparti")
        except EmbeddedError as error:
            LOG.warning("PostgreSQL n'est plus là et ne repart pas encore : %s", error)


@contextmanager
def beside(guard: Guard, jobs: Jobs, ends: Callable[[], bool]) -> Iterator[None]:
    """Look after both, in a thread: nobody waits, neither while the server starts nor while it answers.

    In: `ends`, whether everything ends. A Ctrl-C is heard by all: what it stopped is not to be started again.
    """
    done = threading.Event()

    def watch() -> None:
        while not done.wait(EACH):
            if not ends():
                guard.look()
                jobs.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def configured(workers: int) -> uvicorn.Config:
    """In: how many processes answer. Out: what uvicorn is told of them."""
    return uvicorn.Config(
        "app.workers:application",
        factory=True,
        workers=workers,
        loop="uvloop",
        http=Heads,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=LAST_REQUESTS,
        timeout_worker_healthcheck=HUNG,
    )


def answer(settings: Settings, listener: socket.socket, guard: Guard) -> int:
    """Run the workers on the open port until somebody stops them. Out: 0, or 1 when they could not start."""
    config = configured(settings.workers)
    jobs = Jobs(listener, settings.travaux)
    jobs.look()
    try:
        return (
            together(config, listener, guard, jobs)
            if settings.workers > 1
            else alone(config, listener, guard, jobs)
        )
    finally:
        jobs.stop()


def alone(config: uvicorn.Config, listener: socket.socket, guard: Guard, jobs: Jobs) -> int:
    """Answer in this very process. A start that fails is tried again: the base was away at that moment. Out: 0."""
    server = uvicorn.Server(config)
    with beside(guard, jobs, lambda: server.should_exit):
        for left in reversed(range(RETRIES)):
            server = uvicorn.Server(config)
            signal.signal(signal.SIGHUP, server.handle_exit)  # uvicorn itself only hears SIGINT and SIGTERM
            try:
                server.run(sockets=[listener])
            except SystemExit as failed:
                if failed.code != STARTUP_FAILURE or not config.loaded or not left:
                    raise
                LOG.warning("le serveur n'a pas pu démarrer : nouvel essai")
            else:
                break
            time.sleep(EACH)
    return 0


def together(config: uvicorn.Config, listener: socket.socket, guard: Guard, jobs: Jobs) -> int:
    """Answer by several processes. Out: 0, or 1 when they could not start."""
    workers = Workers(config, [listener], guard, jobs)
    workers.run()
    return 1 if workers.failed else 0


def born_ready() -> None:
    """Import here, once, what every worker needs, and let processes be copies of this one; where it can be done.

    Each would otherwise spend a second of a core on the same imports. A fork shares them, the policy and the schema, and
    their memory; no thread has run here, and no connection is open. macOS forbids it to its frameworks.
    """
    if processes.MAY_FORK:
        with suppress(Exception):  # each worker will say what is wrong
            import_module(
                "app.policies.policy"
            ).of_the_house()  # first: what reading it leaves free, the rest takes
            import_module("app.main").prepared()
        gc.collect()
        gc.freeze()
        uvicorn._subprocess.spawn = processes.context()


class Workers(Multiprocess):
    """uvicorn's workers. A terminal that closes stops them, where uvicorn would start them again for nobody."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], guard: Guard, jobs: Jobs
    ) -> None:
        """In: what they answer by, on which ports, and what is looked after between two looks at them."""
        super().__init__(config, sockets=sockets)
        self.guard, self.jobs, self.retries = guard, jobs, RETRIES

    def keep_subprocess_alive(self) -> None:
        """Start again what has died: the base, then a worker. Not once everything ends: a Ctrl-C is heard by all."""
        if self.should_exit.is_set():
            return
        self.guard.look()
        self.jobs.look()
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

    def terminate_all(self) -> None:
        """End them, and the jobs at the same time."""
        self.jobs.tell()
        super().terminate_all()

    def handle_hup(self) -> None:
        """Leave."""
        self.should_exit.set()

    @property
    def failed(self) -> bool:
        """Did one of them never start?"""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)


def application() -> ASGIApp:
    """Out: the application, in a worker. One that cannot be made ends everything: it would fail again for ever."""
    from app.main import create_app

    if processes.is_worker():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent hears it too, and lets requests finish
    try:
        made = create_app()
    except Exception:  # whatever it is
        traceback.print_exc()
        sys.exit(STARTUP_FAILURE)
    gc.freeze()  # what is there now stays: no collection looks at it again
    gc.set_threshold(*COLLECTIONS)
    gc.enable()
    return made
