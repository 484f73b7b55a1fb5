"""The search of the offer, by night: the words that its second engine knows."""

from __future__ import annotations

from procrastinate import JobContext

from app import models as m

from .application import travaux
from .outils import Outils


@travaux.periodic(cron="10 2 * * *")
@travaux.task(name="apprendre_vocabulaire", queueing_lock="apprendre_vocabulaire", pass_context=True)
async def apprendre_vocabulaire(context: JobContext, timestamp: int) -> None:
    """The words of what is published today: what a word that nobody published may have been meant for."""
    await Outils.de(context).writer.rafraichir(*m.Vue)
