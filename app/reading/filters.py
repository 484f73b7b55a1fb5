"""Filters of a list: what each criterion of the input type says of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, exists, func, inspect, literal_column, select

from app.kit.conditions import TRUE, Compare, Condition, Exists, Ref, negated
from app.policies.predicate import predicate
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.formats import decode_id, held
from app.reading.guarded import guarded
from app.reading.places import Place


class Filtre:
    """A criterion of an input type."""

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        """In: a row, and where the argument is. Out: what the criterion asks of it, no more than the viewer reads."""
        raise NotImplementedError


@dataclass(frozen=True)
class Critere(Filtre):
    """A column compared with the argument; `par`: the relations that lead to it; `type_name` for identifiers."""

    attribute: Any
    op: str = "="
    type_name: str | None = None
    par: tuple[Any, ...] = ()

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        slot = asked.shared(*path, prepare=self.value)
        parmi = self.op == "parmi"
        wanted = Compare((self.attribute.key,), "in" if parmi else self.op, Ref(slot, many=parmi))
        return predicate(guarded(c, led(self.par, wanted), place.model), place)

    def value(self, given: Any) -> Any:
        """In: the argument. Out: what is compared; an identifier of another type finds nothing."""
        if self.type_name is None:
            return given
        if isinstance(given, list):
            return [key for one in given if one is not None and (key := self.value(one)) is not None]
        type_name, key = decode_id(given)
        return held(key, self.attribute.type) if type_name == self.type_name else None


@dataclass(frozen=True)
class CritereSi(Filtre):
    """A yes or no: given true, the condition must hold; given false, `sinon`, or its contrary."""

    condition: Condition
    sinon: Condition | None = None

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        contrary = negated(self.condition) if self.sinon is None else self.sinon
        given = asked.given(*path)
        return predicate(guarded(c, self.condition if given else contrary, place.model), place)


@dataclass(frozen=True)
class CritereTexte(Filtre):
    """Words looked for in a tsvector column; `lit`: the columns whose text it holds; `cherche`: the SQL function."""

    attribute: Any
    cherche: str
    lit: tuple[Any, ...] = ()
    par: tuple[Any, ...] = ()

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        return self._along(c, place, asked, path, self.par)

    def match(self, column: ColumnElement[Any], words: ColumnElement[str]) -> ColumnElement[bool]:
        """Out: the words are in the column."""
        found: ColumnElement[bool] = column.bool_op("@@")(
            reduce(getattr, self.cherche.split("."), func)(words)
        )
        return found

    def _along(
        self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...], par: Sequence[Any]
    ) -> ColumnElement[bool]:
        if not par:
            readable = c.readable(self.attribute, *self.lit)
            found = self.match(place[self.attribute.key], bindparam(asked.shared(*path), type_=Text()))
            return found if readable == TRUE else predicate(readable, place) & found
        child, where = c.follow(place, par[0])
        inner = self._along(c, child, asked, path, par[1:])
        led_to = exists(select(1).where(*where, inner).correlate_except(child.table))
        return predicate(c.readable(par[0]), place) & led_to


@dataclass(frozen=True)
class CriterePlie(CritereTexte):
    """A text looked for, without accents or case, in a column that holds folded text; `cherche` folds the words."""

    def match(self, column: ColumnElement[Any], words: ColumnElement[str]) -> ColumnElement[bool]:
        """Out: the column contains the words; folded text has no letter that LIKE reads otherwise."""
        folded = reduce(getattr, self.cherche.split("."), func)(words)
        return column.like(func.concat(literal_column("'%'"), folded, literal_column("'%'")))


@dataclass(frozen=True)
class CritereCalcule(Filtre):
    """A test written in SQL about the row and the argument; `lit`: the columns of the row that it reads."""

    build: Callable[[Place, ColumnElement[Any]], ColumnElement[bool]]
    lit: tuple[Any, ...]

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        found = self.build(place, bindparam(asked.shared(*path), type_=Text()))
        readable = c.readable(*self.lit)
        return found if readable == TRUE else predicate(readable, place) & found


def led(par: Sequence[Any], condition: Condition) -> Condition:
    """In: relations, and a condition on the row they lead to. Out: the same, said of the row they start from."""
    for relation in reversed(par):
        name = (relation.key,)
        condition = Exists(name, condition) if relation.property.uselist else _prefixed(name, condition)
    return condition


def _prefixed(name: tuple[str, ...], condition: Condition) -> Condition:
    if isinstance(condition, Exists):
        return Exists((*name, *condition.path), condition.body)
    assert isinstance(condition, Compare)
    return Compare((*name, *condition.path), condition.op, condition.value)


def wheres(c: Compiler, asked: Asked, place: Place, argument: str) -> list[ColumnElement[bool]]:
    """Out: what the filters of the request, given as this argument, ask of a row of the list."""
    if not asked.has(argument):
        return []
    given = asked.arguments[argument]
    fields = asked.definition.args[argument].type.fields
    return [
        fields[name]
        .extensions["strawberry-definition"]
        .metadata["critere"]
        .where(c, place, asked, (argument, name))
        for name in sorted(given)
        if asked.has(argument, name)
    ]


def default_of(filtre: Any) -> dict[str, Any] | None:
    """Out: what a filter holds when the request gives none: the defaults of its criteria; None if it has none."""
    fields = filtre.__strawberry_definition__.fields
    given = {f.python_name: f.default for f in fields if isinstance(f.metadata.get("critere"), Filtre)}
    kept = {name: value for name, value in given.items() if value is not None and not _is_missing(value)}
    return kept or None


def _is_missing(value: Any) -> bool:
    return type(value).__name__ in ("UnsetType", "_MISSING_TYPE")


def check_path(attribute: Any, par: Sequence[Any]) -> None:
    """Raises TypeError if these relations do not lead to the model of the attribute."""
    for relation, following in zip(par, [*par, attribute][1:], strict=True):
        target = relation.property.mapper.class_
        if inspect(following.class_).class_ is not target:
            raise TypeError(f"{relation} mène à {target.__name__}, pas à {following}")
