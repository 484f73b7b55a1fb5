"""Conditions in front of z3: what holds for every row, every request and every state of the tables.

A relation leads to a row if and only if its key is not null. A column of words holds one of its words. A copy is
equal to what it copies. What exists at the end of a to-many relation has a witness; two things that exist at the end
of one relation may have the same one. z3 then says that no row satisfies a condition, or shows one that does.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import z3
from sqlalchemy import Enum, inspect

from app.kit.conditions import (
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Given,
    Not,
    Ref,
    Truth,
    all_of,
    text_of,
)
from app.policies.predicate import REQUEST_TYPES
from app.policies.schema import python_type

MILLISECONDS = 20_000
Path = tuple[str, ...]
NEVER_NULL = frozenset({"maintenant", "aujourd_hui"})


class Undecided(Exception):
    """z3 gave up: neither a proof nor a counterexample."""


@dataclass(frozen=True)
class Witness:
    """A row and a request that satisfy a condition, as z3 found them."""

    values: dict[str, str]

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in sorted(self.values.items())) or "toute ligne"


def impossible(
    model: Any, *conditions: Condition, non_null: frozenset[str] = frozenset({"moi"})
) -> Witness | None:
    """In: conditions about one row. Out: None if no row satisfies them all, else a witness. Raises Undecided.

    `non_null`: the request values that are known not to be null (an account always has an identity).
    """
    return satisfied(model, lambda world: world.row.says(all_of(conditions)), non_null)


def implied(
    model: Any, known: Condition, wanted: Condition, non_null: frozenset[str] = frozenset({"moi"})
) -> Witness | None:
    """Out: None if every row that satisfies the first satisfies the second, else one that does not."""
    return satisfied(
        model, lambda world: z3.And(world.row.says(known), z3.Not(world.row.says(wanted))), non_null
    )


def equivalent(model: Any, one: Condition, other: Condition) -> Witness | None:
    """Out: None if the two conditions hold on the same rows, else a row on which they differ."""
    return satisfied(model, lambda world: world.row.says(one) != world.row.says(other), frozenset())


def satisfied(model: Any, claim: Callable[[World], Any], non_null: frozenset[str]) -> Witness | None:
    """In: a claim about a row of the world. Out: a witness of the claim, None if there is none."""
    world = World(model, non_null | NEVER_NULL)
    said = claim(world)
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(said, *world.everything_known())
    answer = solver.check()
    if answer == z3.unknown:
        raise Undecided(solver.reason_unknown())
    return None if answer == z3.unsat else world.told(solver.model())


@dataclass
class World:
    """All that is said: rows, request values, and the facts that bind them."""

    model: Any
    non_null: frozenset[str]
    facts: list[Any] = field(default_factory=list)
    words: dict[Any, int] = field(default_factory=dict)
    refs: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    columns: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Place the row that everything is said of."""
        self.row = Place(self, self.model, "", z3.BoolVal(True))

    def everything_known(self) -> list[Any]:
        """Out: the facts, with what each witness says to each look: new looks may come, so until there is none."""
        done: set[tuple[int, int]] = set()
        while todo := self._pairs() - done:
            for i, j in todo:
                self._confront(self.looks[i], self.looks[j])
            done |= todo
        return self.facts

    def _pairs(self) -> set[tuple[int, int]]:
        """The looks along one relation of one row: each must hear of the witnesses of the others."""
        numbered = list(enumerate(self.looks))
        return {
            (i, j) for i, a in numbered for j, b in numbered if a.near is b.near and a.relation == b.relation
        }

    def _confront(self, look: Look, other: Look) -> None:
        """If the witness of another look satisfies the body of this one, this one is true."""
        body = other.witness.says(look.body)
        self.facts.append(z3.Implies(z3.And(look.near.there, other.witness.there, body), look.found))

    def number(self, value: Any) -> Any:
        """Out: a constant as z3 sees it: words are numbers of their own, far from real ones."""
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, str):
            value = str(value.value) if isinstance(value, enum.Enum) else value
            return z3.IntVal(self.words.setdefault(value, -1_000_000 - len(self.words)))
        if isinstance(value, datetime):
            return z3.IntVal(int(value.timestamp()))
        return z3.IntVal(value.toordinal() if isinstance(value, date) else int(value))

    def ref(self, name: str, sort: Any) -> tuple[Any, Any]:
        """Out: (is null, value) of a request value."""
        if name not in self.refs:
            known = REQUEST_TYPES.get(name)
            value = z3.Const(f":{name}", sort if known is None else z3.IntSort())
            null = z3.BoolVal(False) if name in self.non_null else z3.Bool(f":{name} est nul")
            self.refs[name] = null, value
        return self.refs[name]

    def told(self, model: Any) -> Witness:
        """Out: the values of a model of z3, in the words of the policy."""
        said = {number: word for word, number in self.words.items()}
        found: dict[str, str] = {}
        for name, (null, value) in {**self.columns, **{f":{n}": v for n, v in self.refs.items()}}.items():
            if z3.is_true(model.eval(null)):
                found[name] = "nul"
            elif (number := model.eval(value)) is not None and (
                z3.is_int_value(number) or z3.is_true(number) or z3.is_false(number)
            ):
                found[name] = (
                    said.get(number.as_long(), str(number)) if z3.is_int_value(number) else str(number)
                )
        return Witness(found)


