"""Polar, once: every profile and permission becomes a condition. Nothing here runs while the server decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from oso import Variable

from app.kit.conditions import Condition, any_of

from .compiled import Cell, CellKey, Compiled, FieldKey, Rules
from .engine import FIELD, RESOURCE, Engine, Raw
from .errors import CompileError
from .lock import digest
from .schema import Schema, columns
from .symbolic import Answers, actor
from .translate import translate
from .viewer import PROFILS

K = TypeVar("K")
V = TypeVar("V")
VERBS = ("lire", "modifier")


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


@dataclass(frozen=True)
class Result:
    """One way to satisfy a rule: the rule, the condition, and the field it speaks of, if any."""

    rule: str
    condition: Condition
    field: Any = None


@dataclass
class Asked:
    """A clause, asked about one permission and one model: once for all the profiles that answer Polar alike."""

    evaluate: Callable[[Answers], list[Result]]
    runs: list[tuple[Answers, list[Result]]] = field(default_factory=list)

    def for_profile(self, profil: str) -> list[Result]:
        """Out: the ways to satisfy it, the same list for profiles that answer alike."""
        for answers, results in self.runs:
            if answers.serve(profil):
                return results
        answers = Answers(profil)
        self.runs.append((answers, self.evaluate(answers)))
        return self.runs[-1][1]


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
        self.engine = Engine(self.sources, self.schema)
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
        """Out: the declared permissions of each resource. Raises CompileError if one is declared twice."""
        found: dict[str, tuple[str, ...]] = {}
        for name, names in self.engine.permissions():
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
        """Out: for each profile, what the results of a rule give; Polar runs each clause once for all that answer alike."""
        clauses = self.engine.granting(rule, rest[0], model)
        asked = [Asked(partial(self.results, clause, rest, model)) for clause in clauses]
        gathered: dict[tuple[int, ...], V] = {}
        found: dict[str, V] = {}
        for profil in self.profils:
            results = [clause.for_profile(profil) for clause in asked]
            alike = tuple(map(id, results))
            if alike not in gathered:
                gathered[alike] = gather(list(chain.from_iterable(results)), model)
            found[profil] = gathered[alike]
        return found

    def results(self, clause: str, rest: tuple[Any, ...], model: Any, answers: Answers) -> list[Result]:
        """Evaluate a clause about any resource of a model. Out: each way to satisfy it. Raises CompileError."""
        self.evaluations += 1
        try:
            found = self.engine.ask(clause, (actor(answers), *rest), model)
            return list(map(partial(self._result, model), found))
        except CompileError as wrong:
            said = str(wrong)
            about = (
                ""
                if said.startswith("règle ")
                else f"{self.engine.grants[clause].clause.name} de {model.__name__} : "
            )
            raise CompileError(about + said) from wrong
        finally:
            self.words |= answers.words()

    def _result(self, model: Any, raw: Raw) -> Result:
        self.reached |= set(raw.rules)
        if not raw.rules:
            raise CompileError("une règle doit commencer par regle(« … »)")
        try:
            return Result(raw.rules[0], translate(raw.resource, model, self.schema), raw.field)
        except CompileError as wrong:
            raise CompileError(f"règle {raw.rules[0]} : {wrong}") from wrong


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
