"""LHEO in and out: sessions a second, processor time, memory, on a base made for it.

`python -m bench.lheo --formations 6000 --sessions 10` brings a generated catalogue in, again (nothing changes), writes it
whole, then what changed, and brings the written file into an empty base.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.exports.lheo.fichier import Demande as Export
from app.exports.lheo.fichier import Exporteur
from app.imports.lheo.importer import Demande, importer
from app.kit.clock import fixed
from app.kit.database import Database
from app.kit.embedded import Embedded
from app.policies.policy import Policy
from app.policies.viewer import Anonymous
from tests.cast import MAINTENANT, planter
from tests.conftest import Base
from tests.imports.catalogue import ORGANISMES, une
from tests.imports.samples import DEPARTEMENTS
from tests.template import base_of_the_process, home_of_tests

PARTENAIRE = Anonymous("offre_lire")


class Postgres:
    """The processor time of PostgreSQL: the postmaster, its children, and those that ended."""

    pid = 0

    @classmethod
    def secondes(cls) -> float:
        """Out: seconds since it started."""
        tics = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                dit = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if stat.parent.name == str(cls.pid):
                tics += sum(map(int, dit[11:15]))
            elif dit[1] == str(cls.pid):
                tics += sum(map(int, dit[11:13]))
        return tics / os.sysconf("SC_CLK_TCK")


@contextmanager
def mesure(nom: str, sessions: int) -> Iterator[None]:
    """Print how long what is inside took: on the wall, in our processor time, in that of PostgreSQL."""
    debut, avant, base = time.perf_counter(), time.process_time(), Postgres.secondes()
    yield
    mur, processeur = time.perf_counter() - debut, time.process_time() - avant
    base = Postgres.secondes() - base
    un_coeur = sessions / (processeur + base)
    pic = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{nom:28} {un_coeur:6.0f} sessions/s d'un cœur ({processeur:.1f} s ici, {base:.1f} s en base), "
        f"{sessions / mur:6.0f} à la montre ; pic {pic} Mo",
        flush=True,
    )


def catalogue(vers: Path, formations: int, sessions: int) -> None:
    """Write a catalogue, a formation at a time."""
    with vers.open("w", encoding="utf-8") as fichier:
        fichier.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<lheo xmlns="http://lheo.gouv.fr/2.3"><offres>\n'
        )
        fichier.writelines(une(rang, sessions, rang % ORGANISMES) + "\n" for rang in range(formations))
        fichier.write("</offres></lheo>\n")


async def prendre(
    base: Database, fichier: Path, monde: Any, policy: Policy, *, source: str | None = "banc"
) -> None:
    """Bring a file in, and publish it."""
    demande = Demande(monde.gaelle.courriel, DEPARTEMENTS, source=source, publier=True)
    with fichier.open("rb") as flux:
        rapport = await importer(base.writing, flux, demande, horloge=fixed(MAINTENANT), policy=policy)
    assert rapport.nb_refusees == 0, str(rapport)


async def ecrire(base: Database, vers: Path, policy: Policy, demande: Export) -> int:
    """Write the offer. Out: how many sessions it holds."""
    moment = MAINTENANT + timedelta(hours=1)
    with vers.open("wb") as sortie:
        async with Exporteur(policy, base.reading).ouvrir(PARTENAIRE, moment, demande) as fichier:
            async for morceau in fichier.morceaux():
                sortie.write(morceau)
    return fichier.bilan.sessions


async def tout(url: str, autre: str, dossier: Path, formations: int, sessions: int) -> None:
    """Every measure."""
    policy, nb = Policy.load(), formations * sessions
    entre, sorti, encore = dossier / "entre.xml", dossier / "sorti.xml", dossier / "encore.xml"
    catalogue(entre, formations, sessions)
    async with Database(url) as base:
        monde = await planter(Base(url, base))
        with mesure("import, publié", nb):
            await prendre(base, entre, monde, policy)
        with mesure("import, rien de neuf", nb):
            await prendre(base, entre, monde, policy)
        async with base.engine.begin() as db:
            await db.exec_driver_sql("analyze")
        with mesure("export, entier", nb):
            await ecrire(base, sorti, policy, Export())
        with mesure("export, ce qui a changé", nb):
            await ecrire(base, encore, policy, Export(depuis=MAINTENANT - timedelta(days=1)))
        print(f"fichier : {sorti.stat().st_size / 1e6:.0f} Mo")
    async with Database(autre) as vide:
        monde = await planter(Base(autre, vide))
        with mesure("import de notre fichier", nb):
            await prendre(vide, sorti, monde, policy, source=None)
        await ecrire(vide, encore, policy, Export())
    print("mêmes octets" if sorti.read_bytes() == encore.read_bytes() else "octets différents")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--formations", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=10)
    said = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as dossier,
        Embedded(home_of_tests() / f"lheo-{os.getpid()}") as server,
    ):
        adresse = server.url(driver="")
        Postgres.pid = int((server.data / "postmaster.pid").read_text().split()[0])
        with base_of_the_process(adresse) as url, base_of_the_process(adresse) as autre:
            asyncio.run(tout(url, autre, Path(dossier), said.formations, said.sessions))


if __name__ == "__main__":
    sys.exit(main())
