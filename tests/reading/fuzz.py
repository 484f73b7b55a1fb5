"""`python -m tests.reading.fuzz N [seed [first]]`: N random documents of the schema of the house, compiled and executed.

`first`: the number of the first one, to go on where a long run was stopped.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time

from sqlalchemy import create_engine

from app.kit.database import Database, with_driver
from app.kit.embedded import TESTS, Embedded
from tests.reading.differential import Confrontation
from tests.reading.documents import Writer
from tests.reading.maison.conftest import house, replanter
from tests.reading.maison.twins import TWINS
from tests.reading.maison.world import MAINTENANT, random_viewer
from tests.reading.twinned import unread, without_twin
from tests.template import base_of_the_process, home_of_tests

A_WORLD = 200  # documents asked of each


async def fuzz(url: str, documents: int, seed: int, first: int = 0) -> Confrontation:
    """Out: what was compared. Differences are printed as they come."""
    engine = create_engine(with_driver(url, "psycopg"))
    async with Database(url) as database:
        found = Confrontation(house(database.reading), TWINS, MAINTENANT)
        schema = found.reader.schema
        hidden = frozenset(without_twin(schema, TWINS) | unread(schema))
        for number in range(first, documents):
            if number % A_WORLD == 0 or number == first:
                world = replanter(engine, seed + number // A_WORLD)
                print(f"{number}/{documents}", dict(found.counted), flush=True)
            one = seed * 1_000_000 + number
            document = Writer(one, schema, world, hidden=hidden, keys=TWINS.keys).document()
            difference = await found.compare(world, random_viewer(random.Random(one), world), document)
            if difference is not None:
                found.counted["different"] += 1
                print(f"document {one}, world {seed + number // A_WORLD}: {difference}\n", flush=True)
    engine.dispose()
    return found


def main(documents: int, seed: int = 0, first: int = 0) -> int:
    """Fuzz on an embedded server; say what was found."""
    begun = time.perf_counter()
    with Embedded(home_of_tests(), TESTS) as server, base_of_the_process(server.url(driver="")) as url:
        found = asyncio.run(fuzz(url, documents, seed, first))
    print("never there, or always null:", ", ".join(found.unseen()) or "nothing")
    print(dict(found.counted), f"{time.perf_counter() - begun:.1f} s")
    return 1 if found.counted["different"] else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
