"""The statement of a document, for whoever reviews what a profile reads: from the command line, or beside an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import strawberry
from graphql import OperationType

from app.kit.conditions import TRUE
from app.kit.database import READER
from app.models import VersionPolitique
from app.policies.viewer import PROFILS
from app.reading.answers import Answer, extended
from app.reading.compiler import Rights
from app.reading.plans import Completed, Plan
from app.reading.reader import ExtraValues, Reader

COUNT = "select cardinality(parameter_types) from pg_prepared_statements where name = 'montree'"
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


async def explained(url: str, sql: str) -> str:
    """In: the address of a base, a statement with its `$n`. Out: how PostgreSQL would run it as the reading door does."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"set role {READER}")
        return await _explained(connection, sql)
    finally:
        await connection.close()


async def _explained(connection: Any, sql: str) -> str:
    """Out: how PostgreSQL would run a statement for any values.

    Nothing is executed, and no value is sent: the plan is the generic one.
    """
    await connection.execute(f"prepare montree as {sql}")
    try:
        async with connection.transaction():
            await connection.execute("set local plan_cache_mode = force_generic_plan")
            count = await connection.fetchval(COUNT)
            nulls = f"({', '.join(['null'] * count)})" if count else ""
            return "\n".join(line for (line,) in await connection.fetch(f"explain execute montree{nulls}"))
    finally:
        await connection.execute("deallocate montree")


async def beside(
    answer: Answer,
    reader: Reader,
    viewer: Any,
    text: str,
    variables: Mapping[str, Any] | None,
    name: str | None,
    moment: datetime,
) -> Answer:
    """In: an answer, and what was asked. Out: the answer; with its statement, for whom the policy lets see it.

    The statement holds no value of anybody: neither does its plan.
    """
    shown = reader.policy.condition(viewer.profil, "lire_instruction", VersionPolitique)
    if answer.refused or shown != TRUE:
        return answer
    request = reader.request(viewer, text, variables or {}, name, moment)
    if request.operation.kind is not OperationType.QUERY:
        return answer
    plan = reader.plan(request)
    told: dict[str, Any] = {"profil": viewer.profil, **(asdict(answer.measured) if answer.measured else {})}
    if isinstance(plan, Plan):
        told["instruction"] = laid_out(plan.sql)
        async with reader.pool.acquire() as connection:
            told["plan"] = await _explained(connection, plan.sql)
    return extended(answer, {"lecture": told})
