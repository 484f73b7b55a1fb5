"""Random values for arguments: drawn from the rows of a world, so that they often find something."""

from __future__ import annotations

import enum
import json
import random
from collections.abc import Collection
from datetime import date, datetime
from functools import singledispatchmethod
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_enum_type,
)

from app.reading import criteria as c
from app.reading import filters as f
from app.reading import roots as r
from app.reading.asked import source_of
from app.reading.formats import encode_id, write_instant
from app.reading.keys import Eloignement, Pertinence, Prochain
from app.reading.proofs import target_of
from app.reading.roots import model_of
from app.schema.statistiques import FinDePeriode
from tests.reading.slices import Keys, Order, names_read

SIZES = (0, 1, 2, 3, 5, 50)
CRITERIA = 1.5  # how many of them a filter gives, on average
JOUR = "2027-02-27"  # for a criterion that must be given, where no row has a value
ABSENT = (999, 2**40)  # keys that no row has


class Values:
    """Draws values, in the form that a variable has in JSON."""

    def __init__(
        self, r: random.Random, schema: GraphQLSchema, world: Any, keys: Keys, hidden: Collection[str]
    ) -> None:
        """In: the chance, the schema, the rows by model, how keys of orders are computed, fields never to give."""
        self.hidden = hidden
        self.r, self.schema, self.world, self.keys = r, schema, world, keys
        self.types = [name for name, type_ in schema.type_map.items() if model_of(type_)]

    # --- arguments ------------------------------------------------------------------------------------------

    def of(self, name: str, argument: Any, definition: Any, tri: str | None) -> Any:
        """Out: a value for an argument of a field, in this order."""
        named = get_named_type(argument.type)
        match name, source_of(definition):
            case (("first" | "last"), _):
                return self.r.choice(SIZES)
            case (("after" | "before"), _):
                return self.cursor(definition, tri)
            case "id", _:
                return self.identifier()
            case "ids", _:
                return [self.identifier() for _ in range(self.r.randint(0, 5))]
            case _, r.ParCle(attribute=attribute):
                return self.value_of(attribute)
        assert isinstance(named, GraphQLInputObjectType), name
        return self.filter(named)

    def identifier(self, *names: str) -> str:
        name = self.r.choice(names or [*self.types, "Licorne"])
        rows = self.world.get(model_of(self.schema.get_type(name)), [])
        return encode_id(name, self.r.choice([*[row.id for row in rows], *ABSENT]))

    def cursor(self, definition: Any, tri: str | None) -> str | None:
        """Out: the cursor of some row of the model in an order, readable or not; None if there is no row."""
        page = source_of(definition)
        ordre = page.ordre[tri] if tri else definition.args["tri"].default_value
        order = Order(ordre.value, ordre.name, self.key)
        rows = order.sort(self.world[target_of(page.target)])
        return order.cursor(self.r.choice([self.r.choice(rows), rows[0], rows[-1]])) if rows else None

    def key(self, key: Any, row: Any) -> Any:
        """Out: a key that SQL computes; one that depends on a request is any of those that it may be."""
        if isinstance(key, Pertinence | Eloignement):
            return 0.5
        if isinstance(key, Prochain):
            rows = self.world[key.attribute.class_]
            return getattr(self.r.choice(rows), key.attribute.key) if rows else None
        return self.keys[names_read(key)](row)

    def orders(self, enum: Any) -> list[str]:
        """Out: the names of the orders that have a twin in Python: floats are not computed twice to the last digit."""
        found = {name: getattr(value.value, "value", value.value) for name, value in enum.values.items()}
        return [
            name
            for name, tri in found.items()
            if not any(isinstance(key, Pertinence | Eloignement) for key in tri.keys)
        ]

    def value_of(self, attribute: Any) -> Any:
        """Out: the value of a column in some row, as JSON; now and then a value that no row has."""
        found = [getattr(row, attribute.key) for row in self.world[attribute.class_]]
        known = [self.plain(value) for value in found if value is not None]
        return self.r.choice(known) if known and self.r.random() < 0.9 else None

    def plain(self, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return value.name
        if isinstance(value, datetime):
            return write_instant(value)
        return value.isoformat() if isinstance(value, date) else value

    # --- criteria -------------------------------------------------------------------------------------------

    def filter(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        known = {n: field for n, field in type_.fields.items() if f"{type_.name}.{n}" not in self.hidden}
        chosen = {
            n: field
            for n, field in known.items()
            if isinstance(field.type, GraphQLNonNull) or self.r.random() < CRITERIA / len(known)
        }
        chosen = self._without_rivals(chosen)
        given = {name: self.given(field) for name, field in chosen.items()}
        given |= {
            n: JOUR for n, f in chosen.items() if isinstance(f.type, GraphQLNonNull) and given[n] is None
        }
        return {name: value for name, value in given.items() if value is not None or self.r.random() < 0.5}

    def _without_rivals(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Out: the criteria chosen, but those that are refused beside another one."""
        alone = {name: getattr(criterion_of(field), "autre", None) for name, field in chosen.items()}
        return {name: field for name, field in chosen.items() if alone[name] not in chosen}

    def given(self, field: Any) -> Any:
        if not isinstance(field.type, GraphQLNonNull) and self.r.random() < 0.05:
            return None
        return self.criterion(criterion_of(field), field.type)

    @singledispatchmethod
    def criterion(self, critere: Any, type_: Any) -> Any:
        raise NotImplementedError(critere)

    @criterion.register
    def _(self, critere: f.Critere, type_: Any) -> Any:
        def one() -> Any:
            if critere.type_name:
                return self.identifier(critere.type_name, critere.type_name, self.r.choice(self.types))
            return self.value_of(critere.attribute)

        if not isinstance(type_, GraphQLList):
            return one()
        found = [value for _ in range(self.r.randint(0, 3)) if (value := one()) is not None]
        return (
            found[0] if len(found) == 1 and self.r.random() < 0.5 else found
        )  # one value stands for its list

    @criterion.register
    def _(self, critere: FinDePeriode, type_: Any) -> Any:
        """A day after every one from which a period is drawn."""
        return self.r.choice(["2027-03-02", "2027-03-05"])

    @criterion.register
    def _(self, critere: f.CritereSi, type_: Any) -> Any:
        return self.r.random() < 0.5

    @criterion.register
    def _(self, critere: f.CritereTexte, type_: Any) -> Any:
        return self.words(critere.attribute.class_)

    @criterion.register
    def _(self, critere: f.CritereCalcule, type_: Any) -> Any:
        if get_named_type(type_).name != "String":
            return self.value_of(critere.lit[0])
        found = [str(self.value_of(attribute) or "") for attribute in critere.lit]
        if isinstance(type_, GraphQLList):
            return found[:3]
        return self.r.choice([*found, self.words(critere.lit[0].class_)])

    @criterion.register
    def _(self, critere: c.CritereSelon, type_: Any) -> Any:
        return self.criterion(critere.critere, type_)

    @criterion.register
    def _(self, critere: c.CritereMode, type_: Any) -> Any:
        return False

    @criterion.register
    def _(self, critere: c.CritereSans, type_: Any) -> Any:
        return self.criterion(critere.critere, type_)

    @criterion.register
    def _(self, critere: c.CritereChez, type_: Any) -> Any:
        return self.criterion(critere.critere, type_)

    @criterion.register
    def _(self, critere: c.CritereVers, type_: Any) -> Any:
        return self.criterion(critere.critere, type_)

    @criterion.register
    def _(self, critere: c.CritereMots, type_: Any) -> Any:
        return self.r.choice(critere.groupes)[0].name

    @criterion.register
    def _(self, critere: c.CritereSelonMot, type_: Any) -> Any:
        return self.r.choice(critere.conditions)[0].name

    @criterion.register
    def _(self, critere: c.CritereParmiCas, type_: Any) -> Any:
        return [self.r.choice(critere.selon.cas).mot.name for _ in range(self.r.randint(0, 3))]

    @criterion.register
    def _(self, critere: c.CritereOu, type_: Any) -> Any:
        """Words that are not blank: that would be refused."""
        found = str(self.criterion(self.r.choice(critere.criteres), type_))
        return found if any(character.isalnum() for character in found) else "absent"

    @criterion.register
    def _(self, critere: c.CritereAutour, type_: Any) -> Any:
        around = {"rayonKm": self.r.choice([1, 50, 200])} if self.r.random() < 0.8 else {}
        return {"latitude": self.r.choice([44.8, 46]), "longitude": self.r.choice([-0.5, 0.25]), **around}

    def words(self, model: Any) -> str:
        """Out: some words of some row, or of none."""
        rows = self.world[model]
        texts = [
            v
            for row in self.r.sample(rows, min(2, len(rows)))
            for v in vars(row).values()
            if isinstance(v, str)
        ]
        words = " ".join([*texts, "absent"]).split()
        return " ".join(self.r.sample(words, self.r.choice([0, 1, 1, 1, 2])))


def criterion_of(field: Any) -> Any:
    """Out: the criterion behind a field of an input type, without the relation that it is asked along."""
    found = field.extensions["strawberry-definition"].metadata["critere"]
    return found.critere if isinstance(found, f.CritereLie) else found


def literal(value: Any, type_: Any) -> str:
    """Out: a JSON value as a document writes it."""
    if value is None:
        return "null"
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        return (
            f"[{', '.join(literal(v, inner.of_type) for v in value)}]"
            if isinstance(value, list)
            else literal(value, inner.of_type)
        )
    if isinstance(inner, GraphQLInputObjectType):
        return "{" + ", ".join(f"{k}: {literal(v, inner.fields[k].type)}" for k, v in value.items()) + "}"
    return str(value) if is_enum_type(inner) else json.dumps(value, ensure_ascii=False)
