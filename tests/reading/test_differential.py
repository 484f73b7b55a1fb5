"""Compiled and executed: two readings of the same schema must say the same, key order included."""

from __future__ import annotations

import os
import random
from typing import Any

from app.reading.reader import Reader
from tests.reading.differential import Confrontation
from tests.reading.documents import Writer
from tests.reading.twins import TWINS
from tests.reading.world import MOMENT, fill, random_viewer, random_world

WORLDS = int(os.environ.get("WORLDS", "4"))
DOCUMENTS = int(os.environ.get("DOCUMENTS", "40"))
FIRST = int(os.environ.get("FIRST", "0"))


async def test_compiled_answers_as_executed(reader: Reader, pool: Any) -> None:
    found = Confrontation(reader, TWINS, MOMENT)
    before = reader.completed.total()
    for w in range(FIRST, FIRST + WORLDS):
        world = random_world(w)
        async with pool.acquire() as connection:
            await fill(world, connection)
        for seed in range(w * DOCUMENTS, (w + 1) * DOCUMENTS):
            # one document in ten also needs a plain resolver
            hidden = frozenset({"Query.panne"} if seed % 10 == 0 else {"Query.panne", "Query.version"})
            document = Writer(seed, reader.schema, world, hidden=hidden, keys=TWINS.keys).document()
            difference = await found.compare(world, random_viewer(random.Random(seed)), document)
            assert difference is None, difference
    found.counted["completed"] = reader.completed.total() - before
    print(dict(found.counted), "plans", len(reader.plans))
    assert found.counted["equal"] > 0.6 * WORLDS * DOCUMENTS
    assert found.counted["not null"] > 5 * found.counted["equal"]
    assert found.counted["completed"]
