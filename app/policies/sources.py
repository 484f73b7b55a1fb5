"""Polar sources as text: clauses with their place, their comment and their bare code. No oso here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

GRANTS = ("allow", "interdit", "allow_field")
_TOKEN = re.compile(r'(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<comment>#[^\n]*)|(?P<end>;)', re.DOTALL)
_HEAD = re.compile(r"\s*([a-zA-Z_]\w*)\s*\(")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_MARK = re.compile(r'regle\(\s*"([^"]*)"\s*\)')
_LISTED = re.compile(r'regle\(\s*"[^"]*"\s*\)\s+and\s+(\w+)\s+in\s+\[([^\[\]]*)\]')
_NAMED = re.compile(r'permissions\(\s*"([^"]*)"\s*,\s*\[([^\]]*)\]')
TYPED = re.compile(r"(\w+)\s*:\s*(\w+)")


@dataclass(frozen=True)
class Clause:
    """A rule or a fact: where it begins, the comment just above, its text without comments, its code without strings."""

    file: str
    line: int
    comment: str
    text: str
    code: str

    @property
    def name(self) -> str:
        """The predicate that the clause defines."""
        found = _HEAD.match(self.text)
        return found[1] if found else ""

    @property
    def head(self) -> str:
        """The clause up to its `if`."""
        return self.text[: self._if()]

    @property
    def body(self) -> str:
        """The clause after its `if`; empty for a fact."""
        return self.text[self._if() :].removeprefix("if").strip()

    def _if(self) -> int:
        found = re.search(r"\bif\b", self.code)
        return found.start() if found else len(self.text)

    @property
    def grants(self) -> bool:
        """True for the clauses that grant or take back."""
        return self.name in GRANTS

    @property
    def mark(self) -> str | None:
        """The id of the rule, if its body begins with it."""
        found = _MARK.match(self.body)
        return found[1] if found else None

    @property
    def words(self) -> list[str]:
        """The strings of the head, in order: the permission or the verb, then a field."""
        return _STRING.findall(self.head)

    def parameters(self) -> list[str]:
        """Out: the text of each parameter of the head, in order: what it is called, what it is typed with."""
        found: list[str] = []
        depth, start = 0, self.code.find("(") + 1
        for place, letter in enumerate(self.code[start : len(self.head)], start):
            depth += (letter in "([{") - (letter in ")]}")
            if depth < 0 or (letter == "," and depth == 0):
                found.append(self.text[start:place].strip())
                start = place + 1
            if depth < 0:
                break
        return found

    def permissions(self) -> list[str]:
        """Out: the permissions that a grant speaks of: the word of its head, or each of the list that its name is in.

        A name that is in no list would speak of every permission, those to come included: it has none here.
        """
        _, said, *_ = [*self.parameters(), "", ""]
        if word := _STRING.fullmatch(said):
            return [word[1]]
        if not re.fullmatch(r"[a-z]\w*", said):
            return []
        listed = _LISTED.match(self.body)
        alone = listed and listed[1] == said and not re.search(r"\bor\b", self.code)
        return _STRING.findall(listed[2]) if listed and alone else []

    def typed(self, classes: Collection[str]) -> set[str]:
        """Out: the parameters of the head that are of one of these classes."""
        found = map(TYPED.fullmatch, self.parameters())
        return {match[1] for match in found if match and match[2] in classes}

    def types(self) -> list[str]:
        """The classes that the parameters of the head are typed with, in order."""
        return re.findall(r":\s*([A-Za-z_]\w*)", self.code[: len(self.head)])

    def strings(self) -> Iterator[tuple[str, int]]:
        """Out: each string and its line."""
        for found in _STRING.finditer(self.text):
            yield found[1], self.line_at(found.start())

    def line_at(self, offset: int) -> int:
        """Out: the line of a place of the text."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass
class _Reader:
    """Walks through a source, and lets comments, strings and semicolons take part."""

    file: str
    source: str
    start: int = 0
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    def clauses(self) -> Iterator[Clause]:
        position = 0
        for token in _TOKEN.finditer(self.source):
            self._add(self.source[position : token.start()])
            position = token.end()
            if token["comment"] is not None:
                self._add("")
            elif token["string"] is not None:
                self._add(token[0], '"' + " " * (len(token[0]) - 2) + '"')
            else:
                yield self._close(position)

    def _add(self, text: str, code: str | None = None) -> None:
        self.text.append(text)
        self.code.append(text if code is None else code)

    def _close(self, position: int) -> Clause:
        text, code = "".join(self.text), "".join(self.code)
        blank = len(text) - len(text.lstrip())
        line = self.source.count("\n", 0, self.start) + text.count("\n", 0, blank) + 1
        self.start, self.text, self.code = position, [], []
        return Clause(self.file, line, _comment_above(self.source, line), text[blank:], code[blank:])


def _comment_above(source: str, line: int) -> str:
    """Out: the lines of comment that end just above a line, as one text."""
    above: list[str] = []
    for text in reversed(source.split("\n")[: line - 1]):
        if not text.startswith("#") or text.startswith("# ---"):
            break
        above.append(text.lstrip("# ").strip())
    return " ".join(reversed(above))


def clauses(sources: Mapping[str, str]) -> list[Clause]:
    """In: sources by file name. Out: their clauses, in order."""
    return [clause for name, text in sorted(sources.items()) for clause in _Reader(name, text).clauses()]


def declared(found: list[Clause]) -> dict[str, tuple[str, ...]]:
    """Out: the permissions of each resource, as the text declares them."""
    said = (_NAMED.match(clause.text) for clause in found)
    return {match[1]: tuple(_STRING.findall(match[2])) for match in said if match}


def bare(source: str) -> str:
    """Out: a source of the same shape, its comments and strings emptied."""
    return _TOKEN.sub(_emptied, source)


def _emptied(token: re.Match[str]) -> str:
    if token["end"]:
        return ";"
    return '"' + " " * (len(token[0]) - 2) + '"' if token["string"] else " " * len(token[0])
