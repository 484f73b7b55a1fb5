"""The reference: the same schema executed by graphql-core over rows in memory, with no SQL at all.

Conditions are decided in Python; pages are sorted and sliced lists. Slow, plain, and written apart from the
compiler: what both say is true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, singledispatchmethod
from typing import Any

import strawberry
from sqlalchemy import inspect

from app.kit.conditions import FALSE, AllOf, AnyOf, Column, Compare, Exists, Given, Not, Ref, Truth, decide
from app.reading import filters as f
from app.reading import pages as p
from app.reading import rights as d
from app.reading import roots as r
from app.reading import sources as s
from app.reading.compiler import columns_of
from app.reading.formats import decode_id, decode_opaque, encode_id, encode_opaque, write_instant
from app.reading.orders import Cle
from tests.reading import models as m
from tests.reading.policy import Rights, Viewer
from tests.reading.world import MOMENT

TYPES = {"Session": m.SessionFormation}
decided = cache(decide)


@dataclass
class Edge:
    """A row of a page."""

    row: Any
    cursor: str


@dataclass
class Page:
    """A page already cut."""

    all: list[Any]
    edges: list[Edge]
    before: bool
    after: bool


@dataclass
class Examined:
    """A row whose reasons are looked at."""

    row: Any
    source: d.Motifs


@dataclass
class Asking:
    """What a field is asked with."""

    parent: Any
    info: Any
    arguments: dict[str, Any]


class Reference:
    """Reads a world in memory for a viewer."""

    def __init__(self, world: Any, policy: Rights, viewer: Viewer, extra: dict[str, Any]) -> None:
        self.world, self.policy, self.viewer = world, policy, viewer
        self.values = {"profil": viewer.profil, **viewer.values(MOMENT), **extra}

    def may(self, permission: str, row: Any) -> bool:
        return decided(self.policy.condition(self.viewer.profil, permission, type(row)))(row, self.values)

    def shows(self, attribute: Any, row: Any) -> bool:
        rules = [
            self.policy.field(self.viewer.profil, "lire", type(row), key) for key in columns_of(attribute)
        ]
        return all(decided(rule)(row, self.values) for rule in rules)

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
            case Compare(path=path):
                return self.compares(condition, path, row)
        raise TypeError(condition)

    def compares(self, condition: Compare, path: tuple[str, ...], row: Any) -> bool:
        end = self.walk(path[:-1], row)
        if end is None or not self.shows(getattr(type(end), path[-1]), end):
            return False
        other = condition.value
        if isinstance(other, Column) and not self.shows(getattr(type(row), other.path[-1]), row):
            return False
        return decided(condition)(row, self.values)

    def walk(self, path: tuple[str, ...], row: Any) -> Any:
        """Out: the row that a path leads to, if the viewer may read all that leads to it."""
        for name in path:
            if not self.shows(getattr(type(row), name), row):
                return None
            row = getattr(row, name)
            if row is None or not self.may("lire", row):
                return None
        return row

    def value(self, source: Any, parent: Any, info: Any, arguments: dict[str, Any]) -> Any:
        return self.read(source, Asking(parent, info, arguments))

    def rows(self, target: Any, parent: Any, ou: Any) -> list[Any]:
        found = self.world[target] if parent is None else getattr(parent, target.key)
        return [row for row in found if self.may("lire", row) and self.sees(ou, row)]

    # --- values ---------------------------------------------------------------------------------------------

    @singledispatchmethod
    def read(self, source: Any, a: Asking) -> Any:
        raise NotImplementedError(source)

    @read.register
    def _(self, source: s.Colonne, a: Asking) -> Any:
        return getattr(a.parent, source.attribute.key) if self.shows(source.attribute, a.parent) else None

    @read.register
    def _(self, source: s.Calcule, a: Asking) -> Any:
        if not all(self.shows(attribute, a.parent) for attribute in source.lit):
            return None
        prix = a.parent.prix  # the one computed field of the schema: what a session brings in
        return None if prix is None else prix * a.parent.places

    @read.register
    def _(self, source: s.VraiSi, a: Asking) -> Any:
        return self.sees(source.condition, a.parent)

    @read.register
    def _(self, source: s.Identifiant, a: Asking) -> Any:
        return encode_id(a.info._raw_info.parent_type.name, a.parent.id)

    @read.register(p.InfoPage)
    @read.register(s.MemeLigne)
    def _(self, source: Any, a: Asking) -> Any:
        return a.parent

    @read.register
    def _(self, source: s.ObjetJson, a: Asking) -> Any:
        return getattr(a.parent, source.attribute.key) if self.shows(source.attribute, a.parent) else None

    @read.register
    def _(self, source: s.CleJson, a: Asking) -> Any:
        return a.parent.get(source.cle)

    # --- rows -----------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: s.Un, a: Asking) -> Any:
        row = getattr(a.parent, source.relation.key)
        return row if row and self.shows(source.relation, a.parent) and self.may("lire", row) else None

    @read.register
    def _(self, source: s.Liste, a: Asking) -> Any:
        rows = ordered(self.rows(source.target, a.parent, source.ou), source.ordre)
        return rows[: 100 if source.entiere else size(a.arguments.get("first"))]

    @read.register
    def _(self, source: s.Premier, a: Asking) -> Any:
        rows = ordered(self.rows(source.relation, a.parent, source.ou), source.ordre)
        if not rows:
            return None
        if source.valeur is None:
            return rows[0]
        return self.read(s.Colonne(source.valeur), Asking(rows[0], a.info, {}))

    @read.register
    def _(self, source: s.Compteurs, a: Asking) -> Any:
        return self.rows(source.target, a.parent, source.ou)

    @read.register
    def _(self, source: s.Compteur, a: Asking) -> Any:
        return sum(self.sees(source.ou, row) for row in a.parent)

    @read.register
    def _(self, source: r.ParId, a: Asking) -> Any:
        return self.by_id(a.arguments["id"], source.model)

    @read.register
    def _(self, source: r.ParIds, a: Asking) -> Any:
        return [self.by_id(given, None) for given in a.arguments["ids"]]

    def by_id(self, given: str, wanted: Any) -> Any:
        type_name, key = decode_id(given)
        for model, rows in self.world.items():
            if model is TYPES.get(type_name, getattr(m, type_name, None)) and wanted in (None, model):
                if model is m.Avis:  # shown by a type that is no Node
                    return None
                return next((row for row in rows if row.id == key and self.may("lire", row)), None)
        return None

    @read.register
    def _(self, source: r.ParCle, a: Asking) -> Any:
        (given,) = a.arguments.values()
        found = [row for row in self.world[source.model] if getattr(row, source.attribute.key) == given]
        return next((x for x in found if self.may("lire", x) and self.shows(source.attribute, x)), None)

    @read.register
    def _(self, source: r.Courant, a: Asking) -> Any:
        key = self.values[source.valeur]
        return next((x for x in self.world[source.model] if x.id == key and self.may("lire", x)), None)

    @read.register
    def _(self, source: r.Valeur, a: Asking) -> Any:
        return self.values[source.valeur]

    # --- rights ---------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: d.Droit, a: Asking) -> Any:
        return self.may(source.permission, a.parent)

    @read.register
    def _(self, source: d.Champs, a: Asking) -> Any:
        if not self.may(source.permission, a.parent):
            return []
        rules = {
            champ: self.policy.field(self.viewer.profil, source.verb, type(a.parent), champ.value)
            for champ in source.champs
        }
        return [champ for champ, rule in rules.items() if decided(rule)(a.parent, self.values)]

    @read.register
    def _(self, source: d.Motifs, a: Asking) -> Any:
        return Examined(a.parent, source)

    @read.register
    def _(self, source: d.Oui, a: Asking) -> Any:
        asked, row = a.parent.source, a.parent.row
        against = [motif for motif in asked.table if decided(motif.si)(row, self.values)]
        return self.may(asked.permission, row) and not against

    @read.register
    def _(self, source: d.ListeMotifs, a: Asking) -> Any:
        asked, row = a.parent.source, a.parent.row
        refused = [] if self.may(asked.permission, row) else [asked.refus]
        if self.policy.condition(self.viewer.profil, asked.permission, type(row)) == FALSE:
            return refused
        return refused + [motif for motif in asked.table if self.sees(motif.si, row)]

    @read.register
    def _(self, source: d.PartieMotif, a: Asking) -> Any:
        return getattr(a.parent, source.nom) or None

    # --- pages ----------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: p.Page, a: Asking) -> Any:
        rows = self.rows(source.target, a.parent, source.ou)
        rows = [row for row in rows if self.kept(row, a.arguments.get("filtre"), source)]
        tri, name = a.arguments["tri"].value, a.arguments["tri"].name
        return cut(ordered(rows, tri), tri, name, a.arguments)

    def kept(self, row: Any, filtre: Any, source: p.Page) -> bool:
        for field in source.filtre.__strawberry_definition__.fields if filtre else []:
            wanted = getattr(filtre, field.python_name)
            if wanted is None or wanted is strawberry.UNSET:
                continue
            if not self.passes(field.metadata["critere"], row, wanted):
                return False
        return True

    @singledispatchmethod
    def passes(self, critere: Any, row: Any, wanted: Any) -> bool:
        raise NotImplementedError(critere)

    @passes.register
    def _(self, critere: f.Critere, row: Any, wanted: Any) -> bool:
        given = [wanted] if not isinstance(wanted, list) else wanted
        if critere.type_name:
            keys = [decode_id(each) for each in given]
            given = [key for name, key in keys if name == critere.type_name]
            if not given:
                return False
        many = critere.op == "parmi"
        values = {**self.values, "given": given if many else given[0]}
        condition = Compare((critere.attribute.key,), "in" if many else critere.op, Ref("given", many=many))
        inner = Reference(self.world, self.policy, self.viewer, {})
        inner.values = values
        return any(inner.sees(condition, end) for end in self.ends(critere.par, row))

    @passes.register
    def _(self, critere: f.CritereSi, row: Any, wanted: Any) -> bool:
        if wanted:
            return self.sees(critere.condition, row)
        if critere.sinon is not None:
            return self.sees(critere.sinon, row)
        return not self.sees(critere.condition, row)

    @passes.register
    def _(self, critere: f.CritereTexte, row: Any, wanted: Any) -> bool:
        words = wanted.lower().split()
        read = (critere.attribute, *critere.lit)
        return any(
            words
            and all(self.shows(a, end) for a in read)
            and set(words) <= set(end.intitule.lower().split())
            for end in self.ends(critere.par, row)
        )

    @passes.register
    def _(self, critere: f.CriterePlie, row: Any, wanted: Any) -> bool:
        folded = getattr(row, critere.attribute.key)
        return self.shows(critere.attribute, row) and wanted.lower() in folded

    def ends(self, par: tuple[Any, ...], row: Any) -> list[Any]:
        """Out: the rows that relations lead to, that the viewer reads."""
        rows = [row]
        for relation in par:
            shown = [each for each in rows if self.shows(relation, each)]
            many = inspect(relation.class_).relationships[relation.key].uselist
            found = [getattr(each, relation.key) for each in shown]
            rows = [x for each in found for x in (each if many else [each]) if x and self.may("lire", x)]
        return rows

    @read.register
    def _(self, source: p.Aretes, a: Asking) -> Any:
        return [edge.row for edge in a.parent.edges] if source.nu else a.parent.edges

    @read.register
    def _(self, source: p.Noeud, a: Asking) -> Any:
        return a.parent.row

    @read.register
    def _(self, source: p.Curseur, a: Asking) -> Any:
        return a.parent.cursor

    @read.register
    def _(self, source: p.Suite, a: Asking) -> Any:
        return a.parent.after if source.apres else a.parent.before

    @read.register
    def _(self, source: p.Borne, a: Asking) -> Any:
        return a.parent.edges[source.position].cursor if a.parent.edges else None

    @read.register
    def _(self, source: p.Total, a: Asking) -> Any:
        return len(a.parent.all)

    @read.register
    def _(self, source: p.Comptes, a: Asking) -> Any:
        found = [getattr(row, source.attribute.key) for row in a.parent.all]
        return [{"valeur": v, "nombre": found.count(v)} for v in sorted(set(found), key=lambda v: v.value)]

    @read.register
    def _(self, source: p.Groupe, a: Asking) -> Any:
        return a.parent[source.nom]


# --- orders and cursors ---------------------------------------------------------------------------------------


def sort_key(row: Any, tri: Any) -> tuple[Any, ...]:
    """Out: the keys of a row; the one computed key of the schema says whether places are left."""
    found = [int(row.prises < row.places) if isinstance(k, Cle) else getattr(row, k.key) for k in tri.keys]
    return *[getattr(value, "value", value) for value in found], row.id


def ordered(rows: list[Any], tri: Any) -> list[Any]:
    return sorted(rows, key=lambda row: sort_key(row, tri), reverse=tri.descendant)


def size(value: int | None) -> int:
    return s.TAILLE if value is None else value


def cursor(row: Any, tri: Any, name: str) -> str:
    return encode_opaque(json.dumps([name, *map(plain, sort_key(row, tri))], ensure_ascii=False))


def plain(key: Any) -> Any:
    if isinstance(key, datetime):
        return write_instant(key)
    if isinstance(key, str | int):
        return key
    return str(key) if isinstance(key, Decimal) else key.isoformat()


def cut(rows: list[Any], tri: Any, name: str, arguments: dict[str, Any]) -> Page:
    """Slice an ordered list: the position of a cursor is found by comparison, its row may be hidden."""
    backward = arguments.get("last") is not None or arguments.get("before") is not None
    start, end = 0, len(rows)
    for word in ("after", "before"):
        if (given := arguments.get(word)) is not None:
            place = position(rows, tri, name, given, after=word == "after")
            start, end = (place, end) if word == "after" else (start, place)
    wanted = size(arguments.get("last" if backward else "first"))
    if backward:
        kept = rows[max(start, end - wanted) : end]
        return Page(rows, edges(kept, tri, name), end - start > wanted, end < len(rows))
    return Page(
        rows, edges(rows[start : min(end, start + wanted)], tri, name), start > 0, end - start > wanted
    )


def edges(rows: list[Any], tri: Any, name: str) -> list[Edge]:
    return [Edge(row, cursor(row, tri, name)) for row in rows]


def position(rows: list[Any], tri: Any, name: str, given: str, *, after: bool) -> int:
    found, *here = json.loads(decode_opaque(given))
    assert found == name

    def passed(row: Any) -> bool:
        keys = [plain(key) for key in sort_key(row, tri)]
        if keys == here:
            return after
        return keys > here if tri.descendant else keys < here

    return sum(1 for row in rows if passed(row))
