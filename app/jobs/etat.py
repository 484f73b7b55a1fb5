"""What the queue is doing, as a person at a keyboard wants to know it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from rich.console import Console
from rich.table import Table

from app import models as m
from app.kit.clock import PARIS, clock_of, system
from app.kit.conditions import Compare, Ref
from app.kit.database import Database, at_hand
from app.kit.settings import Settings
from app.policies.policy import Policy
from app.writing import Writer

from .application import ouverte

RECENTS, UNE_SEMAINE = 10, timedelta(days=7)
# the queue's own tables, which no model describes and no rule speaks of: asked through its own connector
PAR_TACHE = """
select j.task_name as tache,
       count(*) filter (where j.status = 'todo') as a_faire,
       count(*) filter (where j.status = 'doing') as en_cours,
       count(*) filter (where j.status = 'failed') as en_echec,
       count(*) filter (where j.status = 'succeeded') as faits,
       max(e.fin) as derniere_fin
from procrastinate_jobs j
left join lateral (select max(at) as fin from procrastinate_events
                   where job_id = j.id and type in ('succeeded', 'failed', 'deferred_for_retry')) e on true
group by j.task_name order by j.task_name"""


@dataclass(frozen=True)
class EtatTache:
    """The jobs of one task."""

    tache: str
    a_faire: int
    en_cours: int
    en_echec: int
    faits: int
    derniere_fin: datetime | None


async def montrer(settings: Settings, console: Console | None = None) -> None:
    """Print the state of the queue, then what went wrong in the week."""
    console = console or Console()
    le = min(system()(), clock_of(settings)())
    async with au_guichet(settings) as (queue, writer):
        console.print(table_of(await par_tache(queue)))
        for incident in await derniers_incidents(writer, depuis=le - UNE_SEMAINE):
            console.print(line_of(incident), markup=False, soft_wrap=True)


async def reprendre(settings: Settings, travail: int) -> None:
    """Put a job that failed in the queue again. Raises ValueError if it did not fail."""
    async with au_guichet(settings) as (queue, _):
        try:
            await queue.job_manager.retry_job_by_id_async(travail, retry_at=system()())
        except ConnectorException as refusal:
            raise ValueError(f"le travail {travail} n'est ni en cours ni en échec") from refusal


async def par_tache(app: App) -> list[EtatTache]:
    """Out: each task that the queue knows of, with its numbers and the end of its last run."""
    rows: Iterable[dict[str, Any]] = await app.connector.execute_query_all_async(PAR_TACHE)
    return [EtatTache(**row) for row in rows]


async def derniers_incidents(writer: Writer, depuis: datetime) -> list[m.IncidentTravail]:
    """Out: what went wrong since then, the last ones first."""
    async with writer.knowing(depuis) as tx:
        found = await tx.know(m.IncidentTravail, Compare(("survenu_le",), ">=", Ref("depuis")), depuis=depuis)
    return found[::-1][:RECENTS]


def table_of(tasks: Iterable[EtatTache]) -> Table:
    """Out: the tasks, as a table."""
    table = Table(box=None)
    for name in ("tâche", "à faire", "en cours", "en échec", "faits", "dernier"):
        table.add_column(name, no_wrap=True)
    for t in tasks:
        numbers = (str(n) for n in (t.a_faire, t.en_cours, t.en_echec, t.faits))
        table.add_row(t.tache, *numbers, moment(t.derniere_fin))
    return table


def line_of(incident: m.IncidentTravail) -> str:
    """Out: an incident, on a line."""
    what = f"travail {incident.travail_id} {incident.tache}, essai {incident.nb_essais}"
    end = "abandonné" if incident.est_definitif else "sera repris"
    why = incident.explication or f"{incident.erreur} ({incident.lieu or 'hors de nos fichiers'})"
    return f"{moment(incident.survenu_le)}  {what}, {end} : {why}"


def moment(at: datetime | None) -> str:
    """Out: a moment of Paris, without its year; a dash for none."""
    return at.astimezone(PARIS).strftime("%d/%m %H:%M:%S") if at else "–"


@asynccontextmanager
async def au_guichet(settings: Settings) -> AsyncIterator[tuple[App, Writer]]:
    """The queue and the writing door of the base that the settings name."""
    with at_hand(settings) as url:
        async with Database(url, connections=2) as database, ouverte(url) as queue:
            yield queue, Writer(database.writing, Policy.load())
