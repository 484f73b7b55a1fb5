"""Negations said plainly, so that implications and readers can see through them."""

from __future__ import annotations

from app.kit.conditions import AnyOf, Compare, Condition, Ref, all_of, negated


def without(condition: Condition) -> Condition:
    """Out: the contrary of a condition. What is unknown does not forbid: a null column, a null request value."""
    match condition:
        case AnyOf(parts=parts):
            return all_of(without(p) for p in parts)
        case Compare(path=(_,), op="=", value=value) if not isinstance(value, Ref) and _is_constant(value):
            return Compare(condition.path, "!=", value)
        case Compare(path=(_,), op="!=", value=value) if _is_constant(value):
            return Compare(condition.path, "=", value)
    return negated(condition)


def _is_constant(value: object) -> bool:
    return value is None or isinstance(value, str | int)
