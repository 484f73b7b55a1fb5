"""Random small worlds of the real tables: drawn from the mapping, kept by the real triggers, read back as objects.

Values stay near the borders of rules: few structures, few accounts, moments one hour before, at, and after now.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, Enum, LargeBinary, inspect, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.schema import Column

from app import models as m
from app.kit.clock import PARIS, paris_day
from app.policies.schema import python_type

MAINTENANT = datetime(2027, 3, 1, 11, tzinfo=PARIS)
HEURE = timedelta(hours=1)
COMBIEN: Mapping[Any, int] = {
    m.Compte: 5,
    m.Structure: 4,
    m.DemandeModification: 3,
    m.Affiliation: 8,
    m.DroitAccorde: 8,
    m.Delegation: 4,
    m.Jeton: 3,
    m.CompteMachine: 2,
    m.Certification: 1,
    m.Formacode: 1,
    m.Commune: 1,
    m.Action: 5,
    m.ActionCertification: 3,
    m.ActionModification: 2,
    m.MessageAction: 2,
    m.SessionFormation: 7,
    m.PointEntree: 3,
    m.Reunion: 3,
    m.SessionCertification: 3,
    m.Candidat: 5,
    m.AccesCandidat: 5,
    m.RechercheCandidat: 3,
    m.Consultation: 3,
    m.Sceau: 1,
    m.ReferenceAbsorbee: 2,
    m.Candidature: 12,
    m.Convocation: 3,
    m.Avis: 3,
    m.Fait: 10,
    m.Echange: 1,
    m.RechercheEnregistree: 2,
    m.VersionPolitique: 1,
    m.IncidentTravail: 1,
    m.StatistiquePubliee: 2,
    m.Rapprochement: 2,
}
Values: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[Any, list[Any]]


def _action(rng: random.Random, i: int, values: Values) -> Values:
    conventionnee = values["est_conventionnee"]
    return {
        "reference": f"2027{i:08}",
        "dispositif": rng.choice(["prf", "hsp"]) if conventionnee else None,
        "financeur": rng.choice(["region", "opco"]) if conventionnee else None,
        "etat": rng.choice(["publiee", "publiee", values["etat"]]),
    }


def _session(rng: random.Random, i: int, values: Values) -> Values:
    return {"numero_carif": f"00{i:06}", "etat": rng.choice(["publiee", "publiee", values["etat"]])}


def _candidature(rng: random.Random, i: int, values: Values) -> Values:
    """A third are written this very instant, by somebody: what `creer` decides on."""
    found = {"reference": f"C2027{i:06}", "point_entree_id": None}
    if rng.random() < 1 / 3:
        return found | {"etat": "brouillon", "origine": "rafaelpro", "cree_le": MAINTENANT}
    return found | {"etat": rng.choice(["brouillon", "en_attente_avis", values["etat"]])}


CONTRAINTES: Mapping[Any, Callable[[random.Random, int, Values], Values]] = {
    m.Structure: lambda rng, i, v: {"siret": None, "etat": rng.choice(["validee", v["etat"]])},
    m.Certification: lambda rng, i, v: {"code_rncp": f"RNCP{i}", "code_rs": None, "code_certifinfo": None},
    m.Action: _action,
    m.ActionCertification: lambda rng, i, v: {"rang": i},
    m.SessionFormation: _session,
    m.Candidat: lambda rng, i, v: {
        "reference": f"2027{i:06}",
        "numero_france_travail": None,
        "identifiant_regional": None,
    },
    m.Rapprochement: lambda rng, i, v: {"candidat_id": 1, "autre_id": i + 1},
    m.Candidature: _candidature,
    m.Convocation: lambda rng, i, v: {"numero": i},
    m.Avis: lambda rng, i, v: {"est_retenu": False, "motif": "autre"},
    m.Delegation: lambda rng, i, v: {"a_compte_id": v["de_compte_id"] % COMBIEN[m.Compte] + 1},
    m.CompteMachine: lambda rng, i, v: {"portees": ["offre_lire"]},
    m.Sceau: lambda rng, i, v: {"sha256": f"{i:064x}"},
    m.StatistiquePubliee: lambda rng, i, v: {"nb_candidatures": 10 * i},
    m.RechercheEnregistree: lambda rng, i, v: (
        {"structure_id": v["structure_id"] and v["droit"] and 1}
        | ({} if v["structure_id"] else {"droit": None})
    ),
}
"""What constraints ask of a row, beside what the mapping says."""


def planter(connection: Connection, rng: random.Random) -> Rows:
    """Write a random world in the real tables. Out: its rows by model, tied to each other as the tables say."""
    keys: dict[str, list[Any]] = defaultdict(list)
    for model, number in COMBIEN.items():
        table = inspect(model).local_table
        for i in range(1, number + 1):
            values = {c.key: _drawn(rng, i, c, keys) for c in table.c if _is_ours(c)}
            values |= CONTRAINTES.get(model, _nothing)(rng, i, values)
            statement = insert(table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
            keys[table.name] += connection.execute(statement).scalars().all()
    return lire(connection)


def _nothing(rng: random.Random, i: int, values: Values) -> Values:
    return {}


def _is_ours(column: Column[Any]) -> bool:
    """False for what the database writes: computed columns, copies, counters."""
    kept = column.computed is not None or column.info.get("copie") or column.server_default is not None
    return column.primary_key or not kept


def _drawn(rng: random.Random, i: int, column: Column[Any], keys: Mapping[str, list[Any]]) -> Any:
    """Out: a value for a column, near a border."""
    if column.primary_key:
        return i if python_type(column) is int else f"cle{i}"
    if column.nullable and rng.random() < 0.25:
        return None
    if column.foreign_keys:
        known = keys[next(iter(column.foreign_keys)).column.table.name]
        return rng.choice(known) if known else None
    if isinstance(column.type, Enum):
        return rng.choice(column.type.enums)
    if isinstance(column.type, LargeBinary):
        return bytes([i])
    return _plain(rng, i, column)


def _plain(rng: random.Random, i: int, column: Column[Any]) -> Any:
    kinds: dict[Any, Callable[[], Any]] = {
        bool: lambda: rng.random() < 0.5,
        datetime: lambda: MAINTENANT + rng.choice([-1, 0, 1]) * HEURE,
        date: lambda: paris_day(MAINTENANT),
        Decimal: lambda: Decimal(1),
        int: lambda: 1,
        float: lambda: 1.0,
        list: list,
    }
    if isinstance(column.type, JSONB):
        return {}
    return kinds.get(python_type(column), lambda: f"{column.key} {i}".lower())()


# --- reading back ------------------------------------------------------------------------------------------------


def lire(connection: Connection) -> Rows:
    """Out: every row of the policy's tables, as objects whose relations are those of the tables."""
    with Session(connection) as db:
        rows = {
            model: list(db.scalars(select(model)))
            for model in [*COMBIEN, m.CandidatureResumee, m.CandidatureComptee]
        }
        db.expunge_all()
    by_table = {model: rows[model] for model in rows}
    for model, found in rows.items():
        for prop in inspect(model).relationships:
            target = by_table.get(prop.mapper.class_, [])
            _tie(prop, found, target)
    return rows


def _tie(prop: Any, here: Iterable[Any], there: Iterable[Any]) -> None:
    """Give each row the rows that a relation leads to."""
    names = [
        (prop.parent.get_property_by_column(a).key, prop.mapper.get_property_by_column(b).key)
        for a, b in prop.local_remote_pairs
    ]
    index: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in there:
        index[tuple(getattr(row, b) for _, b in names)].append(row)
    for row in here:
        key = tuple(getattr(row, a) for a, _ in names)
        found = [] if None in key else index[key]
        set_committed_value(row, prop.key, list(found) if prop.uselist else next(iter(found), None))
