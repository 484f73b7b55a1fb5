"""`rafael travaux …`: names and options; nothing heavy is imported before it is asked for."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.kit.settings import Settings

app = typer.Typer(help="Les travaux de fond : échéances, courriels.")


@app.command()
def etat() -> None:
    """Montrer les travaux en attente, en cours, en échec, les derniers passages et les derniers incidents."""
    from .etat import montrer

    asyncio.run(montrer(Settings.read()))


@app.command()
def reprendre(travail: Annotated[int, typer.Argument(help="Le numéro d'un travail en échec.")]) -> None:
    """Faire de nouveau un travail qui a échoué."""
    from .etat import reprendre as again

    asyncio.run(again(Settings.read(), travail))
    typer.echo(f"Travail {travail} : remis dans la file.")
