"""Compiled and executed: two readings of the same schema must say the same, key order included."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from types import SimpleNamespace
from typing import Any

from graphql import parse, validate

from app.reading.reader import Reader
from tests.reading.conftest import extra_values
from tests.reading.documents import Writer
from tests.reading.reference import Reference
from tests.reading.world import MOMENT, fill, random_viewer, random_world

WORLDS = int(os.environ.get("WORLDS", "4"))
DOCUMENTS = int(os.environ.get("DOCUMENTS", "110"))
FIRST = int(os.environ.get("FIRST", "0"))


def executed(reader: Reader, world: Any, viewer: Any, text: str, variables: dict[str, Any]) -> Any:
    reference = Reference(world, reader.policy, viewer, extra_values(viewer, MOMENT))  # type: ignore[arg-type]
    context = SimpleNamespace(viewer=viewer, reader=reference)
    result = reader.strawberry.execute_sync(text, variables, context)
    assert not result.errors, (text, variables, result.errors)
    return result.data


async def test_compiled_answers_as_executed(reader: Reader, pool: Any) -> None:
    seen: Counter[str] = Counter()
    before = reader.completed.total()
    for w in range(FIRST, FIRST + WORLDS):
        world = random_world(w)
        async with pool.acquire() as connection:
            await fill(world, connection)
        for seed in range(w * DOCUMENTS, (w + 1) * DOCUMENTS):
            python_fields = seed % 10 == 0  # one document in ten also needs a plain resolver
            text, variables = Writer(seed, reader.schema, world, python_fields=python_fields).document()
            if validate(reader.schema, parse(text)):
                seen["invalid, not counted"] += 1
                continue
            viewer = random_viewer(random.Random(seed))
            expected = executed(reader, world, viewer, text, variables)
            answer = await reader.execute(viewer, text, variables, None, MOMENT)
            wanted = json.dumps({"data": expected})
            assert told(answer) == told(wanted), (viewer, text, variables, answer, wanted)
            seen["equal"] += 1
            seen["leaves"] += leaves(expected)
            seen["not null"] += leaves(expected, full=True)
    seen["completed"] = reader.completed.total() - before
    print(dict(seen), "plans", len(reader.plans))
    assert seen["equal"] > 0.6 * WORLDS * DOCUMENTS
    assert seen["not null"] > 5 * seen["equal"]
    assert seen["completed"]


def leaves(value: Any, *, full: bool = False) -> int:
    if isinstance(value, dict | list):
        return sum(leaves(v, full=full) for v in (value.values() if isinstance(value, dict) else value))
    return int(value is not None or not full)


def told(answer: str | bytes) -> str:
    """Out: an answer as text, its keys in their order; 50 and 50.0 are one number of JSON."""
    return json.dumps(json.loads(answer, parse_int=float))
