"""`python -m tests.reading.maison.caches N [MIO]`: N documents, no two alike, asked of one worker, and its memory on the way.

The server as it is shipped: tokens aside, each request goes through the edge, is admitted, compiled and read.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from app.domain.ouverture import valeurs
from app.http.documents import Documents
from app.kit.database import Database, with_driver
from app.kit.embedded import TESTS, Embedded
from app.policies.policy import Policy
from app.policies.viewer import Anonymous
from app.reading.limits import LIMITS, MEMORY, Limits, within
from app.reading.reader import Reader
from app.resolvers import build_schema
from tests.reading.maison.conftest import replanter
from tests.reading.maison.world import MAINTENANT
from tests.template import base_of_the_process, home_of_tests

HOT = "{ actions(first: 2) { totalCount nodes { intitule } } }"
LEAVES = ("id", "reference", "intitule", "objectif", "etat", "programme", "publieeLe", "prerequis")


def distinct(count: int) -> Iterator[str]:
    """Out: documents of which no two are alike: other aliases, other fields, other numbers."""
    for number in range(count):
        r = random.Random(number)
        leaves = " ".join(f"x{number}_{leaf}: {leaf}" for leaf in r.sample(LEAVES, 2))
        yield f"query Q{number} {{ a{number}: actions(first: {r.randint(1, 20)}) {{ nodes {{ {leaves} }} }} }}"


def large(count: int) -> Iterator[str]:
    """Out: documents as large as the edge takes them, no two alike: some 4,000 characters, 25,000 of SQL."""
    leaves, within_ = " ".join(LEAVES), "numeroCarif dateDebut dateFin"
    for number in range(count):
        roots = (
            f"a{number}_{i}: actions(first: {i + 1}) {{ nodes {{ {leaves} sessions(first: 2) {{ nodes {{ {within_} }} }} }} }}"
            for i in range(20)
        )
        yield f"{{ {' '.join(roots)} }}"


def varied(count: int) -> Iterator[str]:
    """Out: of both, one large for nine small."""
    small, great = distinct(count), large(count)
    for number in range(count):
        yield next(great if number % 10 == 0 else small)


class Edge:
    """What a request goes through: the documents of the edge, then the reading door, on one cache each."""

    def __init__(self, pool: Any, kept: Limits = LIMITS) -> None:
        """In: a pool that reads; the sizes of the caches, if they are not those that are shipped."""
        schema = build_schema()
        policy, self.documents = Policy.load(), Documents(schema._schema, kept=kept)
        self.reader = Reader(
            schema,
            policy,
            pool,
            extra_values=lambda _, le: valeurs(le),
            limits=kept,
            documents=self.documents,
        )

    async def ask(self, text: str, viewer: Any = None, moment: datetime = MAINTENANT) -> bytes:
        """Out: the answer."""
        self.documents.admit(text, stranger=True)
        return await self.reader.execute(viewer or Anonymous(), text, None, None, moment)


def resident() -> float:
    """Out: the memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def flood(url: str, count: int, kept: Limits) -> list[float]:
    """Out: the memory, every hundredth of the way. Each is asked twice: the first time, nothing is prepared for it."""
    found: list[float] = []
    async with Database(url, statements=kept.statements) as database:
        edge = Edge(database.reading, kept)
        before, begun = [await edge.ask(HOT) for _ in range(2)], time.perf_counter()
        for number, text in enumerate(varied(count), 1):
            for _ in range(2):
                assert "errors" not in json.loads(await edge.ask(text))
            if number % max(1, count // 100) == 0:
                found.append(resident())
            if number % max(1, count // 10) == 0:
                kept = f"{len(edge.reader.plans)} plans, {len(edge.documents.admitted)} documents"
                rate = number / (time.perf_counter() - begun)
                print(f"{number}: {found[-1]:.1f} MiB, {kept}, {rate:.0f} documents a second", flush=True)
        assert await edge.ask(HOT) == before[0]
    return found


def main(count: int, mib: int = MEMORY) -> int:
    """In: how many documents, `MEMOIRE_DOCUMENTS`. Ask, on an embedded server; out: 1 if the memory of the second half is not flat."""
    with Embedded(home_of_tests(), TESTS) as server, base_of_the_process(server.url(driver="")) as url:
        engine = create_engine(with_driver(url, "psycopg"))
        replanter(engine, 0)
        engine.dispose()
        found = asyncio.run(flood(url, count, within(mib)))
    half = found[len(found) // 2 :]
    print(f"second half: from {half[0]:.1f} to {half[-1]:.1f} MiB, at most {max(half):.1f}")
    return 1 if max(half) > 1.05 * half[0] else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
