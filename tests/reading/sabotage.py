"""Do the tests of the reading door see? Break it in one place at a time, on a copy; each break must be seen.

Run: python -m tests.reading.sabotage [words of the names of breaks]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
API = "--ignore=tests/reading/test_api.py"  # the product itself needs more than the copy holds


class Break(NamedTuple):
    """A text of a file of `app/reading`, and what it becomes."""

    file: str
    old: str
    new: str


BREAKS = {
    # rights
    "a relation never asks the policy": Break("places.py", "[joined] if ground.proven else", "[joined] if True else"),
    "a root never asks the policy": Break(
        "places.py", "return place, [said(ground.condition, place)]", "return place, []"
    ),
    "a proof is believed too soon": Break(
        "places.py", "proven = any(implies(k, condition, model) for k in known)", "proven = bool(known)"
    ),
    "a mask is proven too soon": Break(
        "places.py", "return any(implies(k, condition, self.model) for k in self.ground.known)", "return True"
    ),
    "the way of another profile": Break(
        "reader.py", "return self.grounds[profil]", "return next(iter(self.grounds.values()))"
    ),
    "a column is never masked": Break("sources.py", "return c.masked(place, (self.attribute,), written(", "return (written("),
    "a relation is never masked": Break(
        "sources.py", "return c.masked(place, (self.relation,), found.scalar_subquery())", "return found.scalar_subquery()"
    ),
    "a computed value is never masked": Break("sources.py", "return c.masked(place, self.lit, written(", "return (written("),
    "a JSON column is never masked": Break(
        "sources.py",
        "return c.masked(place, (self.attribute,), case((is_object, c.object(asked, value))))",
        "return case((is_object, c.object(asked, value)))",
    ),
    "a filter reads masked columns": Break("guarded.py", "return all_of([_open(c, path, model), other, condition])", "return condition"),
    "a filter looks behind hidden rows": Break(
        "guarded.py", "there = all_of([c.condition(\"lire\", target), _open(", "there = all_of([_open("
    ),
    "a filter counts hidden rows": Break(
        "guarded.py", "return Exists(path, all_of([c.condition(\"lire\", target), guarded", "return Exists(path, all_of([guarded"
    ),
    "a flag answers another permission": Break(
        "rights.py", "return truth(c, c.condition(self.permission, place.model), place)", "return truth(c, c.condition('lire', place.model), place)"
    ),
    "columns are told without the permission": Break("rights.py", "all_of([may, c.policy.field(", "all_of([c.policy.field("),
    "an eligibility forgets its permission": Break("rights.py", "return and_(may, not_(", "return and_(not_("),
    "an eligibility forgets its reasons": Break("rights.py", "for motif in place.source.table]\n        return and_", "for motif in ()]\n        return and_"),
    "a reason tells what is hidden": Break(
        "rights.py", "truth(c, guarded(c, motif.si, model), place.row), motif)", "truth(c, motif.si, place.row), motif)"
    ),
    "a refusal is not told": Break("rights.py", "if source.refus:", "if False:"),
    "node takes a type that is no node": Break(
        "roots.py",
        "if found is asked.type or (is_abstract_type(asked.type) and schema.is_sub_type(asked.type, found)):",
        "if True:",
    ),
    "an id of another type is taken": Break("filters.py", "if type_name == self.type_name else None", "if True else None"),
    # pages
    "the cursor's row comes back": Break("pages.py", "key > cut if ascending", "key >= cut if ascending"),
    "the extra row is forgotten": Break("pages.py", "self.limit + 1", "self.limit + 0"),
    "the extra row is shown": Break("pages.py", ".filter(self.in_page)", ""),
    "going back is not turned again": Break("pages.py", "rang.desc() if self.backward", "rang.desc() if False"),
    "less is always false": Break("pages.py", "if not self.asked.has(self.cursor):\n            return", "if True:\n            return"),
    "less forgets the cursor's own row": Break(
        "pages.py", "key <= cut if ascending else key >= cut", "key < cut if ascending else key > cut"
    ),
    "a filter is dropped": Break("pages.py", "*wheres(self.c, self.asked, place, self.page.argument)", ""),
    "what a list is made of is dropped": Break(
        "sources.py", "return row, where if condition == TRUE else [*where, c.where(condition, row)]", "return row, where"
    ),
    "an empty page is null": Break(
        "pages.py", "func.coalesce(func.json_agg(order).filter(self.in_page), EMPTY)", "func.json_agg(order).filter(self.in_page)"
    ),
    "an empty list is null": Break(
        "rendering.py", "func.coalesce(func.json_agg(aggregate_order_by(item, *order)), EMPTY)", "func.json_agg(aggregate_order_by(item, *order))"
    ),
    "order by keys only": Break("orders.py", ', place["id"]]', "]"),
    "the first key alone": Break("orders.py", "page) for key in self.keys]", "page) for key in self.keys[:1]]"),
    "a yes or no is always yes": Break("filters.py", "self.condition if asked.given(*path) else contrary", "self.condition"),
    "the contrary is not what was said": Break(
        "filters.py", "negated(self.condition) if self.sinon is None else self.sinon", "negated(self.condition)"
    ),
    "identifiers come back in any place": Break("roots.py", "json_array(rows.c.value, places.c.rang)", "json_array(rows.c.value, places.c.rang.desc())"),
    # forms
    "instants as PostgreSQL writes them": Break("formats.py", "case DateTime():", "case DateTime() if False:"),
    "decimals as numbers": Break("formats.py", "case Numeric() if not", "case Numeric() if False and not"),
    "words of a list as they are stored": Break("formats.py", "case ARRAY():", "case ARRAY() if False:"),
    "an alias poses as a type": Break("rendering.py", 'TYPE_KEY = "@type"', 'TYPE_KEY = "__type"'),
    # plans
    "null counts as given": Break("shapes.py", "if value is None or inner is GraphQLBoolean", "if inner is GraphQLBoolean"),
    "booleans leave the shape": Break("shapes.py", "value is None or inner is GraphQLBoolean or", "value is None or"),
    "a plan serves every profile": Break("requests.py", "self.name, self.viewer.profil, frozen", "self.name, frozen"),
    "a plan serves every operation": Break("requests.py", "return self.document.digest, self.name, self", "return self.document.digest, self"),
    "a cache has no bound": Break("limits.py", "while len(self) > size or self.weight > limit:", "while False:"),
    "a flood chases away what is used": Break("limits.py", "if key in self.new:", "if False:"),
    "costs are not looked at": Break("reader.py", "> self.limits.nodes:", "> 10**12:"),
    "costs do not multiply": Break("compiler.py", "inside = [*self._inside, *", "inside = [*"),
    "lists have no bound": Break("compiler.py", "if self._tables > self.limits.tables:", "if False:"),
    "depth has no bound": Break("compiler.py", "if self._depth > self.limits.depth:", "if False:"),
    "a piece serves every profile": Break("pieces.py", "(c.profil, type_.name,", "(type_.name,"),
    "a piece serves every place": Break("pieces.py", "asked.name, mark)", "asked.name, 0)"),
    "a piece serves other keys": Break("pieces.py", "(*here, plain, c.typed", "(*here, len(plain), c.typed"),
    "a piece holds an argument": Break("pieces.py", "if spent.given or binds is None:", "if binds is None:"),
    "a piece forgets its columns": Break("pieces.py", "c.aliases.need(found.needs)", "pass"),
    "a piece forgets its binds": Break("pieces.py", "for bind in self.binds:", "for bind in ():"),
    "a condition serves every place": Break("compiler.py", "(mark, condition), lambda", "(condition,), lambda"),
    # errors
    "our faults are shown": Break("answers.py", "if cause is None or isinstance(cause, GraphQLError):", "if True:"),
    "a slow statement is our fault": Break("reader.py", "except asyncpg.QueryCanceledError:", "except asyncpg.TooManyConnectionsError:"),
    "a forged cursor is our fault": Break("cursors.py", "if type(key) is not kind:", "if False:"),
    "NUL goes to the base": Break("formats.py", 'isinstance(value, str) and ("', 'False and ("'),
    # the start
    "a null column is promised": Break("verify.py", "if is_far or any(column.nullable for column in columns):", "if is_far:"),
    "a masked column is promised": Break("proofs.py", "return [profil for profil in self.profils if not all(", "return [profil for profil in () if not all("),
}  # fmt: skip


def main(words: list[str]) -> None:
    """Prints one line a break; the exit status tells whether all were seen."""
    chosen = {name: b for name, b in BREAKS.items() if not words or any(word in name for word in words)}
    missed = [name for name, broken in chosen.items() if not seen(name, broken)]
    print(f"{len(chosen) - len(missed)}/{len(chosen)} seen", missed)
    sys.exit(bool(missed))


def seen(name: str, broken: Break) -> bool:
    """True if the tests fail once the old text is replaced by the new one."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("app", "tests", "migrations", "alembic.ini", "pyproject.toml"):
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", "static"))
            else:
                shutil.copy(source, copy / part)
        file = copy / "app" / "reading" / broken.file
        text = file.read_text()
        assert broken.old in text, name
        file.write_text(text.replace(broken.old, broken.new))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "tests/reading", API]
        done = subprocess.run(command, cwd=copy, capture_output=True, check=False)
        found = done.returncode == 1 and b"FAILED tests/reading" in done.stdout
        print("seen  " if found else "MISSED", name, "" if found else done.stdout[-600:].decode(), flush=True)
        return found


if __name__ == "__main__":
    main(sys.argv[1:])
