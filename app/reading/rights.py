"""What the viewer may do with a row, and why not: flags, columns it may write, reasons."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, case, cast, false, not_, null, or_, select

from app.kit.conditions import FALSE, TRUE, Condition, all_of, in_order
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.formats import constant
from app.reading.guarded import guarded
from app.reading.places import Place
from app.reading.rendering import Json, json_list
from app.reading.sources import Source, truth


@dataclass(frozen=True)
class Droit(Source):
    """True if the viewer holds a permission on the row."""

    permission: str

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return truth(c, c.condition(self.permission, place.model), place)


@dataclass(frozen=True)
class Champs(Source):
    """The columns of the row that the viewer may write now, as values of an enum of their names.

    `parties`: names of the enum that are no column but rows of a model that follow their whole; they may be written
    with it by a profile that ever writes such rows.
    """

    verb: str
    champs: type[enum.Enum]
    permission: str
    parties: tuple[tuple[str, Any], ...] = ()

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        may = c.condition(self.permission, place.model)
        by_name = {champ.name: all_of([may, self._may_write(c, place, champ.value)]) for champ in self.champs}
        return _holding(
            c, {name: condition for name, condition in by_name.items() if condition != FALSE}, place
        )

    def _may_write(self, c: Compiler, place: Place, name: str) -> Condition:
        model = dict(self.parties).get(name)
        if model is None:
            return c.policy.field(c.profil, self.verb, place.model, name)
        return FALSE if c.condition(self.verb, model) == FALSE else TRUE


def _holding(c: Compiler, conditions: dict[str, Condition], place: Place) -> Json:
    """Out: the names whose condition holds, in order; what many columns share is tested once."""
    different = in_order(set(conditions.values()))
    if not different:
        return json_list([])
    tests = select(*[truth(c, d, place).label(f"t{i}") for i, d in enumerate(different)]).correlate(
        place.table
    )
    tested = tests.correlate_except().subquery()
    words = [
        case((tested.c[f"t{different.index(d)}"], constant(f'"{name}"'))) for name, d in conditions.items()
    ]
    return select(json_list(words)).select_from(tested).scalar_subquery()


@dataclass(frozen=True)
class Motif:
    """A reason why an act is not possible: its code, its message, its rule, and the condition under which it holds."""

    code: str
    message: str
    regle: str
    si: Condition


@dataclass(frozen=True)
class Examen:
    """A row, and the reasons to look at on it: the place of an eligibility's fields."""

    row: Place
    source: Motifs


@dataclass(frozen=True)
class Motifs(Source):
    """An object that says if an act is possible on the row, and the reasons why it is not."""

    permission: str
    table: Sequence[Motif]
    refus: Motif | None = None  # the reason given when the permission is lacking, whatever its own condition

    def render(self, c: Compiler, place: Place, asked: Asked) -> Json:
        return c.object(asked, Examen(place, self))


@dataclass(frozen=True)
class Oui(Source):
    """True if the permission holds on the row and no reason against it does."""

    def render(self, c: Compiler, place: Examen, asked: Asked) -> Json:
        may = truth(c, c.condition(place.source.permission, place.row.model), place.row)
        against = [truth(c, motif.si, place.row) for motif in place.source.table]
        return and_(may, not_(or_(false(), *against)))


@dataclass(frozen=True)
class ListeMotifs(Source):
    """The reasons that hold on the row, in the order of the table."""

    def render(self, c: Compiler, place: Examen, asked: Asked) -> Json:
        model, source = place.row.model, place.source
        allowed = c.condition(source.permission, model)
        # To a profile that never may, no other reason matters; one that rests on what it may not read is not said.
        reasons = source.table if allowed != FALSE else ()
        table = [(truth(c, guarded(c, motif.si, model), place.row), motif) for motif in reasons]
        if source.refus:
            table.insert(0, (not_(truth(c, allowed, place.row)), source.refus))
        return json_list([case((holds, cast(c.object(asked, motif), Text))) for holds, motif in table])


@dataclass(frozen=True)
class PartieMotif(Source):
    """The code, the message or the rule of a reason."""

    nom: str

    def render(self, c: Compiler, place: Motif, asked: Asked) -> Json:
        value: str | None = getattr(place, self.nom)
        return constant(value) if value else null()
