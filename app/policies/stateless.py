"""The same condition without its tests on the row's own état: it tells « pas vous » from « pas maintenant »."""

from __future__ import annotations

from app.kit.conditions import TRUE, AllOf, AnyOf, Compare, Condition, Not, all_of, any_of, negated

ETAT = ("etat",)


def without_state(condition: Condition) -> Condition:
    """In: a condition. Out: what it asks apart from the état of the row itself."""
    match condition:
        case Compare(path=path) if path == ETAT:
            return TRUE
        case AllOf(parts=parts):
            return all_of(without_state(p) for p in parts)
        case AnyOf(parts=parts):
            return any_of(without_state(p) for p in parts)
        case Not(body=body):
            return negated(body if _speaks_of_state(body) else without_state(body))
    return condition


def _speaks_of_state(condition: Condition) -> bool:
    """True if a test on the état lies inside: a denial keeps it, or it would deny more than it says."""
    match condition:
        case Compare(path=path):
            return path == ETAT
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(_speaks_of_state(p) for p in parts)
        case Not(body=body):
            return _speaks_of_state(body)
    return False
