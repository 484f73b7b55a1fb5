"""`rafael servir`, the real command: it answers, stops whole, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import httpx
import psycopg
import pytest

from app.workers import configured

CHECKOUT = Path(__file__).resolve().parents[2]
RAFAEL = [sys.executable, "-c", "from app.cli import main; main()"]
PATIENCE = 60  # seconds
PROXIES_KEEP = 60  # seconds that nginx, and most, keep a connection that nobody uses

pytestmark = pytest.mark.skipif(
    find_spec("app.main") is None, reason="the application is not put together yet"
)


class Servir:
    """The command, as a shell would run it: in a group of processes of its own."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        chosen = {"DONNEES": str(home), "PORT": "0", "WORKERS": "2", "DEMO": "non", "PYTHONUNBUFFERED": "1"}
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        handle, name = tempfile.mkstemp(dir=home.parent)  # not a pipe: one that nobody reads fills up
        self.log = Path(name)
        with os.fdopen(handle, "w") as log:
            self.process = subprocess.Popen(
                [*RAFAEL, "servir"],
                cwd=CHECKOUT,
                env=inherited | chosen | environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """Out: what it has said so far."""
        return self.log.read_text()

    def address(self) -> str:
        """Wait until it says where it listens."""
        wait_for(lambda: "http://" in self.said() or self.process.poll() is not None)
        found = re.search(r"http://\S+(?=\s)", self.said())
        assert found, "it never said where it listens"
        return found[0]

    def group(self, with_signal: int) -> None:
        """What a terminal does on Ctrl-C: the signal goes to every process of the group."""
        os.killpg(self.process.pid, with_signal)

    def gone(self) -> int:
        """Wait until it is gone. Out: its code."""
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """End it, however slow the machine is: none outlives its test."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.gone()
        except subprocess.TimeoutExpired:
            self.group(signal.SIGKILL)
            self.gone()
            raise

    def database_answers(self) -> bool:
        """Does its PostgreSQL still run?"""
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={self.home / 'pg18'}").close()
        except psycopg.OperationalError:
            return False
        return True


Start = Callable[..., Servir]


@pytest.fixture
def servir() -> Iterator[Start]:
    """What starts the command on a data folder of its own; all is ended with the test."""
    folder = Path(tempfile.mkdtemp(prefix="rafael-"))
    folder.chmod(0o755)
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder)

        def start(**environ: str) -> Servir:
            one = Servir(folder / "donnees", **environ)
            ended.callback(one.end)
            return one

        yield start


def processes_answering(address: str) -> int:
    """Out: how it answers: the status of its home page. Early clients wait until the workers are ready."""
    return httpx.get(address, timeout=PATIENCE).status_code


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_answers_then_stops_whole(servir: Start, workers: str, how: int) -> None:
    one = servir(WORKERS=workers)
    address = one.address()
    assert processes_answering(address) < 500
    if how == signal.SIGTERM:
        one.process.terminate()  # as `kill` or a supervisor: to the parent alone
    else:
        one.group(how)
    assert one.gone() == 0
    assert "repart" not in one.said(), "what everybody was told to end is not started again"
    assert not one.database_answers()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_may_be_stopped_while_it_starts(servir: Start, how: int) -> None:
    one = servir()
    wait_for(lambda: list(one.home.glob("pg18")) != [])
    one.group(how)
    one.gone()
    assert not one.database_answers()


def test_workers_leave_when_the_parent_is_killed(servir: Start) -> None:
    one = servir()
    address = one.address()
    assert processes_answering(address) < 500
    one.process.kill()
    one.process.wait(PATIENCE)
    wait_for(lambda: not listens(address))
    again = servir(PORT=address.rstrip("/").rpartition(":")[2])
    assert processes_answering(again.address()) < 500
    again.process.terminate()
    assert again.gone() == 0
    assert not again.database_answers()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_base_that_is_killed_comes_back_and_meanwhile_nobody_is_told_of_a_fault(
    servir: Start, workers: str
) -> None:
    one = servir(WORKERS=workers)
    address = one.address()
    wait_for(lambda: asked(address).status_code == 200)
    postmaster = int((one.home / "pg18" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    meanwhile: list[httpx.Response] = []

    def again() -> bool:
        meanwhile.append(asked(address))
        return one.database_answers() and meanwhile[-1].status_code == 200

    wait_for(again, 0.1)
    away = [answer for answer in meanwhile if answer.status_code != 200]
    assert {answer.status_code for answer in away} <= {503}
    for answer in away:
        assert answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
        assert answer.headers["retry-after"] == "2"


def test_jobs_are_done_beside_and_by_another_process_when_theirs_is_killed(servir: Start) -> None:
    one = servir(WORKERS="1")
    wait_for(lambda: asked(one.address()).status_code == 200)
    wait_for(lambda: at_work(one) != [])
    [jobs] = children(one.process.pid)

    os.kill(jobs, signal.SIGKILL)

    wait_for(lambda: len(at_work(one)) == 2)  # the dead one is forgotten later, by a job
    assert asked(one.address()).status_code == 200


def test_no_job_is_done_where_none_is_wanted(servir: Start) -> None:
    one = servir(WORKERS="1", TRAVAUX="non")
    wait_for(lambda: asked(one.address()).status_code == 200)

    assert children(one.process.pid) == []
    assert at_work(one) == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_base_that_is_not_there_yet_is_waited_for(servir: Start, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    one = servir(
        WORKERS=workers, DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}/postgres", TRAVAUX="non"
    )
    wait_for(lambda: "la base ne répond pas" in one.said())

    assert one.process.poll() is None
    assert "Traceback" not in one.said()
    one.process.terminate()
    one.gone()


def children(pid: int) -> list[int]:
    """Out: the processes that are copies of it."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    mine = [int(child) for task in found for child in task.read_text().split()]
    return [child for child in mine if b"-m\0app\0" in Path(f"/proc/{child}/cmdline").read_bytes()]


def at_work(one: Servir) -> list[int]:
    """Out: those that take jobs, as the queue knows them."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={one.home / 'pg18'}") as base:
        return [row[0] for row in base.execute("select id from procrastinate_workers").fetchall()]


def asked(address: str) -> httpx.Response:
    """Out: what it answers to a reading."""
    query = {"query": "{ actions(first: 1) { totalCount } }"}
    return httpx.post(f"{address}graphql", json=query, timeout=PATIENCE)


def test_a_connection_is_kept_longer_than_a_proxy_keeps_it() -> None:
    """Else it writes a request on one that closes, and answers 502 to somebody whose act may be lost."""
    assert configured(workers=2).timeout_keep_alive > PROXIES_KEEP


def test_a_port_that_is_taken_is_said_plainly(servir: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        one = servir(PORT=port)
        assert one.gone() == 1
        said = one.said()
    assert f"le port {port} est pris" in said
    assert "Traceback" not in said
    assert not one.home.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "huit mille"),
        ("HOTE", "nulle.part.invalid"),
        ("HOTE", "300.1.1.1"),
        ("CLE_CHIFFREMENT", "abc"),
        ("NIR", "oui"),
        ("DATABASE_URL", "postgresql://u@127.0.0.1:1/b?sslmode=parfois"),
    ],
)
def test_a_setting_that_means_nothing_is_said_plainly(servir: Start, name: str, value: str) -> None:
    one = servir(**{name: value})
    assert one.gone() == 1
    said = one.said()
    assert name in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1, "once, not by each worker"


def listens(address: str) -> bool:
    """Does somebody hold the port?"""
    try:
        socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(condition: Callable[[], bool], each: float = 0.02) -> None:
    """Wait until it holds; `each`: seconds between two looks."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(each)
