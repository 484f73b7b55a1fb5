"""Rows found from nowhere: by identifier, by natural key, by who asks, or because they were just written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, is_abstract_type
from sqlalchemy import ARRAY, BigInteger, bindparam, cast, func, inspect, null, select, union_all
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

from app.kit.conditions import Compare, Condition, Exists, Ref, all_of
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.errors import bad_input
from app.reading.formats import decode_id, held, written
from app.reading.rendering import Json, json_array
from app.reading.shapes import ILLISIBLE, IdOf, id_shape
from app.reading.sources import TAILLE_MAX, Source

ALWAYS = ("profil", "maintenant", "aujourd_hui")  # values of a request that are never null


@dataclass(frozen=True)
class ParId(Source):
    """The row of an identifier given as argument; the type comes from the field, or from the identifier."""

    nommee = True
    model: Any = None

    def render(self, c: Compiler, place: None, asked: Asked) -> Json:
        concrete = concrete_type(c.schema, asked, shape(c, asked.arguments["id"]))
        model = model_of(concrete)
        if concrete is None:
            return null()
        return one(c, asked, model, asked.slot("id", prepare=key_of(model)), concrete)


@dataclass(frozen=True)
class ParIds(Source):
    """The rows of several identifiers, in the order given; null where nothing is found."""

    nommee = True

    def render(self, c: Compiler, place: None, asked: Asked) -> Json:
        count = asked.slot("ids", prepare=how_many)
        names = sorted({shape(c, given) for given in asked.arguments["ids"]})
        with c.rows(count):
            found = [self._rows(c, asked, name) for name in names if concrete_type(c.schema, asked, name)]
        places = (
            func.generate_series(1, bindparam(count, type_=BigInteger()))
            .table_valued("rang")
            .render_derived()
        )
        if not found:
            return select(json_array(cast(null(), JSON), places.c.rang)).scalar_subquery()
        rows = union_all(*found).subquery()
        joined = places.outerjoin(rows, rows.c.rang == places.c.rang)
        return select(json_array(rows.c.value, places.c.rang)).select_from(joined).scalar_subquery()

    def _rows(self, c: Compiler, asked: Asked, name: IdOf) -> Any:
        """The rows of one type, with their places among the identifiers."""
        concrete = concrete_type(c.schema, asked, name)
        model = model_of(concrete)
        row, where = c.enter(model)
        keys = asked.bind(ARRAY(row["id"].type), "ids", prepare=keys_of(model, name.type_name))
        wanted = func.unnest(keys).table_valued("cle", with_ordinality="rang").render_derived()
        value = c.object(asked, row, concrete).label("value")
        return (
            select(wanted.c.rang, value)
            .select_from(wanted.join(row.table, row["id"] == wanted.c.cle))
            .where(*where)
        )


@dataclass(frozen=True)
class ParCle(Source):
    """The row that has a natural key, unique, given as argument.

    `sinon`: a to-many relation whose rows hold, in a column of the same name, keys that once were of other rows and lead to this one.
    """

    nommee = True
    attribute: Any
    argument: str
    sinon: Any = None

    @property
    def model(self) -> Any:
        """The model of the row."""
        return inspect(self.attribute.class_).class_

    def render(self, c: Compiler, place: None, asked: Asked) -> Json:
        given = asked.slot(self.argument)
        found = one(c, asked, self.model, given, asked.type, by=self.attribute)
        if self.sinon is None:
            return found
        return func.coalesce(
            found, one(c, asked, self.model, given, asked.type, by=self.attribute, sinon=self.sinon)
        )


@dataclass(frozen=True)
class Courant(Source):
    """The row whose key is a value of the request: the viewer's account, its active profile…"""

    model: Any
    valeur: str

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        return one(c, asked, self.model, self.valeur, asked.type)


@dataclass(frozen=True)
class Valeur(Source):
    """A value of the request itself: the profile of the viewer, today's date…"""

    valeur: str
    type: TypeEngine[Any]

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        return written(bindparam(self.valeur, type_=self.type))


@dataclass(frozen=True)
class Ecrit(Source):
    """The row that a mutation has just written, read again through the policy."""

    nommee = True
    model: Any

    @property
    def bind(self) -> str:
        """The name under which its key is bound."""
        return f"ecrit_{self.model.__name__}"

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        return one(c, asked, self.model, self.bind, asked.type)


@dataclass(frozen=True)
class Ecrits(Source):
    """The rows that a mutation has just written, in the order of their keys."""

    nommee = True
    model: Any

    @property
    def bind(self) -> str:
        """The name under which their keys are bound."""
        return f"ecrits_{self.model.__name__}"

    def render(self, c: Compiler, place: Any, asked: Asked) -> Json:
        row, where = c.enter(self.model)
        here = c.where(Compare(("id",), "in", Ref(self.bind, many=True)), row)
        found = select(json_array(c.object(asked, row), row["id"])).where(here, *where)
        return found.correlate_except(row.table).scalar_subquery()


def one(
    c: Compiler, asked: Asked, model: Any, value: str, type_: Any, *, by: Any = None, sinon: Any = None
) -> Json:
    """In: a model, the name of the bind that holds a key. Out: that row as an object, or null.

    A natural key that is masked is worth nothing: it would tell its value.
    """
    place, where = c.enter(model)
    wanted: Condition = Compare((by.key if by is not None else "id",), "=", Ref(value))
    if sinon is not None:
        wanted = Exists((sinon.key,), wanted)
    here = c.where(all_of([wanted, c.readable(by)]) if by is not None else wanted, place)
    return (
        select(c.object(asked, place, type_))
        .where(here, *where)
        .correlate_except(place.table)
        .scalar_subquery()
    )


def model_of(type_: Any) -> Any:
    """Out: the model whose rows a GraphQL type shows, None if it shows none."""
    definition = type_ and type_.extensions.get("strawberry-definition")
    return getattr(getattr(definition, "origin", None), "__modele__", None)


def shape(c: Compiler, given: Any) -> IdOf:
    """Out: the type of an identifier, given as a shape (a variable) or in the document. Raises BAD_USER_INPUT."""
    found = given if isinstance(given, IdOf) else id_shape(given, c.schema)
    if found == ILLISIBLE:
        raise bad_input("Identifiant illisible.")
    return found


def concrete_type(schema: GraphQLSchema, asked: Asked, given: IdOf) -> GraphQLObjectType | None:
    """Out: the object type of an identifier if the field may return it: another type of the same rows may not."""
    found = schema.get_type(given.type_name)
    if not isinstance(found, GraphQLObjectType) or model_of(found) is None:
        return None
    if found is asked.type or (is_abstract_type(asked.type) and schema.is_sub_type(asked.type, found)):
        return found
    return None


def key_of(model: Any) -> Callable[[str], int | None]:
    """Out: what reads the key in an identifier: None, which finds nothing, beyond what the column holds."""
    type_ = inspect(model).local_table.c.id.type
    return lambda value: held(decode_id(value)[1], type_)


def keys_of(model: Any, type_name: str) -> Callable[[list[str]], list[int | None]]:
    """Out: what reads the keys of one type among identifiers, None in the places of the others."""
    read = key_of(model)
    return lambda values: [read(v) if decode_id(v)[0] == type_name else None for v in values]


def how_many(values: list[str]) -> int:
    """Out: how many identifiers are given; BAD_USER_INPUT beyond a page."""
    if len(values) > TAILLE_MAX:
        raise bad_input(f"Au plus {TAILLE_MAX} identifiants à la fois.")
    return len(values)
