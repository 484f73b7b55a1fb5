"""On real tables: what Polar decides, what the filter keeps, what the flag says and what the closure decides are one.

`make fuzz-politique N=40` compares more worlds than this run has time for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app import models as m
from app.models import Base
from app.policies.lock import read_sources
from app.policies.policy import Policy
from app.policies.schema import Schema
from app.policies.viewer import Viewer
from tests.policies.mondes_maison import MAINTENANT

WITH_COLUMNS = ("anonyme", "prescripteur_n3+referent", "of_general", "gestionnaire")
SANS_STRUCTURE = Viewer(2, "prescripteur_n2", None, None, 1).values(MAINTENANT)


@pytest.fixture
def connexion(url_du_processus: str) -> Iterator[Connection]:
    """A transaction on the base of the process; nothing of it stays."""
    engine = create_engine(
        url_du_processus.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_polar_the_filter_the_flag_and_the_closure_agree_on_every_row(
    oso: None, connexion: Connection
) -> None:
    from tests.policies.face_a_face import FaceAFace

    face = FaceAFace.house()
    face.world(connexion, random.Random(2027), WITH_COLUMNS)
    assert face.differences == []
    assert face.counted["décisions"] > 10_000
    assert face.counted["accordées"] > 2_000


class TestANullActor:
    """The one wanted difference: for Polar nothing equals nothing; for the house it equals no row."""

    RECU = m.Candidat(createur_structure_id=None, createur_id=None)

    def test_polar_alone_gives_an_actor_without_structure_the_rows_without_structure(self, oso: None) -> None:
        from tests.policies.polar_reference import PolarReference, Utilisateur

        alone = PolarReference.of(read_sources(), Schema.of(Base).by_name.values()).oso
        assert alone.is_allowed(Utilisateur("prescripteur_n2", SANS_STRUCTURE), "lire", self.RECU)

    def test_the_house_does_not(self) -> None:
        decision = Policy.load().decision("prescripteur_n2", "lire", m.Candidat)
        assert decision(self.RECU, SANS_STRUCTURE) is False
