"""Cases in the form of Cerbos: an actor, rows, what it may do with each; what is not written is refused.

    - cas: l'OF lit une candidature transmise, pas un brouillon
      ressource: Candidature            # otherwise the first one that the .polar file beside declares
      acteur: {profil: of_preinscription, structure: 7, moi: 3, referent: true}
      lignes:
        transmise: {etat: en_attente_avis, session.positionneur_id: 7}
        brouillon: {etat: brouillon, candidat.acces: [{structure_id: 7, jusqu_au: 2027-03-01T11:00:00Z}]}
      permis: {transmise: [lire]}
      lit: {transmise: [etat]}           # some columns that are shown; also ne_lit_pas, ecrit, n_ecrit_pas
      ne_lit_pas: {transmise: [motif_fin]}

It is 1 March 2027, 11 o'clock in Paris. A column of which nothing is said is false, its default, or null; a copy
follows the column that it copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy import inspect
from sqlalchemy.orm import MANYTOONE

from app.kit.conditions import decide
from app.policies.policy import Policy
from app.policies.schema import Schema, check_words, columns, python_type
from app.policies.sources import clauses, declared
from app.policies.viewer import ACTEURS, ANONYME, REFERENT, SYSTEME, Anonymous, System, Viewer

if TYPE_CHECKING:
    from tests.policies.polar_reference import PolarReference

MAINTENANT = datetime(2027, 3, 1, 10, tzinfo=UTC)
FIELDS = {
    "lit": ("lire", True),
    "ne_lit_pas": ("lire", False),
    "ecrit": ("modifier", True),
    "n_ecrit_pas": ("modifier", False),
}
KEYS = {"cas", "ressource", "acteur", "lignes", "permis", *FIELDS}
ACTOR_KEYS = {"profil", "structure", "moi", "referent"}


class WrongCase(Exception):
    """A case that does not say what it seems to say."""


@dataclass(frozen=True)
class Case:
    """What somebody may do with some rows."""

    file: str
    name: str
    model: Any
    profil: str
    given: Mapping[str, Any]
    rows: Mapping[str, Any]
    allowed: Mapping[str, frozenset[str]]
    fields: tuple[tuple[str, str, str, bool], ...]  # row, verb, column, expected

    def __str__(self) -> str:
        return f"{self.file} : {self.name}"

    def wrong(self, policy: Policy, polar: PolarReference | None) -> list[str]:
        """Out: where the policy, compiled or as Polar reads it, decides otherwise than the case."""
        return [*self._wrong_permissions(policy, polar), *self._wrong_fields(policy, polar)]

    def _wrong_permissions(self, policy: Policy, polar: PolarReference | None) -> Iterator[str]:
        for name, row in self.rows.items():
            for permission in policy.permissions[self.model]:
                expected = permission in self.allowed[name]
                if policy.decision(self.profil, permission, self.model)(row, self.given) is not expected:
                    yield f"{name} : {permission} devrait être {_said(expected)}"
                if polar and polar.allows(self.profil, self.given, permission, row) is not expected:
                    yield f"{name} : Polar dit que {permission} est {_said(not expected)}"

    def _wrong_fields(self, policy: Policy, polar: PolarReference | None) -> Iterator[str]:
        for name, verb, column, expected in self.fields:
            row, condition = self.rows[name], policy.field(self.profil, verb, self.model, column)
            if decide(condition)(row, self.given) is not expected:
                yield f"{name} : {verb} {column} devrait être {_said(expected)}"
            if polar and (verb, self.model.__name__) in policy.compiled.field_rules:
                shown = polar.fields(self.profil, self.given, verb, row)
                if (shown is None or column in shown) is not expected:
                    yield f"{name} : Polar dit que {verb} {column} est {_said(not expected)}"


def _said(allowed: bool) -> str:
    return "permis" if allowed else "refusé"


def files(folder: Path) -> list[Path]:
    """Out: the files of cases of a folder."""
    return sorted(folder.glob("*.cas.yaml"))


def read(path: Path, schema: Schema) -> list[Case]:
    """In: a file of cases, the models. Out: its cases; raises WrongCase."""
    beside = path.with_name(path.name.removesuffix(".cas.yaml") + ".polar")
    resources = (
        declared(clauses({beside.name: beside.read_text(encoding="utf-8")})) if beside.exists() else {}
    )
    said = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [Reader(path.name, item, next(iter(resources), None), schema).case() for item in said]


@dataclass
class Reader:
    """Reads one case."""

    file: str
    said: Mapping[str, Any]
    resource: str | None
    schema: Schema

    def case(self) -> Case:
        """Out: the case; raises WrongCase, which names it."""
        try:
            return self._case()
        except Exception as wrong:
            raise WrongCase(f"{self.file} : {self.said.get('cas', '?')} : {wrong}") from wrong

    def _case(self) -> Case:
        _known(self.said, KEYS)
        model = self.schema.model(str(self.said.get("ressource", self.resource)))
        profil, given = _actor(self.said["acteur"])
        rows = {name: row(model, columns_, self.schema) for name, columns_ in self.said["lignes"].items()}
        permitted = self.said.get("permis") or {}
        _known(permitted, set(rows))
        allowed = {name: frozenset(permitted.get(name, ())) for name in rows}
        return Case(
            self.file, self.said["cas"], model, profil, given, rows, allowed, tuple(self._fields(model, rows))
        )

    def _fields(self, model: Any, rows: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
        for key, (verb, expected) in FIELDS.items():
            for name, named in (self.said.get(key) or {}).items():
                _known({name: 1}, set(rows))
                _known(dict.fromkeys(named), set(columns(model)))
                yield from ((name, verb, column, expected) for column in named)


def _known(said: Mapping[str, Any], words: set[str]) -> None:
    if unknown := set(said) - words:
        raise WrongCase(f"mot inconnu : {sorted(unknown)[0]}")


def _actor(said: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    _known(said, ACTOR_KEYS)
    profil = said["profil"] + (REFERENT if said.get("referent") else "")
    _known({profil: 1}, set(ACTEURS))
    if profil == ANONYME:
        return profil, Anonymous().values(MAINTENANT)
    if profil == SYSTEME:
        return profil, System().values(MAINTENANT)
    return profil, Viewer(said.get("moi", 1), profil, said.get("structure"), None, 1).values(MAINTENANT)


# --- rows --------------------------------------------------------------------------------------------------------


def row(model: Any, said: Mapping[str, Any], schema: Schema) -> Any:
    """In: a model, {"column" or "relation.column": value}. Out: the row, with the rows that it needs around it."""
    found = _blank(model)
    for path, value in (said or {}).items():
        _put(found, tuple(path.split(".")), value, schema)
    _copy(found, frozenset(said or {}))
    return found


def _blank(model: Any) -> Any:
    """A row of which nothing is said: defaults, and no for each yes or no that is never null."""
    found = model()
    for attribute in inspect(model).column_attrs:
        column = attribute.columns[0]
        if column.default is not None and column.default.is_scalar:
            setattr(found, attribute.key, column.default.arg)
        elif python_type(column) is bool and not column.nullable:
            setattr(found, attribute.key, False)
    return found


def _put(here: Any, path: tuple[str, ...], value: Any, schema: Schema) -> None:
    first, *rest = path
    relations = inspect(type(here)).relationships
    if first not in relations:
        check_words(schema.column(type(here), path), [value] if isinstance(value, str) else [])
        setattr(here, first, value)
        return
    target = relations[first].mapper.class_
    if relations[first].uselist:
        getattr(here, first).extend(row(target, item, schema) for item in value)
        return
    if getattr(here, first) is None:
        setattr(here, first, _blank(target))
    _put(getattr(here, first), tuple(rest), value, schema)


def _copy(here: Any, said: frozenset[str]) -> None:
    """Give each copy, deepest rows first, the value that it copies, unless the case says another."""
    mapper = inspect(type(here))
    for prop in mapper.relationships:
        if prop.direction is MANYTOONE and (there := getattr(here, prop.key)) is not None:
            below = {name.removeprefix(f"{prop.key}.") for name in said if name.startswith(f"{prop.key}.")}
            _copy(there, frozenset(below))
    for attribute in mapper.column_attrs:
        source = attribute.columns[0].info.get("copie")
        if source and attribute.key not in said:
            relation, column = source.split(".")
            there = getattr(here, relation)
            if there is not None:
                setattr(here, attribute.key, getattr(there, column))
