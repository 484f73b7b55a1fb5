"""`python -m bench.statistiques --taille 400000`: what statistics cost (R-252): a year, a quarter, of everybody and of a structure."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter

import orjson

from app.domain.ouverture import valeurs
from app.kit.database import reading_pool
from app.kit.embedded import Embedded
from app.main import build_schema
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.reading.reader import Reader
from bench.donnees import TAILLES, dossier, preparer

MESURES = "candidatures retenues presences delaiMedian delaiNeufSurDix"
DOCUMENT = f"""query($depuis: Date!, $jusquA: Date!) {{ statistiques(filtre: {{ depuis: $depuis, jusquA: $jusquA }}) {{
  ensemble {{ {MESURES} }} parDispositif {{ {MESURES} }} parDepartement {{ {MESURES} }} }} }}"""
PERIODES = {"une année": 365, "un trimestre": 91}
FOIS = 5


async def mesurer(url: str, jour: date, structure: int) -> None:
    """Print, for each period and each viewer, the median time of a reading, in milliseconds, and how many it counted."""
    pool = await reading_pool(url, 1)
    reader = Reader(build_schema(), Policy.load(), pool, extra_values=lambda _, le: valeurs(le))
    viewers = {
        "gestionnaire": Viewer(1, "gestionnaire", 1, 1, 1),
        "organisme": Viewer(1, "of_general", structure, 1, 1),
    }
    for periode, jours in PERIODES.items():
        given = {"depuis": (jour - timedelta(days=jours)).isoformat(), "jusquA": jour.isoformat()}
        for qui, viewer in viewers.items():
            temps = []
            for _ in range(FOIS):
                debut = perf_counter()
                lu = await reader.execute(viewer, DOCUMENT, given, None, datetime.now(UTC))
                temps.append(perf_counter() - debut)
            ensemble = orjson.loads(bytes(lu))["data"]["statistiques"]["ensemble"]
            print(
                f"{periode:14} {qui:14} {median(temps) * 1000:8.1f} ms   {ensemble['candidatures']} candidatures"
            )
    await pool.close()


def main() -> None:
    """Read the words of the command, make the data, measure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--taille", type=int, choices=TAILLES, default=TAILLES[0])
    given = words.parse_args()
    with Embedded(dossier()) as server:
        base = asyncio.run(preparer(server, given.taille))
        asyncio.run(mesurer(base.url, base.monde.jour, 2))


if __name__ == "__main__":
    main()
