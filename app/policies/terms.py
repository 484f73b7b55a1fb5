"""Polar's expressions, as Python holds them: paths, variables, and what variables range over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from oso import Variable
from polar.expression import Expression

from .errors import CompileError


def conjuncts(expression: Any) -> Iterator[Any]:
    """Out: the expressions that hold together in one."""
    if isinstance(expression, Expression) and expression.operator == "And":
        for argument in expression.args:
            yield from conjuncts(argument)
    else:
        yield expression


def path_of(expression: Any) -> tuple[str, ...] | None:
    """Out: (variable, field, field…); None for what is no path."""
    if isinstance(expression, Variable):
        return (_name(expression),)
    if isinstance(expression, Expression) and expression.operator == "Dot" and len(expression.args) == 2:
        before = path_of(expression.args[0])
        return (*before, str(expression.args[1])) if before else None
    return None


def _name(variable: Any) -> str:
    return str.__add__(variable, "")  # Variable is a str whose str() is its repr()


def dotted(path: tuple[str, ...]) -> Any:
    """Out: the expression of a path."""
    found: Any = Variable(path[0])
    for name in path[1:]:
        found = Expression("Dot", [found, name])
    return found


def variables(expression: Any) -> set[str]:
    """Out: the variables of an expression."""
    if isinstance(expression, Variable):
        return {_name(expression)}
    if isinstance(expression, Expression):
        return {name for argument in expression.args for name in variables(argument)}
    return set()


def split_ranges(parts: list[Any]) -> tuple[dict[str, tuple[str, ...]], list[Any]]:
    """`x in row.relation` says what x ranges over. Out: those, and all the rest."""
    ranges: dict[str, tuple[str, ...]] = {}
    rest = []
    for part in parts:
        path = path_of(part.args[1]) if isinstance(part, Expression) and part.operator == "In" else None
        if path is None:
            rest.append(part)
            continue
        if not isinstance(part.args[0], Variable):
            raise CompileError(f"appartenance d'une valeur à une relation : {part}")
        name = _name(part.args[0])
        if name in ranges and ranges[name] != path:
            raise CompileError(f"la variable {name} parcourt deux relations")
        ranges[name] = path
    return ranges, rest


def below(name: str, ranges: dict[str, tuple[str, ...]]) -> set[str]:
    """Out: a variable, and those that range over relations of it."""
    found = {name}
    while more := {n for n, path in ranges.items() if path[0] in found} - found:
        found |= more
    return found


def joined(parts: list[Any], rows: set[str]) -> list[Any]:
    """`v.f = path` and `v.f = value`, v being no row: `path = value`. Polar leaves such variables behind."""
    values: dict[tuple[str, ...], list[Any]] = {}
    for part in parts:
        for path, value in _unified(part, rows):
            values.setdefault(path, []).append(value)
    if not values:
        return parts
    if any(count > 1 for count in Counter(path[0] for path in values).values()):
        raise CompileError("une variable intermédiaire est employée par deux de ses champs")
    free = {path[0] for path in values}
    kept = [p for p in parts if not list(_unified(p, rows)) and not _types_a(p, free)]
    return kept + [equality for found in values.values() for equality in _equalities(found, rows)]


def _unified(part: Any, rows: set[str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(part, Expression) and part.operator == "Unify":
        for one, other in (part.args, part.args[::-1]):
            path = path_of(one)
            if path and path[0] not in rows:
                yield path, other


def _types_a(part: Any, free: set[str]) -> bool:
    if not (isinstance(part, Expression) and part.operator == "Isa"):
        return False
    path = path_of(part.args[0])
    return path is not None and path[0] in free


def _equalities(values: list[Any], rows: set[str]) -> list[Any]:
    tied = next((v for v in values if (path := path_of(v)) and path[0] in rows), None)
    if tied is None:
        raise CompileError("une variable intermédiaire n'est liée à aucune ligne")
    return [Expression("Unify", [tied, value]) for value in values if value is not tied]
