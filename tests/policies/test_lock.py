"""compiled.json: the same policy, the same text everywhere, and nothing else than the sources it comes from."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.kit.conditions import Column, Compare, Condition, Exists, Given, Not, Ref, all_of, any_of
from app.policies import policy
from app.policies.compiled import Cell, Compiled
from app.policies.encoding import decode, encode
from app.policies.errors import StaleLock
from app.policies.lock import check_models, check_sources, digest, dump, parse, sources_of
from app.policies.policy import Current, Policy
from app.policies.schema import Schema
from tests.policies.conditions_au_hasard import condition
from tests.policies.modeles import Base, Demande

SCHEMA = Schema.of(Base)
SOURCE = "# la politique"
MINE: Condition = Compare(("auteur_id",), "=", Ref("moi"))


def small(said: Condition = MINE) -> Compiled:
    """Out: a policy of one decision."""
    cell = Cell.of((("DEM-01", said),), (("DEM-X1", Compare(("est_urgente",), "=", True)),))
    return Compiled(
        {"demandes.polar": digest(SOURCE)},
        {"Demande": ("lire", "valider")},
        {("gestionnaire", "lire", "Demande"): cell},
        {("gestionnaire", "lire", "Demande", "motif"): Cell.of((("DEM-F1", said),))},
        frozenset({("lire", "Demande")}),
    )


def house(folder: Path, compiled: Compiled, source: str = SOURCE) -> Path:
    """Write a policy and its lock in a folder."""
    (folder / "demandes.polar").write_text(source)
    (folder / "compiled.json").write_text(dump(compiled))
    return folder / "compiled.json"


def test_what_is_written_is_read_again() -> None:
    rng = random.Random(1)
    for _ in range(300):
        compiled = small(condition(rng))
        assert parse(dump(compiled)) == compiled


@pytest.mark.parametrize(
    "said",
    [
        Compare(("a",), "in", ("x", "y")),
        Compare(("a",), "=", Ref("liste", many=True)),
        Compare(("a", "b"), "<", Column(("c", "d"))),
        Compare(("a",), "!=", None),
        Compare(("a",), "=", False),
        Exists(("a", "b"), Not(Given("x"))),
        any_of([Given("x"), all_of([Given("y"), Given("z")])]),
    ],
)
def test_every_kind_of_condition_survives_json(said: Condition) -> None:
    assert decode(encode(said)) == said


def test_the_text_is_the_same_in_every_process(racine: Path) -> None:
    program = (
        "import random\n"
        "from tests.policies.test_lock import condition, dump, small\n"
        "from app.policies.lock import digest\n"
        "rng = random.Random(3)\n"
        "print(digest(''.join(dump(small(condition(rng))) for _ in range(40))))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=racine,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1


def test_one_decision_is_one_line() -> None:
    before, after = small(), small()
    cells = {**after.cells, ("auditeur", "lire", "Demande"): next(iter(after.cells.values()))}
    added = set(dump(replace(after, cells=cells)).splitlines()) - set(dump(before).splitlines())
    assert len(added) == 1


def test_the_server_starts_from_it_without_oso(tmp_path: Path, racine: Path) -> None:
    house(tmp_path, small())
    program = (
        "import sys; sys.modules['oso'] = sys.modules['polar'] = None\n"
        "from pathlib import Path\n"
        "from tests.policies.test_lock import SCHEMA, Demande, MINE, Policy\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "policy = Policy.load(folder / 'compiled.json', folder, SCHEMA)\n"
        "assert MINE in policy.condition('gestionnaire', 'lire', Demande).parts\n"
        "print('starts')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=racine, capture_output=True, text=True, check=False
    )
    assert done.stdout == "starts\n", done.stderr


class TestWhatItRefuses:
    """A lock that is not of these sources, or of these models, starts nothing."""

    def test_a_source_that_changed(self, tmp_path: Path) -> None:
        lock = house(tmp_path, small(), SOURCE + " ")
        with pytest.raises(StaleLock, match=r"demandes\.polar"):
            Policy.load(lock, tmp_path, SCHEMA)

    def test_a_source_that_came_or_left(self) -> None:
        with pytest.raises(StaleLock, match=r"autre\.polar"):
            check_sources(small().sources, {"demandes.polar": SOURCE, "autre.polar": ""})
        with pytest.raises(StaleLock, match=r"demandes\.polar"):
            check_sources(small().sources, {})

    @pytest.mark.parametrize(
        "said",
        [
            Compare(("auteur",), "=", Ref("moi")),
            Compare(("groupe", "formateur"), "=", Ref("moi")),
            Compare(("auteur_id",), "=", Column(("groupe", "rien"))),
            Exists(("groupe",), MINE),
            Exists(("groupe", "demandes"), Not(Compare(("rien",), "=", None))),
            Compare(("suivis", "est_clos"), "=", True),
        ],
    )
    def test_a_path_that_leads_nowhere(self, said: Condition) -> None:
        with pytest.raises(StaleLock, match=r"Demande\.lire \(gestionnaire\)"):
            check_models(small(said), SCHEMA)

    def test_a_column_that_left(self) -> None:
        compiled = replace(
            small(), fields={("gestionnaire", "lire", "Demande", "nir"): Cell.of((("F", MINE),))}
        )
        with pytest.raises(StaleLock, match=r"champ inconnu : Demande\.nir"):
            check_models(compiled, SCHEMA)

    def test_another_version_of_the_file(self) -> None:
        with pytest.raises(StaleLock, match="autre version"):
            parse(dump(small()).replace('"version": 1', '"version": 0'))


def test_the_fingerprint_is_that_of_all_the_sources() -> None:
    policy = Policy(small(), SCHEMA)
    other = Policy(replace(small(), sources={"demandes.polar": digest("autre")}), SCHEMA)
    assert policy.sha256 != other.sha256
    assert len(policy.sha256) == 64


def test_each_permission_of_a_row_has_its_flag() -> None:
    flags = Policy(small(), SCHEMA).flags("gestionnaire", Demande)
    given = {"moi": 1, "ma_structure": None}
    assert {name: flag(Demande(auteur_id=1), given) for name, flag in flags.items()} == {
        "lire": True,
        "valider": False,
    }


def test_a_policy_is_current_until_a_file_changes_and_files_that_stay_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = house(tmp_path, small())
    read: list[Path] = []

    def looked_at(lock: Path) -> Mapping[str, str]:
        read.append(lock)
        return sources_of(lock)

    monkeypatch.setattr(policy, "sources_of", looked_at)
    current = Current(Policy.load(lock, tmp_path, SCHEMA), lock, tmp_path)
    assert [current(), current(), current()] == [True] * 3
    assert read == [lock], "once"
    changed = small()
    changed.sources["demandes.polar"] = digest(SOURCE + " changée")
    house(tmp_path, changed, SOURCE + " changée")
    assert [current(), current()] == [False] * 2
    (tmp_path / "demandes.polar").write_text("# autre chose")
    with pytest.raises(StaleLock):
        current()


def test_the_sources_of_a_lock_are_those_that_it_says_and_another_file_is_refused(tmp_path: Path) -> None:
    assert sources_of(house(tmp_path, small())) == small().sources
    (tmp_path / "rien.json").write_text("{}")
    with pytest.raises(StaleLock):
        sources_of(tmp_path / "rien.json")
