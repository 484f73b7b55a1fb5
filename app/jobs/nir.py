"""`rafael nir …`: a key, and the change of key; nothing heavy is imported before it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import typer

from app import models as m
from app.domain.nir import NirsRechiffres
from app.kit.clock import system
from app.kit.conditions import Compare, Ref
from app.kit.settings import Settings
from app.kit.trousseau import Trousseau, nouvelle_cle, trousseau_de
from app.policies.policy import Policy
from app.writing import Writer

from .outils import SYSTEM

app = typer.Typer(help="Le numéro de sécurité sociale : ses clés.")
SOUS_UNE_AUTRE = Compare(("cle",), "!=", Ref("active"))
DE_CEUX_LA = Compare(("candidat_id",), "in", Ref("ceux_la", many=True))
PAR_LOT = 200


@app.command()
def cle(nom: Annotated[str, typer.Argument(help="Le nom de la clé : une année, par exemple.")]) -> None:
    """Faire une clé, à mettre en tête de NIR_CLES (celle qui retrouve s'appelle « index »)."""
    typer.echo(nouvelle_cle(nom))


@app.command()
def tourner() -> None:
    """Rechiffrer sous la première clé de NIR_CLES tout ce qui l'est sous une autre. Se reprend où l'on s'est arrêté."""
    settings = Settings.read()
    trousseau = trousseau_de(settings)
    if trousseau is None:
        raise ValueError("NIR n'est pas à « oui » : il n'y a rien à rechiffrer")
    asyncio.run(_tourner(settings, trousseau))


async def _tourner(settings: Settings, trousseau: Trousseau) -> None:
    from app.kit.database import Database, at_hand

    with at_hand(settings) as url:
        async with Database(url, connections=2) as database:
            faits = 0
            async for lot in tour(Writer(database.writing, Policy.load()), trousseau, system()()):
                faits += lot
                typer.echo(f"{faits} rechiffrés sous « {trousseau.active} »")
    typer.echo("Terminé : plus rien n'est sous une autre clé.")


async def tour(writer: Writer, trousseau: Trousseau, le: datetime) -> AsyncIterator[int]:
    """Encrypt again, batch by batch, each in its transaction. Out: how many, after each; what is done is not found again."""
    while cles := await restent(writer, trousseau, le):
        async with writer.writing(SYSTEM, le) as tx:
            candidats = await tx.take_tous(m.Candidat, cles, pour="rechiffrer_nir")
            par_cle = {candidat.id: candidat for candidat in candidats}
            # under their locks: one may just have been written again, or deleted
            for garde in await tx.know(m.NirCandidat, DE_CEUX_LA, ceux_la=cles):
                nir = trousseau.dechiffrer(garde.cle, garde.chiffre, garde.candidat_id)
                garde.cle, garde.chiffre = trousseau.chiffrer(nir, garde.candidat_id)
                tx.part(par_cle[garde.candidat_id], garde)
            tx.record(NirsRechiffres(len(candidats), trousseau.active))
        yield len(cles)


async def restent(writer: Writer, trousseau: Trousseau, le: datetime) -> list[int]:
    """Out: the next people whose NIR is under another key."""
    async with writer.knowing(le, SYSTEM) as tx:
        autres = await tx.know(m.NirCandidat, SOUS_UNE_AUTRE, PAR_LOT, active=trousseau.active)
    return [autre.candidat_id for autre in autres]
