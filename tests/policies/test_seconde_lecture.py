"""The policy and a second reading of docs/droits.md agree, on every row of random worlds of the real tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app import models as m
from app.policies.policy import Policy
from app.policies.viewer import PROFILS, SCOPES
from tests.policies.face_a_face import valeurs
from tests.policies.mondes_maison import Rows, planter
from tests.policies.seconde_lecture import DROITS, Regard

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
        connexion.rollback()
    assert known - granted == set()


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
