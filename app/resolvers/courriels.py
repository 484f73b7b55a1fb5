"""The mails that acts announce: handed to the queue in the same transaction, so they leave if the act took place."""

from __future__ import annotations

from typing import Any

from app import models as m
from app.kit.conditions import Compare, Ref, all_of
from app.writing import Writing

TACHE = "courriel"
NIVEAUX_3 = all_of(
    [
        Compare(("droit",), "=", str(m.Droit.PRESCRIPTEUR_N3)),
        Compare(("structure_id",), "=", Ref("leur_structure")),
        Compare(("affiliation", "etat"), "=", str(m.EtatAffiliation.ACCEPTEE)),
    ]
)


async def annoncer(tx: Writing, gabarit: str, compte_id: int, **sujets: Any) -> None:
    """In: the template, who is written to, and the keys of what it speaks of. Nothing personal: the job reads it."""
    await tx.confier(TACHE, gabarit=gabarit, compte_id=compte_id, **sujets)


async def annoncer_a(tx: Writing, gabarit: str, comptes: list[int], **sujets: Any) -> None:
    """The same, to several people, whoever acts left out."""
    for compte_id in comptes:
        await annoncer(tx, gabarit, compte_id, **sujets)


async def promettre_resultat(tx: Writing, candidature: m.Candidature) -> None:
    """R-166: once the act has taken place, have its author told what it decided, if it decided anything.

    The author's choice is read when the job runs: what it wants by day waits for the morning.
    """
    if candidature.est_a_annoncer:
        await tx.confier("dire_resultat", candidature_id=candidature.id)


async def niveaux_3(tx: Writing, structure_id: int | None) -> set[int]:
    """Out: the accounts of the niveaux 3 of a structure: who validates what its niveaux 1 submit (R-037, R-040)."""
    return {
        droit.compte_id for droit in await tx.know(m.DroitAccorde, NIVEAUX_3, leur_structure=structure_id)
    }
