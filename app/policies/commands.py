"""`rafael politique …`: check, compile, show and explain the policy."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from .changes import changes, summary
from .compiled import Compiled
from .errors import PolicyError, StaleLock
from .lock import FOLDER, LOCK, dump, parse, read_sources
from .matrix import matrix
from .policy import Policy
from .words import words
from .workshop import Report, examine_apart

app = typer.Typer(help="Vérifier, compiler, montrer et expliquer la politique d'accès.", no_args_is_help=True)
MATRIX = Path("docs/matrice.md")


@app.command()
def verifier() -> None:
    """Relire les règles : ce qui est interdit, inconnu, mort, jamais accordé ; et si compiled.json et la matrice sont à jour."""
    report = _examined()
    late = _late(report)
    for message in late:
        typer.echo(message)
    if late:
        raise typer.Exit(1)
    typer.echo(f"{len(read_sources())} fichiers, {_size(report)} : rien à redire.")


@app.command()
def compiler() -> None:
    """Compiler les règles dans compiled.json, que le serveur lit."""
    report = _examined()
    LOCK.write_text(_text(report), encoding="utf-8")
    typer.echo(f"{LOCK.name} : {_size(report)}.")


@app.command()
def matrice(
    ecrire: Annotated[bool, typer.Option(help=f"Écrire {MATRIX} au lieu d'afficher.")] = False,
) -> None:
    """Montrer la matrice : profils, permissions, conditions en toutes lettres."""
    page = _page(_loaded())
    if ecrire:
        MATRIX.parent.mkdir(exist_ok=True)
        MATRIX.write_text(page, encoding="utf-8")
        typer.echo(f"{MATRIX} : {len(page.splitlines())} lignes.")
    else:
        typer.echo(page, nl=False)


@app.command()
def pourquoi(profil: str, permission: str, ressource: str) -> None:
    """Dire sous quelles conditions un profil peut quelque chose, et par quelles règles."""
    policy = _loaded()
    model = next((m for m in policy.permissions if m.__name__ == ressource), None)
    if model is None:
        known = ", ".join(m.__name__ for m in policy.permissions)
        raise typer.BadParameter(f"ressource inconnue : {ressource}. Connues : {known}")
    try:
        cell = policy.cell(profil, permission, model)
    except PolicyError as unknown:
        raise typer.BadParameter(str(unknown)) from unknown
    typer.echo(f"{profil} peut {permission} {ressource} : {words(cell.condition)}")
    for rule, condition in cell.rules:
        typer.echo(f"  {rule} : {words(condition)}")
    for rule, condition in cell.denials:
        typer.echo(f"  sauf {rule} : {words(condition)}")


@app.command()
def comparer(
    avant: Annotated[str, typer.Argument(help="Un compiled.json d'avant, ou une révision de git.")] = "HEAD",
) -> None:
    """Dire ce qui change de la politique d'avant à celle-ci : qui peut plus, qui peut moins, sur quelles lignes."""
    policy = _loaded()
    models = {model.__name__: model for model in policy.permissions}
    found = changes(_before(avant), policy.compiled, models)
    for change in found:
        for line in change.lines():
            typer.echo(line)
    typer.echo(summary(found))


def _before(said: str) -> Compiled:
    """In: a path, or a revision. Out: the policy that was compiled there."""
    if not said.strip():  # git would read the index: nothing changes, and it would be said of no revision
        raise typer.BadParameter("une révision de git, ou un fichier")
    path = Path(said)
    try:
        return parse(path.read_text(encoding="utf-8") if path.is_file() else _committed(said))
    except (ValueError, KeyError, StaleLock) as refusal:
        raise typer.BadParameter(f"{said} n'est pas une politique compilée qui se lise ici") from refusal


def _committed(revision: str) -> str:
    """Out: the compiled policy of a revision. Raises BadParameter where there is none."""
    asked = ["git", "-C", str(FOLDER), "show", "--end-of-options", f"{revision}:./{LOCK.name}"]
    try:
        return subprocess.run(asked, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603  # no shell
    except (OSError, subprocess.CalledProcessError) as refusal:
        raise typer.BadParameter(f"ni un fichier, ni une révision de git : {revision}") from refusal


def _examined() -> Report:
    """The report of the policy of the house; says its problems and leaves if there is one."""
    report = examine_apart(FOLDER)
    for problem in report.problems:
        typer.echo(str(problem))
    if report.problems or report.compiled is None:
        raise typer.Exit(1)
    return report


def _late(report: Report) -> list[str]:
    """Out: the files that must be written again."""
    late = []
    if not LOCK.exists() or LOCK.read_text(encoding="utf-8") != _text(report):
        late.append(f"{LOCK.name} n'est pas à jour : lancer « rafael politique compiler »")
    elif MATRIX.exists() and MATRIX.read_text(encoding="utf-8") != _page(_loaded()):
        late.append(f"{MATRIX} n'est pas à jour : lancer « rafael politique matrice --ecrire »")
    return late


def _text(report: Report) -> str:
    if report.compiled is None:
        raise typer.Exit(1)
    return dump(report.compiled)


def _size(report: Report) -> str:
    if report.compiled is None:
        raise typer.Exit(1)
    compiled = report.compiled
    permissions = sum(len(names) for names in compiled.permissions.values())
    return (
        f"{len(compiled.permissions)} ressources, {permissions} permissions, {len(compiled.cells)} décisions"
    )


def _loaded() -> Policy:
    try:
        return Policy.load()
    except (PolicyError, FileNotFoundError) as refusal:
        typer.echo(str(refusal))
        raise typer.Exit(1) from refusal


def _page(policy: Policy) -> str:
    return matrix(policy.compiled, policy.sha256)
