"""Random worlds: the same rows in memory, for the reference, and in PostgreSQL, for the compiler."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.reading import models as m
from tests.reading.policy import ANONYME, PROFILS, Viewer

World = dict[type, list[Any]]
MOTIFS = ["Reconversion", 'Un "besoin"\n\t\\ urgent', "é à ü 🎓", "", None]
MOTS = ["soudure", "anglais", "cuisine"]
MOMENT = datetime(2026, 1, 3, 9, 30, tzinfo=UTC)
CHERCHE = f"""CREATE FUNCTION {m.SCHEMA}.cherche(t text) RETURNS tsquery IMMUTABLE LANGUAGE sql
AS $$ SELECT plainto_tsquery('simple', t) $$"""
PLIER = f"""CREATE FUNCTION {m.SCHEMA}.plier(t text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT lower(t) $$"""


def random_world(seed: int, sessions: int = 12, candidatures: int = 60) -> World:
    """Out: rows of every model, poor in values so that conditions often meet."""
    r = random.Random(seed)
    world: World = {
        m.Structure: [_structure(r, i) for i in range(1, 5)],
        m.Utilisateur: [_utilisateur(r, i) for i in range(1, 7)],
        m.Action: [_action(r, i) for i in range(1, 6)],
        m.SessionFormation: [_session(r, i) for i in range(1, sessions + 1)],
        m.Candidature: [_candidature(r, i, sessions) for i in range(1, candidatures + 1)],
        m.Avis: [
            m.Avis(id=i, candidature_id=2 * i, commentaire=r.choice(MOTIFS))
            for i in range(1, candidatures // 3)
        ],
        m.Suivi: [_suivi(r, i, candidatures) for i in range(1, candidatures + 1)],
    }
    _tie(world)
    for session in world[m.SessionFormation]:
        session.responsable_id = session.action.structure_id
    return world


def _structure(r: random.Random, i: int) -> m.Structure:
    return m.Structure(id=i, nom=f"Structure {i}", departement=r.choice(["33", "87", None]), siret=f"{i:014}")


def _utilisateur(r: random.Random, i: int) -> m.Utilisateur:
    structure = r.choice([1, 2, 3, 4, None])
    return m.Utilisateur(id=i, nom=f"Personne {i}", profil=r.choice(PROFILS), structure_id=structure)


def _action(r: random.Random, i: int) -> m.Action:
    return m.Action(
        id=i,
        structure_id=r.randint(1, 4),
        intitule=f"Titre {r.choice(MOTS)} {r.choice(MOTS)}",
        etat=r.choice(list(m.EtatAction)),
        est_conventionnee=r.random() < 0.5,
        contact=r.choice(["Camille", "Dominique", None]),
        formacodes=r.choice([[], ["14454"], ["42746", "14454"]]),
        modalites=r.choice([None, [], [m.Modalite.DISTANCE], list(m.Modalite)]),
        lieu=r.choice([None, {"code": "64000", "ville": "Pau"}, {"code": "87000"}, {"ville": None}]),
    )


def _session(r: random.Random, i: int) -> m.SessionFormation:
    debut = date(2026, 1, 1) + timedelta(days=r.randrange(5))
    return m.SessionFormation(
        id=i,
        numero=f"00{i:06}",
        action_id=r.randint(1, 5),
        formateur_id=r.choice([1, 2, 3, 4, None]),
        positionneur_id=r.choice([1, 2, 3, 4, None]),
        etat=r.choice(["brouillon", "ouverte"]),
        date_debut=debut,
        date_fin=r.choice([None, debut + timedelta(days=3)]),
        prix=r.choice([None, Decimal("0.00"), Decimal("1250.50")]),
        places=(places := r.randrange(4)),
        prises=r.randint(0, places),
    )


def _candidature(r: random.Random, i: int, sessions: int) -> m.Candidature:
    return m.Candidature(
        id=i,
        reference=f"C2026{i:06}",
        session_id=r.choice([None, *range(1, sessions + 1)]),
        structure_prescriptrice_id=r.choice([1, 2, 3, 4, None]),
        prescripteur_id=r.choice([1, 2, 3, 4, 5, 6, None]),
        etat=r.choice(list(m.EtatCandidature)),
        motif=r.choice(MOTIFS),
        cree_le=_instant(r),
    )


def _suivi(r: random.Random, i: int, candidatures: int) -> m.Suivi:
    return m.Suivi(
        id=i,
        candidature_id=r.randint(1, candidatures),
        referent_id=r.randint(1, 6),
        clos=r.random() < 0.5,
        ouvert_le=_instant(r),
    )


def _instant(r: random.Random) -> datetime:
    moment = datetime(2026, 1, 1 + r.randrange(3), tzinfo=UTC)
    return moment + timedelta(microseconds=r.choice([0, 120000, 123456]))


def _tie(world: World) -> None:
    """Fill the relations from the keys, without a database."""
    for model, rows in world.items():
        for relation in inspect(model).relationships:
            ((local, remote),) = relation.local_remote_pairs
            for row in rows:
                wanted = getattr(row, local.key)
                found = [t for t in world[relation.mapper.class_] if getattr(t, remote.key) == wanted]
                value = found if relation.uselist else next(iter(found), None) if wanted is not None else None
                set_committed_value(row, relation.key, value)


async def install(world: World, connection: asyncpg.Connection) -> None:
    """Make the tables anew and fill them."""
    dialect = driver.dialect()
    await connection.execute(
        f"DROP SCHEMA IF EXISTS {m.SCHEMA} CASCADE; CREATE SCHEMA {m.SCHEMA}; {CHERCHE}; {PLIER}"
    )
    for table in m.Base.metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    await fill(world, connection)


async def fill(world: World, connection: asyncpg.Connection) -> None:
    """Empty the tables and fill them with a world."""
    tables = m.Base.metadata.sorted_tables
    await connection.execute(f"TRUNCATE {', '.join(t.fullname for t in tables)}")
    for model in sorted(world, key=lambda k: tables.index(k.__table__)):
        columns = [c.key for c in model.__table__.columns if c.computed is None]
        rows = [tuple(_stored(getattr(row, c)) for c in columns) for row in world[model]]
        await connection.copy_records_to_table(
            model.__table__.name, schema_name=m.SCHEMA, records=rows, columns=columns
        )


def _stored(value: Any) -> Any:
    if isinstance(value, list):
        return [_stored(v) for v in value]
    if isinstance(value, dict):
        return json.dumps(value)
    return getattr(value, "value", value)


def random_viewer(r: random.Random) -> Viewer:
    """Out: somebody of any profile, perhaps without a structure."""
    profil = r.choice(PROFILS)
    if profil == ANONYME:
        return Viewer(ANONYME)
    return Viewer(profil, r.randint(1, 6), r.choice([1, 2, 3, 4, None]))
