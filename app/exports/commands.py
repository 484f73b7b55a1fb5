"""`rafael exporter …`: the published offer, to a file; nothing heavy is imported before it is asked for."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from app.kit.settings import Settings

if TYPE_CHECKING:
    from app.exports.lheo.fichier import Bilan, Demande

PROFIL = "offre_lire"  # what a file says is what a partner may read, whoever runs the command

exporter = typer.Typer(help="Écrire l'offre publiée dans un fichier.", no_args_is_help=True)


@exporter.callback()
def commandes() -> None:
    """Écrire l'offre publiée dans un fichier."""


@exporter.command()
def lheo(
    vers: Annotated[Path | None, typer.Option(metavar="FICHIER", help="Où écrire ; sinon la sortie.")] = None,
    depuis: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="Ce qui a changé depuis, comme 2026-03-02 ou 2026-03-02T20:00."),
    ] = None,
    flux: Annotated[str, typer.Option(help="tout, kairos (R-228) ou apprentissage (R-226).")] = "tout",
) -> None:
    """Écrire l'offre publiée en LHEO 2.3, telle qu'un partenaire peut la lire : entière, ou ce qui a changé.

    Un fichier se prend de nouveau par « rafael importer lheo » : il redonne les mêmes lignes, sous les mêmes numéros.
    """
    from app.exports.lheo.fichier import Demande, flux_de, moment

    demande = Demande(flux_de(flux), (depuis and moment(depuis)) or None)
    if vers is None:
        asyncio.run(_ecrire(sys.stdout.buffer, demande))
        return
    partiel = vers.with_name(vers.name + ".partiel")  # a file that is there is whole
    try:
        with partiel.open("wb") as sortie:
            asyncio.run(_ecrire(sortie, demande))
        partiel.replace(vers)
    finally:
        partiel.unlink(missing_ok=True)


async def _ecrire(sortie: BinaryIO, demande: Demande) -> None:
    from app.exports.lheo.fichier import Exporteur
    from app.kit.clock import clock_of
    from app.kit.database import at_hand, reading_pool
    from app.policies.policy import Policy
    from app.policies.viewer import Anonymous

    settings = Settings.read()
    with at_hand(settings) as url:
        pool = await reading_pool(settings.database_url_lecture or url, 1)
        try:
            async with Exporteur(Policy.load(), pool).ouvrir(
                Anonymous(PROFIL), clock_of(settings)(), demande
            ) as fichier:
                async for morceau in fichier.morceaux():
                    sortie.write(morceau)
        finally:
            await pool.close()
    _dire(fichier.bilan)


def _dire(bilan: Bilan) -> None:
    typer.echo(
        f"{bilan.formations} formations, {bilan.sessions} sessions, {bilan.retraits} retraits", err=True
    )
    if not bilan.formations and not bilan.retraits:
        typer.echo("rien à dire : le fichier est vide", err=True)
    for reference in bilan.laissees:
        typer.secho(
            f"laissée : {reference}, son organisme responsable n'a pas de SIRET", err=True, fg="yellow"
        )
