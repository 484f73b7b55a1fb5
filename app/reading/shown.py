"""The statement of a document, for whoever reviews what a profile reads. Nothing is executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import strawberry

from app.kit.database import READER
from app.policies.viewer import PROFILS
from app.reading.compiler import Rights
from app.reading.plans import Completed, Plan
from app.reading.reader import ExtraValues, Reader

WORDS = (" FROM ", " WHERE ", " ORDER BY ", " GROUP BY ", " LIMIT ")


@dataclass(frozen=True)
class Somebody:
    """Anybody under a profile: a plan knows the profile, and no value of the person."""

    profil: str

    def values(self, maintenant: datetime) -> dict[str, Any]:
        """Out: no value: none is sent."""
        return {}


def statement_of(
    schema: strawberry.Schema,
    policy: Rights,
    profil: str,
    text: str,
    variables: Mapping[str, Any],
    extra_values: ExtraValues = lambda viewer, moment: {},
) -> str:
    """In: a document, its variables, a profile. Out: the SQL, a clause a line. Raises ValueError, Refused."""
    plan = plan_for(schema, policy, profil, text, variables, extra_values)
    return laid_out(plan.sql) if isinstance(plan, Plan) else f"-- {incomplete(plan)}"


def plan_for(
    schema: strawberry.Schema,
    policy: Rights,
    profil: str,
    text: str,
    variables: Mapping[str, Any],
    extra_values: ExtraValues = lambda viewer, moment: {},
) -> Plan | Completed:
    """In: a document, its variables, a profile. Out: its plan. Raises ValueError, Refused."""
    if profil not in PROFILS:
        raise ValueError(f"profil inconnu : {profil} ; il y a {', '.join(PROFILS)}")
    reader = Reader(schema, policy, None, extra_values=extra_values)
    return reader.plan(reader.request(Somebody(profil), text, variables, None, datetime.now(UTC)))


def incomplete(plan: Completed) -> str:
    """Out: why a document has no statement of its own."""
    return f"ce document n'est pas compilé en entier : {plan.cause}"


def laid_out(sql: str) -> str:
    """Out: a statement, a clause a line."""
    sql = sql.replace("\n", " ")
    for word in WORDS:
        sql = sql.replace(word, "\n" + word.strip() + " ")
    return sql


def explained(url: str, sql: str) -> str:
    """In: the address of a base, a statement with its `$n`. Out: how PostgreSQL would run it for any values.

    Nothing is executed, and no value is sent: the plan is the generic one.
    """
    with psycopg.connect(url) as connection:
        connection.execute("set local plan_cache_mode = force_generic_plan")
        connection.execute(f"set local role {READER}")
        connection.execute(f"prepare montree as {sql}".encode())
        count = connection.execute(
            "select cardinality(parameter_types) from pg_prepared_statements"
        ).fetchone()
        nulls = ", ".join(["null"] * (count[0] if count else 0))
        lines = connection.execute(
            f"explain execute montree{f'({nulls})' if nulls else ''}".encode()
        ).fetchall()
        connection.rollback()
    return "\n".join(str(line) for (line,) in lines)
