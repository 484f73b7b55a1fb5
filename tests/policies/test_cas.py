"""The cases cover the policy: each permission given and refused, each rule decisive, each deny rule felt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.kit.conditions import FALSE, TRUE, Condition, any_of, decide
from app.models import Base
from app.policies.lock import FOLDER
from app.policies.policy import Policy
from app.policies.schema import Schema
from app.policies.viewer import ACTEURS, PROFILS
from tests.policies.cases import Case, files, read

POLICY = Policy.load()
CASES = [case for path in files(FOLDER) for case in read(path, Schema.of(Base))]
PERMISSIONS = [(model, name) for model, names in POLICY.permissions.items() for name in names]
RULES = sorted({(rule, k[2], k[1]) for k, c in POLICY.compiled.cells.items() for rule, _ in c.rules})
DENIALS = sorted({(rule, k[2], k[1]) for k, c in POLICY.compiled.cells.items() for rule, _ in c.denials})
FIELD_RULES = sorted({(rule, k[2], k[1]) for k, c in POLICY.compiled.fields.items() for rule, _ in c.rules})


def holds(condition: Condition, case: Case, row: str) -> bool:
    """True if the row of the case satisfies the condition."""
    return decide(condition)(case.rows[row], case.given)


def rows_of(model: object) -> Iterator[tuple[Case, str]]:
    """Out: the rows of the cases about a model."""
    yield from ((case, row) for case in CASES if case.model is model for row in case.rows)


@pytest.mark.parametrize(("model", "permission"), PERMISSIONS)
def test_each_permission_is_given_in_a_case(model: type, permission: str) -> None:
    assert any(permission in case.allowed[row] for case, row in rows_of(model))


@pytest.mark.parametrize(("model", "permission"), PERMISSIONS)
def test_each_permission_is_refused_in_a_case_to_somebody_who_has_it_on_other_rows(
    model: type, permission: str
) -> None:
    conditional = {
        profil for profil in ACTEURS if POLICY.condition(profil, permission, model) not in (TRUE, FALSE)
    }
    candidates = conditional or set(ACTEURS)  # what nobody holds under a condition, somebody never holds
    everybody = all(POLICY.condition(profil, permission, model) == TRUE for profil in PROFILS)
    refused = [
        case
        for case, row in rows_of(model)
        if permission not in case.allowed[row] and case.profil in candidates
    ]
    assert refused or everybody


@pytest.mark.parametrize(("rule", "name", "permission"), RULES)
def test_each_rule_decides_a_case_alone(rule: str, name: str, permission: str) -> None:
    """Some row is allowed by this rule and, under that profile, by no other: without the rule, the case would fail."""
    assert any(
        case.model.__name__ == name
        and permission in case.allowed[row]
        and _decides(rule, POLICY.rules(case.profil, permission, case.model), case, row)
        for case in CASES
        for row in case.rows
    )


def _decides(rule: str, rules: tuple[tuple[str, Condition], ...], case: Case, row: str) -> bool:
    mine, others = _split(rule, rules)
    return holds(mine, case, row) and not holds(others, case, row)


def _split(rule: str, rules: tuple[tuple[str, Condition], ...]) -> tuple[Condition, Condition]:
    return any_of(c for r, c in rules if r == rule), any_of(c for r, c in rules if r != rule)


@pytest.mark.parametrize(("rule", "name", "permission"), DENIALS)
def test_each_deny_rule_takes_back_what_a_case_would_grant(rule: str, name: str, permission: str) -> None:
    assert any(
        case.model.__name__ == name
        and permission not in case.allowed[row]
        and holds(any_of(c for _, c in POLICY.rules(case.profil, permission, case.model)), case, row)
        and _decides(rule, POLICY.denials(case.profil, permission, case.model), case, row)
        for case in CASES
        for row in case.rows
    )


@pytest.mark.parametrize(("rule", "name", "verb"), FIELD_RULES)
def test_each_field_rule_decides_a_case_alone(rule: str, name: str, verb: str) -> None:
    assert any(
        case.model.__name__ == name
        and said == verb
        and expected
        and (cell := POLICY.compiled.fields.get((case.profil, verb, name, column)))
        and _decides(rule, cell.rules, case, row)
        for case in CASES
        for row, said, column, expected in case.fields
    )


@pytest.mark.parametrize(("verb", "name"), sorted(POLICY.compiled.field_rules))
def test_each_guarded_model_hides_a_column_in_a_case(verb: str, name: str) -> None:
    assert any(
        said == verb and not expected
        for case in CASES
        if case.model.__name__ == name
        for _, said, _, expected in case.fields
    )
