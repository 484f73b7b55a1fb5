"""Rounds: each system in turn, again and again, so that the noise of the machine falls on all alike."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import orjson

from bench.charges import Charge, Jeu
from bench.serveurs import Processus, Systeme, cpu, descendants
from bench.tir import Tir, TirManqueError

CHAUFFE = 1.0  # seconds before the first round


class ReponsesDifferentesError(Exception):
    """Two systems do not answer alike: nothing may be compared."""


@dataclass
class Releve:
    """The rounds of one system under one workload, at one concurrency."""

    tirs: list[Tir] = field(default_factory=list)
    cpu_serveur: list[float] = field(default_factory=list)  # milliseconds a request
    cpu_base: list[float] = field(default_factory=list)
    memoire: float = 0.0  # MiB, after the last round

    @property
    def debit(self) -> float:
        """Median requests a second."""
        return median(t.debit for t in self.tirs)

    @property
    def p50(self) -> float:
        """Median of the medians, in milliseconds."""
        return median(t.p50 for t in self.tirs)

    @property
    def p99(self) -> float:
        """Median of the 99th percentiles."""
        return median(t.p99 for t in self.tirs)

    @property
    def erreurs(self) -> int:
        """Errors of all rounds."""
        return sum(t.erreurs for t in self.tirs)

    def chiffres(self) -> dict[str, Any]:
        """Out: the figures, as they are written down."""
        return {
            "debit": round(self.debit, 1),
            "debits": [round(t.debit, 1) for t in self.tirs],
            "p50_ms": round(self.p50, 3),
            "p99_ms": round(self.p99, 3),
            "cpu_serveur_ms": round(median(self.cpu_serveur), 4),
            "cpu_base_ms": round(median(self.cpu_base), 4),
            "memoire_mio": round(self.memoire, 1),
            "erreurs": self.erreurs,
        }


def rapports(nous: Releve, autre: Releve) -> tuple[float, float]:
    """Out: requests a second, and p50, of ours on the other's: medians of the ratios, round by round."""
    paires = list(zip(nous.tirs, autre.tirs, strict=True))
    return median(a.debit / b.debit for a, b in paires), median(a.p50 / b.p50 for a, b in paires)


Tirer = Callable[[str, float], Tir]  # in: the name of a system, seconds


def alterner(
    marche: Mapping[str, Processus],
    postmaster: int,
    tirer: Tirer,
    noms: Sequence[str],
    tours: int,
    secondes: float,
) -> dict[str, Releve]:
    """In: the systems that run, how to shoot at one. Out: what each gave, A B C then C B A."""
    releves = {nom: Releve() for nom in noms}
    for nom in noms:
        tirer(nom, CHAUFFE)
    for tour in range(tours):
        for nom in tuple(releves) if tour % 2 == 0 else tuple(reversed(releves)):
            try:
                mesurer(marche[nom], postmaster, lambda nom=nom: tirer(nom, secondes), releves[nom])
            except TirManqueError as manque:
                print(f"  {nom} abandonné : {manque}", file=sys.stderr)
                del releves[nom]
    return releves


def mesurer(processus: Processus, postmaster: int, tirer: Callable[[], Tir], releve: Releve) -> None:
    """One run, and the processor time it took on both sides."""
    avant, base_avant = processus.cpu(), cpu_base(postmaster)
    tir = tirer()
    if not tir.requetes:
        raise TirManqueError("aucune réponse, rien à comparer")
    releve.tirs.append(tir)
    releve.cpu_serveur.append((processus.cpu() - avant) * 1000 / max(tir.requetes, 1))
    releve.cpu_base.append((cpu_base(postmaster) - base_avant) * 1000 / max(tir.requetes, 1))
    releve.memoire = processus.memoire()


def cpu_base(postmaster: int) -> float:
    """Out: seconds of processor used by the server of the base: the postmaster and all that it started."""
    return sum(cpu(pid) for pid in (postmaster, *descendants(postmaster)))


def comparer(charge: Charge, systemes: Mapping[str, Systeme]) -> int:
    """Ask every system every set. Out: how many bytes ours answers in all; raises ReponsesDifferentesError."""
    (nous, *autres), octets = list(systemes.values()), 0
    for jeu in charge.jeux:
        texte = demander(nous, charge, jeu)
        attendu = orjson.loads(texte)
        octets += len(texte)
        if attendu.get("errors") or not attendu.get("data"):
            raise ReponsesDifferentesError(f"{charge.nom} : {nous.nom} répond {texte[:300]!r}")
        for autre in autres:
            ici, la = autre.neutre(attendu), autre.neutre(orjson.loads(demander(autre, charge, jeu)))
            if ici != la:
                raise ReponsesDifferentesError(
                    f"{charge.nom}, {dict(jeu.variables)}, {nous.nom} et {autre.nom} : {difference(ici, la)}"
                )
    return octets


def demander(systeme: Systeme, charge: Charge, jeu: Jeu) -> bytes:
    """Out: the answer to one request."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {jeu.jeton}"}
    request = urllib.request.Request(systeme.url, systeme.corps(charge, jeu), headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        found: bytes = response.read()
    return found


def difference(a: Any, b: Any, chemin: str = "") -> str:
    """Out: the first place where two answers differ."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return next((difference(a[k], b[k], f"{chemin}.{k}") for k in a if a[k] != b[k]), "")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return next(
            (difference(x, y, f"{chemin}[{i}]") for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y),
            "",
        )
    return f"{chemin or 'réponse'} : {str(a)[:200]} / {str(b)[:200]}"


def calme(seuil: float, patience: float) -> float:
    """Wait for a quiet machine, no longer than `patience` seconds. Out: its load."""
    limite = time.monotonic() + patience
    while (charge := charge_machine()) > seuil and time.monotonic() < limite:
        time.sleep(5)
    return charge


def charge_machine() -> float:
    """Out: the load of the last minute."""
    return os.getloadavg()[0]


def etendue(valeurs: Iterable[float]) -> float:
    """Out: the spread of figures around their median, as a share of it."""
    liste = sorted(valeurs)
    return (liste[-1] - liste[0]) / median(liste) if liste else 0.0
