"""What compiling gives: for each profile and permission, on which rows; and by which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.kit.conditions import FALSE, Condition, all_of, any_of

from .simplify import without

Rules = tuple[tuple[str, Condition], ...]
CellKey = tuple[str, str, str]  # profil, permission, model name
FieldKey = tuple[str, str, str, str]  # profil, verb, model name, column


@dataclass(frozen=True)
class Cell:
    """A decision: what the rules grant, what other rules take back, and the condition that says both."""

    condition: Condition
    rules: Rules = ()
    denials: Rules = ()

    @classmethod
    def of(cls, rules: Rules, denials: Rules = ()) -> Cell:
        """In: what each rule grants, what each `interdit` takes back."""
        granted = any_of(condition for _, condition in rules)
        return cls(all_of([granted, *(without(condition) for _, condition in denials)]), rules, denials)


NOTHING = Cell(FALSE)


@dataclass(frozen=True)
class Compiled:
    """The whole policy as data: all that the server needs."""

    sources: Mapping[str, str]  # file name → sha256
    permissions: Mapping[str, tuple[str, ...]]  # model name → permissions
    cells: Mapping[CellKey, Cell]  # what is absent is refused
    fields: Mapping[FieldKey, Cell] = field(default_factory=dict)
    field_rules: frozenset[tuple[str, str]] = frozenset()  # (verb, model name) that have field rules
