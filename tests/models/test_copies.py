"""Columns that triggers keep equal to a column of another row: always equal, whatever changes, in whatever order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from sqlalchemy import inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app import models as m
from tests.cast import Monde, planter


class Copie(NamedTuple):
    """A copied column, and where it comes from."""

    model: type[m.Base]
    colonne: str
    relation: str
    source: str

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.colonne}"


def copies() -> Iterator[Copie]:
    """Out: every column that the models declare as a copy."""
    for mapper in m.Base.registry.mappers:
        for column in mapper.columns:
            if "copie" in column.info and mapper.class_ is not m.CandidatureResumee:
                yield Copie(mapper.class_, column.key, *column.info["copie"].split("."))


COPIES = sorted(copies(), key=str)


async def differing(db: AsyncConnection, copie: Copie) -> int:
    """Out: how many rows say something else than what they copy."""
    relation = inspect(copie.model).relationships[copie.relation]
    here, there = copie.model.__table__.alias(), relation.mapper.local_table.alias()
    (local, remote), *_ = relation.local_remote_pairs
    said, true = here.c[copie.colonne], there.c[copie.source]
    joined = here.join(there, here.c[local.key] == there.c[remote.key])
    rows = await db.execute(select(here.c.id).select_from(joined).where(said.is_distinct_from(true)))
    return len(rows.all())


async def values(db: AsyncConnection, copie: Copie) -> dict[int, Any]:
    """Out: what each row says in that column."""
    table = copie.model.__table__
    rows = await db.execute(select(table.c.id, table.c[copie.colonne]))
    return dict([tuple(row) for row in rows])


@pytest_asyncio.fixture(loop_scope="session")
async def monde(base: Any) -> AsyncIterator[Monde]:
    """The world, with a candidature and a change that waits, so that every copy has a row."""
    monde = await planter(base)
    await monde.une_candidature(etat="en_attente_avis")
    await monde.une_candidature(candidat=monde.lea, etat="retenue", session=monde.session_hsp)
    await monde.inserer(
        m.ActionModification,
        action_id=monde.action_maconnerie.id,
        contenu={},
        cree_le=monde.le,
        modifiee_le=monde.le,
    )
    yield monde


def changes(monde: Monde) -> list[Any]:
    """Out: everything that may move a source, or point a row at another source."""
    action, session = m.Action.__table__, m.SessionFormation.__table__
    candidature, droit, point = m.Candidature.__table__, m.DroitAccorde.__table__, m.PointEntree.__table__
    modification = m.ActionModification.__table__
    maconnerie, hsp = monde.action_maconnerie.id, monde.action_hsp.id
    ours = session.c.id == monde.session_maconnerie.id
    return [
        update(action).where(action.c.id == maconnerie).values(responsable_id=monde.landes.id),
        update(action).where(action.c.id == maconnerie).values(dispositif="hsp"),
        update(action).where(action.c.id == maconnerie).values(financeur="etat"),
        update(action).where(action.c.id == maconnerie).values(est_conventionnee=False),
        update(action).where(action.c.id == maconnerie).values(etat="archivee"),
        update(action).where(action.c.id == maconnerie).values(premiere_publication_le=None, etat="publiee"),
        update(session).where(ours).values(positionneur_id=monde.tremplin.id, formateur_id=None),
        update(session).where(ours).values(positionneur_id=None, formateur_id=monde.passerelles.id),
        update(session).where(session.c.action_id == hsp).values(capacite_accueil=3),
        update(session).where(session.c.action_id == hsp).values(coefficient=2.5),
        update(session).where(session.c.action_id == hsp).values(capacite_accueil=None),
        update(session).where(ours).values(action_id=hsp),
        update(modification).values(action_id=hsp),
        update(candidature).values(session_id=monde.session_poec.id, point_entree_id=None),
        update(action).where(action.c.id == monde.action_poec.id).values(responsable_id=monde.tremplin.id),
        update(point).where(point.c.id == monde.prochain_point.id).values(session_id=monde.session_poec.id),
        update(droit)
        .where(droit.c.compte_id == monde.paul.id)
        .values(affiliation_id=monde.marc.viewer.affiliation_id, droit="prestataire")
        .where(droit.c.droit == "prescripteur_n2"),
    ]


async def test_every_copy_stays_equal_to_its_source(monde: Monde) -> None:
    seen: dict[tuple[Copie, int], set[Any]] = defaultdict(set)
    async with monde.engine.begin() as db:
        for change in [text("select 1"), *changes(monde)]:
            await db.execute(change)
            for copie in COPIES:
                assert not await differing(db, copie), f"{copie} after {change}"
                for key, value in (await values(db, copie)).items():
                    seen[copie, key].add(value)

    moved = {copie for (copie, _), known in seen.items() if len(known) > 1}
    assert moved == set(COPIES), "a copy that nothing above has moved is not tested"


@pytest.mark.parametrize("copie", COPIES, ids=str)
async def test_an_insert_cannot_lie(monde: Monde, copie: Copie) -> None:
    wrong: dict[str, Any] = {copie.colonne: 999}
    if copie.colonne == "compte_id":
        wrong = {copie.colonne: monde.theo.id}
    elif copie.colonne.endswith("_id"):
        wrong = {copie.colonne: monde.cap_metiers.id}
    elif copie.colonne != "places_possibles":
        wrong = {copie.colonne: copie.colonne == "est_hsp"}  # all the rest is true of the maçonnerie

    await insertion(monde, copie.model, wrong)

    async with monde.engine.connect() as db:
        assert not await differing(db, copie)


async def insertion(monde: Monde, model: type[m.Base], columns: dict[str, Any]) -> None:
    """Insert a row of this model that claims these columns."""
    if model is m.SessionFormation:
        await monde.une_session(**columns)
    elif model is m.Candidature:
        await monde.une_candidature(candidat=monde.lea, **columns)
    elif model is m.PointEntree:
        await monde.inserer(
            m.PointEntree, session_id=monde.session_hsp.id, date_entree=monde.jour(200), **columns
        )
    elif model is m.DroitAccorde:
        await monde.inserer(
            m.DroitAccorde,
            affiliation_id=monde.paul.viewer.affiliation_id,
            droit="employeur",
            accorde_le=monde.le,
            **columns,
        )
    else:
        await monde.inserer(
            model,
            action_id=monde.action_anglais.id,
            contenu={},
            cree_le=monde.le,
            modifiee_le=monde.le,
            **columns,
        )
