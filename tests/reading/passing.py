"""Whether a row in memory passes the criteria of a list; and what SQL alone says, said again in Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import singledispatchmethod
from math import asin, cos, radians, sin, sqrt
from typing import Any

import strawberry

from app.kit.conditions import TRUE, Compare, Condition, Ref, negated
from app.reading import criteria as c
from app.reading import filters as f
from app.reading.formats import decode_id
from app.schema.statistiques import FinDePeriode
from tests.reading.eyes import Eyes, decided
from tests.reading.slices import Keys, names_read

Test = Callable[[Any, Any], Any]  # of a row, and an argument or the values of a request
Asked = list[tuple[Any, Any]]  # the criteria that a request gives, each with its value


@dataclass(frozen=True)
class Twins:
    """What a schema says in SQL alone, said again in Python; found by its field, or by the attributes that it reads."""

    fold: Callable[[str], str] = str.lower  # what a search makes of words
    texts: Mapping[str, Callable[[Any], str]] = field(
        default_factory=dict
    )  # a tsvector column, as it was written
    computed: Mapping[str, Test] = field(
        default_factory=dict
    )  # `Type.field`, of a row and the values of a request
    keys: Keys = field(default_factory=dict)
    tested: Mapping[tuple[str, ...], Test] = field(default_factory=dict)

    def holds(self, row: Any, column: str, words: str) -> bool:
        """True if the text of a column has all these words."""
        wanted = self.fold(words).split()
        return bool(wanted) and set(wanted) <= set(self.fold(self.texts[column](row)).split())


def given(filtre: Any, type_: Any, sans: Collection[str] = ()) -> Asked:
    """Out: the criteria of an input that a request gives, each with its value; `sans`: those that are left out."""
    fields = type_.__strawberry_definition__.fields if filtre else ()
    found = [
        (each.metadata["critere"], getattr(filtre, each.python_name))
        for each in fields
        if f.camel(each.python_name) not in sans
    ]
    return [
        (critere, wanted)
        for critere, wanted in found
        if wanted is not None and wanted is not strawberry.UNSET
    ]


class Criteria:
    """The criteria of a list, in the eyes of a viewer."""

    def __init__(self, eyes: Eyes, twins: Twins) -> None:
        self.eyes, self.twins = eyes, twins

    def all(self, given: Asked, row: Any) -> bool:
        """True if a row passes all; those on rows of a relation are passed by one and the same row."""
        asked = [(critere, wanted) for critere, wanted in given if not self.silent(critere, wanted)]
        own = [(critere, wanted) for critere, wanted in asked if not isinstance(critere, f.CritereLie)]
        relations = {critere.relation for critere, _ in asked if isinstance(critere, f.CritereLie)}
        return all(self.passes(*each, row) for each in own) and all(
            self.ends(relation, row, given) for relation in relations
        )

    def ends(self, relation: Any, row: Any, given: Asked) -> list[Any]:
        """Out: the rows of a relation that the viewer reads, and that pass what is asked of them."""
        mine = [(c, w) for c, w in given if isinstance(c, f.CritereLie) and c.relation is relation]
        asked = [(c.critere, w) for c, w in mine if not self.silent(c, w)]
        ends = self.eyes.ends((relation,), row)
        return [end for end in ends if all(self.passes(*each, end) for each in asked)]

    def silent(self, critere: Any, wanted: Any) -> bool:
        """True if a criterion, given like this, asks nothing: not even that there is a row."""
        match critere:
            case f.CritereLie():
                return self.silent(critere.critere, wanted)
            case f.CritereSi():
                return self.wanted(critere, wanted) == TRUE
            case c.CritereMode():
                return True
            case c.CritereAutour():
                return wanted.rayon_km in (None, strawberry.UNSET)
        return False

    def wanted(self, critere: f.CritereSi, wanted: bool) -> Condition:
        if wanted:
            return critere.condition
        return negated(critere.condition) if critere.sinon is None else critere.sinon

    @singledispatchmethod
    def passes(self, critere: Any, wanted: Any, row: Any) -> bool:
        raise NotImplementedError(critere)

    @passes.register
    def _(self, critere: f.Critere, wanted: Any, row: Any) -> bool:
        given = wanted if isinstance(wanted, list) else [wanted]
        if critere.type_name:
            given = [key for name, key in map(decode_id, given) if name == critere.type_name]
        if critere.op == "parmi":
            condition = Compare((critere.attribute.key,), "in", Ref("given", many=True))
            eyes = self.eyes.knowing(given=given)
        elif not given:
            return False
        else:
            condition = Compare((critere.attribute.key,), critere.op, Ref("given"))
            eyes = self.eyes.knowing(given=given[0])
        return any(eyes.sees(condition, end) for end in self.eyes.ends(critere.par, row))

    @passes.register
    def _(self, critere: FinDePeriode, wanted: Any, row: Any) -> bool:
        return bool(row.date_validation <= wanted)

    @passes.register
    def _(self, critere: f.CritereSi, wanted: Any, row: Any) -> bool:
        condition = self.wanted(critere, wanted)
        return decided(condition, row, self.eyes.values) if critere.public else self.eyes.sees(condition, row)

    @passes.register
    def _(self, critere: f.CritereTexte, wanted: Any, row: Any) -> bool:
        ends = [end for end in self.eyes.ends(critere.par, row) if self.reads(critere, end)]
        return any(self.twins.holds(end, critere.attribute.key, wanted) for end in ends)

    def reads(self, critere: f.CritereTexte, row: Any) -> bool:
        return all(self.eyes.shows(attribute, row) for attribute in (critere.attribute, *critere.lit))

    @passes.register
    def _(self, critere: f.CriterePlie, wanted: Any, row: Any) -> bool:
        return self.reads(critere, row) and self.twins.fold(wanted) in getattr(row, critere.attribute.key)

    @passes.register
    def _(self, critere: f.CritereCalcule, wanted: Any, row: Any) -> bool:
        shown = all(self.eyes.shows(attribute, row) for attribute in critere.lit)
        return shown and self.twins.tested[names_read(critere)](row, critere.prepare(wanted))

    @passes.register
    def _(self, critere: c.CritereOu, wanted: Any, row: Any) -> bool:
        return any(self.passes(each, critere.prepare(wanted), row) for each in critere.criteres)

    @passes.register
    def _(self, critere: c.CritereChez, wanted: Any, row: Any) -> bool:
        return any(
            self.passes(critere.critere, wanted, end) for end in self.eyes.ends((critere.relation,), row)
        )

    @passes.register
    def _(self, critere: c.CritereSelon, wanted: Any, row: Any) -> bool:
        """What widens words rests on every row of the offer: that mode has tests of its own, not a twin."""
        return self.passes(critere.critere, wanted, row)

    @passes.register
    def _(self, critere: c.CritereVers, wanted: Any, row: Any) -> bool:
        ends = self.eyes.ends((critere.relation,), row)
        return any(self.passes(critere.critere, wanted, end) for end in ends)

    @passes.register
    def _(self, critere: c.CritereMots, wanted: Any, row: Any) -> bool:
        condition = Compare((critere.attribute.key,), "in", Ref("given", many=True))
        return self.eyes.knowing(given=critere.value(wanted)).sees(condition, row)

    @passes.register
    def _(self, critere: c.CritereSelonMot, wanted: Any, row: Any) -> bool:
        return self.eyes.sees(dict(critere.conditions)[wanted], row)

    @passes.register
    def _(self, critere: c.CritereParmiCas, wanted: Any, row: Any) -> bool:
        return self.eyes.word(critere.selon, row) in wanted

    @passes.register
    def _(self, critere: c.CritereSans, wanted: Any, row: Any) -> bool:
        return self.passes(critere.critere, wanted, row)

    @passes.register
    def _(self, critere: c.CritereAutour, wanted: Any, row: Any) -> bool:
        ends = self.eyes.ends((critere.relation,), row)
        return any(
            end.latitude is not None
            and end.longitude is not None
            and distance(end, wanted.latitude, wanted.longitude) <= wanted.rayon_km
            for end in ends
        )


def distance(row: Any, latitude: float, longitude: float) -> float:
    """Out: the kilometres between a row and a point (haversine, on a sphere of 6 371 km)."""
    a, b = radians(row.latitude), radians(latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(longitude - row.longitude) / 2) ** 2
    return 2 * 6371 * asin(min(1, sqrt(half)))
