"""In what order a condition is looked at: common factors first, one look a relation instead of one an atom.

The plan of a condition says the same as the condition. It only decides how many subqueries SQL will hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

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
    any_of,
    atoms,
    in_order,
)


@dataclass(frozen=True)
class Hop:
    """The row at the end of a to-one relation exists and satisfies the body."""

    relation: str
    body: Plan


@dataclass(frozen=True)
class Both:
    """Every part holds."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True)
class Either:
    """Some part holds."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True)
class Without:
    """The body does not hold."""

    body: Plan


@dataclass(frozen=True)
class Some:
    """Some row at the end of a to-many relation satisfies the body."""

    relation: str
    body: Plan


Plan: TypeAlias = "Hop | Both | Either | Without | Some | Compare | Given | Truth"


def plan(condition: Condition) -> Plan:
    """In: a condition. Out: its plan."""
    match condition:
        case AnyOf(parts=parts):
            return _either(parts)
        case AllOf(parts=parts):
            return _both(plan(p) for p in in_order(parts))
        case Not(body=body):
            return Without(plan(body))
        case Exists(path=(relation,), body=body):
            return Some(relation, plan(body))
        case Compare(path=path) | Exists(path=path) if len(path) > 1 and (shorter := stripped(condition)):
            return Hop(path[0], plan(shorter))
    return condition  # type: ignore[return-value]  # AllOf, AnyOf, Not and Exists are all above


def stripped(atom: Compare | Exists) -> Condition | None:
    """Out: the atom said by the row its first relation leads to; None if its right side stays on this row."""
    if isinstance(atom, Compare) and isinstance(atom.value, Column):
        first, *rest = atom.value.path
        if first != atom.path[0] or not rest:
            return None
        return Compare(atom.path[1:], atom.op, Column(tuple(rest)))
    return replace(atom, path=atom.path[1:])


def _either(parts: Iterable[Condition]) -> Plan:
    """(A and X) or (A and Y)  →  A and (X or Y); then one look a relation."""
    common = frozenset.intersection(*[atoms(p) for p in parts])
    if common:
        rest = any_of(all_of(atoms(p) - common) for p in parts)
        return _both(plan(p) for p in (*in_order(common), rest))
    return _grouped([plan(p) for p in in_order(parts)], Either)


def _both(parts: Iterable[Plan]) -> Plan:
    return _grouped(list(parts), Both)


def _grouped(parts: list[Plan], kind: type[Both] | type[Either]) -> Plan:
    """Looks through one relation become one, but for a small set and a large one under an `or`."""
    found: list[Plan] = []
    looks: dict[tuple[str, bool], list[Plan]] = {}
    for part in parts:
        if isinstance(part, kind):
            found.extend(part.parts)
        elif isinstance(part, Hop):
            key = (part.relation, kind is Either and anchored(part.body))
            looks.setdefault(key, []).append(part.body)
        else:
            found.append(part)
    found += [Hop(relation, _grouped(bodies, kind)) for (relation, _), bodies in looks.items()]
    return found[0] if len(found) == 1 else kind(tuple(found))


def anchored(node: Plan) -> bool:
    """True if every way to satisfy the plan starts from a request value: few rows do."""
    match node:
        case Compare(op="=", value=Ref()):
            return True
        case Both(parts=parts):
            return any(anchored(p) for p in parts)
        case Either(parts=parts):
            return all(anchored(p) for p in parts)
        case Hop(body=body) | Some(body=body):
            return anchored(body)
    return False
