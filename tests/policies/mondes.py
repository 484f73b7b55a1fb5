"""Random small worlds: rows as objects, and the same rows in PostgreSQL."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, inspect

from app.policies.viewer import Anonymous, Viewer
from tests.policies.modeles import Acces, Base, Demande, Etat, Groupe, Organisme, Personne, Stage, Suivi

T = TypeVar("T")
MAINTENANT = datetime(2027, 3, 1, 10, tzinfo=UTC)
MODELES: tuple[type[Base], ...] = (Organisme, Stage, Groupe, Personne, Acces, Demande, Suivi)
COMPTES = (1, 2, 3)
ORGANISMES = (1, 2, 3)


@dataclass
class Monde:
    """Rows by model, in an order that foreign keys accept."""

    lignes: dict[type[Base], list[Any]]

    def ecrire(self, connection: Connection) -> None:
        """Replace what the tables hold."""
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        for model, rows in self.lignes.items():
            if rows:
                connection.execute(insert(model), [_columns(row) for row in rows])


def _columns(row: Any) -> dict[str, Any]:
    return {a.key: getattr(row, a.key) for a in inspect(type(row)).column_attrs}


def valeurs(rng: random.Random, profil: str) -> dict[str, Any]:
    """Out: the values of a request under a profile; the structure may be missing."""
    if profil == "anonyme":
        return Anonymous().values(MAINTENANT)
    structure = peut_etre(rng, ORGANISMES, 0.2)
    return Viewer(rng.choice(COMPTES), profil, structure, None, 1).values(MAINTENANT)


def peut_etre(rng: random.Random, choices: Any, absent: float = 0.25) -> Any:
    """Out: one of the choices, or None."""
    return None if rng.random() < absent else rng.choice(choices)


def monde(rng: random.Random, demandes: int = 12) -> Monde:
    """Out: a world where everything that may be null sometimes is."""
    organismes = [Organisme(id=i, ville=peut_etre(rng, ["Bordeaux", "Poitiers"])) for i in ORGANISMES]
    stages = [_stage(rng, i, organismes) for i in (1, 2, 3)]
    groupes = [_groupe(rng, i, stages) for i in range(1, 6)]
    personnes = [Personne(id=i, createur_id=peut_etre(rng, COMPTES)) for i in range(1, 6)]
    acces = [_acces(rng, i, personnes) for i in range(1, 7)]
    asked = [_demande(rng, i, groupes, personnes) for i in range(1, demandes + 1)]
    suivis = [_suivi(rng, i, asked) for i in range(1, demandes)]
    rows: dict[type[Base], list[Any]] = {
        Organisme: organismes,
        Stage: stages,
        Groupe: groupes,
        Personne: personnes,
        Acces: acces,
        Demande: asked,
        Suivi: suivis,
    }
    return Monde(rows)


def _stage(rng: random.Random, key: int, organismes: list[Organisme]) -> Stage:
    organisme = rng.choice(organismes)
    return Stage(id=key, organisme_id=organisme.id, organisme=organisme, est_en_ligne=rng.random() < 0.5)


def _groupe(rng: random.Random, key: int, stages: list[Stage]) -> Groupe:
    stage = rng.choice(stages)
    return Groupe(
        id=key,
        stage=stage,
        stage_id=stage.id,
        organisme_id=stage.organisme_id,
        formateur_id=peut_etre(rng, ORGANISMES),
        places=rng.randrange(6),
    )


def _acces(rng: random.Random, key: int, personnes: list[Personne]) -> Acces:
    personne = rng.choice(personnes)
    return Acces(
        id=key,
        personne=personne,
        personne_id=personne.id,
        structure_id=rng.choice(ORGANISMES),
        jusqu_au=MAINTENANT + timedelta(hours=rng.choice([-1, 0, 1])),
    )


def _demande(rng: random.Random, key: int, groupes: list[Groupe], personnes: list[Personne]) -> Demande:
    groupe, personne = peut_etre(rng, groupes), rng.choice(personnes)
    return Demande(
        id=key,
        groupe=groupe,
        groupe_id=groupe and groupe.id,
        organisme_id=groupe and groupe.organisme_id,
        personne=personne,
        personne_id=personne.id,
        auteur_id=peut_etre(rng, COMPTES),
        soumise_par_id=peut_etre(rng, COMPTES),
        structure_id=peut_etre(rng, ORGANISMES),
        etat=peut_etre(rng, list(Etat), 0.15),
        est_urgente=peut_etre(rng, [True, False]),
        motif=peut_etre(rng, ["voilà", "rien"]),
    )


def _suivi(rng: random.Random, key: int, demandes: list[Demande]) -> Suivi:
    demande = rng.choice(demandes)
    return Suivi(
        id=key,
        demande=demande,
        demande_id=demande.id,
        suiveur_id=peut_etre(rng, COMPTES),
        est_clos=rng.random() < 0.5,
    )
