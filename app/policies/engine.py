"""The only place that runs Oso: sources go in, what Polar leaves of a rule comes out.

Oso does one thing here: evaluate a rule with a symbolic actor and an unknown resource. Which rules a result went
through is known because each begins with `regle("…")`, which Polar enters, and leaves when it goes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from oso import Oso, OsoError, Variable
from polar.expression import Expression, Pattern
from polar.ffi import PolarSource
from sqlalchemy import inspect

from .errors import CompileError
from .schema import Schema, python_type
from .sources import clauses
from .symbolic import Systeme, Utilisateur, Visiteur

RESOURCE, FIELD = Variable("resource"), Variable("field")
MARK = "regle(id) if _ in _marques.entrer(id);"


@dataclass
class Marks:
    """The rules that Polar is in, outermost first: it asks for a second entry when it goes back, and leaves."""

    entered: list[str] = field(default_factory=list)

    def entrer(self, rule: str) -> Iterator[bool]:
        """Enter a rule, once; leave it when asked again."""
        self.entered.append(rule)
        yield True
        self.entered.pop()


@dataclass(frozen=True)
class Raw:
    """One way to satisfy a rule, as Polar says it: the rules it went through, the resource, the field if any."""

    rules: tuple[str, ...]
    resource: Any
    field: Any


class Engine:
    """A policy, loaded."""

    def __init__(self, sources: Mapping[str, str], schema: Schema) -> None:
        """In: sources by file name, the models. Raises CompileError if Polar does not read them."""
        self.marks = Marks()
        self.oso = Oso()
        for known in (Visiteur, Utilisateur, Systeme, *schema.by_name.values()):
            self.oso.register_class(known)
        self.oso.register_constant(self.marks, "_marques")
        self.oso.host.get_field = partial(_type_of_field, schema)
        try:
            self.oso._load_sources([PolarSource(text, name) for name, text in _loadable(sources).items()])
        except OsoError as refusal:
            raise CompileError(f"Polar refuse la politique : {_plainly(refusal)}") from refusal

    def permissions(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Out: what the policy declares by `permissions("Resource", ["…"]);`."""
        for found in self._asked("permissions", (Variable("model"), Variable("names"))):
            yield found["bindings"]["model"], tuple(found["bindings"]["names"])

    def ask(self, rule: str, arguments: tuple[Any, ...], model: Any) -> Iterator[Raw]:
        """Evaluate a rule about any resource of a model. Yields each way to satisfy it."""
        self.marks.entered.clear()
        typed = Expression("Isa", [RESOURCE, Pattern(model.__name__, {})])
        bindings = {RESOURCE: Expression("And", [typed])}
        for found in self._asked(rule, arguments, bindings=bindings, accept_expression=True):
            said = found["bindings"]
            yield Raw(tuple(self.marks.entered), said[RESOURCE], said.get(FIELD))

    def _asked(self, rule: str, arguments: tuple[Any, ...], **options: Any) -> Iterator[Any]:
        try:
            yield from self.oso.query_rule(rule, *arguments, **options)
        except OsoError as refusal:
            if "undefined rule" not in str(refusal):
                raise CompileError(_plainly(refusal)) from refusal


def ascii_copy(text: str) -> str:
    """Out: the text with one `?` for each accent: oso 0.27 aborts the process when an error follows accents."""
    return "".join(c if c.isascii() else "?" for c in text)


def _loadable(sources: Mapping[str, str]) -> dict[str, str]:
    """Out: copies in ASCII, line for line, where the fact `regle(_id);` has become the rule that marks."""
    copies = {name: ascii_copy(text) for name, text in sources.items()}
    for clause in clauses(copies):
        if clause.name == "regle":
            copies[clause.file] = copies[clause.file].replace(f"{clause.text};", MARK, 1)
    return copies


def _type_of_field(schema: Schema, model: type, name: str) -> Any:
    """What Polar needs to choose among typed rules: for it, a to-many relation is one of its elements."""
    mapper: Any = inspect(model)
    if name in mapper.relationships:
        return mapper.relationships[name].mapper.class_
    return python_type(schema.column(model, (name,)))


def _plainly(refusal: Exception) -> str:
    """Out: what Polar says, without its advertisement."""
    return re.sub(r"\s*Get help with Oso.*", "", str(refusal), flags=re.DOTALL).strip()
