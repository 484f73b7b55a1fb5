"""The one plan of each statement that takes a row: it finds it by its key, and goes through no table, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
import pytest

from app import models as m
from app.kit.conditions import Compare, Ref
from app.policies.policy import Policy
from app.policies.viewer import PROFILS
from app.resolvers.candidatures import COPIEES, TENUES
from app.writing import questions as q
from tests.cast import planter
from tests.conftest import Base
from tests.reading.maison.statements import LARGE

POLICY = Policy.load()


def takings(models: Iterable[type]) -> Iterator[tuple[str, str]]:
    """Out: each statement that takes a row of these models, once, and who may do what by it."""
    seen: set[str] = set()
    for model in models:
        permissions = POLICY.permissions[model]
        for profil in PROFILS:
            for permission in permissions:
                for several in (False, True):
                    asked = q.taking(POLICY, profil, permission, model, several=several)
                    if asked.statement.sql not in seen:
                        seen.add(asked.statement.sql)
                        yield f"{profil} {permission} {model.__name__}", asked.statement.sql
    for profil in ("prescripteur_n1", "prescripteur_n2"):
        around = [(m.Candidature, name, True) for name in TENUES]
        around += [(m.SessionFormation, name, False) for name in COPIEES]
        for model, name, locked in around:
            yield (
                f"{profil} {name}",
                q.nearby(POLICY, profil, model, name, locked=locked).question.statement.sql,
            )


async def test_no_table_is_gone_through_to_take_a_row(base: Base) -> None:
    await (await planter(base)).une_candidature()
    through: dict[str, set[str]] = {}
    with psycopg.connect(base.url) as db:
        db.execute(LARGE)
        db.execute("SET LOCAL enable_seqscan = off")
        db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        full = [each for each in POLICY.permissions if is_full(db, each)]
        for who, sql in takings(full):
            if found := set(re.findall(r"Seq Scan on (\w+)", generic_plan(db, sql))):
                through[who] = found
        db.rollback()

    assert m.Candidature in full
    assert through == {}


def generic_plan(db: psycopg.Connection, sql: str) -> str:
    """Out: the plan of a statement for any values. PostgreSQL 15 only tells it of one that is prepared."""
    count = max((int(n) for n in re.findall(r"\$(\d+)", sql)), default=0)
    given = f"({', '.join(['NULL'] * count)})" if count else ""
    db.execute(f"PREPARE essai AS {sql}".encode())
    told = db.execute(f"EXPLAIN EXECUTE essai{given}".encode()).fetchall()
    db.execute("DEALLOCATE essai")
    return "\n".join(line for [line] in told)


def is_full(db: psycopg.Connection, model: Any) -> bool:
    """Has it rows? The planner goes through an empty table, whatever it is told of it."""
    found = db.execute(f"select exists (select from {model.__table__.name})".encode()).fetchone()
    return bool(found and found[0])


@pytest.mark.parametrize("mots", [("brouillon",), ("brouillon", "corbeille")])
def test_words_of_the_policy_are_in_the_text_and_no_value_of_a_request_is(mots: tuple[str, ...]) -> None:
    value = mots[0] if len(mots) == 1 else mots
    condition = Compare(("etat",), "=" if len(mots) == 1 else "in", value)
    sql = q.knowing(m.Candidature, condition).statement.sql
    given = q.knowing(m.Candidature, Compare(("reference",), "=", Ref("celle_ci"))).statement

    assert all(mot in sql for mot in mots)
    assert "$1" not in sql
    assert given.values({"celle_ci": "C2026000001"}) == ["C2026000001"]


def test_a_value_that_is_no_word_of_ours_stays_out_of_the_text() -> None:
    statement = q.knowing(m.Candidat, Compare(("nom",), "=", "D'Artagnan'; --")).statement

    assert "Artagnan" not in statement.sql
    assert statement.values({}) == ["D'Artagnan'; --"]
