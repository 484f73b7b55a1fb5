"""An act alone in its request: its resolver is called as graphql-core would, and what it wrote is answered straight.

What an act that takes place answers is in the tables, save lists that it leaves empty (why it did not). Such a payload is one
statement, whose text is the answer. Anything else (a refusal, an error, a fact to tell, several acts in one request) is
completed by graphql-core, over what the resolver has given: the act is never run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo, assert_object_type, is_list_type, is_non_null_type
from graphql.pyutils import Path, is_awaitable
from sqlalchemy import Text, cast, func, select

from app.reading.asked import Arguments, Asked
from app.reading.compiler import Compiler, NotCompilable
from app.reading.formats import constant
from app.reading.plans import Plan, plan_of
from app.reading.rendering import EMPTY, json_object

if TYPE_CHECKING:
    from app.reading.requests import Request


NO_HELPERS: Any = None  # no resolver of the house asks for graphql-core's own tasks


@dataclass(frozen=True)
class Straight:
    """The whole answer of an act, as PostgreSQL wrote it; and the facts of its payload, for its resolver."""

    json: bytes
    facts: SimpleNamespace

    def __getattr__(self, name: str) -> Any:
        """Out: a fact."""
        return getattr(self.facts, name)


@dataclass(frozen=True, eq=False)
class Act:
    """The one field of a mutation, and the plan of its answer when it takes place.

    silent   plain lists of the payload that are asked for: the plan holds if all of them are empty
    """

    key: str
    definition: Any
    nodes: tuple[Any, ...]
    arguments: Arguments
    parent: Any
    plan: Plan
    silent: tuple[str, ...]

    def answers(self, facts: Mapping[str, Any]) -> bool:
        """Out: whether the plan says all that the act has to say."""
        return all(facts.get(name) == [] for name in self.silent)

    def call(self, request: Request, context: Any, schema: Any) -> Any:
        """Call the resolver as graphql-core would. Out: what it gives, to be awaited."""
        node = self.nodes[0]
        arguments = self.arguments.read(request.variables)
        info = GraphQLResolveInfo(
            node.name.value,
            list(self.nodes),
            self.definition.type,
            self.parent,
            Path(None, self.key, self.parent.name),
            schema,
            request.document.fragments,
            {},
            request.operation.node,
            request.variables,
            context,
            is_awaitable,
            None,
            NO_HELPERS,
        )
        return self.definition.resolve({}, info, **arguments)


def act_of(c: Compiler, fields: Sequence[Asked]) -> Act:
    """In: the root fields of a mutation. Out: the act. Raises NotCompilable where graphql-core must do all of it."""
    if len(fields) != 1 or fields[0].definition is None or fields[0].definition.resolve is None:
        raise NotCompilable("several acts")
    (act,) = fields
    payload = assert_object_type(act.type)
    pairs, silent = [], []
    for field in c.asked(act, payload):
        plain = not field.in_tables
        if plain and not (field.definition and _is_list(field.definition.type)):
            raise NotCompilable(f"{payload.name}.{field.name}")
        silent += [_python_name(field)] if plain else []
        pairs.append((field.key, EMPTY if plain else c.value(payload, field, None)))
    whole = json_object([("data", json_object([(act.key, json_object(pairs))]))])
    statement = select(func.convert_to(cast(whole, Text), constant("UTF8")))
    nodes = tuple(detail.node for detail in act.details)
    arguments = Arguments(act.definition, nodes[0], act.arguments)
    return Act(act.key, act.definition, nodes, arguments, act.parent, plan_of(statement, c), tuple(silent))


def replayed(outcome: Any) -> Callable[..., Any]:
    """In: what the resolver of an act gave, or the exception it raised. Out: what gives it again to graphql-core."""

    def middleware(following: Any, source: Any, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> Any:
        if info.path.prev is not None:
            return following(source, info, **arguments)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return middleware


def _is_list(type_: Any) -> bool:
    return is_non_null_type(type_) and is_list_type(type_.of_type)


def _python_name(field: Asked) -> str:
    """Out: the name under which a resolver gives a plain field."""
    return str(field.definition.extensions["strawberry-definition"].python_name)
