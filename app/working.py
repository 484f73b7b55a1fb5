"""`rafael travaux`: the jobs in a process of their own, on any machine; its other words are those of the room."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from app.jobs.commands import app as travaux
from app.kit.settings import Settings


@travaux.callback(invoke_without_command=True)
def faire_les_travaux(
    context: typer.Context,
    une_fois: Annotated[
        bool, typer.Option(help="Faire ce qui est dû maintenant, puis s'arrêter (pour cron).")
    ] = False,
) -> None:
    """Faire les travaux de fond : échéances, courriels ; jusqu'à Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    from app.kit.database import at_hand
    from app.kit.migrations import migrer
    from app.kit.processes import until_told
    from app.main import faire_les_travaux as work

    settings = Settings.read()
    with at_hand(settings) as url:
        migrer(url)
        asyncio.run(until_told(work(replace(settings, database_url=url), une_fois=une_fois)))
