"""`make regles`: which rules of docs/regles.csv a test shows, and which none does yet."""

from __future__ import annotations

import ast
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import ROOT, files, place, tree

INTERFACE = "U"  # a rule about screens: no API test
LECTURES = ROOT / "docs" / "lectures.md"


@dataclass(frozen=True)
class Regle:
    """A rule of the guides, as docs/regles.csv has it."""

    id: str
    section: str
    kind: str
    rule: str


def regles() -> list[Regle]:
    """Out: the rules, in order."""
    with (ROOT / "docs" / "regles.csv").open(encoding="utf-8", newline="") as opened:
        return [Regle(r["id"], r["section"], r["kind"], r["rule"]) for r in csv.DictReader(opened)]


def lectures() -> set[str]:
    """Out: the contradictions that docs/lectures.md settles (C-01, …)."""
    lines = LECTURES.read_text(encoding="utf-8").splitlines()
    return {line.split()[1] for line in lines if line.startswith("### C-")}


def marks(path: Path) -> Iterator[tuple[str, str]]:
    """Out: each id that a `pytest.mark.regle(…)` of the file names, and where."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.regle"):
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), place(path, node)


def shown() -> dict[str, list[str]]:
    """Out: for each id that a test names, where."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in files("tests"):
        for id, where in marks(path):
            found[id].append(where)
    return dict(found)


def main() -> int:
    """Print the rules without a test, by section. Out: 0; the count is for people, not a gate."""
    tested, known = shown(), regles()
    to_show = [regle for regle in known if regle.kind != INTERFACE]
    missing = [regle for regle in to_show if regle.id not in tested]
    for section in dict.fromkeys(regle.section for regle in missing):
        print(f"\n{section}")
        for regle in missing:
            if regle.section == section:
                print(f"  {regle.id} {regle.kind}  {regle.rule[:110]}")
    kinds = Counter(regle.kind for regle in missing)
    print(
        f"\n{len(to_show) - len(missing)} rules of {len(to_show)} are shown by a test; without one: {len(missing)}"
    )
    print(" ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    without = sorted(lectures() - set(tested))
    print(f"readings of docs/lectures.md without a test: {', '.join(without) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
