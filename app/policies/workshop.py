"""Checking and compiling a whole policy: the text first, then Polar, then what Polar has shown.

Oso may abort the process that it runs in: from the command line, this runs in a child (`python -m
app.policies.workshop folder out`), and what the child says is read from a file, because Polar prints its warnings.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .compiled import Compiled
from .errors import CompileError
from .lint import WORDS, Problem, lint
from .lock import FOLDER, dump, parse, read_sources
from .schema import Schema
from .sources import Clause, clauses
from .viewer import ACTEURS

_PLACE = re.compile(r"at line (\d+), column \d+ (?:of|in) file (\S+?)[:\s]")
_NAMED = re.compile(r"\b[A-Z]\w+\.(\w+)")
_RULE = re.compile(r"règle (\S+) : (.*)", re.DOTALL)
SECONDS = 120


@dataclass(frozen=True)
class Report:
    """What checking a policy has found; the compiled policy, if Polar could be read."""

    problems: tuple[Problem, ...]
    compiled: Compiled | None


def examine(sources: Mapping[str, str], schema: Schema) -> Report:
    """In: sources by file name, the models. Out: all that is wrong, and what they compile to. Runs Polar here."""
    from .compiler import Compilation  # needs oso, which not every machine has

    problems, found = lint(sources, schema), clauses(sources)
    compilation = Compilation(sources, schema, list(ACTEURS))
    try:
        compiled = compilation.run()
    except CompileError as wrong:
        return Report((*problems, _placed(str(wrong), found)), None)
    problems += [_placed(str(fault), found) for fault in compilation.faults]
    problems += _unknown_words(found, compilation.words)
    if compilation.faults:
        return Report(tuple(sorted(set(problems))), None)
    problems += _unreached(found, compilation.reached)
    problems += _never_granted(found, compiled)
    return Report(tuple(sorted(set(problems))), compiled)


def _placed(message: str, found: list[Clause]) -> Problem:
    """Out: a message of the compiler or of Polar, at the rule, the line or the field it speaks of."""
    if rule := _RULE.match(message):
        clause = next((c for c in found if c.mark == rule[1]), None)
        if clause:
            return Problem(clause.file, clause.line, message)
    if place := _PLACE.search(message):
        return Problem(place[2], int(place[1]), message)
    named = _NAMED.search(message)
    using = [(c, u) for c in found for u in (re.search(rf"\.{named[1]}\b", c.code) if named else None,) if u]
    if using:
        clause, use = using[0]
        return Problem(clause.file, clause.line_at(use.start()), message)
    return Problem("politique", 0, message)


def _unreached(found: list[Clause], reached: set[str]) -> Iterator[Problem]:
    for clause in found:
        if clause.mark and clause.mark not in reached:
            yield Problem(clause.file, clause.line, f"règle morte : aucun profil n'atteint {clause.mark}")


def _unknown_words(found: list[Clause], compared: set[str]) -> Iterator[Problem]:
    unknown = compared - WORDS
    for clause in found:
        for word, line in clause.strings():
            if word in unknown:
                yield Problem(clause.file, line, f"profil inconnu : {word}")


def _never_granted(found: list[Clause], compiled: Compiled) -> Iterator[Problem]:
    granted = {(model, permission) for _, permission, model in compiled.cells}
    for clause in found:
        if clause.name == "permissions":
            model, *names = clause.words
            for name in names:
                if (model, name) not in granted:
                    yield Problem(clause.file, clause.line, f"permission jamais accordée : {model}.{name}")


# --- in a child process ------------------------------------------------------------------------------------------


def examine_apart(folder: Path = FOLDER) -> Report:
    """The same about a folder and the models of the house, in a child process that may die."""
    if find_spec("oso") is None:
        return Report((Problem("politique", 0, "oso n'existe pas pour ce Python : compiler ailleurs"),), None)
    with tempfile.TemporaryDirectory() as room:
        out = Path(room) / "rapport.json"
        command = [sys.executable, "-m", "app.policies.workshop", str(folder), str(out)]
        done = subprocess.run(  # noqa: S603  # our own module, in our own interpreter
            command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=_home()
        )
        if not out.exists():
            last = (done.stderr.strip().splitlines() or ["sans un mot"])[-1]
            return Report(
                (Problem("politique", 0, f"le compilateur s'est arrêté ({done.returncode}) : {last}"),), None
            )
        said = json.loads(out.read_text(encoding="utf-8"))
    warnings = [
        Problem("politique", 0, f"Polar : {line}") for line in done.stdout.splitlines() if line.strip()
    ]
    compiled = parse(said["compiled"]) if said["compiled"] else None
    return Report((*(Problem(*p) for p in said["problems"]), *warnings), compiled)


def _home() -> Path:
    return Path(__file__).parent.parent.parent


def main(folder: str, out: str) -> None:
    """In the child: examine a folder, write the report."""
    from app.models import Base  # the parent has no need of them

    report = examine(read_sources(Path(folder)), Schema.of(Base))
    said = {
        "problems": [(p.file, p.line, p.message) for p in report.problems],
        "compiled": dump(report.compiled) if report.compiled else None,
    }
    Path(out).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
