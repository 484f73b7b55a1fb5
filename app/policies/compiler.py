"""Polar, once: every profile and permission becomes a condition. Nothing here runs while the server decides.

Oso does one thing: evaluate `allow`, `interdit` and `allow_field` with a symbolic actor and an unknown resource.
Its trace says which rule each result comes from, because each rule begins with `regle("…")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from oso import Oso, OsoError, Variable
from polar.expression import Expression, Pattern
from polar.ffi import PolarSource, ffi_serialize, lib
from polar.ffi import Query as FfiQuery
from polar.predicate import Predicate
from polar.query import Query
from sqlalchemy import inspect

from app.kit.conditions import Condition, any_of

from .compiled import Cell, CellKey, Compiled, FieldKey, Rules
from .errors import CompileError
from .lock import digest
from .schema import Schema, columns, python_type
from .symbolic import Answers, Utilisateur, Visiteur, actor
from .translate import translate
from .viewer import PROFILS

K = TypeVar("K")
V = TypeVar("V")
VERBS = ("lire", "modifier")
TRACED = 1
RESOURCE, FIELD = Variable("resource"), Variable("field")


def ascii_copy(text: str) -> str:
    """Out: the text with one `?` for each accent: oso 0.27 aborts the process when an error follows accents."""
    return "".join(c if c.isascii() else "?" for c in text)


def compile_policy(
    sources: Mapping[str, str], schema: Schema, profils: Iterable[str] = PROFILS
) -> tuple[Compiled, Compilation]:
    """In: sources by file name, the models, the profiles. Out: the policy, and what was seen on the way.

    Raises CompileError.
    """
    compilation = Compilation(sources, schema, list(profils))
    compiled = compilation.run()
    for fault in compilation.faults:
        raise fault
    return compiled, compilation


def _loaded(sources: Mapping[str, str], schema: Schema) -> Oso:
    oso = Oso()
    for cls in (Visiteur, Utilisateur):
        oso.register_class(cls)
    for model in schema.by_name.values():
        oso.register_class(model)
    oso.host.get_field = partial(_type_of_field, schema)
    try:
        oso._load_sources([PolarSource(ascii_copy(text), name) for name, text in sources.items()])
    except OsoError as refusal:
        raise CompileError(f"Polar refuse la politique : {_plainly(refusal)}") from refusal
    return oso


def _type_of_field(schema: Schema, model: type, name: str) -> Any:
    """What Polar needs to choose among typed rules: for it, a to-many relation is one of its elements."""
    mapper: Any = inspect(model)
    if name in mapper.relationships:
        return mapper.relationships[name].mapper.class_
    return python_type(schema.column(model, (name,)))


@dataclass
class Compilation:
    """A run of the compiler, and what it has seen on the way."""

    sources: Mapping[str, str]
    schema: Schema
    profils: list[str]
    reached: set[str] = field(default_factory=set)  # rule ids
    words: set[str] = field(default_factory=set)  # what profiles were compared with
    faults: list[CompileError] = field(default_factory=list)
    evaluations: int = 0

    def run(self) -> Compiled:
        """Out: the policy, but for what is in `faults`. Raises CompileError if Polar does not read it at all."""
        self.oso = _loaded(self.sources, self.schema)
        permissions = self.permissions()
        cells: dict[CellKey, Cell] = {}
        fields: dict[FieldKey, Cell] = {}
        for name, declared in permissions.items():
            model = self.schema.model(name)
            for permission in declared:
                cells |= self._or_fault(partial(self.cells, permission, model))
            for verb in VERBS:
                fields |= self._or_fault(partial(self.fields, verb, model))
        hashes = {name: digest(text) for name, text in self.sources.items()}
        guarded = frozenset((verb, name) for _, verb, name, _ in fields)
        return Compiled(hashes, permissions, cells, fields, guarded)

    def _or_fault(self, compiled: Callable[[], dict[K, Cell]]) -> dict[K, Cell]:
        try:
            return compiled()
        except CompileError as fault:
            self.faults.append(fault)
            return {}

    def permissions(self) -> dict[str, tuple[str, ...]]:
        """Out: what the policy declares by `permissions("Resource", ["…"]);`."""
        found: dict[str, tuple[str, ...]] = {}
        query = Predicate("permissions", (Variable("model"), Variable("names")))
        for result in self._asked(lambda: self.oso.query(query), "permissions"):
            name, names = result["bindings"]["model"], tuple(result["bindings"]["names"])
            if name in found:
                raise CompileError(f"les permissions de {name} sont déclarées deux fois")
            self.schema.model(name)
            found[name] = names
        return dict(sorted(found.items()))

    def cells(self, permission: str, model: Any) -> dict[CellKey, Cell]:
        """Out: the decisions of every profile on a permission; a profile that holds nothing has none."""
        granting = self.by_profile("allow", (permission, RESOURCE), model, _rules)
        denying = self.by_profile("interdit", (permission, RESOURCE), model, _rules)
        return {
            (profil, permission, model.__name__): Cell.of(granting[profil], denying[profil])
            for profil in self.profils
            if granting[profil]
        }

    def fields(self, verb: str, model: Any) -> dict[FieldKey, Cell]:
        """Out: the decisions of every profile on the columns of a model."""
        found = self.by_profile("allow_field", (verb, RESOURCE, FIELD), model, _rules_by_column)
        return {
            (profil, verb, model.__name__, column): Cell.of(rules)
            for profil in self.profils
            for column, rules in found[profil].items()
        }

    def by_profile(
        self, rule: str, rest: tuple[Any, ...], model: Any, gather: Callable[[list[Result], Any], V]
    ) -> dict[str, V]:
        """Out: for each profile, what the results of a rule give; Polar runs once for all that answer alike."""
        runs: list[tuple[Answers, V]] = []
        found: dict[str, V] = {}
        for profil in self.profils:
            served = next((given for answers, given in runs if answers.serve(profil)), None)
            if served is None:
                answers = Answers(profil)
                served = gather(list(self.results(rule, (actor(answers), *rest), model)), model)
                runs.append((answers, served))
                self.words |= answers.words()
            found[profil] = served
        return found

    def results(self, rule: str, arguments: tuple[Any, ...], model: Any) -> Iterator[Result]:
        """Evaluate a rule about any resource of a model. Yields each way to satisfy it."""
        self.evaluations += 1
        for raw in self._asked(lambda: self._traced(rule, arguments, model), f"{rule} de {model.__name__}"):
            rules = _marks(raw["trace"])
            self.reached |= set(rules)
            if not rules:
                raise CompileError(f"une règle {rule} de {model.__name__} doit commencer par regle(« … »)")
            yield self._result(raw["bindings"], rules[0], model)

    def _result(self, bindings: Mapping[str, Any], rule: str, model: Any) -> Result:
        try:
            condition = translate(bindings["resource"], model, self.schema)
        except CompileError as wrong:
            raise CompileError(f"règle {rule} : {wrong}") from wrong
        return Result(rule, condition, bindings.get("field"))

    def _traced(self, rule: str, arguments: tuple[Any, ...], model: Any) -> Iterator[Any]:
        """Oso's own query, with the trace that its Python side never asks for (the library is frozen: 0.27.3)."""
        host = self.oso.host.copy()
        host.set_accept_expression(True)
        polar = self.oso.ffi_polar
        term = ffi_serialize(host.to_polar(Predicate(rule, arguments)))
        pointer = lib.polar_new_query_from_term(polar.ptr, term, TRACED)
        polar.process_messages()
        typed = Expression("Isa", [RESOURCE, Pattern(model.__name__, {})])
        query = FfiQuery(polar.check_result(pointer))
        return Query(query, host=host, bindings={RESOURCE: Expression("And", [typed])}).run()

    def _asked(self, query: Callable[[], Iterator[Any]], about: str) -> Iterator[Any]:
        try:
            yield from query()
        except CompileError as wrong:
            said = str(wrong)
            raise CompileError(said if said.startswith("règle ") else f"{about} : {said}") from wrong
        except OsoError as refusal:
            if "undefined rule" not in str(refusal):
                raise CompileError(f"{about} : {_plainly(refusal)}") from refusal


