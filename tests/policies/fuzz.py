"""`python -m tests.policies.fuzz N [seed]`: N random policies on random worlds, in a real PostgreSQL."""

from __future__ import annotations

import random
import sys
import time

from sqlalchemy import Connection, create_engine

from app.kit.embedded import TESTS, Embedded
from tests.policies.differential import Confrontation
from tests.policies.modeles import Base
from tests.template import base_of_the_process, home_of_tests


def fuzz(connection: Connection, policies: int, seed: int = 0) -> Confrontation:
    """Out: what the comparison of N random policies has found."""
    Base.metadata.create_all(connection)
    found = Confrontation()
    for number in range(policies):
        found.policy(random.Random(f"{seed}/{number}"), connection)
    return found


def main(policies: int, seed: int = 0) -> int:
    """Fuzz on an embedded server; say what was found."""
    with Embedded(home_of_tests(), TESTS) as server, base_of_the_process(server.url(driver="")) as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        begun = time.perf_counter()
        with engine.connect() as connection:
            connection.exec_driver_sql("create schema if not exists petit_monde")
            found = fuzz(connection, policies, seed)
        engine.dispose()
    for difference in found.differences[:5]:
        print(difference, "\n")
    print(dict(found.counted), f"{len(found.differences)} différences, {time.perf_counter() - begun:.1f} s")
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
