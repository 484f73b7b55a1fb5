"""What a job holds in its hand: the writing door, the clock, the post, the key of the house."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from app import models as m
from app.kit.cipher import Cipher
from app.kit.clock import Clock
from app.kit.settings import CONSERVATION_MOIS
from app.policies.viewer import System
from app.reading.reader import Reader
from app.writing import Writer

from .echecs import EchecTravail
from .partenaires import Porteur
from .poste import Poste

if TYPE_CHECKING:
    from procrastinate import JobContext

SYSTEM = System()
ROOM = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Outils:
    """One for the process."""

    writer: Writer
    clock: Clock
    poste: Poste
    cipher: Cipher
    expediteur: str
    reader: Reader  # the offer, as the owner of a saved search reads it
    site: str  # where the links of the mails lead, without a slash at the end
    porteurs: Mapping[m.Correspondant, Porteur] = field(default_factory=dict)  # how partners are reached
    conservation_mois: int = CONSERVATION_MOIS  # how long a person is known after the last activity

    @classmethod
    def de(cls, context: JobContext) -> Outils:
        """In: what procrastinate gives a task. Out: the tools that the worker was started with."""
        found: Outils = context.additional_context["outils"]
        return found

    async def noter(self, context: JobContext, erreur: Exception, *, est_definitif: bool) -> None:
        """Write down that a run failed. procrastinate keeps no reason; a message may quote a row, so only ours is."""
        le = self.clock().astimezone(UTC)
        async with self.writer.writing(SYSTEM, le) as tx:
            await tx.creer(
                m.IncidentTravail,
                pour="noter",
                travail_id=context.job.id,
                tache=context.job.task_name,
                nb_essais=context.job.attempts + 1,
                est_definitif=est_definitif,
                erreur=type(erreur).__qualname__,
                lieu=lieu(erreur),
                explication=erreur.explication if isinstance(erreur, EchecTravail) else None,
                survenu_le=le,
            )


def lieu(erreur: BaseException) -> str | None:
    """Out: the last line of ours that an exception went through, as `jobs/courriels.py:42`."""
    ours = [f for f in traceback.extract_tb(erreur.__traceback__) if Path(f.filename).is_relative_to(ROOM)]
    return f"{Path(ours[-1].filename).relative_to(ROOM)}:{ours[-1].lineno}" if ours else None
