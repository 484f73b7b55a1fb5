"""Answer a GraphQL request: one statement, and graphql-core only for what is not in the tables."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import Any, TypeVar

import asyncpg
import orjson
import strawberry
from graphql import ASTValidationRule, GraphQLError, OperationType
from graphql.execution import execute

from app.kit.database import AT_ONCE, PANNES, again
from app.reading.acts import Act, Straight, act_of, replayed
from app.reading.answers import Answer as Answer
from app.reading.answers import Measured, answer, masked
from app.reading.asked import VariableValues
from app.reading.compiler import Compiler, NotCompilable, Rights
from app.reading.completion import Completion
from app.reading.errors import BAD_USER_INPUT, Refused, bad_input, coded, incident, timed_out, too_complex
from app.reading.limits import LIMITS, Cache, Limits
from app.reading.pieces import Pieces
from app.reading.places import Grounds
from app.reading.plans import Completed, Plan, plan_of
from app.reading.requests import Documents, Request
from app.reading.traces import Witness, lifted

Made = TypeVar("Made")  # a plan, an act, or why there is none
ExtraValues = Callable[[Any, datetime], Mapping[str, Any]]
SHORT, SAMPLE = 4096, 13  # bytes
LONGS = AT_ONCE - 2  # readings that last, at once: what does not finds a connection all the same
FREE = nullcontext()
UNREADABLE = (asyncpg.DataError, asyncpg.exceptions._base.DataError)  # a value that no column can hold


@dataclass
class Spent:
    """What readings have cost since the process started: seconds, statements, objects and bytes of answers."""

    hits: int = 0  # answers whose plans were found
    compilations: int = 0
    compiling: float = 0.0
    statements: int = 0
    reading: float = 0.0
    objects: int = 0
    bytes: int = 0


class Reader:
    """Reads for viewers: one for the process."""

    def __init__(
        self,
        schema: strawberry.Schema,
        policy: Rights,
        pool: Any,
        *,
        fresh: Any = None,
        extra_values: ExtraValues = lambda viewer, moment: {},
        limits: Limits = LIMITS,
        rules: Sequence[type[ASTValidationRule]] = (),
        suggest: bool = True,
        documents: Documents | None = None,
        witness: Witness | None = None,
    ) -> None:
        """In: the schema, the policy, an asyncpg pool whose role may only read.

        `fresh`: the pool that answers what has just been written, where the other reads a replica;
        `extra_values`: what conditions may name besides the viewer's own values (the yes or no of a `Given`);
        `rules`: of validation, beyond the specification's; `suggest`: may errors name fields that look alike;
        `documents`: what parses and validates instead, when the edge has done it already;
        `witness`: what keeps the trace of the rows that leave one.
        """
        self.strawberry, self.schema, self.policy = schema, schema._schema, policy
        self.pool, self.fresh = pool, fresh or pool
        self.extra_values, self.limits, self.witness = extra_values, limits, witness
        self.documents = documents or Documents(self.schema, limits, rules, suggest=suggest)
        self.plans: Cache[Any, Any] = Cache(limits.plans, limits.plan_characters)
        self.pieces: Cache[Any, Any] = Cache(limits.pieces, limits.piece_characters)
        self.grounds: dict[str, Grounds] = {}  # a profile is a word of the policy: there are few
        self.completed: Counter[str] = Counter()  # how many answers graphql-core had to complete, by field
        self.spent = Spent()
        self.long = asyncio.Semaphore(LONGS)

    # --- the door -------------------------------------------------------------------------------------------

    async def execute(
        self,
        viewer: Any,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        moment: datetime,
        *,
        context: Any = None,
    ) -> Answer:
        """In: a request, and the aware moment it is read at. Out: the JSON of its answer, errors included.

        `context` is what resolvers find as `info.context`; its attribute `reader` is set. No exception leaves.
        """
        try:
            request = self.request(viewer, text, variables or {}, operation_name, moment)
            if request.operation.kind is OperationType.SUBSCRIPTION:
                return answer([bad_input("Un abonnement ne se demande pas comme une lecture.")])
            return self._measured(await self._answered(request, context), request.measured)
        except Refused as refused:
            return answer(refused.errors)
        except GraphQLError as error:
            return answer([coded(error, BAD_USER_INPUT)])
        except RecursionError:
            return answer([too_complex("profondeur", self.limits.depth, self.limits.depth + 1)])
        except Exception as error:
            return answer([incident(error)])

    def request(
        self, viewer: Any, text: str, variables: Mapping[str, Any], name: str | None, moment: datetime
    ) -> Request:
        """Out: what graphql-core accepts of a request: parsed, valid, coerced. Raises Refused."""
        document = self.documents.document(text)
        extra = partial(self.extra_values, viewer, moment)
        return self.documents.request(viewer, document, variables, name, moment, extra)

    def kind(self, text: str, name: str | None) -> OperationType:
        """Out: what an operation is (a GET may only query). Raises Refused."""
        return self.documents.operation(self.documents.document(text), name).kind

    async def _answered(self, request: Request, context: Any) -> Answer:
        if request.operation.kind is OperationType.MUTATION:
            return await self._acted(request, context)
        plan = self.plan(request)
        if isinstance(plan, Plan):
            return Answer(await self.run(plan, request))
        return await self._complete(request, context, plan.cause)

    def _measured(self, answered: Answer, measured: Measured) -> Answer:
        answered.measured = measured
        self.spent.hits += measured.plan_trouve
        return answered

    async def _acted(self, request: Request, context: Any) -> Answer:
        """One act: its answer straight from the tables where that says it all."""
        act = self.found(request, "act", lambda: self._act(request))
        if not isinstance(act, Act):
            return await self._complete(request, context, act.cause)
        outcome: Any
        try:
            outcome = await act.call(request, self.attach(request, context, act), self.schema)
        except Exception as error:
            outcome = error
        if isinstance(outcome, Straight):
            return Answer(outcome.json)
        cause = f"{act.parent.name}.{act.nodes[0].name.value}"
        return await self._complete(request, context, cause, replayed(outcome))

    def _act(self, request: Request) -> Act | Completed:
        root = self.schema.get_root_type(request.operation.kind)
        assert root is not None  # the document is valid
        c = self.compiler(request, typed=False)
        fields = c.asked_root(root)
        if not fields:  # every act is skipped
            return Completed(root.name)
        try:
            return act_of(c, fields)
        except NotCompilable:
            return Completed(f"{root.name}.{fields[0].name}")

    # --- plans ----------------------------------------------------------------------------------------------

    def plan(self, request: Request) -> Plan | Completed:
        """Out: the plan of a request, for a profile and a shape of variables; or why graphql-core must complete it."""
        return self.found(request, "whole", lambda: self._compiled(request, typed=False))

    def compiler(self, request: Request, *, typed: bool) -> Compiler:
        """Out: a compilation about to start. It is given the shape of the variables, never their values."""
        shaped = VariableValues(request.variables.sources, dict(request.shape))
        profil, operation, fragments = (
            request.viewer.profil,
            request.operation.node,
            request.document.fragments,
        )
        grounds, pieces = self._grounds(profil), Pieces(self.pieces)
        held = profil, operation, fragments, shaped, grounds, pieces
        return Compiler(self.schema, self.policy, *held, self.limits, typed)

    def _grounds(self, profil: str) -> Grounds:
        if profil not in self.grounds:
            self.grounds[profil] = Grounds(lambda model: self.policy.condition(profil, "lire", model))
        return self.grounds[profil]

    def found(self, request: Request, part: str, make: Callable[[], Made]) -> Made:
        """Out: a plan that is kept, or made now and kept; and what it cost to make is noted."""

        def timed() -> Made:
            begun = perf_counter()
            try:
                return make()
            finally:
                passed, measured = perf_counter() - begun, request.measured
                self.spent.compilations += 1
                self.spent.compiling += passed
                measured.plan_trouve = False
                measured.compilation_ms = round(measured.compilation_ms + passed * 1000, 2)

        kept: Made = self.plans.get_or(request.key(part), timed, self.weigh)
        return kept

    def _compiled(self, request: Request, *, typed: bool) -> Plan | Completed:
        """`typed`: the plan of what is in the tables, for graphql-core to complete the rest."""
        root = self.schema.get_root_type(request.operation.kind)
        assert root is not None  # the document is valid
        c = self.compiler(request, typed=typed)
        fields = c.asked_root(root)
        if request.operation.kind is not OperationType.QUERY:
            return Completed(".".join([root.name, *(field.name for field in fields[:1])]))
        if typed and not any(field.source for field in fields):
            return Completed(root.name)  # nothing to read: introspection alone, for instance
        try:
            return plan_of(c.statement(root, fields), c)
        except NotCompilable as why:
            return Completed(str(why))

    @staticmethod
    def weigh(plan: Plan | Completed | Act) -> int:
        """Out: what a plan weighs in the cache, in characters."""
        plan = plan.plan if isinstance(plan, Act) else plan
        return len(plan.sql) + 1000 if isinstance(plan, Plan) else 100

    # --- the statement --------------------------------------------------------------------------------------

    async def run(self, plan: Plan, request: Request, written: Mapping[str, Any] | None = None) -> bytes:
        """Send the one statement. Out: the answer as PostgreSQL wrote it. Raises GraphQLError.

        `written`: the keys of rows that a mutation has just written, by the name of their bind.
        """
        given = plan.given(request.variables)
        if (cost := plan.cost(given)) > self.limits.nodes:
            raise too_complex("nombre d'objets", self.limits.nodes, cost)
        values = plan.values({**given, **request.told(plan.named), **(written or {})})
        pool = self.fresh if request.operation.kind is OperationType.MUTATION else self.pool
        begun = perf_counter()
        try:
            async with self.long if plan.is_long else FREE, pool.acquire() as connection:
                found = await fetched(connection, plan, values)
        except asyncpg.QueryCanceledError:
            raise timed_out() from None
        except UNREADABLE as error:
            raise bad_input("Une valeur donnée n'est pas de celles que la base accepte.") from error
        except PANNES as lost:
            found = await again(lost, pool, lambda connection: fetched(connection, plan, values))
        finally:
            passed = perf_counter() - begun
            self.spent.statements += 1
            self.spent.reading += passed
            request.measured.base_ms = round(request.measured.base_ms + passed * 1000, 2)
        if plan.traced:
            found = await self._witnessed(found, request)
        self._weighed(found, request.measured)
        return found

    async def _witnessed(self, found: bytes, request: Request) -> bytes:
        """Out: the answer without the marks of the rows that it shows, which are kept first."""
        found, marks = lifted(found)
        if marks and self.witness is not None:
            await self.witness.note(request.viewer, marks, request.moment)
        return found

    def _weighed(self, found: bytes, measured: Measured) -> None:
        """Note how much was read."""
        objects, size = objects_in(found), len(found)
        measured.objets += objects
        measured.octets += size
        self.spent.objects += objects
        self.spent.bytes += size

    # --- completion -----------------------------------------------------------------------------------------

    async def _complete(self, request: Request, context: Any, cause: str, *middleware: Any) -> Answer:
        """graphql-core executes over what one statement read; the field that has no source is told."""
        self.completed[cause] += 1
        request.measured.completee = cause
        plan = self.found(request, "tables", lambda: self._compiled(request, typed=True))
        read = orjson.loads(await self.run(plan, request))["data"] if isinstance(plan, Plan) else {}
        result = execute(
            self.schema,
            request.document.node,
            root_value=read,
            context_value=self.attach(request, context),
            variable_values=dict(request.given),
            operation_name=request.name,
            middleware=middleware or None,
            executor_class=self.strawberry.execution_context_class,
        )
        result = result if not hasattr(result, "__await__") else await result
        return answer([masked(error) for error in result.errors or ()], result.data)

    def attach(self, request: Request, context: Any = None, act: Act | None = None) -> Any:
        """Out: the context, whose `reader` reads for this request, or answers this act."""
        context = (
            context if context is not None else SimpleNamespace(viewer=request.viewer, moment=request.moment)
        )
        context.reader = Completion(self, request, act)
        return context


def objects_in(found: bytes) -> int:
    """Out: how many JSON objects PostgreSQL wrote, by their opening braces.

    Of a long answer one byte in `SAMPLE` is looked at: counting them all takes Python as long as choosing the plan.
    """
    if len(found) <= SHORT:
        return found.count(b"{")
    return found[::SAMPLE].count(b"{") * SAMPLE


async def fetched(connection: Any, plan: Plan, values: Sequence[Any]) -> bytes:
    """Out: the one value of a statement.

    What is asked for the first time is not kept prepared: PostgreSQL would hold some 0.2 MB for each document that a
    client makes up.
    """
    plan.asked += 1
    begun = perf_counter()
    try:
        if plan.asked == 1:
            once = await connection.prepare(plan.sql, name="")  # unnamed: the next one takes its place
            first: bytes = await once.fetchval(*values)
            return first
        again: bytes = await connection.fetchval(plan.sql, *values)
        return again
    finally:
        plan.took(perf_counter() - begun)
