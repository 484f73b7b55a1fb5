"""The mails that acts announce: handed to the queue in the same transaction, so they leave if the act took place."""

from __future__ import annotations

from typing import Any

from app.writing import Writing

TACHE = "courriel"


async def annoncer(tx: Writing, gabarit: str, compte_id: int, **sujets: Any) -> None:
    """In: the template, who is written to, and the keys of what it speaks of. Nothing personal: the job reads it."""
    await tx.confier(TACHE, gabarit=gabarit, compte_id=compte_id, **sujets)


async def annoncer_a(tx: Writing, gabarit: str, comptes: list[int], **sujets: Any) -> None:
    """The same, to several people, whoever acts left out."""
    for compte_id in comptes:
        await annoncer(tx, gabarit, compte_id, **sujets)
