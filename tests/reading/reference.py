"""The reference: the same schema executed by graphql-core over rows in memory, with no SQL at all.

Conditions are decided in Python; pages are sorted and sliced lists. Slow, plain, and written apart from the
compiler: what both say is true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial, singledispatchmethod
from typing import Any

from graphql import get_named_type, is_abstract_type

from app.kit.conditions import FALSE, TRUE
from app.reading import facets
from app.reading import pages as p
from app.reading import rights as d
from app.reading import roots as r
from app.reading import sources as s
from app.reading import tallies as t
from app.reading.choices import Choix, Selon
from app.reading.formats import decode_id, encode_id
from app.reading.keys import Prochain
from app.reading.orders import Cle
from app.reading.roots import model_of
from tests.reading.eyes import Eyes, decided
from tests.reading.passing import Asked, Criteria, Twins, given
from tests.reading.slices import Order, names_read, size

ROOT = object()  # what groups fields of the root is no row, and no null either


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

    def __init__(self, world: Any, eyes: Eyes, twins: Twins, seen: set[str]) -> None:
        """In: the rows by model, who looks, the twins of the schema, and where to note the fields that are not null."""
        self.world, self.eyes, self.twins, self.seen = world, eyes, twins, seen
        self.criteria = Criteria(eyes, twins)

    def value(self, source: Any, parent: Any, info: Any, arguments: dict[str, Any]) -> Any:
        found = self.read(source, Asking(parent, info, arguments))
        if found is not None and found != []:
            self.seen.add(f"{info._raw_info.parent_type.name}.{info.field_name}")
        return found

    def rows(self, target: Any, parent: Any, ou: Any) -> list[Any]:
        found = self.world[target] if parent in (None, ROOT) else getattr(parent, target.key)
        return [row for row in found if self.eyes.may("lire", row) and self.eyes.sees(ou, row)]

    def shown(self, attribute: Any, row: Any) -> Any:
        return getattr(row, attribute.key) if self.eyes.shows(attribute, row) else None

    def first(self, model: Any, key: str, value: Any) -> Any:
        """Out: the row of a model with this value, if the viewer may read it."""
        found = (row for row in self.world[model] if getattr(row, key) == value)
        return next((row for row in found if self.eyes.may("lire", row)), None)

    # --- values ---------------------------------------------------------------------------------------------

    @singledispatchmethod
    def read(self, source: Any, a: Asking) -> Any:
        raise NotImplementedError(source)

    @read.register(s.Colonne)
    @read.register(s.ObjetJson)
    def _(self, source: Any, a: Asking) -> Any:
        if isinstance(a.parent, list):  # a group of rows that share the value
            return getattr(a.parent[0], source.attribute.key)
        return self.shown(source.attribute, a.parent)

    @read.register
    def _(self, source: s.ListeJson, a: Asking) -> Any:
        held = self.shown(source.attribute, a.parent)
        return None if held is None else held.get(source.cle)

    @read.register
    def _(self, source: s.Calcule, a: Asking) -> Any:
        if not all(self.eyes.shows(attribute, a.parent) for attribute in source.lit):
            return None
        field = f"{a.info._raw_info.parent_type.name}.{a.info.field_name}"
        return self.twins.computed[field](a.parent, self.eyes.values)

    @read.register
    def _(self, source: s.VraiSi, a: Asking) -> Any:
        return self.holds(source.condition, source.public, a.parent)

    def holds(self, condition: Any, public: str, row: Any) -> bool:
        """True if a condition holds: for everybody where a rule says so, else on what the viewer reads."""
        return decided(condition, row, self.eyes.values) if public else self.eyes.sees(condition, row)

    @read.register
    def _(self, source: Choix, a: Asking) -> Any:
        return self.read(source.alors if self.eyes.sees(source.condition, a.parent) else source.sinon, a)

    @read.register
    def _(self, source: Selon, a: Asking) -> Any:
        return self.eyes.word(source, a.parent)

    @read.register
    def _(self, source: s.Identifiant, a: Asking) -> Any:
        return encode_id(a.info._raw_info.parent_type.name, a.parent.id)

    @read.register(p.InfoPage)
    @read.register(s.MemeLigne)
    def _(self, source: Any, a: Asking) -> Any:
        return ROOT if a.parent is None else a.parent

    @read.register
    def _(self, source: s.CleJson, a: Asking) -> Any:
        return a.parent.get(source.cle)

    # --- rows -----------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: s.Un, a: Asking) -> Any:
        row = self.shown(source.relation, a.parent)
        return row if row and self.eyes.may("lire", row) else None

    @read.register
    def _(self, source: s.Liste, a: Asking) -> Any:
        rows = Order(source.ordre).sort(self.rows(source.target, a.parent, source.ou))
        return rows[: 100 if source.entiere else size(a.arguments.get("first"))]

    @read.register
    def _(self, source: s.Premier, a: Asking) -> Any:
        rows = Order(source.ordre).sort(self.rows(source.relation, a.parent, source.ou))
        if not rows or source.valeur is None:
            return next(iter(rows), None)
        return self.shown(source.valeur, rows[0])

    @read.register
    def _(self, source: s.Compteurs, a: Asking) -> Any:
        return self.rows(source.target, a.parent, source.ou)

    @read.register
    def _(self, source: s.Compteur, a: Asking) -> Any:
        return sum(self.eyes.sees(source.ou, row) for row in a.parent)

    @read.register
    def _(self, source: t.Releve, a: Asking) -> Any:
        asked = list(given(a.arguments[source.argument], source.filtre))
        return [row for row in self.rows(source.model, None, TRUE) if self.criteria.all(asked, row)]

    @read.register
    def _(self, source: t.Ensemble, a: Asking) -> Any:
        return a.parent

    @read.register
    def _(self, source: t.Repartition, a: Asking) -> Any:
        groups: dict[Any, list[Any]] = defaultdict(list)
        for row in a.parent:
            groups[tuple(getattr(row, cle.key) for cle in source.cles)].append(row)
        return [groups[key] for key in sorted(groups, key=lambda key: [(v is None, v or "") for v in key])]

    @read.register
    def _(self, source: t.Somme, a: Asking) -> Any:
        return sum(getattr(row, source.attribute.key) for row in a.parent)

    @read.register
    def _(self, source: t.Centile, a: Asking) -> Any:
        found = [v for row in a.parent if (v := getattr(row, source.attribute.key)) is not None]
        return next(
            (v for v in sorted(found) if sum(x <= v for x in found) >= source.part * len(found)), None
        )

    @read.register
    def _(self, source: r.ParId, a: Asking) -> Any:
        return self.by_id(a, a.arguments["id"])

    @read.register
    def _(self, source: r.ParIds, a: Asking) -> Any:
        return [self.by_id(a, given) for given in a.arguments["ids"]]

    def by_id(self, a: Asking, given: str) -> Any:
        type_name, key = decode_id(given)
        schema = a.info._raw_info.schema
        type_ = schema.get_type(type_name)
        if type_ not in _possible(schema, a.info._raw_info.return_type) or model_of(type_) is None:
            return None
        return self.first(model_of(type_), "id", key)

    @read.register
    def _(self, source: r.ParCle, a: Asking) -> Any:
        (given,) = a.arguments.values()
        row = self.first(source.model, source.attribute.key, given)
        if row is None and source.sinon is not None:
            kept = self.world[source.sinon.property.mapper.class_]
            then = next((each for each in kept if getattr(each, source.attribute.key) == given), None)
            row = self.first(source.model, "id", then.candidat_id) if then else None
        return row if row and self.eyes.shows(source.attribute, row) else None

    @read.register
    def _(self, source: r.Courant, a: Asking) -> Any:
        return self.first(source.model, "id", self.eyes.values[source.valeur])

    @read.register
    def _(self, source: r.Valeur, a: Asking) -> Any:
        return self.eyes.values[source.valeur]

    # --- rights ---------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: d.Droit, a: Asking) -> Any:
        return self.eyes.may(source.permission, a.parent)

    @read.register
    def _(self, source: d.Champs, a: Asking) -> Any:
        if not self.eyes.may(source.permission, a.parent):
            return []
        rules = {c: self._written(source, c.value, a.parent) for c in source.champs}
        return [champ for champ, rule in rules.items() if decided(rule, a.parent, self.eyes.values)]

    def _written(self, source: d.Champs, name: str, row: Any) -> Any:
        eyes, beside = self.eyes, dict(source.parties)
        if name not in beside:
            return eyes.policy.field(eyes.profil, source.verb, type(row), name)
        return FALSE if eyes.policy.condition(eyes.profil, source.verb, beside[name]) == FALSE else TRUE

    @read.register
    def _(self, source: d.Motifs, a: Asking) -> Any:
        return Examined(a.parent, source)

    @read.register
    def _(self, source: d.Oui, a: Asking) -> Any:
        asked, row = a.parent.source, a.parent.row
        against = [motif for motif in asked.table if decided(motif.si, row, self.eyes.values)]
        return self.eyes.may(asked.permission, row) and not against

    @read.register
    def _(self, source: d.ListeMotifs, a: Asking) -> Any:
        asked, row = a.parent.source, a.parent.row
        refused = [] if self.eyes.may(asked.permission, row) else [asked.refus]
        if self.eyes.policy.condition(self.eyes.profil, asked.permission, type(row)) == FALSE:
            return refused
        return refused + [motif for motif in asked.table if self.eyes.sees(motif.si, row)]

    @read.register
    def _(self, source: d.PartieMotif, a: Asking) -> Any:
        return getattr(a.parent, source.nom) or None

    # --- pages ----------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: p.Page, a: Asking) -> Any:
        return self.page(source, a, ())

    def page(self, source: p.Page, a: Asking, sans: tuple[str, ...]) -> Any:
        """Out: the page; `sans`: criteria that it is asked without."""
        asked = list(given(a.arguments.get(source.argument), source.filtre, sans))
        rows = [row for row in self.rows(source.target, a.parent, source.ou) if self.criteria.all(asked, row)]
        tri = a.arguments["tri"]
        page = Order(tri.value, tri.name, lambda key, row: self.key(key, row, asked)).cut(rows, a.arguments)
        page.asked, page.again = asked, partial(self.page, source, a)
        return page

    def key(self, key: Any, row: Any, asked: Asked) -> Any:
        """Out: a key of an order that SQL computes."""
        if not isinstance(key, Prochain):
            return self.twins.keys[names_read(key)](row)
        rows = [
            end
            for end in self.criteria.ends(key.relation, row, asked)
            if decided(key.ou, end, self.eyes.values)
        ]
        return min((getattr(end, key.attribute.key) for end in rows), default=date.max)

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

    # --- facets ---------------------------------------------------------------------------------------------

    @read.register
    def _(self, source: facets.Facettes, a: Asking) -> Any:
        """Out: the rows that facets count: each row of the list with each related row that the filter speaks of."""
        return self.counted(source.relation, a.parent)

    @read.register
    def _(self, source: facets.FacettesLarges, a: Asking) -> Any:
        """Out: for a facet, the rows of the list asked without the criteria that it refines."""
        return Counted(None, [], lambda criteres: self.counted(source.relation, a.parent.again(criteres)))

    def counted(self, relation: Any, page: Any) -> Counted:
        """Out: the rows of a page, each with each related row."""
        if relation is None:
            return Counted(None, [(row, None) for row in page.all])
        ends = [(row, self.criteria.ends(relation, row, page.asked)) for row in page.all]
        return Counted(relation, [(row, end) for row, found in ends for end in found or [None]])

    @read.register
    def _(self, source: facets.Facette, a: Asking) -> Any:
        counted: dict[Any, set[int]] = defaultdict(set)
        shown: dict[Any, Any] = {}
        for row, name in self.valued(source, a.parent.of(source.criteres)):
            value = name if source.repliee is None else self.twins.fold(name)
            counted[value].add(row.id)
            shown[value] = max(shown.get(value, name), name)
        groups = [{"valeur": shown[value], "nombre": len(rows)} for value, rows in counted.items()]
        groups.sort(key=lambda g: (0 if source.suivie else -g["nombre"], g["valeur"]))
        return groups[:100]

    def valued(self, source: facets.Facette, counted: Counted) -> Iterator[tuple[Any, Any]]:
        """Out: rows of the list, and a value of each."""
        for row, related in counted.rows:
            start, par = (related, source.par[1:]) if counted.starts(source.par) else (row, source.par)
            for end in [] if start is None else self.eyes.ends(par, start):
                value = self.measured(source.valeur, end)
                if value is not None:
                    yield row, value

    def measured(self, value: Any, row: Any) -> Any:
        """Out: an attribute of a row, or a key that SQL computes."""
        return self.twins.keys[names_read(value)](row) if isinstance(value, Cle) else getattr(row, value.key)

    @read.register
    def _(self, source: facets.FacetteSi, a: Asking) -> Any:
        both = [(row, end if source.par else row) for row, end in a.parent.of(source.criteres).rows]
        return len({row.id for row, end in both if end and self.holds(source.condition, source.public, end)})

    @read.register
    def _(self, source: facets.LigneDeGroupe, a: Asking) -> Any:
        return self.first(source.model, "id", a.parent["valeur"])


@dataclass
class Counted:
    """What facets count: rows of a list, each with a related row, None if it has none.

    `without`: what a facet counts instead, for those that ignore the criteria that they refine.
    """

    relation: Any
    rows: list[tuple[Any, Any]]
    without: Callable[[tuple[str, ...]], Counted] | None = None

    def of(self, criteres: tuple[str, ...]) -> Counted:
        """Out: what a facet counts."""
        return self if self.without is None else self.without(criteres)

    def starts(self, par: tuple[Any, ...]) -> bool:
        """True if relations start with the one that the filter speaks of."""
        return bool(par) and self.relation is not None and par[0] is self.relation


def _possible(schema: Any, type_: Any) -> Any:
    """Out: the object types that a field may return."""
    named = get_named_type(type_)
    return schema.get_possible_types(named) if is_abstract_type(named) else [named]
