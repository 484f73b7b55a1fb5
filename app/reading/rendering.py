"""JSON in SQL: objects and lists whose keys keep the order of the request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import NULLTYPE

from app.reading.formats import constant, quoted

Json = ColumnElement[Any]
PAIRS = 50  # json_build_object takes 100 arguments
TYPE_KEY = "@type"  # no response key can be that: an alias is a GraphQL name
EMPTY: Json = literal_column("'[]'::json")


class JsonObject(ColumnElement[Any]):
    """`json_build_object`, without what SQLAlchemy does for each argument of a function."""

    inherit_cache = False
    type = NULLTYPE
    name = "json_build_object"  # PostgreSQL's own: SQLAlchemy writes no other
    _traverse_internals = [("values", InternalTraversal.dp_clauseelement_list)]

    def __init__(self, pairs: Sequence[tuple[str, Json]]) -> None:
        """In: the keys and their values, in order."""
        self.keys = [quoted(key) for key, _ in pairs]
        self.values = [value.self_group(against=operators.comma_op) for _, value in pairs]

    @property
    def _from_objects(self) -> list[Any]:  # what SQLAlchemy makes FROM of
        return [table for value in self.values for table in value._from_objects]

    def self_group(self, against: Any = None) -> Any:
        """Out: itself: a function needs no parentheses."""
        return self


@compiles(JsonObject)
def _written(element: JsonObject, compiler: Any, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)
    pairs = zip(element.keys, element.values, strict=True)
    return (
        f"json_build_object({', '.join([f'{key}, {compiler.process(value, **kw)}' for key, value in pairs])})"
    )


def json_object(pairs: Sequence[tuple[str, Json]]) -> Json:
    """Out: a JSON object; beyond 50 keys, several joined as text: `json` has no `||` and `jsonb` no order."""
    chunks = [pairs[i : i + PAIRS] for i in range(0, len(pairs), PAIRS)] or [[]]
    objects: list[Json] = [JsonObject(chunk) for chunk in chunks]
    if len(objects) == 1:
        return objects[0]
    inside = [func.substr(cast(o, Text), 2, func.length(cast(o, Text)) - 2) for o in objects]
    return cast(func.concat(constant("{"), func.concat_ws(constant(","), *inside), constant("}")), JSON)


def json_array(item: Json, *order: Any) -> Json:
    """Out: an aggregate; an empty one is [] and never null."""
    return func.coalesce(func.json_agg(aggregate_order_by(item, *order)), EMPTY)


def json_list(items: Sequence[Json]) -> Json:
    """Out: a JSON array of those of these JSON texts that are not null, in this order."""
    if not items:
        return EMPTY
    joined = [func.concat_ws(constant(","), *items[i : i + PAIRS]) for i in range(0, len(items), PAIRS)]
    inside = (
        joined[0]
        if len(joined) == 1
        else func.concat_ws(constant(","), *[func.nullif(j, constant("")) for j in joined])
    )
    return cast(func.concat(constant("["), inside, constant("]")), JSON)
