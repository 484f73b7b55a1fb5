"""`rafael referentiels charger`: the official files of reference data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.kit.settings import Settings

if TYPE_CHECKING:
    from .charge import Charge

AIDE = (
    "Charger un référentiel depuis le fichier que publie son auteur : fiches RNCP et RS (France compétences), Certif Info, "
    "codes postaux (La Poste), code officiel géographique (INSEE), Formacode. Ce qu'est le fichier se voit à ses colonnes ; "
    "CSV, en UTF-8 ou Windows, à points-virgules, virgules ou tabulations. Ce qui a changé est mis à jour, ce que le "
    "fichier ne dit plus reste. Les communes sont celles des départements du catalogue."
)
referentiels = typer.Typer(help="Certifications, communes, Formacode.", no_args_is_help=True)


@referentiels.callback()
def commandes() -> None:
    """Certifications, communes, Formacode."""


@referentiels.command(help=AIDE)
def charger(
    fichier: Annotated[
        Path, typer.Argument(help="Le fichier CSV.", exists=True, dir_okay=False, readable=True)
    ],
    compte: Annotated[str, typer.Option(metavar="E-MAIL", help="Le compte du gestionnaire qui charge.")],
    essai: Annotated[bool, typer.Option("--essai", help="Dire ce qui changerait, sans rien garder.")] = False,
) -> None:
    """Load a file."""
    from app.imports.commands import avec
    from app.imports.gestionnaire import CompteRefuse, gestionnaire
    from app.imports.tableurs import TableauRefuse
    from app.kit.clock import clock_of
    from app.kit.database import at_hand

    from .charge import charger as prendre

    settings = Settings.read()
    horloge = clock_of(settings)
    try:
        with at_hand(settings) as url, fichier.open("rb") as flux:
            viewer = avec(url, lambda writer: gestionnaire(writer, compte, horloge()))
            charge = avec(
                url,
                lambda writer: prendre(writer, viewer, horloge, flux, settings.departements, est_essai=essai),
            )
    except (CompteRefuse, TableauRefuse) as refus:
        raise ValueError(str(refus)) from refus
    _dire(charge, essai)


def _dire(charge: Charge, essai: bool) -> None:
    typer.echo(
        f"{charge.format} : créés {charge.crees}, modifiés {charge.modifies}, inchangés {charge.inchanges}"
        + (f", hors de la région {charge.ailleurs}" if charge.ailleurs else "")
        + (" (essai : rien n'est gardé)" if essai else "")
    )
    for faute in charge.fautes:
        typer.secho(f"  laissée : {faute}", err=True, fg="yellow")
    if charge.nb_fautes > len(charge.fautes):
        typer.secho(f"  … et {charge.nb_fautes - len(charge.fautes)} autres", err=True, fg="yellow")
