"""What a change of rules changes: for whoever reviews it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app import models as m
from app.kit.conditions import FALSE, TRUE, Compare, Condition, Ref, all_of, any_of
from app.policies.changes import Sens, changes, sens, summary
from app.policies.commands import app
from app.policies.compiled import Cell, Compiled
from app.policies.lock import dump
from app.policies.policy import Policy

OURS = Policy.load().compiled
MODELS: dict[str, Any] = {model.__name__: model for model in Policy.load().permissions}
CHEZ_MOI = Compare(("structure_prescriptrice_id",), "=", Ref("ma_structure"))
ATTEND = Compare(("etat",), "=", "en_attente_avis")
RUN = CliRunner()


def changed(key: tuple[str, str, str], condition: Condition) -> Compiled:
    """Out: the policy of the house where one decision is another."""
    return replace(OURS, cells={**OURS.cells, key: Cell(condition)})


@pytest.mark.parametrize(
    ("avant", "apres", "attendu"),
    [
        (FALSE, CHEZ_MOI, Sens.OUVERTE),
        (CHEZ_MOI, FALSE, Sens.FERMEE),
        (all_of([CHEZ_MOI, ATTEND]), CHEZ_MOI, Sens.ELARGIE),
        (CHEZ_MOI, TRUE, Sens.ELARGIE),
        (CHEZ_MOI, all_of([CHEZ_MOI, ATTEND]), Sens.RESTREINTE),
        (CHEZ_MOI, ATTEND, Sens.CHANGEE),
        (Compare(("etat",), "in", ("retenue",)), Compare(("etat",), "=", "retenue"), Sens.EGALE),
        (any_of([CHEZ_MOI, all_of([CHEZ_MOI, ATTEND])]), CHEZ_MOI, Sens.EGALE),
    ],
)
def test_which_way_a_decision_went_is_proven(avant: Condition, apres: Condition, attendu: Sens) -> None:
    assert sens(avant, apres, m.Candidature) is attendu


def test_what_the_base_keeps_equal_is_no_change() -> None:
    """A copy of a column of the action, and that column."""
    ici, la_bas = (
        Compare(path, "=", True) for path in (("est_conventionnee",), ("action", "est_conventionnee"))
    )
    assert sens(ici, la_bas, m.SessionFormation) is Sens.EGALE
    assert sens(ici, la_bas, None) is Sens.CHANGEE


def test_profiles_that_change_alike_are_told_together_and_the_rest_not_at_all() -> None:
    keys = [(profil, "valider", "Candidature") for profil in ("prescripteur_n1", "prescripteur_n1+referent")]
    apres = replace(OURS, cells={**OURS.cells, **{key: Cell(CHEZ_MOI) for key in keys}})
    [found] = changes(OURS, apres, MODELS)
    assert (found.sens, found.profils) == (Sens.OUVERTE, ("prescripteur_n1", "prescripteur_n1+referent"))
    assert list(found.lines()) == [
        "valider Candidature : accordée, ne l'était pas (prescripteur_n1)",
        "  avant : jamais",
        "  après : structure_prescriptrice_id = ma structure",
    ]
    assert changes(OURS, OURS, MODELS) == []
    assert (summary([found]), summary([])) == ("Décisions : 1 accordées.", "Aucune décision ne change.")


def test_columns_that_no_rule_spoke_of_were_all_open() -> None:
    avant = replace(
        OURS,
        fields={key: cell for key, cell in OURS.fields.items() if key[2] != "Fait"},
        field_rules=OURS.field_rules - {("lire", "Fait")},
    )
    found = changes(avant, OURS, MODELS)
    assert {change.sens for change in found} == {Sens.RESTREINTE}
    assert {column for change in found for column in change.colonnes} == {"compte_id", "pour_compte_id"}
    assert not [change for change in found if "auditeur" in change.profils]


def test_the_command_compares_with_a_file_and_refuses_what_is_none(tmp_path: Path) -> None:
    before, other = tmp_path / "avant.json", tmp_path / "autre.json"
    before.write_text(dump(changed(("auditeur", "lire", "Candidature"), ATTEND)), encoding="utf-8")
    other.write_text("{}", encoding="utf-8")
    done = RUN.invoke(app, ["comparer", str(before)])
    assert done.exit_code == 0, done.output
    assert "lire Candidature : n'est plus accordée (auditeur)" in done.output
    assert done.output.endswith("Décisions : 1 retirées.\n")
    for wrong in (str(other), "ni-fichier-ni-revision", "--output=x"):
        assert RUN.invoke(app, ["comparer", wrong]).exit_code == 2


@pytest.mark.parametrize("rien", ["", " "])
def test_an_empty_revision_is_refused_and_not_told_unchanged(rien: str) -> None:
    answer = RUN.invoke(app, ["comparer", rien])

    assert answer.exit_code == 2
    assert "une révision de git, ou un fichier" in answer.output
