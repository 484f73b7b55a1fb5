"""What changes from a compiled policy to another: who may do more, or less, on which rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.kit.conditions import FALSE, TRUE, Condition

from .compiled import NOTHING, Cell, Compiled
from .implication import implies
from .matrix import named
from .words import words

EVERYTHING = Cell(TRUE)


class Sens(Enum):
    """Which way a decision went. Wider and narrower are proven; what is not proven either way is said changed."""

    OUVERTE = "accordée, ne l'était pas", "accordées"
    FERMEE = "n'est plus accordée", "retirées"
    ELARGIE = "élargie", "élargies"
    RESTREINTE = "restreinte", "restreintes"
    CHANGEE = "changée", "changées"
    EGALE = "dite autrement, sans effet", "dites autrement"


@dataclass(frozen=True)
class Change:
    """Decisions that went from one condition to another alike: of what, for whom, on which columns."""

    model: str
    verb: str
    avant: Condition
    apres: Condition
    sens: Sens
    profils: tuple[str, ...]
    colonnes: tuple[str, ...] = ()  # empty: of the row itself

    def lines(self) -> Iterator[str]:
        """Out: what a reviewer reads, in French."""
        about = (
            f"{self.verb} {', '.join(self.colonnes)} de {self.model}"
            if self.colonnes
            else f"{self.verb} {self.model}"
        )
        yield f"{about} : {self.sens.value[0]} ({', '.join(named(list(self.profils)))})"
        if self.sens is not Sens.EGALE:
            yield f"  avant : {words(self.avant)}"
            yield f"  après : {words(self.apres)}"


def changes(avant: Compiled, apres: Compiled, models: dict[str, Any]) -> list[Change]:
    """In: two policies; the tables as they are now, by name: what is copied between rows counts as equal.

    Out: what changed, rows before columns, those that change alike together.
    """
    return [*_of_rows(avant, apres, models), *_of_columns(avant, apres, models)]


def summary(found: list[Change]) -> str:
    """Out: how many decisions changed, each way."""
    counted = Counter(change.sens for change in found)
    said = ", ".join(f"{counted[way]} {way.value[1]}" for way in Sens if counted[way])
    return f"Décisions : {said}." if found else "Aucune décision ne change."


def _of_rows(avant: Compiled, apres: Compiled, models: dict[str, Any]) -> Iterator[Change]:
    alike: dict[tuple[str, str, Condition, Condition], list[str]] = {}
    for profil, verb, model in sorted({*avant.cells, *apres.cells}, key=lambda key: (key[2], key[1])):
        before, after = (p.cells.get((profil, verb, model), NOTHING).condition for p in (avant, apres))
        if before != after:
            alike.setdefault((model, verb, before, after), []).append(profil)
    for (model, verb, before, after), profils in alike.items():
        way = sens(before, after, models.get(model))
        yield Change(model, verb, before, after, way, tuple(sorted(profils)))


def _of_columns(avant: Compiled, apres: Compiled, models: dict[str, Any]) -> Iterator[Change]:
    alike: dict[tuple[str, str, str, Condition, Condition], list[str]] = {}
    for key in sorted({*avant.fields, *apres.fields}, key=lambda key: (key[2], key[1], key[0])):
        profil, verb, model, column = key
        before, after = (_field(each, key).condition for each in (avant, apres))
        if before != after:
            alike.setdefault((model, verb, profil, before, after), []).append(column)
    together: dict[tuple[Any, ...], list[str]] = {}
    for (model, verb, profil, before, after), columns in alike.items():
        together.setdefault((model, verb, before, after, tuple(sorted(columns))), []).append(profil)
    for (model, verb, before, after, columns), profils in together.items():
        way = sens(before, after, models.get(model))
        yield Change(model, verb, before, after, way, tuple(sorted(profils)), columns)


def _field(policy: Compiled, key: tuple[str, str, str, str]) -> Cell:
    """Out: the decision on a column; where no rule speaks of the columns of a table, all of them are open."""
    _, verb, model, _ = key
    return policy.fields.get(key, NOTHING) if (verb, model) in policy.field_rules else EVERYTHING


def sens(avant: Condition, apres: Condition, model: Any) -> Sens:
    """Out: which way a decision went, as far as it can be proven."""
    if FALSE in (avant, apres):
        return Sens.OUVERTE if avant == FALSE else Sens.FERMEE
    wider, narrower = implies(avant, apres, model), implies(apres, avant, model)
    return {
        (True, True): Sens.EGALE,
        (True, False): Sens.ELARGIE,
        (False, True): Sens.RESTREINTE,
        (False, False): Sens.CHANGEE,
    }[wider, narrower]
