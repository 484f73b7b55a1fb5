"""The models are the schema of the policy: what a path may name, and what a column may be compared with."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ARRAY, Enum, inspect
from sqlalchemy.orm import DeclarativeBase

from app.kit.conditions import AllOf, AnyOf, Column, Compare, Condition, Exists, Not

from .errors import CompileError


class Schema:
    """Classes by name, and what leads from one to the other."""

    def __init__(self, models: Iterable[type]) -> None:
        """In: the mapped classes that a policy may speak of."""
        self.by_name: Mapping[str, Any] = {model.__name__: model for model in models}

    @classmethod
    def of(cls, base: type[DeclarativeBase]) -> Schema:
        """Out: the schema of every class mapped on a base."""
        return cls(mapper.class_ for mapper in base.registry.mappers)

    def model(self, name: str) -> Any:
        """Out: the class of this name; raises CompileError."""
        if name not in self.by_name:
            raise CompileError(f"ressource inconnue : {name}")
        return self.by_name[name]

    def follow(self, model: Any, name: str, *, many: bool = False) -> Any:
        """Out: the class at the end of a relation, to-many or to-one as said; raises CompileError."""
        mapper = inspect(model)
        if name not in mapper.relationships:
            kind = "une colonne, pas une relation" if name in mapper.column_attrs else "inconnu"
            raise CompileError(f"{model.__name__}.{name} est {kind}")
        prop = mapper.relationships[name]
        if prop.uselist is not many:
            said, meant = ("multiple", "simple") if prop.uselist else ("simple", "multiple")
            raise CompileError(
                f"{model.__name__}.{name} est une relation {said}, employée comme relation {meant}"
            )
        return prop.mapper.class_

    def column(self, model: Any, path: tuple[str, ...]) -> Any:
        """Out: the column at the end of a path of to-one relations; raises CompileError."""
        *before, last = path
        for name in before:
            model = self.follow(model, name)
        mapper = inspect(model)
        if last in mapper.relationships:
            raise CompileError(f"{model.__name__}.{last} est une relation : comparer son identifiant")
        if last not in mapper.column_attrs:
            raise CompileError(f"champ inconnu : {model.__name__}.{last}")
        return mapper.column_attrs[last].columns[0]

    def check(self, condition: Condition, model: Any) -> None:
        """Raises CompileError at the first path of the condition that leads nowhere on the models."""
        match condition:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                for part in parts:
                    self.check(part, model)
            case Not(body=body):
                self.check(body, model)
            case Compare(path=path, value=value):
                self.column(model, path)
                if isinstance(value, Column):
                    self.column(model, value.path)
            case Exists(path=path, body=body):
                for name in path[:-1]:
                    model = self.follow(model, name)
                self.check(body, self.follow(model, path[-1], many=True))


def columns(model: Any) -> tuple[str, ...]:
    """Out: the names of the columns of a model, in order."""
    return tuple(attribute.key for attribute in inspect(model).column_attrs)


def python_type(column: Any) -> type:
    """Out: what a column holds, as the policy sees it: words are strings."""
    if isinstance(column.type, ARRAY):
        return list
    try:
        found: type = column.type.python_type
    except NotImplementedError:
        return object
    return str if issubclass(found, enum.Enum) else found


def check_words(column: Any, values: Iterable[Any]) -> None:
    """Raises CompileError if a column of words is compared with something that it never holds."""
    if isinstance(column.type, Enum):
        unknown = [v for v in values if v not in column.type.enums]
        if unknown:
            raise CompileError(f"{column.table.name}.{column.name} ne vaut jamais « {unknown[0]} »")
