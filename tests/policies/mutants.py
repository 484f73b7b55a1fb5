"""The policy with one thing missing: a rule, a condition of a rule, an element of a list. What no test catches survives.

`python -m tests.policies.mutants [FILE.polar…]`, by hand. Nothing is written: a mutant is compiled in memory, then put
to the cases and, if they miss it, to the second reading and the invariants.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.models import Base
from app.policies.compiler import Compilation
from app.policies.errors import CompileError
from app.policies.lock import FOLDER, read_sources
from app.policies.policy import Policy
from app.policies.schema import Schema
from app.policies.sources import Clause, clauses
from app.policies.viewer import ACTEURS
from tests.policies.cases import files, read

SCHEMA, POLICY, KNOWN = Schema.of(Base), Policy.load(), clauses(read_sources())
CASES = [case for path in files(FOLDER) for case in read(path, SCHEMA)]
SLOWER = [f"tests/policies/test_{name}.py" for name in ("cas", "seconde_lecture", "invariants")]


def mutants(clause: Clause) -> Iterator[tuple[str, str]]:
    """In: a clause. Out: what is missing, and the clause without it (nothing, where it is missing itself)."""
    yield "elle-même", ""
    conditions = re.split(r"\s+and\s+", clause.body)
    for condition in conditions:
        if condition and not condition.startswith("regle("):
            kept = " and ".join(other for other in conditions if other is not condition)
            yield condition, f"{clause.head} if {kept}" if kept else clause.head
    for found in re.finditer(r'\[\s*"[^\]]*\]', clause.text):
        words = re.findall(r'"[^"]*"', found[0])
        for word in words:
            kept = ", ".join(other for other in words if other != word)
            yield word, f"{clause.text[: found.start()]}[{kept}]{clause.text[found.end() :]}"


def concerned(clause: Clause) -> set[str]:
    """Out: the resources of whose decisions a clause is part: what was decided on the others stays."""
    reached = [clause]
    for each in reached:  # it grows on the way
        words = [f'"{word}"' for word in each.permissions()] if each.grants else [""]
        callers = [c for c in KNOWN if re.search(rf"\b{each.name}\(", c.body) and c not in reached]
        reached += [c for c in callers if any(word in c.body for word in words)]
    return {each.types()[-1] for each in reached if each.grants}


def survives(clause: Clause, text: str) -> bool:
    """True if the compiler, the cases and the slower tests let a mutant pass: those, in a process of their own."""
    old, resources = POLICY.compiled, concerned(clause)
    source = "".join(f"{said};\n" for c in KNOWN if (said := text if c is clause else c.text))
    compilation = Compilation({"": source}, SCHEMA, list(ACTEURS))
    compilation.permissions = lambda: {n: p for n, p in old.permissions.items() if n in resources}  # type: ignore[method-assign]
    try:
        new = compilation.run()
    except CompileError:
        return False
    cells = {key: cell for key, cell in old.cells.items() if key[2] not in resources} | dict(new.cells)
    fields = {key: cell for key, cell in old.fields.items() if key[2] not in resources} | dict(new.fields)
    guarded = frozenset((verb, name) for _, verb, name, _ in fields)
    policy = Policy(replace(old, cells=cells, fields=fields, field_rules=guarded), SCHEMA)
    if compilation.faults or any(case.wrong(policy, None) for case in CASES):
        return False
    if child := os.fork():
        return os.waitpid(child, 0)[1] == 0
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    Policy.load = lambda *_, **__: policy  # type: ignore[method-assign]
    os._exit(pytest.main(["-qx", "-p", "no:cacheprovider", *SLOWER]) != 0)


if __name__ == "__main__":
    mutable = [c for c in KNOWN if c.name not in ("permissions", "regle")]
    asked = [(c, *mutant) for c in mutable if c.file in (sys.argv[1:] or [c.file]) for mutant in mutants(c)]
    alive = [(c, missing) for c, missing, text in asked if survives(c, text)]
    for clause, missing in alive:
        print(f"{clause.file}:{clause.line} {clause.mark or clause.head} sans {missing}")
    print(f"{len(asked)} mutants, {len(alive)} survivent")
