"""The policy and a second reading of docs/droits.md agree, on every row of random worlds of the real tables."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app import models as m
from app.kit.conditions import Condition, Decision, decide
from app.policies.policy import Policy
from app.policies.schema import columns
from app.policies.viewer import PROFILS, SCOPES, SYSTEME, split
from tests.policies.colonnes import COLONNES, RESTE, nul
from tests.policies.face_a_face import valeurs
from tests.policies.mondes_maison import Rows, planter
from tests.policies.seconde_lecture import DROITS, LECTEURS, PRESCRIPTEURS, Regard

MONDES, AU_PLUS = 20, 100  # and more, until each permission was granted to somebody
COMPTES = ("compte_id", "auteur_id", "soumise_par_id", "validee_par_id", "de_compte_id", "a_compte_id")
POLICY = Policy.load()


@pytest.fixture(scope="module")
def connexion(url_du_processus: str) -> Iterator[Connection]:
    """A connection to the base of the process, whose transactions are undone."""
    engine = create_engine(
        url_du_processus.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def quelqu_un(rng: random.Random, profil: str, rows: Rows) -> dict[str, Any]:
    """Out: the values of a request: anybody's, or those of somebody whom a row of the world is about."""
    given = valeurs(rng, profil)
    if given["moi"] is None or profil in SCOPES or rng.random() < 0.3:
        return given
    row = rng.choice([*rows[m.Candidature], *rows[m.Delegation], *rows[m.Affiliation]])
    moi = getattr(row, rng.choice([name for name in COMPTES if hasattr(row, name)])) or given["moi"]
    structure = getattr(row, "structure_id", None) or getattr(row, "structure_prescriptrice_id", None)
    return given | {"moi": moi, "ma_structure": structure}


def test_the_policy_grants_what_the_page_says_and_nothing_else(connexion: Connection) -> None:
    known = {f"{model.__name__}.{permission}" for model, droits in DROITS.items() for permission in droits}
    granted = {"Delegation.choisir", "Delegation.creer"}  # a loan asks for more than chance gives
    for seed in range(AU_PLUS):
        if seed >= MONDES and known == granted:
            break
        rng = random.Random(f"seconde lecture {seed}")
        rows = planter(connexion, rng)
        for profil in PROFILS:
            given = quelqu_un(rng, profil, rows)
            granted |= compared(profil, given, rows)
            compared_columns(profil, given, rows)
        connexion.rollback()
    assert known - granted == set()


def test_the_table_of_columns_speaks_of_what_has_field_rules_and_of_columns_that_exist() -> None:
    assert {(verb, model.__name__) for model, verb in COLONNES} == POLICY.compiled.field_rules
    for (model, _), said in COLONNES.items():
        assert set(said) - {RESTE} <= set(columns(model))


@pytest.mark.parametrize("profil", [*PROFILS, SYSTEME])
def test_what_nobody_reads_or_writes_is_refused_to_every_profile(profil: str) -> None:
    for (model, verb), said in COLONNES.items():
        for column in columns(model):
            if profil == SYSTEME or said.get(column, said[RESTE]) is nul:
                assert POLICY.compiled.fields.get((profil, verb, model.__name__, column)) is None, column


@pytest.mark.regle("C-28", "R-154", "R-118")
def test_the_reason_of_a_reading_of_a_candidat_is_that_of_who_reads() -> None:
    """A consultation keeps the rule by which a fiche was read: a partner is not said to recruit."""
    siennes = {
        **{droit: ["CAT-01", "CAT-02", "CAT-03"] for droit in PRESCRIPTEURS},
        **{droit: ["CAT-04"] for droit in ("of_preinscription", "of_general")},
        **{droit: ["CAT-05"] for droit in LECTEURS},
        "gestionnaire": ["CAT-06"],
    }
    for profil in PROFILS:
        rules = [rule for rule, _ in POLICY.rules(profil, "lire", m.Candidat)]
        assert rules == siennes.get(split(profil)[0], []), profil


def compared(profil: str, given: dict[str, Any], rows: Rows) -> set[str]:
    """Compare somebody's rights on every row of a world. Out: the permissions that it holds somewhere."""
    regard, granted = Regard(profil, given, rows), set()
    for model, droits in DROITS.items():
        for permission, droit in droits.items():
            decision = POLICY.decision(profil, permission, model)
            for row in rows[model]:
                said = decision(row, given)
                assert said is bool(droit(regard, row)), (profil, given, permission, vars(row))
                if said:
                    granted.add(f"{model.__name__}.{permission}")
    return granted


def compared_columns(profil: str, given: dict[str, Any], rows: Rows) -> None:
    """Compare which columns somebody reads and writes of every row of a world."""
    regard = Regard(profil, given, rows)
    for (model, verb), said in COLONNES.items():
        for decision, name, together in alike(profil, model, verb):
            for row in rows[model]:
                expected = bool(said[name](regard, row))
                assert decision(row, given) is expected, (profil, given, verb, together, vars(row))


@cache
def alike(profil: str, model: Any, verb: str) -> list[tuple[Decision, str, list[str]]]:
    """Out: what the policy decides, where the table says it, and the columns of which both say the same."""
    said = COLONNES[model, verb]
    groups: dict[tuple[Condition, Any], list[str]] = defaultdict(list)
    for column in columns(model):
        droit = said.get(column, said[RESTE])
        groups[POLICY.field(profil, verb, model, column), droit].append(column)
    return [
        (decide(condition), together[0] if together[0] in said else RESTE, together)
        for (condition, _), together in groups.items()
    ]
