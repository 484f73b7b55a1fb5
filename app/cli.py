"""The command `rafael`: names and options; what it does lives in the rooms, imported when it is asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from app.kit import processes
from app.kit.embedded import EmbeddedError
from app.kit.settings import CHECKOUT, Settings

ROOMS = {
    "politique": "app.policies.commands:app",
    "demo": "app.demo.commands:demo",
    "importer": "app.importing:importer",
    "exporter": "app.exports.commands:exporter",
    "referentiels": "app.imports.referentiels.commands:referentiels",
    "travaux": "app.working:travaux",
    "nir": "app.jobs.nir:app",
    "journal": "app.jobs.journal:app",
}


class Rooms(TyperGroup):
    """Commands of other rooms beside those that are here."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Out: their names."""
        return [*super().list_commands(ctx), *ROOMS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Out: one of them; none under an unknown name."""
        if cmd_name not in ROOMS:
            return super().get_command(ctx, cmd_name)
        module, _, name = ROOMS[cmd_name].partition(":")
        found = get_group(getattr(import_module(module), name))
        found.name = cmd_name
        return found


cli = typer.Typer(
    cls=Rooms,
    help="RafaelPro",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def rafael() -> None:
    """L'offre de formation, les candidatures et les avis : une API GraphQL."""


@cli.command()
def servir(
    port: Annotated[int | None, typer.Option(help="Le port (variable PORT, 8000 sinon).")] = None,
    workers: Annotated[int | None, typer.Option(help="Le nombre de processus (variable WORKERS).")] = None,
    donnees: Annotated[Path | None, typer.Option(help="Le dossier de données (variable DONNEES).")] = None,
) -> None:
    """Servir l'API : démarre la base, la met à jour, répond jusqu'à Ctrl-C."""
    settings = with_options({"port": port, "workers": workers, "donnees": donnees and donnees.resolve()})
    os.environ.update(settings.environ())
    become_server()


def become_server() -> NoReturn:
    """Go on as `python -m app`, in the same process: what answers keeps nothing of a command line in its memory.

    -P: another `app` may be where we stand. -X no_debug_ranges: a trace names its lines, not the columns in them, which take
    0.7 MiB of each worker.
    """
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")]))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-X", "no_debug_ranges", "-m", "app"])  # noqa: S606


@cli.command()
def migrer() -> None:
    """Mettre la base à jour : applique les migrations qui manquent."""
    from app.kit.database import at_hand
    from app.kit.migrations import migrer as migrate

    with at_hand(Settings.read()) as url:
        migrate(url)


@cli.command()
def schema(
    ecrire: Annotated[bool, typer.Option(help="Réécrire schema.graphql, le contrat publié.")] = False,
) -> None:
    """Afficher le schéma de l'API, ou le réécrire."""
    from app.resolvers import published_schema

    if ecrire:
        Path("schema.graphql").write_text(published_schema(), "utf-8")
    else:
        typer.echo(published_schema(), nl=False)


@cli.command()
def lire(
    requete: Annotated[
        Path, typer.Argument(help="Un fichier qui contient un document GraphQL.", exists=True)
    ],
    profil: Annotated[str, typer.Option(help="Le profil qui lit : prescripteur_n2, anonyme…")] = "anonyme",
    variables: Annotated[str, typer.Option(help="Les variables, un objet JSON.")] = "{}",
    sql: Annotated[bool, typer.Option(help="Montrer le SQL : ce que fait cette commande.")] = True,
    plan: Annotated[bool, typer.Option(help="Montrer aussi comment PostgreSQL l'exécuterait.")] = False,
) -> None:
    """Montrer le SQL auquel un document se réduit sous un profil. Rien n'est exécuté."""
    import asyncio

    from app.kit.database import at_hand
    from app.policies.policy import Policy
    from app.reading.errors import Refused
    from app.reading.plans import Plan
    from app.reading.shown import explained, incomplete, laid_out, plan_for
    from app.resolvers import build_schema

    given, document = object_of(variables), text_of(requete)
    try:
        found = plan_for(build_schema(), Policy.load(), profil, document, given)
    except Refused as refused:
        raise ValueError("\n".join(error.message for error in refused.errors)) from refused
    if not isinstance(found, Plan):
        typer.echo(f"-- {incomplete(found)}")
        return
    typer.echo(laid_out(found.sql))
    if plan:
        with at_hand(Settings.read()) as url:
            typer.echo(asyncio.run(explained(url, found.sql)))


@cli.command()
def documents(
    dossier: Annotated[
        Path, typer.Argument(help="Un dossier de fichiers .graphql.", exists=True, file_okay=False)
    ],
) -> None:
    """Vérifier les documents d'un client et les faire connaître : aucun serveur ne les relira ni ne les validera."""
    from app.main import faire_connaitre

    textes = {str(path): text_of(path) for path in sorted(dossier.rglob("*.graphql"))}
    typer.echo(f"{faire_connaitre(Settings.read(), textes)} documents connus")


def with_options(options: Mapping[str, Any]) -> Settings:
    """In: options of a command, None where nothing was said. Out: the settings of the environment, with them."""
    return replace(Settings.read(), **{name: value for name, value in options.items() if value is not None})


def object_of(said: str) -> dict[str, Any]:
    """In: what `--variables` says. Out: the object. Raises ValueError."""
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f'--variables doit être un objet JSON, comme {{"id": 1}} : {said[:80]}')  # noqa: TRY004  # said to a person
    return found


def text_of(path: Path) -> str:
    """Out: what a file says. Raises ValueError for one that is no text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path} n'est pas un texte en UTF-8") from None


def outage(error: Exception) -> ValueError | None:
    """In: what a command met. Out: what the person at the keyboard may mend, in plain words; None: the fault is ours."""
    if isinstance(error, OSError) and error.filename:
        return ValueError(f"{error.filename} : {error.strerror}")
    from psycopg import OperationalError as DriverError
    from sqlalchemy.exc import OperationalError

    from app.kit.database import is_away

    if not (is_away(error) or isinstance(error, OperationalError | DriverError)):
        return None
    said = str(getattr(error, "orig", error)).partition("\n")[0]
    return ValueError(f"la base ne répond pas ({said or type(error).__name__})")


def complain(error: Exception) -> int:
    """Say what is wrong, without a trace: it is for the person at the keyboard. Out: the code of the process."""
    typer.secho(f"rafael : {error}", err=True, fg="red")
    return 1


def main() -> None:
    """Entry point."""
    processes.hear_as_ctrl_c()
    try:
        cli()
    except (EmbeddedError, ValueError) as error:
        sys.exit(complain(error))
    except Exception as error:
        if (plain := outage(error)) is None:
            raise
        sys.exit(complain(plain))
