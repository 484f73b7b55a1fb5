"""A worker that does what is due and stops, on a clock that only a test moves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import cached_property
from typing import Any

import pytest
from cryptography.fernet import Fernet
from procrastinate import App
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry
from sqlalchemy import text

from app import models as m
from app.domain.contraintes import CONTRAINTES
from app.jobs.application import ouverte, reste, travailler
from app.jobs.echeances import ECHEANCES, tenir
from app.jobs.outils import Outils
from app.jobs.partenaires import Porteur
from app.jobs.poste import Poste
from app.jobs.regroupements import REGROUPEMENTS, tenir_ensemble
from app.kit.cipher import Cipher
from app.main import build_schema, valeurs
from app.policies.policy import Policy
from app.reading.reader import Reader
from app.writing import Writer
from tests.cast import MAINTENANT, Monde, planter
from tests.conftest import Base

EXPEDITEUR = "RafaelPro <ne-pas-repondre@rafaelpro.example>"
SANS_CONTEXTE: Any = None  # only a failure asks for it
SITE = "https://rafaelpro.example"


@dataclass
class Boite:
    """A post office that keeps what it is given."""

    recus: list[EmailMessage] = field(default_factory=list)

    async def envoyer(self, message: EmailMessage) -> None:
        self.recus.append(message)

    @property
    def objets(self) -> list[tuple[str, str]]:
        """Out: to whom, about what, in order of addresses."""
        return sorted((str(message["To"]), str(message["Subject"])) for message in self.recus)


def lecteur(base: Base) -> Reader:
    """Out: the reading door, as jobs have it in hand."""
    return Reader(build_schema(), Policy.load(), base.lecture, extra_values=lambda _, le: valeurs(le))


@dataclass
class Atelier:
    """The jobs of a base, at the moment that the test says."""

    base: Base
    app: App
    registre: PeriodicRegistry
    boite: Boite
    heure: datetime = MAINTENANT
    poste: Poste | None = None
    cipher: Cipher = field(default_factory=lambda: Cipher(Fernet.generate_key()))
    porteurs: dict[m.Correspondant, Porteur] = field(default_factory=dict)

    @cached_property
    def writer(self) -> Writer:
        """The writing door."""
        return Writer(self.base.ecriture, Policy.load(), CONTRAINTES)

    @cached_property
    def reader(self) -> Reader:
        """The reading door."""
        return lecteur(self.base)

    @property
    def outils(self) -> Outils:
        """What jobs hold in their hand."""
        poste = self.poste or self.boite
        return Outils(
            self.writer, lambda: self.heure, poste, self.cipher, EXPEDITEUR, self.reader, SITE, self.porteurs
        )

    async def vider(self) -> None:
        """Do every job that is due, and those that they make due."""
        while await reste(self.app):  # a worker may leave while a job is handing over another one
            await travailler(self.app, self.outils, attendre=False)

    async def tic(self) -> None:
        """Hand over what is periodic, as if its moment had just come, then do it."""
        deferrer = PeriodicDeferrer(self.registre, max_delay=7 * 86_400)
        await deferrer.defer_jobs(deferrer.get_previous_tasks(at=self.heure.timestamp() + 1))
        await self.vider()

    async def jours(self, combien: int) -> None:
        """Let days pass, at the same hour of Paris: each does what is due; the last one by the queue, as it is served."""
        for passe in range(combien):
            self.heure += timedelta(days=1)
            if passe < combien - 1:
                await self.echoir()
        await self.tic()

    async def echoir(self) -> None:
        """Do all that is due, without the queue."""
        for echeance in ECHEANCES:
            await tenir(echeance, self.outils, SANS_CONTEXTE)
        for regroupement in REGROUPEMENTS:
            await tenir_ensemble(regroupement, self.outils, SANS_CONTEXTE)

    async def avancer(self) -> None:
        """What waits for its moment is due now: its moment obeys the clock of the database."""
        async with self.base.engine.begin() as db:
            await db.execute(text("update procrastinate_jobs set scheduled_at = now() where status = 'todo'"))

    async def confier(self, tache: str, **args: Any) -> None:
        """Hand over a job, beside any act."""
        async with self.base.engine.begin() as db:
            await db.execute(
                text(
                    "insert into procrastinate_jobs (queue_name, task_name, args) values ('default', :t, :a)"
                ),
                {"t": tache, "a": json.dumps(args)},
            )

    async def etats(self, tache: str) -> list[tuple[str, int]]:
        """Out: the état and the number of runs of the jobs of a task."""
        async with self.base.engine.connect() as db:
            rows = await db.execute(
                text(
                    "select status::text, attempts from procrastinate_jobs where task_name = :t order by id"
                ),
                {"t": tache},
            )
            return [(row.status, row.attempts) for row in rows]

    async def incidents(self) -> list[Any]:
        """Out: what was noted, in order."""
        async with self.base.engine.connect() as db:
            return list(await db.execute(text("select * from incident_travail order by id")))


@pytest.fixture
async def atelier(base: Base) -> AsyncIterator[Atelier]:
    async with ouverte(base.url) as app:
        app.perform_import_paths()
        registre = PeriodicRegistry()
        registre.periodic_tasks.update(app.periodic_registry.periodic_tasks)
        app.periodic_registry.periodic_tasks.clear()  # or each worker would also hand over by the wall clock
        try:
            yield Atelier(base, app, registre, Boite())
        finally:
            app.periodic_registry.periodic_tasks.update(registre.periodic_tasks)


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


async def etat(monde: Monde, candidature: m.Candidature) -> str | None:
    """Out: the état of a candidature; None if it is no more."""
    async with monde.engine.connect() as db:
        found = await db.scalar(text("select etat from candidature where id = :id"), {"id": candidature.id})
        return None if found is None else str(found)
