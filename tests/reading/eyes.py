"""What somebody may see of rows in memory: the policy as Python closures, asked row by row, with no SQL at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import inspect

from app.kit.conditions import AllOf, AnyOf, Column, Compare, Condition, Exists, Given, Not, Truth, decide
from app.reading.compiler import columns_of

_CLOSURES: dict[int, tuple[Condition, Callable[[Any, Mapping[str, Any]], bool]]] = {}


def decided(condition: Condition, row: Any, values: Mapping[str, Any]) -> bool:
    """Out: what a condition says of a row. Its closure is made once: a policy's conditions live as long as it does."""
    kept = _CLOSURES.get(id(condition))
    if kept is None or kept[0] is not condition:
        kept = _CLOSURES[id(condition)] = condition, decide(condition)
    return kept[1](row, values)


class Eyes:
    """A viewer in front of rows."""

    def __init__(self, policy: Any, profil: str, values: Mapping[str, Any]) -> None:
        """In: the policy, the profile of the viewer, what conditions may name."""
        self.policy, self.profil, self.values = policy, profil, {"profil": profil, **values}

    def knowing(self, **values: Any) -> Eyes:
        """Out: the same eyes, with more that conditions may name."""
        return Eyes(self.policy, self.profil, {**self.values, **values})

    def may(self, permission: str, row: Any) -> bool:
        return decided(self.policy.condition(self.profil, permission, type(row)), row, self.values)

    def shows(self, attribute: Any, row: Any) -> bool:
        rules = [self.policy.field(self.profil, "lire", type(row), key) for key in columns_of(attribute)]
        return all(decided(rule, row, self.values) for rule in rules)

    def sees(self, condition: Any, row: Any) -> bool:
        """True if what the viewer reads of the row and around satisfies a condition."""
        match condition:
            case Truth(value=value):
                return value
            case AllOf(parts=parts):
                return all(self.sees(part, row) for part in parts)
            case AnyOf(parts=parts):
                return any(self.sees(part, row) for part in parts)
            case Not(body=body):
                return not self.sees(body, row)
            case Given(name=name):
                return bool(self.values[name])
            case Exists(path=path, body=body):
                end = self.walk(path[:-1], row)
                rows = [] if end is None else getattr(end, path[-1])
                return any(self.may("lire", found) and self.sees(body, found) for found in rows)
            case Compare(path=path, value=value):
                others = [value.path] if isinstance(value, Column) else []
                shown = all(self.reads(each, row) for each in (path, *others))
                return shown and decide(condition)(row, self.values)
        raise TypeError(condition)

    def reads(self, path: tuple[str, ...], row: Any) -> bool:
        """True if the viewer reads the column at the end of a path, and all that leads to it."""
        end = self.walk(path[:-1], row)
        return end is not None and self.shows(getattr(type(end), path[-1]), end)

    def walk(self, path: tuple[str, ...], row: Any) -> Any:
        """Out: the row that a path leads to, if the viewer may read all that leads to it."""
        for name in path:
            if not self.shows(getattr(type(row), name), row):
                return None
            row = getattr(row, name)
            if row is None or not self.may("lire", row):
                return None
        return row

    def word(self, selon: Any, row: Any) -> Any:
        """Out: the word that a table of conditions says of a row, to this viewer."""
        cas = next(each for each in selon.cas if decided(each.si, row, self.values))
        return cas.mot if cas.sinon is None or self.may(cas.permission, row) else cas.sinon

    def ends(self, par: tuple[Any, ...], row: Any) -> list[Any]:
        """Out: the rows that relations lead to, that the viewer reads."""
        rows = [row]
        for relation in par:
            shown = [each for each in rows if self.shows(relation, each)]
            many = inspect(relation.class_).relationships[relation.key].uselist
            found = [getattr(each, relation.key) for each in shown]
            rows = [x for each in found for x in (each if many else [each]) if x and self.may("lire", x)]
        return rows
