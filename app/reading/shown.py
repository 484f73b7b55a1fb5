"""The statement of a document, for whoever reviews what a profile reads. Nothing is executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import strawberry

from app.policies.viewer import PROFILS
from app.reading.compiler import Rights
from app.reading.plans import Plan
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
    if profil not in PROFILS:
        raise ValueError(f"profil inconnu : {profil} ; il y a {', '.join(PROFILS)}")
    reader = Reader(schema, policy, None, extra_values=extra_values)
    plan = reader.plan(reader.request(Somebody(profil), text, variables, None, datetime.now(UTC)))
    if not isinstance(plan, Plan):
        return f"-- ce document n'est pas compilé en entier : {plan.cause}"
    sql = plan.sql.replace("\n", " ")
    for word in WORDS:
        sql = sql.replace(word, "\n" + word.strip() + " ")
    return sql
