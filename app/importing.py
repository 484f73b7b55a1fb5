"""`rafael importer sessions`: the table of an organisation's sessions, sent through the API as its account would."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from app.domain.contraintes import CONTRAINTES
from app.imports.commands import importer
from app.imports.gestionnaire import TIENNENT_UN_CATALOGUE, CompteRefuse, sous_un_droit
from app.kit.settings import Settings

IMPORTER = """mutation($contenu: String!, $essai: Boolean!) { importerSessions(contenu: $contenu, essai: $essai) {
  lignes { ligne action session quoi differences { champ avant apres } empechements { message chemin } }
  empechements { message } } }"""
DIT = {"CREEE": "créée", "MODIFIEE": "modifiée", "INCHANGEE": "inchangée", "REFUSEE": "refusée"}
PLUS_GROS = 1_000_000  # bytes, as through the API


@importer.command()
def sessions(
    fichier: Annotated[
        Path,
        typer.Argument(help="Un tableau CSV (voir le modèle).", exists=True, dir_okay=False, readable=True),
    ],
    compte: Annotated[str, typer.Option(metavar="E-MAIL", help="Le compte de l'organisme.")],
    essai: Annotated[bool, typer.Option("--essai", help="Montrer les différences sans rien garder.")] = False,
) -> None:
    """Faire entrer les sessions d'un organisme depuis un tableau CSV.

    Chaque action est prise en entier ou refusée. Code de sortie : 0, tout est pris ; 1, des lignes sont refusées ; 2, le
    fichier ou le compte est refusé et rien n'est écrit. Le modèle s'obtient à /exports/modele-sessions.csv.
    """
    try:
        rendu = asyncio.run(_envoyer(lu(fichier), compte, essai))
    except (CompteRefuse, ValueError) as refus:
        typer.secho(f"rafael : {refus}", err=True, fg="red")
        raise typer.Exit(2) from refus
    raise typer.Exit(_dire(rendu, essai))


def lu(fichier: Path) -> str:
    """Out: the text of the file, UTF-8 or Windows. Raises ValueError."""
    if fichier.stat().st_size > PLUS_GROS:
        raise ValueError(f"ce fichier dépasse {PLUS_GROS} octets : faites-en plusieurs")
    octets = fichier.read_bytes()
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")


async def _envoyer(contenu: str, courriel: str, essai: bool) -> dict[str, Any]:
    from app.domain.ouverture import valeurs
    from app.kit.cipher import cipher_of
    from app.kit.clock import clock_of
    from app.kit.database import Database, at_hand
    from app.main import Room, build_schema
    from app.policies.policy import Policy
    from app.reading.reader import Reader
    from app.writing import Writer

    settings = Settings.read()
    le, policy = clock_of(settings)(), Policy.load()
    with at_hand(settings) as url:
        async with Database(url, connections=2) as database:
            writer = Writer(database.writing, policy, CONTRAINTES)
            viewer = await sous_un_droit(
                writer, courriel, le, TIENNENT_UN_CATALOGUE, "qui tient le catalogue d'un organisme"
            )
            reader = Reader(
                build_schema(), policy, database.reading, extra_values=lambda _, moment: valeurs(moment)
            )
            room = Room(reader, writer, cipher_of(settings), settings.departements)
            said = await room.execute(viewer, IMPORTER, {"contenu": contenu, "essai": essai}, None, le)
    answer = orjson.loads(bytes(said))
    if answer.get("errors"):
        raise ValueError(answer["errors"][0]["message"])
    rendu: dict[str, Any] = answer["data"]["importerSessions"]
    return rendu


def _dire(rendu: dict[str, Any], essai: bool) -> int:
    """Tell the report. Out: the code of the process."""
    for empechement in rendu["empechements"]:
        typer.secho(f"rafael : {empechement['message']}", err=True, fg="red")
    if rendu["lignes"] is None:
        return 2
    for ligne in rendu["lignes"]:
        typer.echo(f"ligne {ligne['ligne']} : {DIT[ligne['quoi']]} {ligne['session'] or ''}".rstrip())
        for d in ligne["differences"]:
            typer.echo(f"    {d['champ']} : {d['avant'] or '∅'} → {d['apres'] or '∅'}")
        for empechement in ligne["empechements"]:
            typer.echo(f"    {empechement['message']}")
    if essai:
        typer.echo("Essai : rien n'est gardé.")
    return 1 if any(ligne["quoi"] == "REFUSEE" for ligne in rendu["lignes"]) else 0
