"""The compiled policy as a file: what the server starts from, without oso, and what a reviewer can compare.

Conditions are named by their content, so that a change of one rule changes the lines that it changes, no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from sys import intern
from typing import Any

from app.kit.conditions import Compare, Condition, text_of

from .compiled import Cell, CellKey, Compiled, FieldKey, Rules
from .encoding import decode, encode
from .errors import CompileError, StaleLock
from .schema import Schema

FOLDER = Path(__file__).parent
LOCK = FOLDER / "compiled.json"
VERSION = 1
ADVICE = "lancer « rafael politique compiler »"


def digest(text: str) -> str:
    """Out: the sha256 of a source."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_sources(folder: Path = FOLDER) -> dict[str, str]:
    """Out: the Polar sources of a folder, by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.polar"))}


def state_of(lock: Path = LOCK, folder: Path = FOLDER) -> object:
    """Out: what changes when the lock or a source does: dates and sizes, which cost no reading."""
    found = [lock, *sorted(folder.glob("*.polar"))]
    return [(path.name, (said := path.stat()).st_mtime_ns, said.st_size, said.st_ino) for path in found]


# --- writing -----------------------------------------------------------------------------------------------------


def dump(compiled: Compiled) -> str:
    """In: a compiled policy. Out: its file: sorted, one decision a line."""
    names = _Names()
    sections: dict[str, Any] = {
        "version": VERSION,
        "sources": dict(sorted(compiled.sources.items())),
        "permissions": {name: list(said) for name, said in sorted(compiled.permissions.items())},
        "field_rules": {" ".join(pair): True for pair in sorted(compiled.field_rules)},
        "cells": {_key(k, 2, 1, 0): names.cell(c) for k, c in sorted(compiled.cells.items())},
        "fields": {_key(k, 2, 3, 1, 0): names.cell(c) for k, c in sorted(compiled.fields.items())},
    }
    sections["conditions"] = dict(sorted(names.known.items()))
    return "{\n" + ",\n".join(_section(name, value) for name, value in sections.items()) + "\n}\n"


def _key(words: tuple[str, ...], *order: int) -> str:
    return " ".join(words[i] for i in order)


def _section(name: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f'"{name}": {_line(value)}'
    lines = (f'"{key}": {_line(item)}' for key, item in sorted(value.items()))
    return f'"{name}": {{\n' + ",\n".join(lines) + "\n}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Names:
    """Conditions by a name made of their content."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def name(self, condition: Condition) -> str:
        name = digest(text_of(condition))[:12]
        self.known[name] = encode(condition)
        return name

    def cell(self, cell: Cell) -> dict[str, Any]:
        found: dict[str, Any] = {"si": self.name(cell.condition), "regles": self._rules(cell.rules)}
        if cell.denials:
            found["interdits"] = self._rules(cell.denials)
        return found

    def _rules(self, rules: Rules) -> dict[str, str]:
        return {rule: self.name(condition) for rule, condition in rules}


# --- reading -----------------------------------------------------------------------------------------------------


def parse(text: str) -> Compiled:
    """In: the file of a compiled policy. Out: the policy; raises StaleLock if it is of another version."""
    said = json.loads(text)
    if said.get("version") != VERSION:
        raise StaleLock(f"compiled.json est d'une autre version : {ADVICE}")
    known = {name: decode(value) for name, value in said["conditions"].items()}
    cells = _Cells(known)
    return Compiled(
        sources=said["sources"],
        permissions={name: tuple(words) for name, words in said["permissions"].items()},
        cells={_cell_key(k): cells.of(v) for k, v in said["cells"].items()},
        fields={_field_key(k): cells.of(v) for k, v in said["fields"].items()},
        field_rules=frozenset(_field_rule(k) for k in said["field_rules"]),
    )


def _cell_key(key: str) -> CellKey:
    model, permission, profil = map(intern, key.split(" "))
    return profil, permission, model


def _field_key(key: str) -> FieldKey:
    model, column, verb, profil = map(intern, key.split(" "))
    return profil, verb, model, column


def _field_rule(key: str) -> tuple[str, str]:
    verb, model = key.split(" ")
    return verb, model


class _Cells:
    """Decisions, each made once: five thousand keys share a few hundred of them."""

    def __init__(self, known: Mapping[str, Condition]) -> None:
        self.known = known
        self.made: dict[tuple[Any, ...], Cell] = {}

    def of(self, said: Mapping[str, Any]) -> Cell:
        rules, denials = said["regles"], said.get("interdits", {})
        key = (said["si"], *rules.items(), "sauf", *denials.items())
        if key not in self.made:
            self.made[key] = Cell(self.known[said["si"]], self._rules(rules), self._rules(denials))
        return self.made[key]

    def _rules(self, said: Mapping[str, str]) -> Rules:
        return tuple((intern(rule), self.known[name]) for rule, name in said.items())


def sources_of(lock: Path = LOCK) -> Mapping[str, str]:
    """Out: the fingerprints of the sources that a lock was compiled from; the rest of it, which is long, is not read.

    Raises StaleLock if they are not there.
    """
    text, name = lock.read_text(encoding="utf-8"), '"sources": '
    if name not in text:
        raise StaleLock(f"compiled.json est d'une autre version : {ADVICE}")
    found, _ = json.JSONDecoder().raw_decode(text, text.index(name) + len(name))
    return dict(found)


# --- trusting ----------------------------------------------------------------------------------------------------


def check_sources(compiled: Mapping[str, str], sources: Mapping[str, str]) -> None:
    """Raises StaleLock, with the names, if the sources are not those that were compiled."""
    now = {name: digest(text) for name, text in sources.items()}
    different = [name for name in sorted({*now, *compiled}) if now.get(name) != compiled.get(name)]
    if different:
        raise StaleLock(f"compiled.json ne correspond pas à {', '.join(different)} : {ADVICE}")


def check_models(compiled: Compiled, schema: Schema) -> None:
    """Raises StaleLock, with the path, the model and the permission, if something no longer resolves."""
    for model, where, condition in _said(compiled):
        try:
            schema.check(condition, schema.model(model))
        except CompileError as wrong:
            raise StaleLock(f"compiled.json, {where} : {wrong} : {ADVICE}") from wrong


def _said(compiled: Compiled) -> Iterator[tuple[str, str, Condition]]:
    """Out: each different condition once, with the model it speaks of and where it is said."""
    yield from _once((k[2], f"{k[2]}.{k[1]} ({k[0]})", c.condition) for k, c in compiled.cells.items())
    yield from _once(
        (k[2], f"{k[2]}.{k[3]} ({k[1]}, {k[0]})", c.condition) for k, c in compiled.fields.items()
    )
    for _, _, model, column in compiled.fields:
        yield model, f"champ {model}.{column}", Compare((column,), "!=", None)


def _once(said: Iterable[tuple[str, str, Condition]]) -> Iterator[tuple[str, str, Condition]]:
    seen: set[tuple[str, Condition]] = set()
    for model, where, condition in said:
        if (model, condition) not in seen:
            seen.add((model, condition))
            yield model, where, condition
