"""One policy, one world, several viewers: Polar, the SQL filter, the SQL flag and the closure must agree on every row."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from app.kit.conditions import Condition, decide, text_of
from app.policies.compiler import compile_policy
from app.policies.errors import CompileError
from app.policies.policy import Policy
from app.policies.predicate import new_row, predicate
from app.policies.schema import Schema, columns
from tests.policies import hasard
from tests.policies.modeles import Base, Demande
from tests.policies.mondes import MODELES, Monde, monde, valeurs
from tests.policies.polar_reference import PolarReference

SCHEMA = Schema.of(Base)
ANSWERS = ("polar", "filtre", "colonne", "fermeture")


@dataclass
class Confrontation:
    """What was compared, and what differed."""

    counted: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def compare(self, said: dict[str, bool], about: str) -> None:
        """In: the answers about one row."""
        self.counted["decisions"] += 1
        self.counted["accordees"] += said["fermeture"]
        if len(set(said.values())) > 1:
            self.differences.append(f"{said} {about}")

    def policy(self, rng: random.Random, connection: Connection) -> None:
        """Compare a random policy on a random world."""
        source = hasard.policy(rng)
        try:
            compiled, _ = compile_policy({"hasard.polar": source}, SCHEMA, hasard.PROFILS)
        except CompileError as refused:
            self.counted[f"refusees : {str(refused).split(':')[-1].strip()[:60]}"] += 1
            return
        self.counted["politiques"] += 1
        world = monde(rng)
        world.ecrire(connection)
        polar = PolarReference.of({"hasard.polar": source}, MODELES)
        for profil in hasard.PROFILS:
            viewer = Asking(Policy(compiled, SCHEMA), polar, profil, valeurs(rng, profil), connection)
            self.rows(viewer, world, source)
            self.fields(viewer, world, source)

    def rows(self, viewer: Asking, world: Monde, source: str) -> None:
        """Compare every permission on every row."""
        for model, permissions in viewer.policy.permissions.items():
            for permission in permissions:
                condition = viewer.policy.condition(viewer.profil, permission, model)
                kept, flags = viewer.sql(condition, model)
                decision = viewer.policy.decision(viewer.profil, permission, model)
                for row in world.lignes[model]:
                    said = {
                        "polar": viewer.polar.allows(viewer.profil, viewer.given, permission, row),
                        "filtre": row.id in kept,
                        "colonne": flags[row.id],
                        "fermeture": decision(row, viewer.given),
                    }
                    self.compare(said, f"{viewer} {permission} {_told(row)}\n{text_of(condition)}\n{source}")

    def fields(self, viewer: Asking, world: Monde, source: str) -> None:
        """Compare every column of every demand."""
        by_column = {}
        for column in columns(Demande):
            condition = viewer.policy.field(viewer.profil, "lire", Demande, column)
            by_column[column] = condition, viewer.sql(condition, Demande)
        for row in world.lignes[Demande]:
            shown = viewer.polar.fields(viewer.profil, viewer.given, "lire", row)
            for column, (condition, (kept, flags)) in by_column.items():
                said = {
                    "polar": shown is None or column in shown,
                    "filtre": row.id in kept,
                    "colonne": flags[row.id],
                    "fermeture": viewer.decided(condition, row),
                }
                self.compare(said, f"{viewer} champ {column} {_told(row)}\n{text_of(condition)}\n{source}")


@dataclass
class Asking:
    """Somebody who asks, and whom they ask."""

    policy: Policy
    polar: PolarReference
    profil: str
    given: dict[str, Any]
    connection: Connection

    def __str__(self) -> str:
        return f"{self.profil} moi={self.given['moi']} structure={self.given['ma_structure']}"

    def sql(self, condition: Condition, model: type[Base]) -> tuple[set[int], dict[int, bool]]:
        """Out: the keys that the filter keeps, and the flag of every row."""
        row = new_row(model)
        said = predicate(condition, row)
        kept = self.connection.execute(select(row["id"]).where(said), self.given).scalars()
        flagged = select(row["id"], func.coalesce(said, False))
        return set(kept), {key: flag for key, flag in self.connection.execute(flagged, self.given)}  # noqa: C416  # rows, not pairs

    def decided(self, condition: Condition, row: Any) -> bool:
        """Out: what the closure says of a row."""
        return decide(condition)(row, self.given)


def _told(row: Any) -> str:
    return str({name: getattr(row, name) for name in columns(type(row))})
