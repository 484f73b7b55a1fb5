"""The queue and its workers. A task asks the domain what is due; no tick, no retry and no order is ever trusted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from app.kit.clock import system
from app.kit.database import plain
from app.kit.lines import LIBPQ

from .echecs import EchecTravail
from .outils import Outils

LOG = logging.getLogger("rafael.travaux")
CONNECTIONS, JOBS_AT_ONCE = 4, 4
# seconds: a worker told to stop while the base is away waits so long to say that it leaves
CONNECTION_WITHIN = 3.0
LAST_JOBS = 8  # seconds that running jobs are given at the end: less than requests have
DAY = 86_400

travaux = App(
    connector=PsycopgConnector(conninfo=""),  # never opened: see `ouverte`
    import_paths=[
        "app.jobs.courriels",
        "app.jobs.recapitulatifs",
        "app.jobs.echanges",
        "app.jobs.echeances",
        "app.jobs.regroupements",
        "app.jobs.completes",
        "app.jobs.entretien",
        "app.jobs.oubli",
        "app.jobs.statistiques",
        "app.jobs.conservation",
        "app.jobs.rapprochements",
        "app.jobs.recherches",
        "app.jobs.cles",
        "app.jobs.sceaux",
    ],
    periodic_defaults={"max_delay": 7 * DAY},  # a tick missed while nobody served is played at the next start
)


class Reprise(BaseRetryStrategy):
    """Try again after each of these delays, in seconds; never what would fail in the same way."""

    def __init__(self, *delais: int) -> None:
        """In: the delays; one run more than there are delays."""
        self.delais = delais

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Out: when to try again, None to give up."""
        if not isinstance(exception, Exception):
            return RetryDecision(retry_in={"seconds": 0})  # this worker is leaving: another one takes it
        hopeless = isinstance(exception, EchecTravail) and exception.est_definitif
        if hopeless or job.attempts >= len(self.delais):
            return None
        return RetryDecision(retry_in={"seconds": self.delais[job.attempts]})


async def noter_les_echecs(call: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Around each job: what goes wrong is written down where people see it, and still goes wrong."""
    try:
        return await call()
    except Exception as erreur:
        task = travaux.tasks.get(context.job.task_name)
        again = task.get_retry_exception(erreur, context.job) if task else None
        try:
            await Outils.de(context).noter(context, erreur, est_definitif=again is None)
        except Exception:  # the base itself may be gone
            LOG.exception("échec non noté : travail %s", context.job.id)
        raise


@asynccontextmanager
async def ouverte(url: str) -> AsyncIterator[App]:
    """In: the address of the base. The application, connected; its tasks stay bound to it, hence `replace_connector`."""
    connector = PsycopgConnector(
        conninfo=plain(url), kwargs=LIBPQ, min_size=1, max_size=CONNECTIONS, timeout=CONNECTION_WITHIN
    )
    with travaux.replace_connector(connector):
        async with travaux.open_async():
            yield travaux


async def travailler(app: App, outils: Outils, *, attendre: bool = True) -> None:
    """Do the jobs: for ever, or until none is due."""
    await app.run_worker_async(
        wait=attendre,
        listen_notify=attendre,
        install_signal_handlers=False,
        concurrency=JOBS_AT_ONCE,
        shutdown_graceful_timeout=LAST_JOBS,
        delete_jobs="never",
        worker_middleware=[noter_les_echecs],
        additional_context={"outils": outils},
    )


async def tout_de_suite(app: App, outils: Outils) -> None:
    """Do what is periodic now, whatever its hour, and every job that is due, until none is."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's
    now = int(outils.clock().timestamp())
    for task in {periodic.task for periodic in app.periodic_registry.periodic_tasks.values()}:
        with suppress(AlreadyEnqueued):
            await task.defer_async(timestamp=now)
    while await reste(app):  # a worker may leave while a job is handing over another one
        await travailler(app, outils, attendre=False)


async def reste(app: App) -> bool:
    """Out: whether a job is due. The queue obeys the clock of the machine, whatever the house's says.

    A job waits behind those of its lock: only the first of them may be due.
    """
    waiting = sorted(await app.job_manager.list_jobs_async(status="todo"), key=lambda job: job.id or 0)
    behind: set[str] = set()
    for job in waiting:
        if job.lock not in behind and (job.scheduled_at is None or job.scheduled_at <= system()()):
            return True
        behind |= {job.lock} if job.lock else set()
    return False


async def veiller(app: App, outils: Outils, pause: float = 1.0) -> None:
    """Do the jobs for ever: a worker ends for good when the database restarts, so it is started again."""
    while True:
        try:
            await travailler(app, outils)
        except Exception as erreur:
            LOG.warning("travaux interrompus : %s", type(erreur).__name__)
            if (tache := asyncio.current_task()) is not None and tache.cancelling():
                return  # told to stop: without a base, the library makes another error of it
        await asyncio.sleep(pause)  # nothing to wait on: the database says when it is back to those who ask


@asynccontextmanager
async def au_travail(url: str, outils: Outils) -> AsyncIterator[None]:
    """While this is open, a task of this process does jobs. Several processes may: each job is done by one."""
    async with ouverte(url) as app:
        watch = asyncio.create_task(veiller(app, outils))
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
