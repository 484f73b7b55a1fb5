"""When graphql-core must execute, it completes what one statement has read: no second way to reach a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import orjson
import strawberry
from graphql import GraphQLResolveInfo, assert_object_type, get_named_type, is_leaf_type

from app.reading.acts import Act, Straight
from app.reading.asked import Asked, FieldDetails
from app.reading.plans import Plan, plan_of
from app.reading.roots import Ecrit, Ecrits

if TYPE_CHECKING:
    from app.reading.reader import Reader
    from app.reading.requests import Request

PAYLOAD = "payload"


@dataclass(frozen=True)
class Answered:
    """An object already read: its answer by response key, and the facts of the domain by name."""

    read: Mapping[str, Any]
    facts: SimpleNamespace

    def __getattr__(self, name: str) -> Any:
        """Out: a fact, for the plain fields of the object."""
        return getattr(self.facts, name)


class Completion:
    """Gives graphql-core the values that a statement has read, and reads the payloads of mutations.

    It is `info.context.reader` in a resolver.
    """

    def __init__(self, reader: Reader, request: Request, act: Act | None = None) -> None:
        """In: the reader of the process, the request being completed, and the act that it is alone to ask for."""
        self.reader, self.request, self.act = reader, request, act

    def value(self, source: Any, parent: Any, info: strawberry.Info, arguments: Any) -> Any:
        """Out: what the answer holds under the key being completed, as Python holds it."""
        read = parent.read if isinstance(parent, Answered) else parent
        if not isinstance(read, Mapping):
            raise TypeError(f"{info.path} n'a pas été lu par la porte de lecture : {type(parent).__name__}")
        return parsed(read[str(info.path.key)], get_named_type(info._raw_info.return_type))

    async def answer(
        self, info: strawberry.Info, ecrits: Mapping[Any, Any] | None = None, /, **facts: Any
    ) -> Answered | Straight:
        """After the commit: the payload of a mutation, its rows read again through the policy, by one statement.

        In: the key (or keys, or None) of what was written, by model; the facts of the payload's plain fields.
        """
        written = {bind: value for model, value in (ecrits or {}).items() for bind in _binds(model)}
        if self.act is not None and self.act.answers(facts):
            straight = _bound(self.act.plan, written)
            return Straight(
                await self.reader.run(self.act.plan, self.request, straight), SimpleNamespace(**facts)
            )
        part = f"{PAYLOAD} {info.path.key}"
        plan = self.reader.found(self.request, part, lambda: self._payload(info._raw_info))
        read = orjson.loads(await self.reader.run(plan, self.request, _bound(plan, written)))
        return Answered(read["data"], SimpleNamespace(**facts))

    def _payload(self, raw: GraphQLResolveInfo[Any]) -> Plan:
        """Out: the plan of what a mutation's payload takes from the tables, about the rows bound as written."""
        payload = assert_object_type(get_named_type(raw.return_type))
        c = self.reader.compiler(self.request, typed=True)
        asked = Asked("", raw.parent_type, [FieldDetails(node, None) for node in raw.field_nodes], None, c)
        return plan_of(c.statement(payload, c.asked(asked, payload)), c)


def _bound(plan: Plan, written: Mapping[str, Any]) -> dict[str, Any]:
    """Out: the keys that a plan binds; None for what was not written."""
    return {name: written.get(name) for name in plan.written}


def _binds(model: Any) -> tuple[str, str]:
    return Ecrit(model).bind, Ecrits(model).bind


def parsed(value: Any, type_: Any) -> Any:
    """In: a JSON value. Out: the Python value that its scalar or enum will write again."""
    if value is None or not is_leaf_type(type_):
        return value
    return [parsed(v, type_) for v in value] if isinstance(value, list) else type_.parse_value(value)
