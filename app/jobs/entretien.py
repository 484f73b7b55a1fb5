"""The queue looks after itself: jobs whose worker died, jobs that ended long ago."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Status

from .application import LOG, travaux

UNE_SEMAINE, UNE_SAISON = 7 * 24, 92 * 24  # hours


@travaux.periodic(cron="*/5 * * * *")
@travaux.task(name="reprendre_travaux_perdus", queueing_lock="reprendre_travaux_perdus", pass_context=True)
async def reprendre_travaux_perdus(context: JobContext, timestamp: int) -> int:
    """Jobs of a worker that gave no sign of life for thirty seconds run again. Out: how many."""
    manager = travaux.job_manager
    perdus = [job for job in await manager.get_stalled_jobs() if job.id != context.job.id]
    for job in perdus:
        try:
            await manager.retry_job(job)
        except ProcrastinateException:  # one of its kind waits already, and will do its work
            LOG.warning("travail perdu, remplacé : %s", job.id)
            await manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(perdus)


@travaux.periodic(cron="30 2 * * *")
@travaux.task(name="oublier_vieux_travaux", queueing_lock="oublier_vieux_travaux", pass_context=True)
async def oublier_vieux_travaux(context: JobContext, timestamp: int) -> None:
    """What succeeded is kept a week, what failed three months."""
    manager = travaux.job_manager
    await manager.delete_old_jobs(nb_hours=UNE_SEMAINE)
    await manager.delete_old_jobs(
        nb_hours=UNE_SAISON, include_failed=True, include_cancelled=True, include_aborted=True
    )
