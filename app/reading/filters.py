"""Filters of a list: what each criterion of the input type says of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

from graphql import get_named_type
from sqlalchemy import ColumnElement, Text, bindparam, exists, func, inspect, literal_column, select
from sqlalchemy.types import TypeEngine

from app.kit.conditions import TRUE, Compare, Condition, Exists, Ref, negated
from app.reading.asked import Asked, as_given
from app.reading.compiler import Compiler, Rows
from app.reading.errors import bad_input
from app.reading.formats import decode_id, held
from app.reading.guarded import guarded
from app.reading.places import Place
from app.reading.shapes import is_alone


class Filtre:
    """A criterion of an input type."""

    is_search: bool = (
        False  # True where it costs more to test a row than to find those that pass, by an index
    )

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        """In: a row, and where the argument is. Out: what the criterion asks of it, no more than the viewer reads."""
        raise NotImplementedError

    def is_silent(self, asked: Asked, path: tuple[str, ...]) -> bool:
        """Out: True if, as it is given, the criterion asks nothing of any row."""
        return False


@dataclass(frozen=True)
class Critere(Filtre):
    """A column compared with the argument; `par`: the relations that lead to it; `type_name` for identifiers.

    `au_plus`: how many values a list may hold, and what is said beyond.
    """

    attribute: Any
    op: str = "="
    type_name: str | None = None
    par: tuple[Any, ...] = ()
    au_plus: tuple[int, str] | None = None

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        wanted = Compare((self.attribute.key,), *self._among(asked, path))
        return c.where(guarded(c, led(self.par, wanted), place.model), place)

    def _among(self, asked: Asked, path: tuple[str, ...]) -> tuple[str, Ref]:
        """Out: how the column is compared, and with what. One value alone is equal: an index then gives rows in order."""
        if self.op == "parmi" and is_alone(asked.given(*path)):
            return "=", Ref(asked.shared(*path, prepare=self.only))
        slot = asked.shared(*path, prepare=self.value)
        return ("in", Ref(slot, many=True)) if self.op == "parmi" else (self.op, Ref(slot))

    @cached_property
    def type(self) -> TypeEngine[Any]:
        """The type of the column: asked of the ORM once, which looks for it each time."""
        found: TypeEngine[Any] = self.attribute.type
        return found

    def value(self, given: Any) -> Any:
        """In: the argument. Out: what is compared; an identifier of another type finds nothing."""
        if isinstance(given, list):
            within(given, self.au_plus)
        if self.type_name is None:
            return given
        if isinstance(given, list):
            return [key for one in given if one is not None and (key := self.value(one)) is not None]
        type_name, key = decode_id(given)
        return held(key, self.type) if type_name == self.type_name else None

    def only(self, given: list[Any]) -> Any:
        """In: a list of one. Out: what is compared; None, which nothing equals, if that cannot be."""
        values = self.value(given)
        return values[0] if values else None


@dataclass(frozen=True)
class CritereSi(Filtre):
    """A yes or no: given true, the condition must hold; given false, `sinon`, or its contrary.

    `public`: the rule that tells everybody whether the condition holds, whatever columns it rests on.
    """

    condition: Condition
    sinon: Condition | None = None
    public: str = ""

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        wanted = self._wanted(asked, path)
        return c.where(wanted if self.public else guarded(c, wanted, place.model), place)

    def is_silent(self, asked: Asked, path: tuple[str, ...]) -> bool:
        return self._wanted(asked, path) == TRUE

    def _wanted(self, asked: Asked, path: tuple[str, ...]) -> Condition:
        contrary = negated(self.condition) if self.sinon is None else self.sinon
        return self.condition if asked.given(*path) else contrary


@dataclass(frozen=True)
class CritereTexte(Filtre):
    """Words looked for in a tsvector column; `lit`: the columns whose text it holds; `cherche`: the SQL function."""

    attribute: Any
    cherche: str
    lit: tuple[Any, ...] = ()
    par: tuple[Any, ...] = ()
    is_search = True

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
            return found if readable == TRUE else c.where(readable, place) & found
        child, where = c.follow(place, par[0])
        inner = self._along(c, child, asked, path, par[1:])
        led_to = exists(select(1).where(*where, inner).correlate_except(child.table))
        return c.where(c.readable(par[0]), place) & led_to


@dataclass(frozen=True)
class CritereElargi(CritereTexte):
    """Words looked for by a function that itself reads tables: it is asked once, not for each row."""

    def match(self, column: ColumnElement[Any], words: ColumnElement[str]) -> ColumnElement[bool]:
        """Out: what the words were widened to is in the column."""
        asked = select(reduce(getattr, self.cherche.split("."), func)(words)).scalar_subquery()
        found: ColumnElement[bool] = column.bool_op("@@")(asked)
        return found


@dataclass(frozen=True)
class CriterePlie(CritereTexte):
    """A text looked for, without accents or case, in a column that holds folded text; `cherche` folds the words."""

    def match(self, column: ColumnElement[Any], words: ColumnElement[str]) -> ColumnElement[bool]:
        """Out: the column contains the words; folded text has no letter that LIKE reads otherwise."""
        folded = reduce(getattr, self.cherche.split("."), func)(words)
        return column.like(func.concat(literal_column("'%'"), folded, literal_column("'%'")))


@dataclass(frozen=True)
class CritereCalcule(Filtre):
    """A test written in SQL about the row and the argument; `lit`: the columns of the row that it reads.

    `prepare`: what reads the argument, `type`: of what it becomes.
    """

    build: Callable[[Place, ColumnElement[Any]], ColumnElement[bool]]
    lit: tuple[Any, ...]
    prepare: Callable[[Any], Any] = as_given
    type: TypeEngine[Any] = field(default_factory=Text)

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        found = self.build(place, bindparam(asked.shared(*path, prepare=self.prepare), type_=self.type))
        readable = c.readable(*self.lit)
        return found if readable == TRUE else c.where(readable, place) & found


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


@dataclass(frozen=True)
class CritereLie(Filtre):
    """A criterion on the rows of a relation: those given of one relation must hold on one and the same row."""

    relation: Any
    critere: Filtre

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        return self.critere.where(c, place, asked, path)

    def is_silent(self, asked: Asked, path: tuple[str, ...]) -> bool:
        return self.critere.is_silent(asked, path)


Given = list[tuple[Filtre, tuple[str, ...]]]


def wheres(
    c: Compiler, asked: Asked, place: Place, argument: str, *, but: Any = None
) -> list[ColumnElement[bool]]:
    """Out: what the filters of the request, given as this argument, ask of a row of the list.

    `but`: a relation on whose rows nothing is asked here.
    """
    loud = criteria(asked, argument)
    own = [f.where(c, place, asked, path) for f, path in loud if not isinstance(f, CritereLie)]
    relations = {f.relation.key: f.relation for f, _ in loud if isinstance(f, CritereLie)}
    return own + [_some(c, asked, place, argument, r) for r in relations.values() if r is not but]


def criteria(asked: Asked, argument: str) -> Given:
    """Out: the criteria given that ask something, and where each is."""
    if not asked.has(argument):
        return []
    fields = get_named_type(asked.definition.args[argument].type).fields
    paths = [(argument, name) for name in sorted(asked.arguments[argument]) if asked.has(argument, name)]
    found = [
        (fields[path[1]].extensions["strawberry-definition"].metadata["critere"], path) for path in paths
    ]
    return [(f, path) for f, path in found if not f.is_silent(asked, path)]


def along(c: Compiler, asked: Asked, place: Place, argument: str, relation: Any) -> Rows:
    """Out: the rows of a relation that the viewer reads and that satisfy what the request asks of them."""
    child, where = c.follow(place, relation)
    there = [
        (f, p) for f, p in criteria(asked, argument) if isinstance(f, CritereLie) and f.relation is relation
    ]
    mine = c.where(c.readable(relation), place)
    return child, [mine, *where, *[f.where(c, child, asked, path) for f, path in there]]


def _some(c: Compiler, asked: Asked, place: Place, argument: str, relation: Any) -> ColumnElement[bool]:
    child, where = along(c, asked, place, argument, relation)
    return exists(select(1).where(*where).correlate_except(child.table))


def within(given: list[Any], au_plus: tuple[int, str] | None) -> None:
    """Raises BAD_USER_INPUT, in these words, if a list holds more values than that."""
    if au_plus is not None and len(given) > au_plus[0]:
        raise bad_input(f"{au_plus[1]} Vous en donnez {len(given)}.")


def default_of(filtre: Any) -> dict[str, Any] | None:
    """Out: what a filter holds when the request gives none: the defaults of its criteria; None if it has none."""
    fields = filtre.__strawberry_definition__.fields
    given = {camel(f.python_name): f.default for f in fields if isinstance(f.metadata.get("critere"), Filtre)}
    kept = {name: value for name, value in given.items() if value is not None and not _is_missing(value)}
    return kept or None


def camel(name: str) -> str:
    """In: a name of Python. Out: the same in the API."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _is_missing(value: Any) -> bool:
    return type(value).__name__ in ("UnsetType", "_MISSING_TYPE")


def check_path(attribute: Any, par: Sequence[Any]) -> None:
    """Raises TypeError if these relations do not lead to the model of the attribute."""
    for relation, following in zip(par, [*par, attribute][1:], strict=True):
        target = relation.property.mapper.class_
        if inspect(following.class_).class_ is not target:
            raise TypeError(f"{relation} mène à {target.__name__}, pas à {following}")