@dataclass
class Look:
    """Something is said to exist at the end of a relation: the row that looks, the body, the answer, the witness."""

    near: Place
    relation: str
    body: Condition
    found: Any
    witness: Place


@dataclass
class Place:
    """A row of the world, which may not be there."""

    world: World
    model: Any
    name: str
    there: Any
    back: tuple[str, Place] | None = None  # the relation that leads back to the row that found this one
    cells: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    nexts: dict[str, Place] = field(default_factory=dict)
    looked: dict[tuple[str, Condition], Any] = field(default_factory=dict)

    def _fact(self, said: Any) -> None:
        """Something that is true of this row if it is there: of a row that is not, nothing is."""
        self.world.facts.append(z3.Implies(self.there, said))

    def says(self, condition: Condition) -> Any:
        """Out: the condition about this row, for z3."""
        match condition:
            case Truth(value=value):
                return z3.BoolVal(value)
            case AllOf(parts=parts):
                return z3.And(*[self.says(p) for p in parts])
            case AnyOf(parts=parts):
                return z3.Or(*[self.says(p) for p in parts])
            case Not(body=body):
                return z3.Not(self.says(body))
            case Given(name=name):
                return z3.Bool(f":{name}")
            case Exists(path=path, body=body):
                holder = self.reach(path[:-1])
                return z3.And(holder.there, holder.look(path[-1], body))
            case Compare(path=path):
                holder = self.reach(path[:-1])
                return z3.And(holder.there, holder.compares(condition, self))
        raise TypeError(condition)

    def compares(self, atom: Compare, origin: Place) -> Any:
        """Out: a comparison of a column of this row."""
        null, value = self.column(atom.path[-1])
        match atom.value:
            case None:
                return null if atom.op == "=" else z3.Not(null)
            case tuple() as words:
                return z3.And(z3.Not(null), z3.Or(*[value == self.world.number(w) for w in words]))
            case Ref(name=name, many=True):
                among = z3.Function(f"parmi :{name}", value.sort(), z3.BoolSort())
                return z3.And(z3.Not(null), among(value))
            case Ref(name=name):
                absent, other = self.world.ref(name, value.sort())
                return z3.And(z3.Not(absent), _compared(atom.op, null, value, z3.BoolVal(False), other))
            case Column(path=path):
                holder = origin.reach(path[:-1])
                return z3.And(holder.there, _compared(atom.op, null, value, *holder.column(path[-1])))
        return _compared(atom.op, null, value, z3.BoolVal(False), self.world.number(atom.value))

    def column(self, name: str) -> tuple[Any, Any]:
        """Out: (is null, value) of a column of this row."""
        if name not in self.cells:
            column = inspect(self.model).column_attrs[name].columns[0]
            said = self.name + name
            sort = z3.BoolSort() if python_type(column) is bool else z3.IntSort()
            null = z3.Bool(f"{said} est nul") if column.nullable else z3.BoolVal(False)
            self.cells[name] = self.world.columns[said] = null, z3.Const(said, sort)
            self._bind(name, column, *self.cells[name])
        return self.cells[name]

    def _bind(self, name: str, column: Any, null: Any, value: Any) -> None:
        """The facts about a column: its words, and what it copies."""
        if isinstance(column.type, Enum):
            words = [value == self.world.number(word) for word in column.type.enums]
            self._fact(z3.Or(null, *words))
        if source := column.info.get("copie"):
            relation, copied = source.split(".")
            there = self.reach((relation,))
            other_null, other = there.column(copied)
            same = z3.And(null == other_null, z3.Implies(z3.Not(null), value == other))
            self._fact(z3.If(there.there, same, null))

    def reach(self, path: Path) -> Place:
        """Out: the row that to-one relations lead to, there or not."""
        if not path:
            return self
        first, *rest = path
        if self.back and self.back[0] == first:
            return self.back[1].reach(tuple(rest))
        if first not in self.nexts:
            self.nexts[first] = self._next(first)
        return self.nexts[first].reach(tuple(rest))

    def _next(self, relation: str) -> Place:
        prop = inspect(self.model).relationships[relation]
        name = f"{self.name}{relation}."
        there = z3.Bool(f"{name} existe")
        found = Place(self.world, prop.mapper.class_, name, z3.And(self.there, there))
        for local, remote in prop.local_remote_pairs:
            self._tie(prop, local, remote, found, there)
        return found

    def _tie(self, prop: Any, local: Any, remote: Any, found: Place, there: Any) -> None:
        """The key leads to the row: the row is there if and only if the key is not null, and has that key."""
        null, value = self.column(prop.parent.get_property_by_column(local).key)
        _, key = found.column(prop.mapper.get_property_by_column(remote).key)
        if prop.direction.name == "MANYTOONE":
            self._fact(there == z3.Not(null))
        self._fact(z3.Implies(there, value == key))

    def look(self, relation: str, body: Condition) -> Any:
        """Out: whether some row at the end of a to-many relation satisfies a body; its witness, if there is one."""
        if (relation, body) not in self.looked:
            name = f"{self.name}{relation}[{len(self.world.looks)}]"
            prop = inspect(self.model).relationships[relation]
            found = z3.Bool(f"{name} trouvé")
            there = z3.Bool(f"{name} existe")
            back = (prop.back_populates, self) if prop.back_populates else None
            witness = Place(self.world, prop.mapper.class_, f"{name}.", z3.And(self.there, there), back)
            self.looked[relation, body] = found
            self.world.looks.append(Look(self, relation, body, found, witness))
            self._tie_witness(prop, witness, there)
            self._fact(z3.Implies(found, z3.And(there, witness.says(body))))
        return self.looked[relation, body]

    def _tie_witness(self, prop: Any, witness: Place, there: Any) -> None:
        for local, remote in prop.local_remote_pairs:
            null, value = self.column(prop.parent.get_property_by_column(local).key)
            other_null, other = witness.column(prop.mapper.get_property_by_column(remote).key)
            linked = z3.And(z3.Not(null), z3.Not(other_null), value == other)
            self._fact(z3.Implies(there, linked))


def _compared(op: str, null: Any, value: Any, other_null: Any, other: Any) -> Any:
    """Out: two values compared as the house does: `!=` is IS DISTINCT FROM, all else needs both."""
    if op == "!=":
        return z3.Or(null != other_null, z3.And(z3.Not(null), z3.Not(other_null), value != other))
    both = z3.And(z3.Not(null), z3.Not(other_null))
    ordered = {"=": lambda: value == other, "<": lambda: value < other, "<=": lambda: value <= other}
    ordered |= {">": lambda: value > other, ">=": lambda: value >= other}
    return z3.And(both, ordered[op]())


def explained(said: Condition) -> str:
    """Out: the condition, for the message of a test."""
    return text_of(said)
