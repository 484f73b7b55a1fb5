"""On the schema of the house: a client that varies its documents fills nothing, chases nobody away, changes no answer."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

from app.main import gauges
from app.policies.viewer import Anonymous, Viewer
from app.reading.limits import LIMITS, within
from tests.conftest import Base
from tests.reading.maison.caches import HOT, Edge, distinct, varied
from tests.reading.maison.conftest import replanter
from tests.reading.maison.world import MAINTENANT

KEPT = 200
DOCUMENTS = 2_000


async def test_two_thousand_documents_against_a_cache_of_two_hundred(base: Base, engine: Engine) -> None:
    replanter(engine, 3)
    edge = Edge(base.lecture, replace(LIMITS, documents=KEPT, plans=KEPT))
    known = await edge.ask(HOT)
    assert await edge.ask(HOT) == known
    plan = edge.reader.plans.get_or(key_of(edge, HOT), unmade, edge.reader.weigh)
    weights = []
    for number, text in enumerate(distinct(DOCUMENTS), 1):
        answer = json.loads(await edge.ask(text))
        assert list(answer["data"]) == [f"a{number - 1}"]
        assert len(edge.reader.plans) <= KEPT
        assert len(edge.documents.admitted) <= KEPT
        if number % KEPT == 0:
            weights.append(edge.reader.plans.weight)
            assert await edge.ask(HOT) == known
    assert edge.reader.plans.get_or(key_of(edge, HOT), unmade, edge.reader.weigh) is plan, (
        "it was chased away"
    )
    assert max(weights) < 1.2 * weights[0], "what is kept grows"
    assert not edge.reader.completed


async def test_a_flood_under_one_profile_leaves_no_plan_to_another(base: Base, engine: Engine) -> None:
    replanter(engine, 3)
    edge = Edge(base.lecture, replace(LIMITS, documents=KEPT, plans=KEPT))
    staff = Viewer(1, "gestionnaire", 1, None, 1)
    before = [await edge.ask(HOT), await edge.ask(HOT, staff)]
    assert before[0] != before[1], "a gestionnaire sees what is not published: the case would show nothing"
    for text in distinct(KEPT):
        await edge.ask(text, staff)
    assert [await edge.ask(HOT), await edge.ask(HOT, staff)] == before


@pytest.mark.parametrize("mib", [2, 6])
async def test_what_is_kept_of_documents_stays_within_what_was_chosen(base: Base, mib: int) -> None:
    edge = Edge(base.lecture, within(mib))
    await edge.ask(HOT)  # what is kept whatever the documents: aliases of the tables, ways
    gc.collect()
    there = gc.get_objects()  # held: no other object takes the place of one of them
    for text in varied(400):
        for _ in range(2):
            edge.documents.admit(text, stranger=True)
            edge.reader.plan(edge.reader.request(Anonymous(), text, {}, None, MAINTENANT))
    kept = edge.reader.plans, edge.documents.admitted, edge.reader.pieces

    weight = held(there, [dict(half) for cache in kept for half in (cache.new, cache.used)])

    assert mib / 8 < weight < mib


def held(there: list[object], roots: Iterable[object]) -> float:
    """In: objects that were there already. Out: how much is held besides, in MiB."""
    seen, stack, size = {id(each) for each in there}, list(roots), 0
    while stack:
        each: Any = stack.pop()
        if id(each) in seen or isinstance(each, type | ModuleType):
            continue
        seen.add(id(each))
        size += sys.getsizeof(each)
        stack += [each.__closure__] if isinstance(each, FunctionType) else gc.get_referents(each)
    return size / 2**20


async def test_what_readings_cost_is_told_and_what_was_completed_is_named(base: Base) -> None:
    edge = Edge(base.lecture)
    answers = [await edge.ask(HOT) for _ in range(2)]
    await edge.ask("{ __schema { queryType { name } } }")

    told = gauges(edge.reader, edge.documents)

    assert (told["lectures"], told["lectures_octets"]) == (2, sum(map(len, answers)))
    assert told["lectures_objets"] == sum(answer.count(b"{") for answer in answers)
    assert told["plans_trouves"] == 1
    assert told["compilations"] == 3, (
        "one plan served twice; another one was not to be made, whole or in part"
    )
    assert told["lectures_secondes"] > 0
    assert told["compilations_secondes"] > 0
    assert told["completee_Query.__schema"] == told["lectures_completees"] == 1


def key_of(edge: Edge, text: str) -> object:
    """Out: where the plan of a document is kept, for anybody."""
    return edge.reader.request(Anonymous(), text, {}, None, MAINTENANT).key("whole")


def unmade() -> object:
    raise AssertionError("the plan is not kept")
