"""What Polar leaves of a rule, an expression over the resource and the request, becomes a condition.

Polar's forms are many; the conditions of the house are few. What does not translate exactly is refused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oso import Variable
from polar.expression import Expression

from app.kit.conditions import FALSE, TRUE, Column, Compare, Condition, Exists, Ref, all_of, any_of

from .errors import CompileError
from .predicate import REQUEST_TYPES
from .schema import Schema, check_words, python_type
from .symbolic import Bind, Droit
from .terms import below, conjuncts, dotted, joined, path_of, split_ranges, variables

THIS = "_this"
OPERATORS = {"Unify": "=", "Eq": "=", "Neq": "!=", "Lt": "<", "Leq": "<=", "Gt": ">", "Geq": ">="}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def translate(expression: Any, model: Any, schema: Schema) -> Condition:
    """In: an expression over a resource of this model. Out: its condition; raises CompileError."""
    return Translation(schema).conjunction(list(conjuncts(expression)), model, THIS)


class Translation:
    """One translation."""

    def __init__(self, schema: Schema) -> None:
        """In: what paths may name."""
        self.schema = schema

    def conjunction(self, parts: list[Any], model: Any, row: str) -> Condition:
        """In: expressions that hold together about a row of this model, known by a variable."""
        ranges, said = split_ranges(parts)
        said = joined(said, {row, *ranges})
        if lost := set(ranges) - below(row, ranges):
            raise CompileError(f"la variable {sorted(lost)[0]} ne parcourt pas une relation de la ressource")
        here, inside = self._sorted_by_row(said, row, ranges)
        atoms = [self.atom(part, model, row) for part in here]
        for name, path in ranges.items():
            if path[0] == row:
                atoms.append(self._exists(name, path, inside, ranges, model))
        return all_of(atoms)

    def _sorted_by_row(
        self, parts: list[Any], row: str, ranges: dict[str, tuple[str, ...]]
    ) -> tuple[list[Any], list[Any]]:
        here: list[Any] = []
        inside: list[Any] = []
        for part in parts:
            names = variables(part)
            if unknown := names - {row, *ranges}:
                raise CompileError(f"variable sans lien avec la ressource : {sorted(unknown)[0]}")
            if len(names) > 1:
                raise CompileError("une condition compare deux lignes de relations différentes")
            (here if names <= {row} else inside).append(part)
        return here, inside

    def _exists(
        self,
        name: str,
        path: tuple[str, ...],
        parts: list[Any],
        ranges: dict[str, tuple[str, ...]],
        model: Any,
    ) -> Condition:
        """Some row of a to-many relation, and all that is said of it and of what it leads to."""
        for step in path[1:-1]:
            model = self.schema.follow(model, step)
        target = self.schema.follow(model, path[-1], many=True)
        inner = below(name, ranges)
        mine = [p for p in parts if variables(p) & inner]
        nested = [
            Expression("In", [Variable(n), dotted(p)]) for n, p in ranges.items() if n in inner and n != name
        ]
        return Exists(path[1:], self.conjunction([*mine, *nested], target, name))

    def atom(self, part: Any, model: Any, row: str) -> Condition:
        """In: one expression about one row. Out: its condition."""
        if part is True or part is False:
            return TRUE if part else FALSE
        if not isinstance(part, Expression):
            raise CompileError(f"condition incomprise : {part!r}")
        if part.operator == "And":
            return self.conjunction(list(conjuncts(part)), model, row)
        if part.operator == "Or":
            return any_of(self.conjunction(list(conjuncts(p)), model, row) for p in part.args)
        if part.operator == "Isa":
            return self._isa(part, model)
        if part.operator in OPERATORS:
            return self._compare(part, model)
        raise CompileError(f"construction interdite dans la politique : {part.operator}")

    def _isa(self, part: Any, model: Any) -> Condition:
        path = path_of(part.args[0]) or ()
        for step in path[1:]:
            model = self.schema.follow(model, step)
        pattern = part.args[1]
        if pattern.fields:
            raise CompileError("un motif de type avec des champs n'est pas admis")
        return TRUE if issubclass(model, self.schema.model(pattern.tag)) else FALSE

    def _compare(self, part: Any, model: Any) -> Condition:
        left, right = part.args
        op = OPERATORS[part.operator]
        if path_of(left) is None:
            left, right, op = right, left, MIRRORED[op]
        path, other = path_of(left), path_of(right)
        if path is None:
            raise CompileError(f"aucune colonne dans la comparaison {part}")
        column = self.schema.column(model, path[1:])
        if other is None:
            return Compare(path[1:], op, _value(right, column))
        if python_type(column) is not python_type(self.schema.column(model, other[1:])):
            raise CompileError(f"{'.'.join(path[1:])} et {'.'.join(other[1:])} n'ont pas le même type")
        return Compare(path[1:], op, Column(other[1:]))


# --- values ------------------------------------------------------------------------------------------------------


def _value(value: Any, column: Any) -> Any:
    """Out: the right side of a comparison with a column; raises CompileError if it can never be equal to it."""
    if isinstance(value, Bind):
        _same_type(column, REQUEST_TYPES[value.name].python_type, f"la valeur {value.name}")
        return Ref(value.name)
    if isinstance(value, Droit):
        value = value.value()
    if value is None:
        return None
    if not isinstance(value, str | int):
        raise CompileError(f"valeur incomprise : {value!r}")
    _same_type(column, type(value), repr(value))
    check_words(column, [value])
    return value


def _same_type(column: Any, given: type, said: str) -> None:
    held = python_type(column)
    if held not in (object, given) and not (held is Decimal and given is int):
        raise CompileError(f"{column.table.name}.{column.name} ne se compare pas à {said}")
