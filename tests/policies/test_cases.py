"""The cases beside the policy, and the reader of cases."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.kit.conditions import Compare, Exists, Ref, all_of
from app.models import Base as House
from app.policies.compiled import Cell, Compiled
from app.policies.lock import FOLDER, read_sources
from app.policies.policy import Policy
from app.policies.schema import Schema
from tests.policies.cases import Case, WrongCase, files, read
from tests.policies.modeles import Base, Demande

if TYPE_CHECKING:
    from tests.policies.polar_reference import PolarReference

HOUSE, SMALL = Schema.of(House), Schema.of(Base)
CASES = [case for path in files(FOLDER) for case in read(path, HOUSE)]


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy of the house."""
    return Policy.load()


@pytest.fixture(scope="module")
def polar() -> PolarReference | None:
    """The same, as Polar reads it, where oso is installed."""
    if find_spec("oso") is None:
        return None
    from tests.policies.polar_reference import PolarReference

    return PolarReference.of(read_sources(), HOUSE.by_name.values())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_policy_decides_as_its_cases_say(
    case: Case, policy: Policy, polar: PolarReference | None
) -> None:
    assert case.wrong(policy, polar) == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.polar")), ids=lambda path: path.name)
def test_every_file_of_the_policy_has_cases(path: Path) -> None:
    assert path.name == "roles.polar" or path.with_suffix(".cas.yaml").exists()


# --- the reader, on the small world ------------------------------------------------------------------------------

OF = """
- cas: l'organisme lit ce qui lui est transmis
  ressource: Demande
  acteur: {profil: of_general, structure: 7, moi: 3}
  lignes:
    transmise: {etat: soumise, groupe.stage.organisme_id: 7, suivis: [{suiveur_id: 3}]}
    brouillon: {etat: brouillon, groupe.stage.organisme_id: 7, suivis: [{suiveur_id: 3}]}
    ailleurs: {etat: soumise, groupe.stage.organisme_id: 8, suivis: [{suiveur_id: 3}]}
    close: {etat: soumise, groupe.stage.organisme_id: 7, suivis: [{suiveur_id: 3, est_clos: true}]}
  permis: {transmise: [lire]}
  lit: {transmise: [motif]}
  ne_lit_pas: {ailleurs: [motif]}
"""
OURS = Compare(("organisme_id",), "=", Ref("ma_structure"))
READ = all_of(
    [
        Compare(("etat",), "=", "soumise"),
        OURS,
        Exists(
            ("suivis",),
            all_of([Compare(("est_clos",), "=", False), Compare(("suiveur_id",), "=", Ref("moi"))]),
        ),
    ]
)
SMALL_POLICY = Policy(
    Compiled(
        {},
        {"Demande": ("lire", "valider")},
        {("of_general", "lire", "Demande"): Cell.of((("A", READ),))},
        {("of_general", "lire", "Demande", "motif"): Cell.of((("B", OURS),))},
        frozenset({("lire", "Demande")}),
    ),
    SMALL,
)


def written(folder: Path, text: str) -> list[Case]:
    """Out: the cases of a text."""
    path = folder / "demandes.cas.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path, SMALL)


def test_a_case_that_says_what_the_policy_does_is_right(tmp_path: Path) -> None:
    (case,) = written(tmp_path, OF)
    assert case.wrong(SMALL_POLICY, None) == []
    assert case.rows["transmise"].organisme_id == 7  # two copies away


@pytest.mark.parametrize(
    ("said", "instead", "message"),
    [
        ("permis: {transmise: [lire]}", "permis: {}", "transmise : lire devrait être refusé"),
        ("{transmise: [lire]}", "{transmise: [lire, valider]}", "transmise : valider devrait être permis"),
        (
            "{transmise: [lire]}",
            "{transmise: [lire], ailleurs: [lire]}",
            "ailleurs : lire devrait être permis",
        ),
        ("ne_lit_pas: {ailleurs", "ne_lit_pas: {transmise", "transmise : lire motif devrait être refusé"),
    ],
)
def test_a_case_that_says_something_else_is_wrong(
    tmp_path: Path, said: str, instead: str, message: str
) -> None:
    (case,) = written(tmp_path, OF.replace(said, instead))
    assert case.wrong(SMALL_POLICY, None) == [message]


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("etat: brouillon", "etat: brouilon"),
        ("groupe.stage", "groupe.stages"),
        ("permis: {transmise", "permis: {transmisse"),
        ("profil: of_general", "profil: of_generale"),
        ("lit: {transmise: [motif]}", "lit: {transmise: [motiff]}"),
        ("structure: 7, moi", "strucure: 7, moi"),
        ("permis:", "permi:"),
        ("ressource: Demande", "ressource: Demandes"),
    ],
)
def test_a_misspelt_word_is_refused(tmp_path: Path, said: str, instead: str) -> None:
    with pytest.raises(WrongCase, match="l'organisme lit ce qui lui est transmis"):
        written(tmp_path, OF.replace(said, instead, 1))


def test_the_resource_is_the_one_that_the_policy_beside_declares(tmp_path: Path) -> None:
    (tmp_path / "demandes.polar").write_text('permissions("Demande", ["lire"]);')
    cases: list[Any] = written(tmp_path, OF.replace("  ressource: Demande\n", ""))
    assert cases[0].model is Demande
