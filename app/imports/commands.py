"""`rafael importer …`: the offer of a partner, from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar

import typer

from app.kit.settings import Settings

if TYPE_CHECKING:
    from app.imports.lheo.importer import Demande
    from app.imports.lheo.rapport import Rapport
    from app.imports.structures.importer import Rapport as RapportStructures
    from app.writing import Writer

T = TypeVar("T")
SANS_MIGRATIONS = ("42P01", "42703")  # a table, a column that is not there
TOUT_PRIS, DES_REFUS, RIEN_ECRIT, INTERROMPU = 0, 1, 2, 130

AIDE = (
    "Faire entrer un fichier LHEO : structures, actions et sessions, créées ou mises à jour par leur numéro.\n\n"
    "La forme du fichier est vérifiée avant toute écriture. Chaque formation est ensuite prise en entier, ou refusée "
    "avec la ligne, l'élément et la raison. Sans --publier, ce qui est nouveau attend le contrôle d'un gestionnaire ; "
    "ce qui change sur une action publiée est publié aussitôt. Seul change ce que la source a changé depuis son "
    "import précédent : ce qu'un organisme a enrichi reste. Ce que le fichier ne contient plus reste aussi. "
    "Un import interrompu se complète en le relançant.\n\n"
    "Code de sortie : 0, tout est pris ; 1, des formations sont refusées, les autres sont prises ; 2, le fichier ou "
    "le compte est refusé et rien n'est écrit ; 130, interrompu en route, ce qui est pris reste."
)

importer = typer.Typer(
    help="Faire entrer l'offre d'un partenaire, une liste de structures.", no_args_is_help=True
)


@importer.callback()
def commandes() -> None:
    """Faire entrer l'offre d'un partenaire, une liste de structures."""


@importer.command(help=AIDE)
def lheo(
    fichier: Annotated[
        Path, typer.Argument(help="Un fichier LHEO 2.3 ou 2.2.", exists=True, dir_okay=False, readable=True)
    ],
    compte: Annotated[
        str, typer.Option(metavar="E-MAIL", help="Le compte du gestionnaire sous lequel l'import agit.")
    ],
    publier: Annotated[
        bool, typer.Option("--publier", help="Publier ce qui passe tous les contrôles.")
    ] = False,
    essai: Annotated[bool, typer.Option("--essai", help="Faire le même rapport sans rien garder.")] = False,
    source: Annotated[
        str | None,
        typer.Option(
            help="De qui viennent les numéros du fichier ; sinon l'attribut « uri », sinon « lheo »."
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Dire aussi ce qui change et les avertissements, un par un.")
    ] = False,
) -> None:
    """Bring in a LHEO file."""
    from app.imports.lheo.importer import Demande

    settings = Settings.read()
    demande = Demande(compte, settings.departements, source, publier, essai)
    with fichier.open("rb") as flux:
        raise typer.Exit(executer(flux, fichier.stat().st_size, demande, settings, details))


AIDE_STRUCTURES = (
    "Faire entrer une liste officielle de structures : un fichier CSV en UTF-8, séparé par des points-virgules, des virgules "
    "ou des tabulations, dont l'en-tête nomme « siret » et d'autres colonnes parmi raison_sociale, sigle, numero_activite, "
    "voie, code_postal, ville, telephone, courriel et genres (« organisme de formation », « prescripteur »).\n\n"
    "Une structure se reconnaît à son SIRET. Chaque ligne est prise en entier, ou refusée avec sa raison. Seul change ce "
    "que la liste a changé depuis son import précédent ; une cellule vide ne dit rien, et aucun genre n'est retiré. "
    "Relancer le même fichier ne change rien.\n\n"
    "Code de sortie : 0, tout est pris ; 1, des lignes sont refusées, les autres sont prises ; 2, le fichier ou le compte "
    "est refusé ; 130, interrompu en route, ce qui est pris reste."
)


@importer.command(help=AIDE_STRUCTURES)
def structures(
    fichier: Annotated[
        Path, typer.Argument(help="Une liste, en CSV.", exists=True, dir_okay=False, readable=True)
    ],
    compte: Annotated[
        str, typer.Option(metavar="E-MAIL", help="Le compte du gestionnaire sous lequel l'import agit.")
    ],
    essai: Annotated[bool, typer.Option("--essai", help="Faire le même rapport sans rien garder.")] = False,
    source: Annotated[str, typer.Option(help="Le nom de la liste.")] = "liste",
) -> None:
    """Bring in an official list of structures."""
    from app.imports.structures.importer import Rapport as RapportStructures

    rapport = RapportStructures(est_essai=essai)
    with fichier.open("rb") as flux:
        code = _importer_structures(flux, compte, source, rapport, Settings.read())
    for ligne in rapport.lignes():
        typer.echo(ligne)
    raise typer.Exit(code)


def _importer_structures(
    flux: BinaryIO, compte: str, source: str, rapport: RapportStructures, settings: Settings
) -> int:
    """Take the lines. Out: the code of the process."""
    from app.imports.gestionnaire import CompteRefuse, gestionnaire
    from app.imports.structures.importer import Import as ImportStructures
    from app.imports.structures.lecture import ListeIllisible, lignes
    from app.kit.clock import clock_of
    from app.kit.database import PANNES, at_hand

    horloge = clock_of(settings)

    async def agir(writer: Writer) -> None:
        viewer = await gestionnaire(writer, compte, horloge())
        await ImportStructures(writer, viewer, horloge, source, rapport).tout_prendre(lignes(flux))

    try:
        with at_hand(settings) as url:
            avec(url, agir)
    except (CompteRefuse, ListeIllisible) as refus:
        return _dire(str(refus), INTERROMPU if rapport.comptes else RIEN_ECRIT)
    except PANNES as panne:
        return _dire(_de_la_base(panne), INTERROMPU if rapport.comptes else RIEN_ECRIT)
    except KeyboardInterrupt:
        return _dire("interrompu : ce qui est pris reste, relancez pour le reste", INTERROMPU)
    return DES_REFUS if rapport.nb_refusees else TOUT_PRIS


def executer(flux: BinaryIO, taille: int, demande: Demande, settings: Settings, details: bool) -> int:
    """Run an import and tell it. Out: the code of the process."""
    from app.imports.gestionnaire import CompteRefuse
    from app.imports.lheo.fautes import FormeRefusee
    from app.imports.lheo.rapport import Rapport
    from app.kit.database import PANNES, at_hand

    rapport = Rapport()
    try:
        if not flux.seekable():
            return _dire("le fichier est lu deux fois : enregistrez-le d'abord", RIEN_ECRIT)
        with at_hand(settings) as url, suivi(taille, rapport) as barres:
            _tout(url, flux, demande, rapport, settings, barres)
    except (CompteRefuse, FormeRefusee) as refus:
        return _arrete(str(refus), rapport, details)
    except PANNES as panne:
        return _arrete(_de_la_base(panne), rapport, details)
    except KeyboardInterrupt:
        _montrer(rapport, details)
        return _dire("interrompu : ce qui est pris reste, relancez pour le reste", INTERROMPU)
    _montrer(rapport, details)
    return DES_REFUS if rapport.nb_refusees else TOUT_PRIS


def _arrete(motif: str, rapport: Rapport, details: bool) -> int:
    """Say why nothing was written, or why the rest was not."""
    if not rapport.formations:
        return _dire(motif, RIEN_ECRIT)
    _montrer(rapport, details)
    return _dire(f"{motif} ; ce qui est pris reste, relancez pour le reste", INTERROMPU)


def _de_la_base(panne: Exception) -> str:
    """Out: what is wrong with the base, for the person at the keyboard."""
    if getattr(panne, "sqlstate", None) in SANS_MIGRATIONS:
        return "cette base n'est pas à jour : lancez d'abord « rafael migrer »"
    return f"la base a fait défaut ({panne})"


def _tout(
    url: str, flux: BinaryIO, demande: Demande, rapport: Rapport, settings: Settings, barres: Suivi
) -> None:
    """The account, the form of the file, then its formations: Ctrl-C is heard in each."""
    from app.imports.gestionnaire import gestionnaire
    from app.imports.lheo.importer import Import, verifier
    from app.kit.clock import clock_of

    horloge = clock_of(settings)
    viewer = avec(url, lambda writer: gestionnaire(writer, demande.courriel, horloge()))
    choix = verifier(flux, demande, rapport, barres.verification)
    avec(
        url,
        lambda writer: Import(writer, viewer, horloge, choix, rapport).tout_prendre(
            flux, demande, barres.prise
        ),
    )


def avec(url: str, agir: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
    """Out: what an act gives, run with a writing door of its own."""
    from app.domain.contraintes import CONTRAINTES
    from app.kit.database import writing_pool
    from app.policies.policy import Policy
    from app.writing import Writer

    async def acte() -> T:
        async with writing_pool(url, 1) as pool:
            return await agir(Writer(pool, Policy.load(), CONTRAINTES))

    return asyncio.run(acte())


def _montrer(rapport: Rapport, details: bool) -> None:
    for ligne in rapport.lignes(toutes=details):
        typer.echo(ligne)


def _dire(motif: str, code: int) -> int:
    typer.secho(f"rafael : {motif}", err=True, fg="red")
    return code


@dataclass(frozen=True)
class Suivi:
    """What is told while an import runs: bytes whose form was checked, then each formation."""

    verification: Callable[[int], None]
    prise: Callable[[], None]


@contextmanager
def suivi(taille: int, rapport: Rapport) -> Iterator[Suivi]:
    """In: the size of the file, the report in the making. A bar on the screen of a person, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    dites = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*dites, console=console, transient=True, disable=not console.is_terminal) as barre:
        forme = barre.add_task("Forme (octets)", total=taille)
        formations = barre.add_task("Formations", total=None)
        yield Suivi(
            verification=lambda octets: barre.update(forme, advance=octets),
            prise=lambda: barre.update(formations, completed=rapport.formations, total=rapport.attendues),
        )
