"""`python -m bench.memoire`: the memory of a worker while it answers 100 000 readings, Q1 to Q5 in turn.

Three figures for each process, in MiB: `VmRSS`, all that is resident, counted whole wherever it is shared; `PSS`, each shared
page divided among those who share it, so that processes add up to what the machine spends; `propre`, what would be
given back if it ended. Workers are forks of their parent: they share what it had imported.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from app.kit.embedded import Embedded
from bench import tir
from bench.charges import charges
from bench.donnees import TAILLES, dossier, preparer
from bench.serveurs import Processus, descendants, en_marche
from bench.serveurs.catalogue import NOUS, NOUS_2, systeme

PORT = 8960
CHARGES = ("Q1", "Q2", "Q3", "Q4", "Q5")
PLAT = 1.05  # what the second half may grow by
CLES = {"VmRSS": ("Rss",), "PSS": ("Pss",), "propre": ("Private_Clean", "Private_Dirty")}


def memoire(pid: int) -> dict[str, float]:
    """In: a process. Out: its three figures."""
    lignes = [ligne.split() for ligne in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    kio = {cle.rstrip(":"): int(valeur) for cle, valeur, *_ in lignes}
    return {nom: sum(kio[cle] for cle in cles) / 1024 for nom, cles in CLES.items()}


def travailleurs(processus: Processus) -> list[int]:
    """Out: the processes that answer: the children of the one that was started, or itself when it is alone."""
    return descendants(processus.child.pid) or [processus.child.pid]


def dire(lues: int, processus: Processus) -> float:
    """Print a line a process. Out: the largest VmRSS of those that answer."""
    pids = travailleurs(processus)
    for pid in dict.fromkeys([processus.child.pid, *pids]):
        figures = memoire(pid)
        qui = "travailleur" if pid in pids else "parent"
        said = "  ".join(f"{nom} {valeur:6.1f}" for nom, valeur in figures.items())
        print(f"{lues:7d} lectures  {qui:11} {said}", flush=True)
    return max(memoire(pid)["VmRSS"] for pid in pids)


def main() -> int:
    """Measure. Out: 1 if the second half is not flat."""
    parser = argparse.ArgumentParser(prog="python -m bench.memoire", description=__doc__)
    parser.add_argument("--taille", type=int, default=TAILLES[0])
    parser.add_argument("--lectures", type=int, default=100_000)
    parser.add_argument("--travailleurs", type=int, choices=(1, 2), default=1)
    options = parser.parse_args()
    nom, releves = (NOUS, NOUS_2)[options.travailleurs - 1], []
    with Embedded(dossier()) as server:
        base = asyncio.run(preparer(server, options.taille))
        connues = asyncio.run(charges(base))
        with en_marche([systeme(nom, base.url, PORT)]) as marche:
            processus, lues, palier = marche[nom], 0, 0
            releves.append(dire(0, processus))
            while lues < options.lectures:
                for charge in CHARGES:
                    lues += tir.lire(
                        processus.systeme, processus.systeme.url, connues[charge], 32, 1
                    ).requetes
                if lues >= palier + options.lectures / 10:
                    palier = lues
                    releves.append(dire(lues, processus))
    moitie = releves[len(releves) // 2 :]
    print(f"seconde moitié : de {moitie[0]:.1f} à {moitie[-1]:.1f} MiB, au plus {max(moitie):.1f}")
    return 1 if max(moitie) > PLAT * moitie[0] else 0


if __name__ == "__main__":
    sys.exit(main())
