"""`rafael demo …`: the demonstration on the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from .parcours import Parcours

demo = typer.Typer(help="La démonstration : sa distribution, son monde.", no_args_is_help=True)


@demo.command()
def comptes(
    en_json: Annotated[bool, typer.Option("--json", help="Une liste JSON, pour un programme.")] = False,
) -> None:
    """Les comptes : adresse, mot de passe, profils."""
    from rich.console import Console
    from rich.table import Column, Table

    from .comptes import COMPTES, as_json
    from .distribution import MOT_DE_PASSE

    if en_json:
        typer.echo(json.dumps(as_json(), ensure_ascii=False, indent=2))
        return
    # an address is typed again, or copied: whole, on one line, however narrow the terminal
    table = Table("Nom", Column("Adresse", no_wrap=True), "Profils", "À essayer")
    for compte in COMPTES:
        table.add_row(compte.nom, compte.email, "\n".join(dits(compte.profils)), compte.essai)
    Console().print(table)
    typer.echo(f"Un seul mot de passe, public : {MOT_DE_PASSE}")
    typer.echo("La gestionnaire donne aussi les six chiffres de « rafael demo code ».")


def dits(profils: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Out: the profiles as a person reads them; `beneficiaire` goes without saying when there is another."""
    for profil in profils:
        if profil["droit"] != "beneficiaire" or len(profils) == 1:
            yield f"{profil['libelle']}, {profil['structure']}" + (
                " (référent)" if profil["referent"] else ""
            )


@demo.command()
def code() -> None:
    """Les six chiffres que demande un compte à second facteur : ceux de la gestionnaire."""
    from .codes import code_du_moment

    typer.echo(code_du_moment())


@demo.command()
def installer() -> None:
    """Écrire le monde de la démonstration dans une base vide."""
    from app.kit.cipher import cipher_of
    from app.kit.clock import clock_of
    from app.kit.database import at_hand
    from app.kit.migrations import migrer
    from app.kit.settings import Settings

    from .monde import peupler_si_vide

    settings = Settings.read()
    with at_hand(settings) as url:
        migrer(url)
        if not asyncio.run(peupler_si_vide(url, cipher_of(settings), clock_of(settings))):
            typer.echo("Cette base contient déjà des comptes : rien n'a été écrit.", err=True)
            raise typer.Exit(1)
    typer.echo("Le monde de la démonstration est en place : « rafael demo comptes » les nomme.")


Adresse = Annotated[str, typer.Option(help="L'adresse d'un serveur qui porte la démonstration.")]
ICI = "http://127.0.0.1:8000"


@demo.command()
def parcours(url: Adresse = ICI) -> None:
    """Jouer le parcours principal par HTTP, refus compris : de la recherche d'une session à l'avis."""
    from .parcours import Parcours

    jouer(Parcours, url)


@demo.command()
def comptes_parcours(url: Adresse = ICI) -> None:
    """Jouer le chapitre des comptes par HTTP, refus compris : structures, droits, profils, partenaires."""
    from .parcours_comptes import ParcoursComptes

    jouer(ParcoursComptes, url)


@demo.command()
def offre_parcours(url: Adresse = ICI) -> None:
    """Jouer la journée d'un organisme et celle d'un gestionnaire par HTTP, refus compris : du brouillon au retrait."""
    from .parcours_offre import ParcoursOffre

    jouer(ParcoursOffre, url)


@demo.command()
def candidatures_parcours(url: Adresse = ICI) -> None:
    """Jouer une semaine de candidatures par HTTP : prescripteurs, niveau 3, organisme, gestionnaire."""
    from .parcours_candidatures import ParcoursCandidatures

    jouer(ParcoursCandidatures, url)


@demo.command()
def donnees_parcours(url: Adresse = ICI) -> None:
    """Jouer par HTTP ce que deviennent les données d'une personne : fiches fusionnées, export, effacement, chiffres."""
    from .parcours_donnees import ParcoursDonnees

    jouer(ParcoursDonnees, url)


def jouer(parcours: type[Parcours], url: str) -> None:
    """In: a parcours, where a server listens. Play it, each step on a line, each refusal with its sentence."""
    from .par_http import ParHttp
    from .parcours import ParcoursInterrompu

    async def jouees() -> None:
        async for etape in parcours(ParHttp(url)).jouer():
            typer.echo(f"{etape.qui:<14} {etape.quoi:<42} → {etape.obtenu}")
            for message in etape.messages:
                typer.secho(f"{'':<14}   {message}", dim=True)

    try:
        asyncio.run(jouees())
    except (ParcoursInterrompu, OSError) as error:
        typer.secho(f"rafael : {error}", err=True, fg="red")
        raise typer.Exit(1) from error
