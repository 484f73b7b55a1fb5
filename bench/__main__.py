"""`python -m bench`: make the data, start the systems side by side, shoot at each in turn, print one table."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.kit.embedded import Embedded
from bench import ecritures, mesure, tableau, tir
from bench.charges import Charge, charges
from bench.donnees import TAILLES, Base, dossier, preparer
from bench.mesure import Releve
from bench.serveurs import RACINE, AbsentError, Processus, Systeme, en_marche, postgraphile
from bench.serveurs.catalogue import NOUS, PLANCHER, POSTGRAPHILE, TOUS, systeme

CHARGES = ("Q1", "Q2", "Q3", "Q4", "Q5", "M1", "U1", "U2", "E3", "F3")
PORT = 8730
C = (1, 32)
MARGE = 1.6  # more fresh candidats than the first shots need


@dataclass
class Banc:
    """One run: what is measured, and what was found."""

    server: Embedded
    base: Base
    options: argparse.Namespace
    releves: dict[tuple[str, int], dict[str, Releve]] = field(default_factory=dict)
    octets: dict[str, int] = field(default_factory=dict)
    serie: int = 0  # the last unseen document
    plat: frozenset[str] = frozenset()  # the workloads that the floor answers faster from flat rows

    @property
    def postmaster(self) -> int:
        """The process of the base."""
        return int((self.server.data / "postmaster.pid").read_text().split()[0])

    def lire(self) -> None:
        """The workloads that read, on one base."""
        connues = asyncio.run(charges(self.base))
        choisies = [connues[nom] for nom in self.options.charges if nom in connues]
        modele = f"banc_{self.base.monde.taille}"
        with en_marche(self.systemes(self.base.url, self.droits(modele))) as marche:
            for charge in choisies:
                self.charge(charge, marche)

    def systemes(self, url: str, url_postgraphile: str) -> list[Systeme]:
        """Out: how to start each system that was chosen."""
        choisis: list[Systeme] = []
        for rang, nom in enumerate(TOUS):
            if nom not in self.options.systemes:
                continue
            try:
                choisis.append(systeme(nom, url_postgraphile if nom == POSTGRAPHILE else url, PORT + rang))
            except AbsentError as absent:
                print(f"{absent} : non mesuré", file=sys.stderr)
        return choisis

    def droits(self, modele: str) -> str:
        """In: a base. Out: the address of a copy of it where PostgreSQL decides on rows, if anybody needs it."""
        if POSTGRAPHILE not in self.options.systemes:
            return ""
        return asyncio.run(postgraphile.copier(self.server, self.base, modele))

    def charge(self, charge: Charge, marche: dict[str, Processus]) -> None:
        """One workload: answers compared, then measured at each concurrency."""
        asked = {nom: p.systeme for nom, p in marche.items() if not tableau.ignore(charge.nom, 32, nom)}
        urls = {nom: s.url for nom, s in asked.items()}
        if not charge.inedite:
            self.octets[charge.nom] = mesure.comparer(charge, asked) // len(charge.jeux)
        if charge.nom in ("Q2", "Q5") and PLANCHER in asked:
            urls[PLANCHER] = self.mieux(charge, asked[PLANCHER])
        for c in (1,) if charge.inedite else C:
            noms = [nom for nom in urls if not tableau.ignore(charge.nom, c, nom)]
            self.attendre()

            def tirer(nom: str, secondes: float, c: int = c) -> tir.Tir:
                fait = tir.lire(asked[nom], urls[nom], charge, c, secondes, self.serie)
                self.serie += fait.requetes + 100 if charge.inedite else 0
                return fait

            self.noter(charge.nom, c, mesure.alterner(marche, self.postmaster, tirer, noms, *self.rythme))

    def mieux(self, charge: Charge, plancher: Systeme) -> str:
        """Out: the address of the floor's better form for a page: JSON made by PostgreSQL, or flat rows and orjson."""
        plat = replace(plancher, nom="plat", chemin="/plat")
        mesure.comparer(charge, {PLANCHER: plancher, "plat": plat})
        debits = {
            s.url: max(tir.lire(s, s.url, charge, 32, 1).debit for _ in range(2)) for s in (plancher, plat)
        }
        if debits[plat.url] > debits[plancher.url]:
            self.plat |= {charge.nom}
        return max(debits, key=lambda url: debits[url])

    @property
    def rythme(self) -> tuple[int, float]:
        """How many rounds, how many seconds each."""
        return self.options.tours, self.options.secondes

    def attendre(self) -> None:
        """Wait for a quiet machine, if that was asked."""
        if self.options.calme:
            mesure.calme(self.options.calme, 120)

    def ecrire(self) -> None:
        """M1, on a copy of the base."""
        besoin = round(
            MARGE * len(self.options.systemes) * (self.options.tours * self.options.secondes + 1) * 2 * 1200
        )
        copie = asyncio.run(ecritures.copier(self.server, self.base, besoin))
        modele = f"banc_{self.base.monde.taille}_m1"
        with en_marche(self.systemes(copie.url, self.droits(modele))) as marche:
            for c in C:
                noms = [nom for nom in marche if not tableau.ignore("M1", c, nom)]
                self.attendre()

                def tirer(nom: str, secondes: float, c: int = c) -> tir.Tir:
                    fait = tir.ecrire(marche[nom].systeme, copie.membres, copie.prochain, c, secondes)
                    copie.prochain = fait.prochain + 100
                    return fait

                self.noter("M1", c, mesure.alterner(marche, self.postmaster, tirer, noms, *self.rythme))
        if copie.prochain >= copie.dernier:
            raise SystemExit("M1 : plus assez de candidats neufs, mesures nulles")

    def noter(self, charge: str, c: int, releves: dict[str, Releve]) -> None:
        """Keep what was found, and say it at once."""
        self.releves[charge, c] = releves
        for nom in releves:
            print(tableau.ligne(charge, c, nom, releves), flush=True)

    def contexte(self) -> dict[str, Any]:
        """Out: what the figures depend on."""
        return {
            "lignes": self.base.monde.taille,
            "coeurs": os.cpu_count(),
            "processeur": processeur(),
            "secondes": self.options.secondes,
            "tours": self.options.tours,
            "octets_par_reponse": self.octets,
            "plancher_lignes_plates": sorted(self.plat),
            "versions": versions(),
        }