def _plainly(refusal: Exception) -> str:
    """Out: what Polar says, without its advertisement."""
    return re.sub(r"\s*Get help with Oso.*", "", str(refusal), flags=re.DOTALL).strip()


@dataclass(frozen=True)
class Result:
    """One way to satisfy a rule: the rule, the condition, and the field it speaks of, if any."""

    rule: str
    condition: Condition
    field: Any = None


def _rules(results: list[Result], _model: Any) -> Rules:
    """Out: what each rule says, its ways joined."""
    by_rule: dict[str, list[Condition]] = {}
    for result in results:
        by_rule.setdefault(result.rule, []).append(result.condition)
    return tuple((rule, any_of(ways)) for rule, ways in sorted(by_rule.items()))


def _rules_by_column(results: list[Result], model: Any) -> dict[str, Rules]:
    """Out: what each rule says of each column; a rule that names no column speaks of all."""
    by_column: dict[str, list[Result]] = {}
    known = columns(model)
    for result in results:
        names = known if isinstance(result.field, Variable) else (result.field,)
        for name in names:
            if name not in known:
                raise CompileError(f"règle {result.rule} : champ inconnu : {model.__name__}.{name}")
            by_column.setdefault(name, []).append(result)
    return {name: _rules(found, model) for name, found in sorted(by_column.items())}


def _marks(trace: Any) -> list[str]:
    """Out: the rule ids that a result went through, outermost first, found in Polar's tree of calls."""
    found: list[str] = []
    waiting = [trace.get("trace", trace)]
    while waiting:
        node = waiting.pop()
        value = node["node"].get("Term", {}).get("value", {})
        call = value.get("Call", {}) if isinstance(value, dict) else {}
        if call.get("name") == "regle":
            mark = call["args"][0]["value"].get("String")
            if mark and mark not in found:
                found.append(mark)
        waiting.extend(reversed(node.get("children", ())))
    return found
