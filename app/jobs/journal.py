"""`rafael journal …`: whoever doubts the journal has its seals computed again (decision 0044)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from app import models as m
from app.domain.sceaux import APRES
from app.kit.clock import PARIS, system
from app.kit.settings import Settings
from app.policies.policy import Policy
from app.writing import Writer

from .sceaux import coulee, lots

SHA256 = re.compile("[0-9a-f]{64}")
app = typer.Typer(help="Le journal : ses sceaux.", no_args_is_help=True)


@app.callback()
def journal() -> None:
    """Le journal : ses sceaux."""


@app.command()
def verifier(
    empreinte: Annotated[
        str, typer.Option(help="Une empreinte notée ailleurs, qui doit s'y retrouver.")
    ] = "",
) -> None:
    """Recalculer les sceaux du journal, et dire s'il a été réécrit. Sort avec le code 1 s'il l'a été."""
    notee = empreinte.strip().lower()
    if notee and not SHA256.fullmatch(notee):
        raise typer.BadParameter("une empreinte a 64 chiffres hexadécimaux", param_hint="--empreinte")
    asyncio.run(_verifier(Settings.read(), notee))


async def _verifier(settings: Settings, notee: str) -> None:
    from app.kit.database import Database, at_hand

    bilan = Bilan(notee)
    with at_hand(settings) as url:
        async with Database(url, connections=1) as database:
            async for verifie in verifies(Writer(database.writing, Policy.load()), system()()):
                bilan.compter(verifie)
                if verifie.ecart:
                    typer.echo(f"Sceau {verifie.sceau.id}, posé {quand(verifie.sceau)} : {verifie.ecart}.")
    for phrase in bilan.phrases():
        typer.echo(phrase)
    if bilan.ecarts or not bilan.est_retrouvee:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Verifie:
    """A seal that was computed again; `ecart`: what is wrong, in words, None where nothing is."""

    sceau: m.Sceau
    ecart: str | None


async def verifies(writer: Writer, le: datetime) -> AsyncIterator[Verifie]:
    """Out: each seal, in order, computed again from the facts that are there and from the seal before, as it is kept."""
    avant = None
    async for lot in lots(writer, le, m.Sceau, APRES, 0):
        for sceau in lot:
            yield Verifie(sceau, await ecart(writer, le, avant, sceau))
            avant = sceau


async def ecart(writer: Writer, le: datetime, avant: m.Sceau | None, sceau: m.Sceau) -> str | None:
    """Out: how a seal differs from what it sealed."""
    if sceau.id != (avant.id + 1 if avant else 1):
        return f"il devrait suivre le sceau {sceau.id - 1}, qui manque"
    if avant and sceau.dernier_fait_id != avant.vu_fait_id:
        return "il ne va pas jusqu'où le sceau d'avant le dit"
    cire = await coulee(writer, le, avant, sceau.dernier_fait_id)
    if cire.nombre != sceau.nb_faits:
        return f"{nombre(sceau.nb_faits, 'fait scellé', 'faits scellés')}, {cire.nombre} au journal"
    if cire.empreinte(sceau.pose_le) != sceau.sha256:
        return "les faits ne sont plus ceux qui ont été scellés, ou un sceau a été changé"
    return None


def quand(sceau: m.Sceau) -> str:
    """Out: when a seal was put, in Paris."""
    return sceau.pose_le.astimezone(PARIS).strftime("le %d/%m/%Y à %H:%M")


def nombre(combien: int, un: str, plusieurs: str) -> str:
    """Out: so many of a thing, as French counts: none and one alike."""
    return f"{combien} {plusieurs if combien > 1 else un}"


@dataclass
class Bilan:
    """What is said at the end."""

    notee: str  # a hash that was written down elsewhere, or nothing
    sceaux: int = 0
    faits: int = 0
    ecarts: int = 0
    est_retrouvee: bool = False
    dernier: m.Sceau | None = None

    def __post_init__(self) -> None:
        """Nothing was noted: nothing to find again."""
        self.est_retrouvee = not self.notee

    def compter(self, verifie: Verifie) -> None:
        """In: the next seal."""
        self.sceaux, self.faits = self.sceaux + 1, self.faits + verifie.sceau.nb_faits
        self.ecarts += verifie.ecart is not None
        self.est_retrouvee |= verifie.sceau.sha256 == self.notee
        self.dernier = verifie.sceau

    def phrases(self) -> list[str]:
        """Out: the end of the report, in French."""
        if self.dernier is None:
            dites = ["Le journal n'a encore aucun sceau : le premier est posé dans l'heure."]
        else:
            conclusion = f"{self.ecarts} en écart" if self.ecarts else "rien n'a changé"
            dites = [
                f"{nombre(self.sceaux, 'sceau', 'sceaux')}, {nombre(self.faits, 'fait', 'faits')} : {conclusion}.",
                f"Dernier sceau, posé {quand(self.dernier)} : {self.dernier.sha256}",
            ]
        return dites if self.est_retrouvee else [*dites, "L'empreinte notée n'est celle d'aucun sceau."]
