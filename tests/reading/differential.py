"""One request, answered twice: compiled to SQL, and executed by graphql-core over rows in memory."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from graphql import ExecutionResult, get_named_type, is_object_type, parse, validate
from graphql.execution import execute

from app.reading.asked import source_of
from app.reading.errors import Refused
from app.reading.reader import Reader
from app.reading.requests import Request
from tests.reading.documents import Document
from tests.reading.eyes import Eyes
from tests.reading.passing import Twins
from tests.reading.reference import Reference


@dataclass
class Confrontation:
    """Compares both answers, and counts what was compared."""

    reader: Reader
    twins: Twins
    moment: datetime
    counted: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)  # the fields that were there, and not null

    async def compare(self, world: Any, viewer: Any, document: Document) -> str | None:
        """Out: what differs, None if nothing does, or if the document is not valid."""
        try:
            request = self.reader.request(viewer, *document, self.moment)
        except Refused:
            assert validate(self.reader.schema, parse(document.text)), document
            self.counted["invalid"] += 1
            return None
        wanted = json.dumps({"data": self.executed(world, request)})
        answer = await self.reader.execute(viewer, *document, self.moment)
        if told(answer) == told(wanted):
            self.count(json.loads(wanted)["data"])
            return None
        where = difference(json.loads(told(answer)), json.loads(told(wanted)))
        return f"{where}\n{viewer}\n{document.text}\n{document.variables}\n{document.operation}"

    def executed(self, world: Any, request: Request) -> Any:
        """Out: what graphql-core says, without a word of SQL."""
        eyes = Eyes(self.reader.policy, request.viewer.profil, request.values)
        reference = Reference(world, eyes, self.twins, self.seen)
        result = execute(
            self.reader.schema,
            request.document.node,
            context_value=SimpleNamespace(viewer=request.viewer, reader=reference),
            variable_values=dict(request.given),
            operation_name=request.name,
            executor_class=self.reader.strawberry.execution_context_class,
        )
        assert isinstance(result, ExecutionResult)  # nothing in memory is awaited
        assert not result.errors, (request.document.node.loc, result.errors)
        return result.data

    def unseen(self) -> list[str]:
        """Out: the fields that the readings of the schema reach, and that never were there, or always null."""
        return sorted(reachable(self.reader.schema.query_type) - self.seen)

    def count(self, data: Any) -> None:
        self.counted["equal"] += 1
        self.counted["leaves"] += leaves(data)
        self.counted["not null"] += leaves(data, full=True)


def reachable(root: Any) -> set[str]:
    """Out: the fields of the objects that lead from a type to tables, as `Type.field`."""
    found: set[str] = set()
    queue, done = [root], {root}
    while queue:
        type_ = queue.pop()
        for name, definition in type_.fields.items():
            inner = get_named_type(definition.type)
            if source_of(definition) is not None:
                found.add(f"{type_.name}.{name}")
                if is_object_type(inner) and inner not in done:
                    done.add(inner)
                    queue.append(inner)
    return found


def leaves(value: Any, *, full: bool = False) -> int:
    if isinstance(value, dict | list):
        return sum(leaves(v, full=full) for v in (value.values() if isinstance(value, dict) else value))
    return int(value is not None or not full)


def told(answer: str | bytes) -> str:
    """Out: an answer as text, its keys in their order; 50 and 50.0 are one number of JSON."""
    return json.dumps(json.loads(answer, parse_int=float))


def difference(compiled: Any, executed: Any, path: str = "") -> str:
    """Out: the first place where two answers differ, and what each says there."""
    if isinstance(compiled, dict) and isinstance(executed, dict) and list(compiled) == list(executed):
        pairs = [(f"{path}.{key}", compiled[key], executed[key]) for key in compiled]
    elif isinstance(compiled, list) and isinstance(executed, list) and len(compiled) == len(executed):
        pairs = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(compiled, executed, strict=True))]
    else:
        return f"{path}\ncompiled: {json.dumps(compiled)[:300]}\nexecuted: {json.dumps(executed)[:300]}"
    return next(difference(a, b, where) for where, a, b in pairs if json.dumps(a) != json.dumps(b))
