"""The schema of the house, compiled and executed: two readings that must say the same, key order included."""

from __future__ import annotations

import os
import random

from graphql import GraphQLSchema

from app.reading.reader import Reader
from tests.reading.differential import Confrontation
from tests.reading.documents import Writer
from tests.reading.maison.conftest import Planter
from tests.reading.maison.twins import TWINS
from tests.reading.maison.world import MAINTENANT, random_viewer
from tests.reading.twinned import unread, without_twin

WORLDS = int(os.environ.get("WORLDS", "5"))
DOCUMENTS = int(os.environ.get("DOCUMENTS", "200"))


def test_what_sql_alone_says_has_a_twin_in_these_tests(schema: GraphQLSchema) -> None:
    """Not met by a new field or criterion? Say in `twins.py`, in Python, what its SQL says."""
    assert without_twin(schema, TWINS) == set()


async def test_the_schema_of_the_house_compiled_answers_as_executed(maison: Reader, monde: Planter) -> None:
    found = Confrontation(maison, TWINS, MAINTENANT)
    hidden = frozenset(without_twin(maison.schema, TWINS) | unread(maison.schema))
    for number in range(WORLDS):
        world = monde(number)
        for seed in range(number * DOCUMENTS, (number + 1) * DOCUMENTS):
            document = Writer(seed, maison.schema, world, hidden=hidden, keys=TWINS.keys).document()
            difference = await found.compare(world, random_viewer(random.Random(seed), world), document)
            assert difference is None, difference
    print(dict(found.counted), "plans", len(maison.plans))
    assert found.counted["equal"] > 0.9 * WORLDS * DOCUMENTS
    assert found.counted["not null"] > 10 * found.counted["equal"]
    assert len(found.unseen()) < 0.1 * len(found.seen), found.unseen()
    assert not maison.completed
