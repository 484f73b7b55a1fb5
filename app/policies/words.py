"""A condition in French, for whoever reviews the policy. ET and OU are never mixed without parentheses."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.kit.conditions import (
    FALSE,
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

REQUEST = {
    "moi": "moi",
    "ma_structure": "ma structure",
    "maintenant": "maintenant",
    "aujourd_hui": "aujourd'hui",
}
SIGNS = {"!=": "≠", "<=": "≤", ">=": "≥"}


def words(condition: Condition) -> str:
    """Out: the sentence of a condition."""
    match condition:
        case Truth(value=value):
            return "toujours" if value else "jamais"
        case AllOf(parts=parts):
            return _both(parts)
        case AnyOf(parts=parts):
            return _either(parts)
        case Not(body=body):
            return f"toujours SAUF SI ({words(body)})"
        case Given(name=name):
            return name
        case Exists(path=path, body=body):
            return f"une ligne de {'.'.join(path)} où ({words(body)})"
        case Compare():
            return _comparison(condition)
    raise TypeError(condition)


def _both(parts: frozenset[Condition]) -> str:
    """What is asked, then what forbids, in one breath."""
    asked = [_in_parentheses(p) for p in in_order(parts) if not isinstance(p, Not)]
    against = any_of(p.body for p in parts if isinstance(p, Not))
    said = " ET ".join(asked) or "toujours"
    if against == FALSE:
        return said
    return f"{f'({said})' if len(asked) > 1 else said} SAUF SI ({words(against)})"


def _either(parts: frozenset[Condition]) -> str:
    """What several ways share is said first, once."""
    shared = _most_shared(parts)
    if shared is None:
        return " OU ".join(_in_parentheses(p) for p in in_order(parts))
    ways = {p for p in parts if shared in atoms(p)}
    common = frozenset.intersection(*[atoms(p) for p in ways])
    factored = all_of([*common, any_of(all_of(atoms(p) - common) for p in ways)])
    return words(factored) if ways == parts else words(AnyOf((parts - ways) | {factored}))


def _most_shared(parts: frozenset[Condition]) -> Condition | None:
    """Out: the atom that most ways hold; None if each way stands alone."""
    count = Counter(atom for part in parts for atom in atoms(part))
    best = max(in_order(count), key=lambda atom: count[atom])
    return best if count[best] > 1 else None


def _in_parentheses(part: Condition) -> str:
    said = words(part)
    return f"({said})" if isinstance(part, AnyOf | AllOf | Not) else said


def _comparison(atom: Compare) -> str:
    column, op, value = ".".join(atom.path), atom.op, atom.value
    if value is None:
        return f"{column} est vide" if op == "=" else f"{column} n'est pas vide"
    if isinstance(value, bool):
        yes = column if op == "=" else f"{column} n'est pas vrai"
        no = f"non {column}" if op == "=" else f"{column} n'est pas faux"
        return yes if value else no
    if isinstance(value, tuple):
        return f"{column} parmi ({', '.join(map(str, value))})"
    return f"{column} {SIGNS.get(op, op)} {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case Ref(name=name, many=many):
            said = REQUEST.get(name, name)
            return f"l'un de {said}" if many else said
        case Column(path=path):
            return ".".join(path)
    return str(value)
