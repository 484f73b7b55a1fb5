"""The embedded server, with real processes: it stops with its last user, and comes back whatever happened."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from app.kit import borrowed
from app.kit.embedded import TESTS, Embedded, EmbeddedError, default_home
from app.kit.processes import command_line

CHECKOUT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
USER = """
import signal, sys
from pathlib import Path
from app.kit.embedded import TESTS, Embedded, EmbeddedError
from app.kit.processes import leave_on_signals
leave_on_signals()
try:
    with Embedded(Path(sys.argv[1]), TESTS) as server:
        print(server.url(driver=""), flush=True)
        signal.pause()
except KeyboardInterrupt:
    pass
except EmbeddedError as error:
    sys.exit(str(error))
"""


class User:
    """A process that holds the server until it is told to leave."""

    def __init__(self, home: Path, *before: str) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", USER, str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def url(self) -> str:
        """Wait until it holds the server."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self, with_signal: int = signal.SIGTERM) -> tuple[int, str]:
        """Tell it, wait until it is gone. Out: its code, what it complained of."""
        self.process.send_signal(with_signal)
        return self.gone()

    def gone(self) -> tuple[int, str]:
        """Wait until it is gone."""
        errors = self.process.communicate(timeout=60)[1]
        return self.process.returncode, errors


def answers(url: str) -> bool:
    """Does the server answer?"""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def dossier() -> Iterator[Path]:
    """A folder that a borrowed account may cross (those of pytest are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="rafael-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def user(dossier: Path) -> Iterator[Callable[..., User]]:
    """What starts users; those that a failure leaves behind are ended, and the server with the last."""
    started: list[User] = []

    def start(home: Path | None = None, *before: str) -> User:
        started.append(User(home or dossier / "donnees", *before))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.leave()


Start = Callable[..., User]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_server_stops_with_its_user(user: Start, how: int) -> None:
    one = user()
    url = one.url()
    assert answers(url)
    assert one.leave(how) == (0, "")
    assert not answers(url)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_cut_short_leaves_nothing_that_runs(user: Start, dossier: Path, how: int) -> None:
    one = user()
    while not list((dossier).glob("donnees/pg*")):  # initdb is at work
        assert one.process.poll() is None
    one.leave(how)
    assert not answers(f"postgresql://postgres@/postgres?host={dossier / 'donnees' / 'pg18'}")
    assert answers(user().url())


def test_the_server_outlives_a_killed_user_and_stops_with_the_next(user: Start) -> None:
    killed = user()
    url = killed.url()
    killed.leave(signal.SIGKILL)
    assert answers(url)
    following = user()
    assert following.url() == url
    assert following.leave() == (0, "")
    assert not answers(url)


def test_the_server_stays_as_long_as_somebody_uses_it(user: Start) -> None:
    first, second = user(), user()
    url = first.url()
    assert second.url() == url
    first.leave()
    assert answers(url)
    second.leave()
    assert not answers(url)


def test_six_processes_may_come_at_once_to_a_fresh_folder(user: Start) -> None:
    users = [user() for _ in range(6)]
    urls = {one.url() for one in users}
    assert len(urls) == 1
    assert answers(urls.pop())
    assert [one.leave() for one in users] == [(0, "")] * 6


def test_after_a_power_cut_a_number_borne_by_somebody_else_is_not_believed(
    user: Start, dossier: Path
) -> None:
    one = user()
    url = one.url()
    with psycopg.connect(url) as connection:
        connection.execute("set synchronous_commit = on")
        connection.execute("create table gardee as select 1 as un")
    lock = dossier / "donnees" / "pg18" / "postmaster.pid"
    one.process.kill()
    one.gone()
    power_cut(lock)
    for left in (lock, lock.with_name(".s.PGSQL.5432.lock")):
        left.write_text(re.sub(r"^\d+", str(os.getpid()), left.read_text()))
    with psycopg.connect(user().url()) as connection:
        assert connection.execute("select un from gardee").fetchone() == (1,)


def power_cut(lock: Path) -> None:
    """Kill the postmaster, and wait until its last child has left the shared memory."""
    pid = int(lock.read_text().split()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children")
    family = [int(word) for word in children.read_text().split()] if children.exists() else []
    for one in (pid, *family):
        os.kill(one, signal.SIGKILL)
    while any(runs(one) for one in (pid, *family)):
        pass


def runs(pid: int) -> bool:
    """Does the process still run? A zombie does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z " not in status.read_text()


def test_a_killed_postmaster_is_started_again(user: Start, dossier: Path) -> None:
    one = user()
    one.url()
    power_cut(dossier / "donnees" / "pg18" / "postmaster.pid")
    assert answers(user().url())


def test_a_path_too_long_for_a_socket_gets_a_closed_folder_elsewhere(dossier: Path) -> None:
    home = dossier / ("long" * 30) / "donnees"
    with Embedded(home, TESTS) as server:
        assert answers(server.url(driver=""))
        assert server.sockets.parent == Path(tempfile.gettempdir())
        assert server.sockets.stat().st_mode & 0o777 == 0o700
        assert server.sockets.stat().st_uid == server.data.stat().st_uid
    shutil.rmtree(server.sockets)


def test_a_socket_folder_that_is_open_to_others_is_refused(dossier: Path) -> None:
    server = Embedded(dossier / ("ouvert" * 20), TESTS)
    server.sockets.mkdir(mode=0o700)
    server.sockets.chmod(0o777)
    with pytest.raises(EmbeddedError, match="n'est pas à nous"):
        server.start()
    server.sockets.rmdir()


