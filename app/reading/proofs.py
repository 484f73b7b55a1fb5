"""What is proven of the policy and of the base, and what a source says of itself: the ground of `verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLField
from sqlalchemy import Index, UniqueConstraint, inspect

from app.kit.conditions import FALSE, TRUE, Condition, all_of
from app.policies.implication import implies, through
from app.reading import pages as p
from app.reading import sources as s
from app.reading.choices import Choix
from app.reading.compiler import Rights, columns_of


@dataclass
class Proofs:
    """What is proven of the policy, profile by profile; the same question is asked once."""

    policy: Rights
    profils: tuple[str, ...]
    _known: dict[tuple[str, Condition, Condition], bool] = field(default_factory=dict)

    def hidden(self, attributes: Iterable[Any]) -> list[str]:
        """Out: the profiles for which one of these attributes is hidden on a row that they read."""
        wanted = list(attributes)
        return [profil for profil in self.profils if not all(self._shown(profil, a) for a in wanted)]

    def unreached(self, relation: Any) -> list[str]:
        """Out: the profiles that read a row, but perhaps not the row that its relation leads to."""
        return [profil for profil in self.profils if not self._reached(profil, relation)]

    def _shown(self, profil: str, attribute: Any) -> bool:
        model = inspect(attribute.class_).class_
        mask = all_of(self.policy.field(profil, "lire", model, key) for key in columns_of(attribute))
        rows = self.policy.condition(profil, "lire", model)
        if rows == FALSE or mask == TRUE:
            return True
        return self._once(model.__name__, rows, mask, lambda: implies(rows, mask, model))

    def _reached(self, profil: str, relation: Any) -> bool:
        model, name = inspect(relation.class_).class_, relation.property.key
        target = relation.property.mapper.class_
        here = self.policy.condition(profil, "lire", model)
        there = self.policy.condition(profil, "lire", target)
        if here == FALSE or there == TRUE:
            return True
        step = f"{model.__name__}.{name}"
        return self._once(step, here, there, lambda: implies(through(here, name, model), there, target))

    def _once(self, where: str, known: Condition, wanted: Condition, prove: Callable[[], bool]) -> bool:
        key = (where, known, wanted)
        if key not in self._known:
            self._known[key] = prove()
        return self._known[key]


def masked(profils: Iterable[str]) -> Iterator[str]:
    """Out: the same problem, said for each profile."""
    return (f"masqué pour {profil}" for profil in profils)


def attributes_of(source: Any) -> tuple[Any, ...]:
    """Out: the attributes of its own row that a source reads."""
    match source:
        case (
            s.Colonne(attribute=attribute)
            | s.ObjetJson(attribute=attribute)
            | s.ListeJson(attribute=attribute)
        ):
            return (attribute,)
        case s.Calcule(lit=lit):
            return tuple(lit)
        case s.Un(relation=relation) | s.Premier(relation=relation):
            return (relation,)
        case Choix(alors=alors, sinon=sinon):
            return (*attributes_of(alors), *attributes_of(sinon))
        case s.Liste(target=target) | p.Page(target=target) | s.Compteurs(target=target):
            return () if isinstance(target, type) else (target,)
    return ()


def fields_of(type_: Any) -> dict[str, GraphQLField]:
    """Out: the fields of a GraphQL type, none if it has none."""
    found: dict[str, GraphQLField] = getattr(type_, "fields", {})
    return found


def target_of(target: Any) -> Any:
    """Out: the model of the rows of a list."""
    return target if isinstance(target, type) else target.property.mapper.class_


def is_unique(attribute: Any) -> bool:
    """True if the base refuses two rows with the same value."""
    column = inspect(attribute.class_).column_attrs[attribute.key].columns[0]
    keys: list[Any] = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    keys += [index for index in column.table.indexes if index.unique and not is_partial(index)]
    return bool(column.unique or column.primary_key or any(list(key.columns) == [column] for key in keys))


def is_partial(index: Index) -> bool:
    """True if an index only holds some rows."""
    return index.dialect_options["postgresql"]["where"] is not None


def enum_problems(enum: Any) -> Iterator[str]:
    """SQL writes a word of an enum by putting what is stored in upper case."""
    for name, member in enum.values.items():
        value = getattr(member.value, "value", member.value)
        if name != value.upper() or not value.isascii():
            yield f"{name} ne s'écrit pas comme {value}"
