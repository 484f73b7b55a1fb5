"""Nothing about a person is forgotten when all that is known is taken out: a new column is exported, or excused."""

from __future__ import annotations

from collections.abc import Iterator

from app import models as m
from app.domain.donnees_personnelles import EXCUSES, PARTS, SECRETS, colonnes

PERSONNES = {"candidat", "compte"}
SANS_CLE = {
    "compte_id",
    "pour_compte_id",
    "candidat_id",
    "candidature_id",
    "compte_concerne_id",
}  # of the journal


def pointent() -> Iterator[str]:
    """Out: the columns that point at a person, with a foreign key or, in the journal, without."""
    for table in m.Base.metadata.sorted_tables:
        for column in table.columns:
            ends = {key.column.table.name for key in column.foreign_keys}
            if ends & PERSONNES or column.key in SANS_CLE:
                yield f"{table.name}.{column.key}"


def exportees() -> set[str]:
    return {f"{part.modele.__tablename__}.{part.colonne}" for part in PARTS}


def test_every_column_that_points_at_somebody_is_exported_or_excused() -> None:
    assert set(pointent()) - exportees() - set(EXCUSES) == set()


def test_every_excuse_is_needed() -> None:
    assert set(EXCUSES) - set(pointent()) == set()
    assert set(EXCUSES) & exportees() == set()


def test_every_column_of_what_is_exported_is_there_but_secrets() -> None:
    for part in PARTS:
        table = part.modele.__table__
        absentes = {f"{part.modele.__tablename__}.{c.key}" for c in table.columns} - {
            f"{part.modele.__tablename__}.{nom}" for nom in colonnes(part)
        }
        assert absentes <= set(SECRETS), part.nom
    connues = {f"{t.name}.{c.key}" for t in m.Base.metadata.sorted_tables for c in t.columns}
    assert set(SECRETS) <= connues
