"""What the log says of an answer: exact where it is short, near enough where it is long."""

from __future__ import annotations

import json
import random

from app.reading.reader import SHORT, objects_in


def test_the_objects_of_a_short_answer_are_counted() -> None:
    assert objects_in(b'{"data" : {"a" : [{}, {}]}}') == 4


def test_the_objects_of_a_long_answer_are_reckoned() -> None:
    chance = random.Random(1)
    rows = [
        {"reference": chance.randrange(10**6), "session": {"ville": "x" * chance.randrange(40)}}
        for _ in range(900)
    ]
    found = json.dumps(rows).encode()
    assert len(found) > SHORT
    assert 0.85 < objects_in(found) / found.count(b"{") < 1.15