def test_odd_words_in_a_path_are_no_obstacle(dossier: Path) -> None:
    with Embedded(dossier / "Mes données, d'été", TESTS) as server:
        assert answers(server.url(driver=""))
    shutil.rmtree(server.sockets)


def test_two_folders_are_two_servers(dossier: Path) -> None:
    with ExitStack() as both:
        one, two = (both.enter_context(Embedded(dossier / name, TESTS)) for name in "ab")
        with psycopg.connect(one.url(driver=""), autocommit=True) as connection:
            connection.execute("create database seulement_ici")
        assert answers(one.url("seulement_ici", driver=""))
        assert not answers(two.url("seulement_ici", driver=""))


def test_no_folder_that_was_there_changes_its_mode(dossier: Path) -> None:
    home = dossier / "a" / "b"
    home.mkdir(parents=True)
    modes = {dossier / "a": 0o751, home: 0o711}
    for folder, mode in modes.items():
        folder.chmod(mode)
    with Embedded(home, TESTS) as server:
        assert answers(server.url(driver=""))
    assert {folder: folder.stat().st_mode & 0o777 for folder in modes} == modes
    assert server.data.stat().st_mode & 0o777 == 0o700


# -- root, and others ------------------------------------------------------------------------------------------------
root = pytest.mark.skipif(not AS_ROOT, reason="for root")


def as_nobody() -> tuple[str, ...]:
    """Out: the words that run a command as `nobody`; skips where that account cannot run this Python."""
    setpriv = shutil.which("setpriv")
    if not AS_ROOT or setpriv is None:
        pytest.skip("only root, with setpriv, becomes somebody else")
    words = (setpriv, "--reuid=nobody", "--regid=nogroup", "--clear-groups")
    trial = [
        *words,
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import app.kit.embedded",
    ]
    if subprocess.run(trial, capture_output=True, cwd="/").returncode:
        pytest.skip("nobody cannot run this Python")
    return words


@pytest.fixture
def nobody() -> tuple[str, ...]:
    """The words that run a command as `nobody`."""
    return as_nobody()


def test_an_ordinary_account_runs_it_under_its_own_name(
    user: Start, dossier: Path, nobody: tuple[str, ...]
) -> None:
    shutil.chown(dossier, "nobody")
    one = user(dossier / "donnees", *nobody)
    lock = dossier / "donnees" / "pg18" / "postmaster.pid"
    assert one.url()
    assert Path(f"/proc/{lock.read_text().split()[0]}").owner() == "nobody"
    assert one.leave() == (0, "")


def test_root_may_come_to_the_folder_of_an_ordinary_account_and_leaves_it_to_him(
    user: Start, dossier: Path, nobody: tuple[str, ...]
) -> None:
    shutil.chown(dossier, "nobody")
    user(dossier / "donnees", *nobody).url()
    assert answers(user(dossier / "donnees").url())
    for name in ("usagers", "porte", "pg18"):
        assert (dossier / "donnees" / name).owner() == "nobody"


def test_the_folder_of_another_account_is_refused_with_a_way_out(
    user: Start, dossier: Path, nobody: tuple[str, ...]
) -> None:
    user(dossier / "donnees").url()
    code, complaint = user(dossier / "donnees", *nobody).gone()
    assert code == 1
    assert "DONNEES" in complaint


def test_a_folder_that_cannot_be_written_is_not_said_to_be_somebody_elses(dossier: Path) -> None:
    (dossier / "porte").mkdir()  # as a read-only disk would, it refuses whoever they are
    with pytest.raises(EmbeddedError, match=r"ne s'écrit pas : .*DONNEES") as refused:
        Embedded(dossier, TESTS).start()
    assert "autre compte" not in str(refused.value)


@root
def test_root_is_told_when_the_borrowed_account_cannot_reach_the_folder(dossier: Path) -> None:
    dossier.chmod(0o700)
    with pytest.raises(EmbeddedError, match="DONNEES=/var/lib/rafaelpro"):
        Embedded(dossier / "donnees", TESTS).start()
    assert dossier.stat().st_mode & 0o777 == 0o700


@root
def test_root_in_a_closed_checkout_gets_a_data_folder_elsewhere(dossier: Path) -> None:
    assert default_home(dossier) == dossier / "donnees"
    dossier.chmod(0o700)
    elsewhere = default_home(dossier)
    assert elsewhere.parent == Path("/var/lib/rafaelpro")
    assert elsewhere == default_home(dossier)
    assert elsewhere != default_home(dossier / "autre")


@root
def test_root_copies_binaries_that_the_borrowed_account_cannot_reach(dossier: Path) -> None:
    closed = dossier / "ferme"
    server = Embedded(dossier / "donnees", TESTS)
    package = server.install.parent
    shutil.copytree(server.install, closed / package.name / server.install.name, symlinks=True)
    libs = package.with_name(f"{package.name}.libs")
    if libs.exists():
        shutil.copytree(libs, closed / libs.name)
    closed.chmod(0o700)
    server.install = closed / package.name / server.install.name
    with server:
        assert answers(server.url(driver=""))
        assert borrowed.reachable(server.install, server.user)
        assert server.install.is_relative_to(dossier / "donnees")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_removed_under_it_is_let_go_of_and_nothing_runs_on(dossier: Path) -> None:
    home = dossier / "donnees"
    server = Embedded(home, TESTS).start()
    pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    with pytest.raises(EmbeddedError, match="n'est plus là"):
        server.revive()
    server.stop()
    gone_within(10.0, pid)


def gone_within(seconds: float, pid: int) -> None:
    """Wait for a process to end, whoever its parent is."""
    limit = time.monotonic() + seconds
    while command_line(pid):
        assert time.monotonic() < limit, f"{pid} still runs"
        time.sleep(0.02)
