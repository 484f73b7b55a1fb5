"""What is measured: each system is one program that answers POST /graphql on 127.0.0.1."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.charges import DOCUMENTS, Charge, Jeu, corps


def identite(reponse: Any) -> Any:
    """What needs no other form."""
    return reponse


RACINE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


class AbsentError(Exception):
    """A system that cannot run here; the message says why."""


@dataclass(frozen=True)
class Systeme:
    """How to start a system."""

    nom: str
    commande: Sequence[str]
    port: int
    chemin: str = "/graphql"
    environ: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=lambda: DOCUMENTS)
    neutre: Callable[[Any], Any] = identite  # the form of an answer in which it is compared
    traduire: Callable[[Any], Any] = identite  # the variables as its documents take them

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}{self.chemin}"

    def corps(self, charge: Charge, jeu: Jeu) -> bytes:
        """Out: the body of the request of one set."""
        return corps(charge.document(self.documents), charge.operation, self.traduire(jeu.variables))


class Processus:
    """A running system, and the processor time that it has used."""

    def __init__(self, systeme: Systeme) -> None:
        """In: how to start it. Its output goes nowhere, as a log that nobody reads."""
        self.systeme = systeme
        with Path(os.environ.get("BANC_JOURNAL", os.devnull)).open("a") as rien:
            self.child = subprocess.Popen(
                systeme.commande,
                cwd=RACINE,
                env={**os.environ, **systeme.environ},
                stdin=subprocess.DEVNULL,
                stdout=rien,
                stderr=rien,
                start_new_session=True,
            )

    def attendre(self) -> None:
        """Return once it answers; raises AbsentError if it never does."""
        limite = time.monotonic() + PATIENCE
        while time.monotonic() < limite:
            if self.child.poll() is not None:
                raise AbsentError(f"{self.systeme.nom} s'est arrêté (code {self.child.returncode})")
            try:
                with urllib.request.urlopen(self.systeme.url, data=b"{}", timeout=2):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise AbsentError(f"{self.systeme.nom} ne répond pas")

    def cpu(self) -> float:
        """Out: seconds of processor used by it and by its children."""
        return sum(cpu(pid) for pid in (self.child.pid, *descendants(self.child.pid)))

    def memoire(self) -> float:
        """Out: resident memory, in MiB."""
        return sum(memoire(pid) for pid in (self.child.pid, *descendants(self.child.pid)))

    def arreter(self) -> None:
        """Stop it."""
        self.child.terminate()
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


@contextmanager
def en_marche(systemes: Sequence[Systeme]) -> Iterator[dict[str, Processus]]:
    """Start systems side by side; those that cannot are left out, with a word."""
    marche: dict[str, Processus] = {}
    try:
        for systeme in systemes:
            processus = Processus(systeme)
            marche[systeme.nom] = processus
            try:
                processus.attendre()
            except AbsentError as absent:
                print(f"  {absent} : non mesuré", file=sys.stderr)
                marche.pop(systeme.nom).arreter()
        yield marche
    finally:
        for processus in marche.values():
            processus.arreter()


def descendants(pid: int) -> list[int]:
    """Out: the children of a process, and theirs."""
    try:
        enfants = [int(e) for e in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [d for enfant in enfants for d in (enfant, *descendants(enfant))]


def cpu(pid: int) -> float:
    """Out: seconds of processor that a process has used, with its children that ended."""
    try:
        champs = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(c) for c in champs[11:15]) / TICKS


def memoire(pid: int) -> float:
    """Out: resident memory of a process, in MiB."""
    try:
        lignes = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(ligne.split()[1]) / 1024 for ligne in lignes if ligne.startswith("VmRSS")), 0.0)
