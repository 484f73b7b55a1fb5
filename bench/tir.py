"""One run of load against one system: wrk where it is installed, else a few Python processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.charges import FORMULAIRE, Charge, Jeu
from bench.serveurs import Systeme

ICI = Path(__file__).parent
ATTENTE = "30s"


@dataclass(frozen=True)
class Tir:
    """What one run gave. Times in milliseconds."""

    requetes: int
    secondes: float
    erreurs: int
    p50: float
    p99: float
    prochain: int = 0  # M1: the first candidat that is still fresh

    @property
    def debit(self) -> float:
        """Requests a second."""
        return self.requetes / self.secondes


class TirManqueError(Exception):
    """The load generator failed; the message is its own."""


def lire(systeme: Systeme, url: str, charge: Charge, c: int, secondes: float, serie: int = 0) -> Tir:
    """In: whom, where, what, how many at a time, how long, and for unseen documents the number of the last one."""
    with tempfile.NamedTemporaryFile("wb", suffix=".txt") as fichier:
        for jeu in charge.jeux:
            fichier.write(jeu.jeton.encode() + b"\t" + systeme.corps(charge, jeu) + b"\n")
        fichier.flush()
        return wrk(url, "wrk.lua", c, secondes, (fichier.name, str(serie)))


def ecrire(systeme: Systeme, membres: Sequence[Jeu], premier: int, c: int, secondes: float) -> Tir:
    """M1. In: the accounts and the session of each, and the first fresh candidat."""
    formulaire = orjson.dumps(FORMULAIRE).decode()[1:-1]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as fichier:
        fichier.writelines(f"{jeu.jeton}\t{jeu.variables['session']}\n" for jeu in membres)
        fichier.flush()
        documents = (json.dumps(systeme.documents["Creer"]), json.dumps(systeme.documents["Valider"]))
        return wrk(
            systeme.url, "wrk_m1.lua", c, secondes, (fichier.name, str(premier), *documents, formulaire)
        )


def wrk(url: str, script: str, c: int, secondes: float, arguments: Sequence[str]) -> Tir:
    """Run wrk. Out: its figures; raises TirManqueError."""
    outil = shutil.which("wrk")
    if outil is None:
        raise TirManqueError("wrk n'est pas installé")
    duree = max(1, round(secondes))
    options = ["-t1", f"-c{c}", f"-d{duree}s", "--timeout", ATTENTE, "-s", str(ICI / script)]
    done = subprocess.run(
        [outil, *options, url, *arguments], capture_output=True, text=True, check=False, timeout=duree + 60
    )
    figures = [ligne[5:] for ligne in done.stdout.splitlines() if ligne.startswith("BANC ")]
    if not figures:
        raise TirManqueError((done.stdout + done.stderr)[-500:])
    return Tir(**json.loads(figures[-1]))
