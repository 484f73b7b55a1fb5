"""The policy of the house in front of real tables: Polar, the filter, the flag and the closure, on every row.

`python -m tests.policies.face_a_face N [seed]`: N worlds, every profile, every permission, every column.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, create_engine, func, inspect, literal, select, union_all

from app.kit.conditions import FALSE, TRUE, Condition, decide
from app.kit.embedded import TESTS, Embedded
from app.models import Base
from app.policies.lock import read_sources
from app.policies.policy import Policy
from app.policies.predicate import new_row, predicate
from app.policies.schema import Schema, columns
from app.policies.viewer import ACTEURS, ANONYME, SCOPES, SYSTEME, Anonymous, System, Viewer
from tests.policies.mondes_maison import COMBIEN, MAINTENANT, Rows, planter
from tests.policies.polar_reference import PolarReference
from tests.template import base_of_the_process, home_of_tests

Saying = tuple[str, Condition]  # a name (a permission, a column) and its condition


@dataclass
class FaceAFace:
    """What was compared, and what differed."""

    policy: Policy
    polar: PolarReference
    counted: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    granted: set[str] = field(default_factory=set)  # Model.permission, or Model.column
    _closures: dict[Condition, Callable[[Any, Mapping[str, Any]], bool]] = field(default_factory=dict)

    @classmethod
    def house(cls) -> FaceAFace:
        """Out: the policy that serves, and its sources as Polar reads them."""
        return cls(Policy.load(), PolarReference.of(read_sources(), Schema.of(Base).by_name.values()))

    def world(self, connection: Connection, rng: random.Random, masks: Iterable[str] = ACTEURS) -> None:
        """Compare every profile on a random world, and the columns of some of them."""
        rows = planter(connection, rng)
        for profil in ACTEURS:
            asking = Asking(self, profil, valeurs(rng, profil), connection, rows)
            asking.permissions()
            if profil in masks:
                asking.fields()
        connection.rollback()
        self.counted["mondes"] += 1

    def closure(self, condition: Condition) -> Callable[[Any, Mapping[str, Any]], bool]:
        """Out: the condition as Python, made once."""
        if condition not in self._closures:
            self._closures[condition] = decide(condition)
        return self._closures[condition]

    def compare(self, said: dict[str, bool], about: Callable[[], str]) -> None:
        """In: the four answers, and how to say what they are about."""
        self.counted["décisions"] += 1
        self.counted["accordées"] += said["fermeture"]
        if len(set(said.values())) > 1:
            self.differences.append(f"{said} {about()}")


def valeurs(rng: random.Random, profil: str) -> dict[str, Any]:
    """Out: the values of a request: an account, a structure that may be missing; a program has none."""
    if profil == ANONYME:
        return Anonymous().values(MAINTENANT)
    if profil == SYSTEME:
        return System().values(MAINTENANT)
    alone = profil in SCOPES or rng.random() < 0.1
    structure = None if alone else rng.randint(1, 3)
    return Viewer(rng.randint(1, 4), profil, structure, None, 1).values(MAINTENANT)


@dataclass
class Asking:
    """Somebody who asks everything of a world."""

    face: FaceAFace
    profil: str
    given: dict[str, Any]
    connection: Connection
    rows: Rows

    @cached_property
    def who(self) -> str:
        """Who asks, for the message of a difference."""
        return f"{self.profil} moi={self.given['moi']} structure={self.given['ma_structure']}"

    def permissions(self) -> None:
        """Compare every permission on every row."""
        policy, polar = self.face.policy, self.face.polar
        for model, names in policy.permissions.items():
            said = [(name, policy.condition(self.profil, name, model)) for name in names]
            answers = self.sql(model, said)
            for row in self.rows[model]:
                for name, condition in said:
                    by_polar = polar.allows(self.profil, self.given, name, row)
                    self._compare(model, row, (name, condition), by_polar, answers)

    def fields(self) -> None:
        """Compare every column that has rules on every row."""
        policy, polar = self.face.policy, self.face.polar
        for verb, name in sorted(policy.compiled.field_rules):
            model = next(x for x in policy.permissions if x.__name__ == name)
            said = [(c, policy.field(self.profil, verb, model, c)) for c in columns(model)]
            answers = self.sql(model, said)
            for row in self.rows[model]:
                shown = polar.fields(self.profil, self.given, verb, row)
                for column, condition in said:
                    by_polar = shown is None or column in shown
                    self._compare(model, row, (column, condition), by_polar, answers)

    def _compare(self, model: Any, row: Any, saying: Saying, by_polar: bool, answers: Answers) -> None:
        name, condition = saying
        key = cle(row)
        said = {
            "polar": by_polar,
            "filtre": key in answers.kept[name],
            "colonne": answers.flags[key][name],
            "fermeture": self.face.closure(condition)(row, self.given),
        }
        if said["fermeture"]:
            self.face.granted.add(f"{model.__name__}.{name}")
        values = {c: getattr(row, c) for c in columns(model)}
        self.face.compare(said, lambda: f"{self.who} {model.__name__}.{name} {values}")

    def sql(self, model: Any, said: list[Saying]) -> Answers:
        """Out: what PostgreSQL says, as filters and as flags; what is always or never is not asked."""
        keys = [cle(row) for row in self.rows[model]]
        flags: dict[Any, dict[str, bool]] = {key: {} for key in keys}
        kept: dict[str, set[Any]] = {}
        for name, condition in said:
            if condition in (TRUE, FALSE):
                kept[name] = set(keys) if condition == TRUE else set()
                for key in keys:
                    flags[key][name] = condition == TRUE
        asked = {c for _, c in said if c not in (TRUE, FALSE)}
        if asked and keys:
            found = self._asked(model, sorted(asked, key=repr))
            for name, condition in said:
                if condition in found:
                    kept[name], by_key = found[condition]
                    for key in keys:
                        flags[key][name] = by_key[key]
        return Answers(kept, flags)

    def _asked(self, model: Any, asked: list[Condition]) -> dict[Condition, tuple[set[Any], dict[Any, bool]]]:
        row = new_row(model)
        key = row[inspect(model).primary_key[0].key]
        flags = select(key, *[func.coalesce(predicate(c, row), False) for c in asked])
        filters = []
        for number, condition in enumerate(asked):
            mine = new_row(model)
            own = mine[inspect(model).primary_key[0].key]
            filters.append(select(literal(number), own).where(predicate(condition, mine)))
        lines = self.connection.execute(flags, self.given).all()
        kept: dict[int, set[Any]] = {number: set() for number in range(len(asked))}
        for number, found in self.connection.execute(union_all(*filters), self.given):
            kept[number].add(found)
        return {c: (kept[n], {line[0]: line[n + 1] for line in lines}) for n, c in enumerate(asked)}


@dataclass(frozen=True)
class Answers:
    """What PostgreSQL says: by name, the keys that a filter keeps; by key and name, the flag."""

    kept: dict[str, set[Any]]
    flags: dict[Any, dict[str, bool]]


def cle(row: Any) -> Any:
    """Out: the key of a row."""
    return getattr(row, inspect(type(row)).primary_key[0].key)


def main(worlds: int, seed: int = 0) -> int:
    """Compare on an embedded server; say what was found."""
    face, begun = FaceAFace.house(), time.perf_counter()
    with Embedded(home_of_tests(), TESTS) as server, base_of_the_process(server.url(driver="")) as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            for number in range(worlds):
                face.world(connection, random.Random(f"{seed}/{number}"))
        engine.dispose()
    for difference in face.differences[:5]:
        print(difference, "\n")
    known = {f"{x.__name__}.{name}" for x, names in face.policy.permissions.items() for name in names}
    print("never granted:", ", ".join(sorted(known - face.granted)) or "nothing")
    seconds = time.perf_counter() - begun
    print(
        f"{dict(face.counted)}, {len(COMBIEN)} tables, {len(face.differences)} différences, {seconds:.1f} s"
    )
    return 1 if face.differences else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
