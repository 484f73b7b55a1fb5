"""The one boolean language of the house: what a policy, a mask, a filter or a rule of the trade says of a row.

A condition is data. It becomes SQL in `app.policies.predicate`, a Python decision in `decide` below, words in
`app.policies.words`, JSON in `app.policies.lock`, and a proof in the tests. Nothing else in the house is a
boolean about rows.

    Truth            always, or never
    Compare          path op value: a column of the row, or of a row that to-one relations lead to
    Exists           some row at the end of a to-many relation satisfies a body
    Given            a yes or no that comes with the request
    AllOf, AnyOf     and, or
    Not              never inside a policy's grants (they are positive); for `interdit` and for the domain
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Ref:
    """A value that comes with the request: one, or (`many`) any of a list."""

    name: str
    many: bool = False


@dataclass(frozen=True)
class Column:
    """Another column of the same row, as the right side of a comparison."""

    path: tuple[str, ...]


Value: TypeAlias = "str | int | bool | Ref | Column | tuple[str | int, ...] | None"


@dataclass(frozen=True)
class Truth:
    """Always, or never."""

    value: bool


@dataclass(frozen=True)
class Compare:
    """`path op value`; op is one of = != < <= > >= in. The path ends on a column; to-one relations lead to it."""

    path: tuple[str, ...]
    op: str
    value: Value


@dataclass(frozen=True)
class Exists:
    """Some row at the end of the path satisfies the body; the last word of the path is a to-many relation."""

    path: tuple[str, ...]
    body: Condition


@dataclass(frozen=True)
class Given:
    """A yes or no that the request brings, the same for every row."""

    name: str


@dataclass(frozen=True)
class AllOf:
    """Every part holds."""

    parts: frozenset[Condition]


@dataclass(frozen=True)
class AnyOf:
    """Some part holds."""

    parts: frozenset[Condition]


@dataclass(frozen=True)
class Not:
    """The body does not hold; what is unknown does not hold, so its `Not` does."""

    body: Condition


Condition: TypeAlias = "Truth | Compare | Exists | Given | AllOf | AnyOf | Not"
TRUE, FALSE = Truth(True), Truth(False)


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Out: their conjunction, flattened; FALSE wins, TRUE vanishes."""
    parts: set[Condition] = set()
    for condition in conditions:
        if condition == FALSE:
            return FALSE
        if condition != TRUE:
            parts |= atoms(condition)
    return _closed(parts, AllOf, TRUE)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Out: their disjunction, flattened and shortened: absorbed parts leave, equal sets of words are joined."""
    parts: set[Condition] = set()
    for condition in conditions:
        if condition == TRUE:
            return TRUE
        if condition != FALSE:
            parts |= condition.parts if isinstance(condition, AnyOf) else {condition}
    parts = {p for p in parts if not any(atoms(other) < atoms(p) for other in parts)}
    return _closed(_joined(parts), AnyOf, FALSE)


def negated(condition: Condition) -> Condition:
    """Out: its negation, simplified where it is plain."""
    if isinstance(condition, Truth):
        return Truth(not condition.value)
    return condition.body if isinstance(condition, Not) else Not(condition)


def atoms(condition: Condition) -> frozenset[Condition]:
    """Out: the parts of a conjunction; a condition of another kind is its own only part."""
    return condition.parts if isinstance(condition, AllOf) else frozenset([condition])


@lru_cache(maxsize=8192)
def text_of(condition: Condition) -> str:
    """Out: a text of a condition that is the same in every process: what parts are sorted by (`repr` is not)."""
    match condition:
        case AllOf(parts=parts):
            return f"({' & '.join(text_of(p) for p in in_order(parts))})"
        case AnyOf(parts=parts):
            return f"({' | '.join(text_of(p) for p in in_order(parts))})"
        case Not(body=body):
            return f"!{text_of(body)}"
        case Exists(path=path, body=body):
            return f"{'.'.join(path)}[{text_of(body)}]"
        case Compare(path=path, op=op, value=value):
            return f"{'.'.join(path)} {op} {value!r}"
    return repr(condition)


def in_order(parts: Iterable[Condition]) -> list[Condition]:
    """Out: the parts, always in the same order: rows in hand first, then related rows."""
    return sorted(parts, key=lambda p: (_distance(p), text_of(p)))


def _distance(condition: Condition) -> int:
    return len(condition.path) if isinstance(condition, Compare) else 9


def _closed(parts: Iterable[Condition], kind: type[AllOf] | type[AnyOf], empty: Truth) -> Condition:
    found = frozenset(parts)
    if not found:
        return empty
    return next(iter(found)) if len(found) == 1 else kind(found)


def _joined(parts: set[Condition]) -> set[Condition]:
    """What differs by one atom is said once, as long as there is something to join.

    (p = a and R) or (p = b and R)  →  p in {a, b} and R; the same of what exists at the end of one path.
    """
    found = set(parts)
    while joint := _joint(found):
        joined, rest, members = joint
        found -= members
        found.add(all_of([joined, *rest]))
    return found


_Joint: TypeAlias = "tuple[Condition, frozenset[Condition], set[Condition]]"


def _joint(parts: set[Condition]) -> _Joint | None:
    groups: dict[tuple[type, tuple[str, ...], frozenset[Condition]], list[tuple[Condition, Any]]] = {}
    for part in in_order(parts):
        for atom in in_order(atoms(part)):
            if isinstance(atom, Exists) or (isinstance(atom, Compare) and is_words(atom)):
                key = (type(atom), atom.path, atoms(part) - {atom})
                groups.setdefault(key, []).append((part, atom))
    for (_, _, rest), members in groups.items():
        if len(members) > 1:
            return _join([atom for _, atom in members]), rest, {part for part, _ in members}
    return None


def _join(alike: list[Any]) -> Condition:
    """In: comparisons of one column with words, or things that exist at the end of one path. Out: any of them."""
    first = alike[0]
    if isinstance(first, Exists):
        return Exists(first.path, any_of(atom.body for atom in alike))
    values = {value for atom in alike for value in words(atom)}
    return Compare(first.path, "in", tuple(sorted(values, key=repr)))


def is_words(atom: Compare) -> bool:
    """True if the atom says that a column is one of some constants."""
    return (
        atom.op in ("=", "in")
        and isinstance(atom.value, str | int | tuple)
        and not isinstance(atom.value, bool)
    )


def words(atom: Compare) -> tuple[Any, ...]:
    """Out: the constants of such an atom."""
    return atom.value if isinstance(atom.value, tuple) else (atom.value,)


# --- deciding about a row in hand ------------------------------------------------------------------------------

Decision: TypeAlias = Callable[[Any, Mapping[str, Any]], bool]
_MISSING = object()  # a relation that leads nowhere, a request value that is None: every comparison is false
_NULL = object()  # a null column on the right side


def decide(condition: Condition) -> Decision:
    """In: a condition. Out: a function of (a loaded row, the values of the request) that says yes or no.

    A missing relation and a null request value decide no, as in SQL. A value that the request lacks raises.
    """
    match condition:
        case Truth(value=value):
            return lambda row, given: value
        case AllOf(parts=parts):
            return _decide_all(tuple(decide(p) for p in in_order(parts)))
        case AnyOf(parts=parts):
            return _decide_any(tuple(decide(p) for p in in_order(parts)))
        case Not(body=body):
            inner = decide(body)
            return lambda row, given: not inner(row, given)
        case Given(name=name):
            return lambda row, given: bool(given[name])
        case Exists(path=path, body=body):
            return _decide_exists(path, decide(body))
        case Compare():
            return _decide_compare(condition)
    raise TypeError(condition)


def _decide_all(parts: tuple[Decision, ...]) -> Decision:
    def decision(row: Any, given: Mapping[str, Any]) -> bool:
        for part in parts:  # noqa: SIM110  # a loop costs a third of `all(…)`, and this is the hot path
            if not part(row, given):
                return False
        return True

    return decision


def _decide_any(parts: tuple[Decision, ...]) -> Decision:
    def decision(row: Any, given: Mapping[str, Any]) -> bool:
        for part in parts:  # noqa: SIM110
            if part(row, given):
                return True
        return False

    return decision


def _reach(row: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        row = getattr(row, name)
        if row is None:
            return _MISSING
    return row


def _decide_exists(path: tuple[str, ...], inner: Decision) -> Decision:
    *before, last = path
    through = tuple(before)

    def decision(row: Any, given: Mapping[str, Any]) -> bool:
        holder = _reach(row, through)
        return holder is not _MISSING and any(inner(item, given) for item in getattr(holder, last))

    return decision


def _decide_compare(atom: Compare) -> Decision:
    *before, last = atom.path
    through, compare = tuple(before), _COMPARE[atom.op]
    right = _right_side(atom.value)

    def decision(row: Any, given: Mapping[str, Any]) -> bool:
        holder = _reach(row, through) if through else row
        return holder is not _MISSING and compare(getattr(holder, last), right(row, given))

    return decision


def _right_side(value: Value) -> Callable[[Any, Mapping[str, Any]], Any]:
    if isinstance(value, Column):
        *before, last = value.path
        through = tuple(before)
        return lambda row, given: _column_value(_reach(row, through), last)
    if isinstance(value, Ref):
        many, name = value.many, value.name
        return lambda row, given: _request_value(given[name], many)
    return lambda row, given: value


def _request_value(value: Any, many: bool) -> Any:
    """A request value that is None satisfies no comparison, nor does an absent list."""
    if value is None:
        return _MISSING
    return tuple(value) if many else value


def _column_value(holder: Any, name: str) -> Any:
    """A null column on the right equals nothing; it differs from every value, as in SQL's IS DISTINCT FROM."""
    if holder is _MISSING:
        return _MISSING
    value = getattr(holder, name)
    return _NULL if value is None else value


def _equal(left: Any, right: Any) -> bool:
    if right is None:
        return left is None
    if isinstance(right, tuple):
        return left is not None and left in right
    return left is not None and right is not _MISSING and bool(left == right)


def _differs(left: Any, right: Any) -> bool:
    if right is _NULL:
        return left is not None
    return right is not _MISSING and bool(left != right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: (
        left is not None and right is not _MISSING and right is not _NULL and compare(left, right)
    )


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "!=": _differs,
    "in": lambda left, right: left in right,
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
}
