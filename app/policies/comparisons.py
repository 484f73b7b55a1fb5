"""What one comparison of a column says about another one of the same column, row and request."""

from __future__ import annotations

from typing import Any

from app.kit.conditions import Column, Compare, Condition, Not, Ref, is_words, words


def is_the_contrary(denied: Compare, wanted: Compare) -> bool:
    """Of this very row, not to be equal to a constant is to differ from it; through a relation, or with a request
    value, one of them may be missing, and then neither holds."""
    constant = not isinstance(wanted.value, Ref | Column)
    return (
        len(wanted.path) == 1
        and constant
        and wanted.value == denied.value
        and (denied.op, wanted.op) in CONTRARIES
    )


CONTRARIES = {("=", "!="), ("!=", "=")}


def comparison_implies(known: Compare, wanted: Compare) -> bool:
    """Of two comparisons of one column."""
    if wanted.op == "!=" and wanted.value is None:
        return _proves_a_value(known)
    if is_words(known) and is_words(wanted):
        return set(words(known)) <= set(words(wanted))
    if is_words(known) and wanted.op == "!=" and _is_word(wanted.value):
        return wanted.value not in words(known)
    if known == Compare(known.path, "=", None) and wanted.op == "!=":
        return not isinstance(wanted.value, Ref | Column)
    if isinstance(known.value, bool) and isinstance(wanted.value, bool):
        return known.op == "=" and wanted.op == "!=" and known.value is not wanted.value
    return False


def excludes(one: Condition, other: Condition) -> bool:
    """True if no row satisfies both atoms."""
    match one, other:
        case Compare(), Compare() if one.path == other.path:
            return _comparisons_exclude(one, other) or _comparisons_exclude(other, one)
        case Not(body=body), _ if body == other:
            return True
        case _, Not(body=body) if body == one:
            return True
    return False


def _comparisons_exclude(one: Compare, other: Compare) -> bool:
    if (
        one.value == other.value
        and type(one.value) is type(other.value)
        and one.op == "="
        and other.op == "!="
    ):
        return True
    if one.op == "=" and one.value is None:
        return _proves_a_value(other)
    if is_words(one) and is_words(other):
        return not set(words(one)) & set(words(other))
    if is_words(one) and other.op == "!=" and _is_word(other.value):
        return set(words(one)) <= {other.value}
    both_truths = isinstance(one.value, bool) and isinstance(other.value, bool)
    return both_truths and one.op == other.op == "=" and one.value is not other.value


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _proves_a_value(known: Compare) -> bool:
    """A column that satisfies any comparison but `= None` and `!=` has a value."""
    return known.op != "!=" and known.value is not None