def processeur() -> str:
    """Out: the name of the processor."""
    lignes = Path("/proc/cpuinfo").read_text().splitlines()
    return next((ligne.partition(":")[2].strip() for ligne in lignes if ligne.startswith("model name")), "?")


def versions() -> dict[str, str]:
    """Out: of what was measured."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=RACINE, capture_output=True, text=True, check=False
    )
    paquets = (
        "asyncpg",
        "graphql-core",
        "orjson",
        "sqlalchemy",
        "starlette",
        "strawberry-graphql",
        "uvicorn",
        "uvloop",
    )
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        **{p: version(p) for p in paquets},
    }


def lus(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Out: the options."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--taille", type=int, default=TAILLES[0], help=f"candidatures : {TAILLES}")
    parser.add_argument("--charges", type=mots(CHARGES), default=CHARGES, help=",".join(CHARGES))
    parser.add_argument("--systemes", type=mots(TOUS), default=TOUS, help=",".join(TOUS))
    parser.add_argument("--secondes", type=float, default=3, help="d'un tir")
    parser.add_argument("--tours", type=int, default=3, help="tirs de chaque système, alternés")
    parser.add_argument(
        "--calme", type=float, default=0, help="attendre que la charge de la machine passe dessous"
    )
    return parser.parse_args(arguments)


def mots(connus: Sequence[str]) -> Any:
    """Out: what reads words between commas, all of them known."""

    def read(said: str) -> tuple[str, ...]:
        found = tuple(said.split(","))
        if unknown := set(found) - set(connus):
            raise argparse.ArgumentTypeError(f"inconnu : {', '.join(sorted(unknown))}")
        return found

    return read


def main() -> None:
    """Run the bench."""
    options = lus()
    if NOUS not in options.systemes:
        raise SystemExit("sans « nous », il n'y a rien à comparer")
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    with Embedded(dossier()) as server:
        banc = Banc(server, asyncio.run(preparer(server, options.taille)), options)
        banc.lire()
        if "M1" in options.charges:
            banc.ecrire()
    tableau.imprimer(banc.releves, options.systemes)
    print(
        tableau.ecrire(moment, banc.releves, banc.contexte()),
        tableau.dessiner(moment, banc.releves),
        sep="\n",
    )


if __name__ == "__main__":
    main()
