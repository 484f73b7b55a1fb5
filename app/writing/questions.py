"""What is asked of the base: each question is a SELECT, built once; several go in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ARRAY, Integer, Text, bindparam, false, func, select, true
from sqlalchemy import Sequence as Suite
from sqlalchemy.sql import Select

from app import models as m
from app.kit.conditions import Condition
from app.policies.policy import Policy
from app.policies.predicate import Row, ends, predicate
from app.policies.stateless import without_state

from .shapes import Shape, shape_of
from .statements import Statement, compiled, numbered, of_several

CLE, CLES, SUJET = "cle", "cles", "sujet"
Lues = frozenset[str]  # the columns that are enough
TOUTES: Lues = frozenset()


@dataclass(frozen=True, eq=False)
class Question:
    """A SELECT of some columns: alone it gives records; among others, an array of rows."""

    asked: Select[Any]

    @cached_property
    def statement(self) -> Statement:
        """The SELECT alone."""
        return compiled(self.asked)

    def beside(self, rank: int) -> Any:
        """Out: it as one column of a statement that asks several things, in this place."""
        mine = numbered(self.asked, rank)
        rows = mine.with_only_columns(func.row(*mine.selected_columns), maintain_column_froms=True)
        return func.array(rows.scalar_subquery()).label(f"q{rank}")


Asked = tuple[Question, Mapping[str, Any]]  # a question, and the values of its binds


@lru_cache(maxsize=1024)
def together(questions: tuple[Question, ...]) -> Statement:
    """Out: the statement that asks all of them, answered in this order: what is locked is locked in this order.

    One statement has one snapshot: what must be known *under* a lock is asked after it, never with it.
    """
    beside = [question.beside(rank) for rank, question in enumerate(questions)]
    return compiled(select(*beside), of_several)


# --- the questions of the door -----------------------------------------------------------------------------------


def taking(
    policy: Policy,
    profil: str,
    permission: str,
    model: type[m.Base],
    only: Lues = TOUTES,
    *,
    several: bool = False,
) -> Question:
    """Out: the row of a key, locked, only if readable; then whether the permission holds, with état and without.

    `only`: some of its columns; `several`: the rows of keys, locked in their order.
    """
    shape = shape_of(model, only)
    alias = shape.table.alias()
    row, lire = Row(model, alias, alone=True), policy.condition(profil, "lire", model)
    readable, asked = predicate(lire, row), policy.condition(profil, permission, model)
    # what may be done with all that is read need not be asked again
    flags = (true(), true()) if asked == lire else (flag(asked, row), flag(without_state(asked), row))
    these = _among(alias.c.id) if several else _is(alias, shape)
    found = select(*shape.of(alias), *flags).where(these, readable)
    return Question(found.order_by(alias.c.id).with_for_update(of=alias, key_share=True))


def flag(condition: Condition, row: Row) -> Any:
    """Out: whether a condition holds of a row; what is unknown does not."""
    return func.coalesce(predicate(condition, row), false())


@lru_cache(maxsize=256)
def holding(model: type[m.Base]) -> Question:
    """Out: the row of a key, locked, whoever asks."""
    shape = shape_of(model)
    alias = shape.table.alias()
    return Question(
        select(*shape.of(alias)).where(_is(alias, shape)).with_for_update(of=alias, key_share=True)
    )


@lru_cache(maxsize=512)
def knowing(
    model: type[m.Base], condition: Condition, au_plus: int | None = None, only: Lues = TOUTES
) -> Question:
    """Out: the rows that satisfy a condition, in the order of their keys; or some of their columns."""
    shape = shape_of(model, only)
    alias = shape.table.alias()
    found = select(*shape.of(alias)).where(predicate(condition, Row(model, alias)))
    return Question(found.order_by(*alias.primary_key).limit(au_plus))


@lru_cache(maxsize=16)
def latest(model: type[m.Base], condition: Condition) -> Question:
    """Out: of the rows that satisfy a condition, the one of the greatest key."""
    shape = shape_of(model)
    alias = shape.table.alias()
    found = select(*shape.of(alias)).where(predicate(condition, Row(model, alias)))
    return Question(found.order_by(alias.c.id.desc()).limit(1))


@lru_cache(maxsize=256)
def keys(model: type[m.Base], may: Condition, condition: Condition, au_plus: int | None = None) -> Question:
    """Out: the keys, in order, of the rows of which two conditions hold: what one may do, what is looked for."""
    alias = shape_of(model).table.alias()
    row = Row(model, alias)
    found = select(alias.c.id).where(predicate(may, row), predicate(condition, row))
    return Question(found.order_by(alias.c.id).limit(au_plus))


@lru_cache(maxsize=64)
def numbering(suite: str) -> Question:
    """Out: the next numbers of a sequence."""
    combien = func.generate_series(1, bindparam("combien", type_=Integer()))
    return Question(select(Suite(suite).next_value()).select_from(combien))


@lru_cache(maxsize=1)
def alone() -> Question:
    """Out: nothing, once nobody else is on this subject; asked by itself, so that what is asked next sees what they did."""
    sujet = func.hashtextextended(bindparam(SUJET, type_=Text()), 0)
    return Question(select(func.pg_advisory_xact_lock(sujet)))


@dataclass(frozen=True, eq=False)
class Link:
    """A relation to follow: from a column here to a column there."""

    name: str
    here: str
    there: str
    many: bool
    shape: Shape
    question: Question


@lru_cache(maxsize=512)
def following(model: type[m.Base], relation: str, only: Lues = TOUTES) -> Link:
    """Out: what finds the rows at the end of a relation of rows in hand; of some of their columns, where they are said."""
    prop = shape_of(model).mapper.relationships[relation]
    end: Any = prop.mapper.class_
    ((here, there),) = ends(prop)
    shape = shape_of(end, only and only | {there})
    alias = shape.table.alias()
    column = alias.c[shape.columns[there].key]
    found = select(*shape.of(alias)).where(_among(column))
    return Link(
        relation,
        here,
        there,
        bool(prop.uselist),
        shape,
        Question(found.order_by(*alias.primary_key)),
    )


def nearby(policy: Policy, profil: str, model: type[m.Base], chemin: str, *, locked: bool) -> Link:
    """Out: what finds, in the statement that takes a row, the rows at the end of a relation of it, if it is readable.

    `locked`: they are held too. Else they are as they were just before the row was locked.
    """
    name, only = parsed(chemin)
    link = following(model, name, only)
    here, there = shape_of(model).table.alias(), link.shape.table.alias()
    readable = predicate(policy.condition(profil, "lire", model), Row(model, here, alone=True))
    column = here.c[shape_of(model).columns[link.here].key]
    whose = select(column).where(_is(here, shape_of(model)), readable)
    found = select(*link.shape.of(there)).where(
        there.c[link.shape.columns[link.there].key] == whose.scalar_subquery()
    )
    found = found.order_by(*there.primary_key)
    asked = found.with_for_update(of=there, key_share=True) if locked else found
    return replace(link, question=Question(asked))


class Takings:
    """What takes rows, for whoever may: each question is built once."""

    def __init__(self, policy: Policy) -> None:
        """In: the policy, which says who may."""
        self.policy = policy
        self._of: dict[tuple[Any, ...], Question] = {}
        self._nearby: dict[tuple[Any, ...], tuple[Link, ...]] = {}

    def of(
        self, profil: str, permission: str, model: type[m.Base], only: Lues, *, several: bool = False
    ) -> Question:
        """Out: what takes a row of this model for this permission, or several."""
        key = (profil, permission, model, only, several)
        if key not in self._of:
            self._of[key] = taking(self.policy, *key[:4], several=several)
        return self._of[key]

    def nearby(
        self, profil: str, model: type[m.Base], tenir: tuple[str, ...], autour: tuple[str, ...]
    ) -> tuple[Link, ...]:
        """Out: what finds the rows around one that is taken, those to hold first."""
        if not tenir and not autour:
            return ()
        key = (profil, model, tenir, autour)
        if key not in self._nearby:
            wanted = [(each, True) for each in tenir] + [(each, False) for each in autour]
            self._nearby[key] = tuple(
                nearby(self.policy, profil, model, each, locked=locked) for each, locked in wanted
            )
        return self._nearby[key]


def parsed(chemin: str) -> tuple[str, frozenset[str]]:
    """In: a relation, `a` or `a(colonne colonne)`. Out: its name, and the columns that are enough."""
    name, _, columns = chemin.rstrip(")").partition("(")
    return name, frozenset(columns.split())


def _among(column: Any) -> Any:
    return column == func.any(bindparam(CLES, type_=ARRAY(column.type)))


def _is(alias: Any, shape: Shape) -> Any:
    (key,) = alias.primary_key
    return key == bindparam(CLE, type_=key.type)
