"""What a policy may not contain, and what it must say. Each problem has a place and a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .schema import Schema
from .sources import Clause, bare, clauses, declared
from .symbolic import ACTORS
from .viewer import ANONYME, DROITS, SCOPES

BANNED = ("not", "cut", "forall")  # unsound under partial evaluation: a misspelt field under `not` grants
VERBS = ("lire", "modifier")
WORDS = frozenset({ANONYME, *DROITS, *SCOPES})
WIDTH = 100
_BANNED = re.compile(rf"\b({'|'.join(BANNED)})\b")
_CITED = re.compile(r"\b(R-\d{3}|C-\d{2}|INV-\d+)\b")
_SECOND_SENTENCE = re.compile(r"[.!?]\s+[A-ZÀ-Ý]")
_PROFIL = re.compile(r'\.profil\s*(?:=|!=|in)\s*("[^"]*"|\[[^\]]*\])')
_CALL = re.compile(r'\b(?:allow|interdit)\(\s*\w+\s*,\s*"([^"]*)"')
_MARK = re.compile(r'regle\(\s*"([^"]*)"\s*\)')


@dataclass(frozen=True, order=True)
class Problem:
    """Something to correct, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} : {self.message}"


@dataclass
class Policy:
    """The text of a policy, and what it is checked against."""

    sources: Mapping[str, str]
    schema: Schema

    def __post_init__(self) -> None:
        """Read the clauses once."""
        self.clauses = clauses(self.sources)
        self.permissions = declared(self.clauses)


def lint(sources: Mapping[str, str], schema: Schema) -> list[Problem]:
    """In: sources by file name, the models. Out: what the text alone shows to be wrong, in order."""
    policy = Policy(sources, schema)
    found = {problem for check in CHECKS for problem in check(policy)}
    return sorted(found)


def _lines(policy: Policy) -> Iterator[Problem]:
    for name, source in policy.sources.items():
        for number, line in enumerate(source.split("\n"), 1):
            if len(line) > WIDTH:
                yield Problem(name, number, f"ligne de {len(line)} caractères : {WIDTH} au plus")


def _banned(policy: Policy) -> Iterator[Problem]:
    for name, source in policy.sources.items():
        for number, line in enumerate(bare(source).split("\n"), 1):
            for found in _BANNED.finditer(line):
                yield Problem(
                    name, number, f"« {found[1]} » est interdit : écrire une règle interdit(…) ou !="
                )


def _ascii(policy: Policy) -> Iterator[Problem]:
    for name, source in policy.sources.items():
        for number, line in enumerate(source.split("\n"), 1):
            code = _without_comment(line)
            if not code.isascii():
                odd = next(c for c in code if not c.isascii())
                yield Problem(name, number, f"« {odd} » hors d'un commentaire : le code est en ASCII")


def _without_comment(line: str) -> str:
    return re.sub(r'("(?:[^"\\]|\\.)*")|#.*', lambda m: m[1] or "", line)


def _marks(policy: Policy) -> Iterator[Problem]:
    seen: dict[str, Clause] = {}
    for clause in policy.clauses:
        if clause.grants and not clause.mark:
            yield _at(clause, f"une règle {clause.name} commence par regle(« identifiant »)")
        elif not clause.grants and "regle(" in clause.body:
            yield _at(clause, "regle(…) est réservé à allow, interdit et allow_field")
        elif clause.mark and clause.mark in seen:
            first = seen[clause.mark]
            yield _at(clause, f"l'identifiant {clause.mark} sert déjà en {first.file}:{first.line}")
        elif clause.mark:
            seen[clause.mark] = clause


def _comments(policy: Policy) -> Iterator[Problem]:
    for clause in policy.clauses:
        if clause.grants:
            yield from (_at(clause, message) for message in _wrong_comment(clause.comment))


def _wrong_comment(comment: str) -> Iterator[str]:
    if not comment:
        yield "une phrase au-dessus de la règle dit ce qu'elle accorde"
    elif not comment.endswith("."):
        yield "le commentaire de la règle est une phrase, qui finit par un point"
    elif _SECOND_SENTENCE.search(comment):
        yield "le commentaire de la règle est une seule phrase"
    if comment and not _CITED.search(comment):
        yield "le commentaire de la règle cite sa source : R-…, C-… ou INV-…"


def _resources(policy: Policy) -> Iterator[Problem]:
    for clause in policy.clauses:
        for name in clause.types():
            if name not in policy.schema.by_name and name not in ACTORS:
                yield _at(clause, f"ressource inconnue : {name}")
        if clause.name == "permissions":
            yield from _wrong_declaration(clause, policy)


def _wrong_declaration(clause: Clause, policy: Policy) -> Iterator[Problem]:
    resource, *names = clause.words or [""]
    if resource not in policy.schema.by_name:
        yield _at(clause, f"permissions d'une ressource inconnue : {resource}")
    for name in {n for n in names if names.count(n) > 1}:
        yield _at(clause, f"permission déclarée deux fois : {resource}.{name}")


def _permissions(policy: Policy) -> Iterator[Problem]:
    known = {name for names in policy.permissions.values() for name in names}
    for clause in policy.clauses:
        if clause.name in ("allow", "interdit"):
            yield from _undeclared(clause, policy)
        if clause.name == "allow_field" and clause.words and clause.words[0] not in VERBS:
            yield _at(clause, f"allow_field connaît lire et modifier, pas {clause.words[0]}")
        for call in _CALL.finditer(clause.body):
            if call[1] not in known:
                yield _at(clause, f"permission inconnue : {call[1]}")


def _undeclared(clause: Clause, policy: Policy) -> Iterator[Problem]:
    resource = next((t for t in clause.types() if t not in ACTORS), None)
    if resource is None:
        yield _at(clause, "la ressource de la règle n'a pas de type")
        return
    if not (granted := clause.permissions()):
        yield _at(clause, "les permissions de la règle : un mot, ou « acte in […] » après regle(…)")
    for name in granted:
        if name not in policy.permissions.get(resource, ()):
            yield _at(clause, f"permission non déclarée : {resource}.{name}")


def _profiles(policy: Policy) -> Iterator[Problem]:
    for clause in policy.clauses:
        for found in _PROFIL.finditer(clause.text):
            for word in re.findall(r'"([^"]*)"', found[1]):
                if word not in WORDS:
                    yield Problem(clause.file, clause.line_at(found.start()), f"profil inconnu : {word}")


def _actors(policy: Policy) -> Iterator[Problem]:
    for clause in policy.clauses:
        if clause.grants and not set(clause.types()) & set(ACTORS):
            yield _at(clause, "l'acteur de la règle est un Visiteur ou un Utilisateur, ou le Systeme")


def _at(clause: Clause, message: str) -> Problem:
    return Problem(clause.file, clause.line, message)


CHECKS: tuple[Callable[[Policy], Iterator[Problem]], ...] = (
    _lines,
    _banned,
    _ascii,
    _marks,
    _comments,
    _resources,
    _permissions,
    _profiles,
    _actors,
)
