"""The account under which a command acts: a living profile of one of some droits, and nothing else (R-018)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import models as m
from app.kit.conditions import Compare, Ref, all_of
from app.models import Droit, EtatAffiliation, EtatCompte
from app.policies.viewer import SANS_JETON, Viewer, profile
from app.writing import Writer

SON_COURRIEL = Compare(("courriel",), "=", Ref("courriel"))
SES_DROITS = all_of(
    [
        Compare(("compte_id",), "=", Ref("compte")),
        Compare(("affiliation", "etat"), "=", str(EtatAffiliation.ACCEPTEE)),
    ]
)
SON_AFFILIATION = Compare(("id",), "=", Ref("affiliation"))
TIENNENT_UN_CATALOGUE = (Droit.OF_GENERAL, Droit.OF_CATALOGUE, Droit.GESTIONNAIRE)


class CompteRefuse(Exception):
    """Nobody may act under this account; the message says why, in French."""


async def gestionnaire(writer: Writer, courriel: str, maintenant: datetime) -> Viewer:
    """In: the address of an account. Out: who it is as a gestionnaire. Raises CompteRefuse."""
    return await sous_un_droit(writer, courriel, maintenant, (Droit.GESTIONNAIRE,), "de gestionnaire")


async def sous_un_droit(
    writer: Writer, courriel: str, maintenant: datetime, droits: Sequence[Droit], dit: str
) -> Viewer:
    """In: the address of an account, droits, the first preferred, and how they are called.

    Out: who it is under the first of them that it has. Raises CompteRefuse.
    """
    ecrit = courriel.strip().lower()
    async with writer.knowing(maintenant) as tx:
        comptes = await tx.know(m.Compte, SON_COURRIEL, courriel=ecrit)
        if not comptes:
            raise CompteRefuse(f"aucun compte n'a l'adresse {ecrit}")
        (compte,) = comptes
        if compte.etat is not EtatCompte.ACTIF:
            raise CompteRefuse(f"le compte {ecrit} n'est pas actif")
        siens = {
            row.droit: row for row in reversed(await tx.know(m.DroitAccorde, SES_DROITS, compte=compte.id))
        }
        accorde = next((siens[droit] for droit in droits if droit in siens), None)
        if accorde is None:
            raise CompteRefuse(f"le compte {ecrit} n'a pas le profil {dit}")
        (affiliation,) = await tx.know(m.Affiliation, SON_AFFILIATION, affiliation=accorde.affiliation_id)
    profil = profile(str(accorde.droit), referent=affiliation.est_referent)
    return Viewer(compte.id, profil, affiliation.structure_id, affiliation.id, SANS_JETON, accorde.id)
