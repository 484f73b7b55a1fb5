"""What is kept of requests is bounded, and a client cannot chase away what others use."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.reading.limits import Cache, Limits
from app.reading.reader import Reader
from tests.reading.conftest import extra_values
from tests.reading.policy import N1, STAFF, Rights, Viewer
from tests.reading.schema import build_schema
from tests.reading.world import MOMENT

GESTIONNAIRE = Viewer(STAFF, 1)
SMALL = Limits(
    documents=10, plans=10, document_characters=200, kept_characters=2_000, plan_characters=100_000
)


@pytest.fixture
def small(pool: Any) -> Reader:
    return Reader(build_schema(), Rights(), pool, extra_values=extra_values, limits=SMALL)


def weigh(value: str) -> int:
    return len(value)


def test_a_cache_keeps_no_more_than_its_size() -> None:
    cache: Cache[int, str] = Cache(10, 1000)
    for i in range(100):
        cache.get_or(i, lambda: "x", weigh)
    assert len(cache) == 5
    assert cache.weight == 5


def test_what_is_asked_twice_outlives_a_flood_of_new_keys() -> None:
    cache: Cache[object, str] = Cache(10, 1000)
    for _ in range(2):
        cache.get_or("hot", lambda: "x", weigh)
    for i in range(1000):
        cache.get_or(i, lambda: "x", weigh)
    assert "hot" in cache


def test_a_cache_keeps_no_more_than_its_weight() -> None:
    cache: Cache[int, str] = Cache(1000, 100)
    for i in range(100):
        for _ in range(1 + i % 2):
            cache.get_or(i, lambda: "x" * 9, weigh)
        assert cache.weight <= 100
    assert len(cache) >= 8


def test_what_is_too_heavy_is_made_and_not_kept() -> None:
    cache: Cache[int, str] = Cache(10, 100)
    assert cache.get_or(1, lambda: "x" * 60, weigh)
    assert len(cache) == 0


def test_what_raises_is_not_kept() -> None:
    cache: Cache[int, str] = Cache(10, 100)
    with pytest.raises(ZeroDivisionError):
        cache.get_or(1, lambda: str(1 // 0), weigh)
    assert cache.get_or(1, lambda: "x", weigh) == "x"


async def ask(reader: Reader, text: str, viewer: Viewer = GESTIONNAIRE) -> Any:
    return json.loads(await reader.execute(viewer, text, None, None, MOMENT))


async def test_a_client_that_varies_its_documents_fills_nothing(small: Reader) -> None:
    hot = "{ corbeilles { toutes } }"
    for _ in range(2):
        await ask(small, hot)
    (plan,) = {id(small.plan(small.request(GESTIONNAIRE, hot, {}, None, MOMENT)))}
    for i in range(50):
        assert await ask(small, f"{{ a{i}: corbeilles {{ toutes }} }}")
    assert len(small.plans) <= 10
    assert len(small.documents.cache) <= 10
    assert id(small.plan(small.request(GESTIONNAIRE, hot, {}, None, MOMENT))) == plan


async def test_a_long_document_is_answered_and_not_kept(small: Reader) -> None:
    text = "{ " + " ".join(f"a{i}: corbeilles {{ toutes }}" for i in range(10)) + " }"
    assert len((await ask(small, text))["data"]) == 10
    assert len(small.documents.cache) == 0


async def test_a_wrong_document_is_not_kept(small: Reader) -> None:
    await ask(small, "{ licorne }")
    await ask(small, "{ corbeilles {")
    assert len(small.documents.cache) == 0


async def test_a_profile_never_gets_the_plan_of_another(small: Reader) -> None:
    text = "{ candidatures(first: 100) { nodes { motif } } }"
    staff = (await ask(small, text))["data"]["candidatures"]["nodes"]
    own = (await ask(small, text, Viewer(N1, 1, 1)))["data"]["candidatures"]["nodes"]
    assert {c["motif"] for c in staff} == {None}
    assert {c["motif"] for c in own} != {None}
    assert len(small.plans) == 2


async def test_the_same_text_with_another_operation_is_another_plan(small: Reader) -> None:
    text = "query A { corbeilles { toutes } } query B { structures { nom } }"
    one = await small.execute(GESTIONNAIRE, text, None, "A", MOMENT)
    two = await small.execute(GESTIONNAIRE, text, None, "B", MOMENT)
    assert list(json.loads(one)["data"]) == ["corbeilles"]
    assert list(json.loads(two)["data"]) == ["structures"]


async def test_a_statement_asked_once_stays_prepared_nowhere(pool: Any) -> None:
    reader = Reader(build_schema(), Rights(), pool, extra_values=extra_values)
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%''UNE_SEULE' || '_FOIS''%'"
    text = "{ UNE_SEULE_FOIS: corbeilles { toutes } }"
    async with pool.acquire() as connection, pool.acquire() as other:  # the two connections of the pool
        before = [await c.fetchval(prepared) for c in (connection, other)]
    assert before == [0, 0]
    await ask(reader, text)
    async with pool.acquire() as connection, pool.acquire() as other:
        assert [await c.fetchval(prepared) for c in (connection, other)] == [0, 0]
    await ask(reader, text)
    async with pool.acquire() as connection, pool.acquire() as other:
        assert sum([await c.fetchval(prepared) for c in (connection, other)]) == 1
