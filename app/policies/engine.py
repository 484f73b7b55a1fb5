"""The only place that runs Oso: sources go in, what Polar leaves of a rule comes out.

Oso does one thing here: evaluate a rule with a symbolic actor and an unknown resource. Which rules a result went
through is known because each begins with `regle("…")`, which Polar enters, and leaves when it goes back.

A policy has hundreds of clauses named `allow`, and Polar tries each of them at each call. So it reads them under names
of their own, to be asked one by one; what calls `allow` from a body comes to them through one rule a word and resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, TypeAlias

from oso import Oso, OsoError, Variable
from polar.expression import Expression, Pattern
from polar.ffi import PolarSource
from sqlalchemy import inspect

from .errors import CompileError
from .schema import Schema, python_type
from .sources import TYPED, Clause, bare, clauses
from .symbolic import ACTORS, Systeme, Utilisateur, Visiteur

RESOURCE, FIELD = Variable("resource"), Variable("field")
MARK = "regle(id) if _ in _marques.entrer(id)"
_NAMED = re.compile(r"\b(?:allow|interdit|allow_field|regle)(?=\s*\()")
_AMONG = re.compile(r"\b(\w+)\.profil\s+in\s+(\[[^\[\]]*\])")
Edit: TypeAlias = "tuple[int, int, str]"


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
class Grant:
    """A clause that grants or takes back: the word and the model that its head names, None where it names none."""

    clause: Clause
    word: str | None
    model: Any

    def may_say(self, rule: str, word: str, model: Any) -> bool:
        """False only where the head names another rule, another word or another model."""
        return (
            self.clause.name == rule
            and self.word in (None, word)
            and (self.model is None or issubclass(model, self.model))
        )


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
        self.marks, self.grants = Marks(), _grants(sources, schema)
        self.oso = Oso()
        for known in (Visiteur, Utilisateur, Systeme, *schema.by_name.values()):
            self.oso.register_class(known)
        self.oso.register_constant(self.marks, "_marques")
        self.oso.host.get_field = partial(_type_of_field, schema)
        try:
            self.oso._load_sources(
                [PolarSource(text, name) for name, text in _loadable(sources, self.grants)]
            )
        except OsoError as refusal:
            raise CompileError(f"Polar refuse la politique : {_plainly(refusal)}") from refusal

    def permissions(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Out: what the policy declares by `permissions("Resource", ["…"]);`."""
        for found in self._asked("permissions", (Variable("model"), Variable("names"))):
            yield found["bindings"]["model"], tuple(found["bindings"]["names"])

    def granting(self, rule: str, word: str, model: Any) -> list[str]:
        """Out: the names of the clauses of a rule that may say something of a word and a model."""
        return [name for name, grant in self.grants.items() if grant.may_say(rule, word, model)]

    def ask(self, clause: str, arguments: tuple[Any, ...], model: Any) -> Iterator[Raw]:
        """Evaluate a clause, by its name, about any resource of a model. Yields each way to satisfy it."""
        self.marks.entered.clear()
        typed = Expression("Isa", [RESOURCE, Pattern(model.__name__, {})])
        bindings = {RESOURCE: Expression("And", [typed])}
        for found in self._asked(clause, arguments, bindings=bindings, accept_expression=True):
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


def _grants(sources: Mapping[str, str], schema: Schema) -> dict[str, Grant]:
    """Out: the clauses that grant or take back, each by a name of its own."""
    granting = [clause for clause in clauses(sources) if clause.grants]
    return {f"_{c.name}_{number}": _grant(c, schema) for number, c in enumerate(granting)}


def _grant(clause: Clause, schema: Schema) -> Grant:
    _, said, resource, *_ = [*clause.parameters(), "", "", ""]
    word = re.fullmatch(r'"([^"\\]*)"', said)
    typed = TYPED.fullmatch(resource)
    return Grant(clause, word and word[1], typed and schema.by_name.get(typed[2]))


def _loadable(sources: Mapping[str, str], grants: Mapping[str, Grant]) -> Iterator[tuple[str, str]]:
    """Out: copies in ASCII, line for line, but for the edits; and the clauses by which a body calls what grants."""
    names = {grant.clause: name for name, grant in grants.items()}
    for file, text in sources.items():
        yield file, ascii_copy(_edited(text, [*_names(file, text, names), *_among(file, text)]))
    yield "appels", "\n".join(_calls(grants))


def _names(file: str, source: str, names: Mapping[Clause, str]) -> Iterator[Edit]:
    """Out: where clauses that grant take their own names, and where the fact `regle(_id)` becomes a rule that marks."""
    for clause, (head, *_) in _by_clause(_NAMED, file, source):
        if clause in names:
            yield head.start(), head.end(), names[clause]
        elif clause.name == "regle":
            yield head.start(), head.start() + len(clause.text), MARK


def _among(file: str, source: str) -> Iterator[Edit]:
    """Out: where `u.profil in […]`, which Polar would ask word by word, becomes one question to the actor."""
    for clause, places in _by_clause(_AMONG, file, source):
        for found in places:
            if found[1] in clause.typed(ACTORS):
                words = source[found.start(2) : found.end(2)]
                yield found.start(), found.end(), f"{found[1]}.profil_parmi({words})"


def _by_clause(
    pattern: re.Pattern[str], file: str, source: str
) -> Iterator[tuple[Clause, list[re.Match[str]]]]:
    """Out: the clauses where a pattern is found, and its places in the source."""
    found = pattern.finditer(bare(source))
    for clause in clauses({file: source}):
        if places := list(islice(found, len(pattern.findall(clause.code)))):
            yield clause, places


def _edited(source: str, edits: list[Edit]) -> str:
    copy, end = "", 0
    for start, stop, new in sorted(edits):
        copy += source[end:start] + new
        end = stop
    return copy + source[end:]


def _calls(grants: Mapping[str, Grant]) -> Iterator[str]:
    """Out: for each rule, word and resource, the clause by which a body that calls it comes to what grants."""
    groups: dict[str, list[str]] = {}
    for name, grant in grants.items():
        given = [f"_{place}" for place in range(len(grant.clause.parameters()))]
        typed = list(given)
        if grant.word is not None:
            given[1] = typed[1] = f'"{grant.word}"'
        if grant.model is not None:
            typed[2] += f": {grant.model.__name__}"
        head = f"{grant.clause.name}({', '.join(typed)})"
        groups.setdefault(head, []).append(f"{name}({', '.join(given)})")
    for head, ways in groups.items():
        yield f"{head} if {' or '.join(ways)};"


def _type_of_field(schema: Schema, model: type, name: str) -> Any:
    """What Polar needs to choose among typed rules: for it, a to-many relation is one of its elements."""
    mapper: Any = inspect(model)
    if name in mapper.relationships:
        return mapper.relationships[name].mapper.class_
    return python_type(schema.column(model, (name,)))


def _plainly(refusal: Exception) -> str:
    """Out: what Polar says, of the policy as it is written, without its advertisement."""
    said = re.sub(r"\s*Get help with Oso.*", "", str(refusal), flags=re.DOTALL).strip()
    said = re.sub(r"\b_(allow|interdit|allow_field)_\d+\b", r"\1", said)
    return re.sub(r"\.profil_parmi\((\[[^\[\]]*\])\)", r".profil in \1", said)
