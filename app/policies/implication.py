"""What one condition guarantees about another. Sound and incomplete: a doubt keeps the condition.

With the model given, what the database keeps equal is known to be equal: `x.conventionnee` declared as a copy of
`action.conventionnee` and `x.action.conventionnee` are one value, said here in the shortest way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from sqlalchemy import inspect

from app.kit.conditions import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Not,
    Truth,
    all_of,
    any_of,
    atoms,
    is_words,
    words,
)

from .comparisons import comparison_implies, excludes, is_the_contrary
from .copies import canonical, end_of, uncopied
from .plan import stripped

WAYS = 64  # beyond so many ways to satisfy a condition, an `or` stays one opaque atom


def implies(known: Condition, wanted: Condition, model: Any = None) -> bool:
    """True only if every row that satisfies `known` satisfies `wanted`, whatever the data.

    In: two conditions about one row, and its model, if what is copied between rows must be known.
    """
    if model is not None:
        known, wanted = canonical(known, model), canonical(wanted, model)
    goal = _pushed(wanted)
    return all(_proved(way, goal, model) for way in _ways(_pushed(known)))


def through(known: Condition, relation: str, model: Any = None) -> Condition:
    """In: what a row guarantees. Out: what it guarantees of the row its to-one `relation` leads to.

    With the model of the row: its copies of columns of that row count, and that row is known to have, behind the
    inverse of the relation, a row that satisfies all this.
    """
    if model is None:
        return _through(known, relation)
    if isinstance(known, AnyOf):  # way by way: what one way guarantees together stays together
        return any_of(through(way, relation, model) for way in known.parts)
    inverse = _inverse(model, relation)
    if inverse is None:
        return _through(uncopied(known, relation, model), relation)
    ways = (all_of(way) for way in _ways(known))  # each way apart: the row behind satisfies that very one
    return any_of(
        all_of([_through(uncopied(way, relation, model), relation), Exists((inverse,), way)]) for way in ways
    )


def under(known: Condition, relation: str) -> Condition:
    """In: what a row guarantees. Out: the same, said by a row whose `relation` leads to it.

    A `Not` says nothing of a relation that leads nowhere: whoever uses this must know that it leads to a row.
    """
    match known:
        case AllOf(parts=parts):
            return all_of(under(p, relation) for p in parts)
        case AnyOf(parts=parts):
            return any_of(under(p, relation) for p in parts)
        case Not(body=body):
            return Not(under(body, relation))
        case Compare(path=path, op=op, value=Column(path=other)):
            return Compare((relation, *path), op, Column((relation, *other)))
        case Compare(path=path, op=op, value=value):
            return Compare((relation, *path), op, value)
        case Exists(path=path, body=body):
            return Exists((relation, *path), body)
    return known


# --- from a row to the next --------------------------------------------------------------------------------------


def _through(known: Condition, relation: str) -> Condition:
    match known:
        case AllOf(parts=parts):
            return all_of(_through(p, relation) for p in parts)
        case AnyOf(parts=parts):
            return any_of(_through(p, relation) for p in parts)
        case Truth():
            return known
    return _exactly(known, relation) or TRUE


def _exactly(known: Condition, relation: str) -> Condition | None:
    """Out: the condition as the next row says it, equal and not only weaker; None if it speaks of other rows too."""
    match known:
        case Compare(path=path) | Exists(path=path):
            return stripped(known) if len(path) > 1 and path[0] == relation else None
        case Not(body=body):
            inner = _exactly(body, relation)
            return Not(inner) if inner is not None else None
        case AllOf(parts=parts) | AnyOf(parts=parts):
            said = [_exactly(p, relation) for p in parts]
            whole = [s for s in said if s is not None]
            join = all_of if isinstance(known, AllOf) else any_of
            return join(whole) if len(whole) == len(said) else None
    return known  # a yes or no of the request, always, never


def _inverse(model: Any, relation: str) -> str | None:
    """Out: the to-many relation by which the next row leads back to rows like this one, by the same keys."""
    prop = inspect(model).relationships[relation]
    back = prop.back_populates
    if not back:
        return None
    other = prop.mapper.relationships[back]
    same = {(b, a) for a, b in other.local_remote_pairs} == set(prop.local_remote_pairs)
    return back if other.uselist and same and other.mapper is inspect(model) else None


# --- the proof ---------------------------------------------------------------------------------------------------


def _pushed(condition: Condition, *, holds: bool = True) -> Condition:
    """Out: the same condition (or its contrary), with `Not` only before what is said of one column or one relation."""
    match condition:
        case Not(body=body):
            return _pushed(body, holds=not holds)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            join = all_of if isinstance(condition, AllOf) is holds else any_of
            return join(_pushed(p, holds=holds) for p in parts)
        case Truth(value=value):
            return Truth(value is holds)
    return condition if holds else Not(condition)


def _ways(condition: Condition) -> Iterator[frozenset[Condition]]:
    """The ways to satisfy a condition, each a set of atoms; nested `or`s are spread, up to a limit."""
    if condition == FALSE:
        return
    if condition == TRUE:
        yield frozenset()
    elif isinstance(condition, AnyOf):
        for part in condition.parts:
            yield from _ways(part)
    else:
        yield from _spread(atoms(condition))


def _spread(parts: frozenset[Condition]) -> Iterator[frozenset[Condition]]:
    choices = [list(_ways(p)) if isinstance(p, AnyOf) else [frozenset([p])] for p in parts]
    ways = list(islice(product(*choices), WAYS + 1))
    if len(ways) > WAYS:
        yield parts
    else:
        yield from (frozenset().union(*way) for way in ways)


def _proved(premises: frozenset[Condition], wanted: Condition, model: Any) -> bool:
    """True if the premises, all together, guarantee the condition, or cannot hold together."""
    if _impossible(premises) or _covers(premises, wanted, model):
        return True
    split = next((p for p in premises if _worth_splitting(p, wanted)), None)
    if split is None:
        return False
    rest = premises - {split}
    return all(_proved(rest | {case}, wanted, model) for case in _cases(split))


def _worth_splitting(premise: Condition, wanted: Condition) -> bool:
    """Several words for a column, some of which may satisfy one way of what is wanted, and some another."""
    if not (isinstance(wanted, AnyOf) and isinstance(premise, Compare) and premise.op == "in"):
        return False
    said = {atom for part in wanted.parts for atom in atoms(part)}
    return 1 < len(words(premise)) <= WAYS and any(
        isinstance(atom, Compare) and atom.path == premise.path for atom in said
    )


def _cases(premise: Condition) -> Iterator[Condition]:
    if isinstance(premise, Compare):
        for word in words(premise):
            yield Compare(premise.path, "=", word)


def _covers(premises: frozenset[Condition], wanted: Condition, model: Any) -> bool:
    """True if the premises, all together, guarantee the condition."""
    match wanted:
        case Truth(value=value):
            return value
        case AllOf(parts=parts):
            return all(_covers(premises, p, model) for p in parts)
        case AnyOf(parts=parts):
            return wanted in premises or any(_covers(premises, p, model) for p in parts)
    return any(_atom_implies(p, wanted, model) for p in (*premises, *_narrowed(premises)))


def _narrowed(premises: frozenset[Condition]) -> Iterator[Compare]:
    """The words that are left to a column when several premises speak of it."""
    by_path: dict[tuple[str, ...], set[Any]] = {}
    for premise in premises:
        if isinstance(premise, Compare) and is_words(premise):
            said = set(words(premise))
            by_path[premise.path] = by_path.get(premise.path, said) & said
    for path, left in by_path.items():
        yield Compare(path, "in", tuple(sorted(left, key=repr)))


def _impossible(premises: frozenset[Condition]) -> bool:
    """True if no row satisfies the premises: they leave no word to a column, or exclude one another."""
    if any(not words(atom) for atom in _narrowed(premises)):
        return True
    found = list(premises)
    return any(excludes(one, other) for i, one in enumerate(found) for other in found[:i])


def _atom_implies(known: Condition, wanted: Condition, model: Any) -> bool:
    if known == wanted:
        return True
    match known, wanted:
        case _, Not(body=body) if excludes(known, body):
            return True
        case Not(), Not():
            return _atom_implies(wanted.body, known.body, model)
        case Not(body=Compare() as body), Compare() if body.path == wanted.path:
            return is_the_contrary(body, wanted)
        case Compare(), Compare() if known.path == wanted.path:
            return comparison_implies(known, wanted)
        case Exists(), Exists() if known.path == wanted.path:
            target = None if model is None else end_of(model, wanted.path)
            return implies(known.body, wanted.body, target)
    return False
