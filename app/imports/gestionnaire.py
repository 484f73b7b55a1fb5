"""The account under which a command acts: the profile of a living gestionnaire, and nothing else (R-018)."""

from __future__ import annotations

from datetime import datetime

from app import models as m
from app.kit.conditions import Compare, Ref, all_of
from app.models import Droit, EtatAffiliation, EtatCompte
from app.policies.viewer import Viewer, profile
from app.writing import Writer

SANS_JETON = 0  # no token: nobody came by HTTP
SON_COURRIEL = Compare(("courriel",), "=", Ref("courriel"))
SON_DROIT = all_of(
    [
        Compare(("compte_id",), "=", Ref("compte")),
        Compare(("droit",), "=", str(Droit.GESTIONNAIRE)),
        Compare(("affiliation", "etat"), "=", str(EtatAffiliation.ACCEPTEE)),
    ]
)
SON_AFFILIATION = Compare(("id",), "=", Ref("affiliation"))


class CompteRefuse(Exception):
    """Nobody may act under this account; the message says why, in French."""


async def gestionnaire(writer: Writer, courriel: str, maintenant: datetime) -> Viewer:
    """In: the address of an account. Out: who it is as a gestionnaire. Raises CompteRefuse."""
    ecrit = courriel.strip().lower()
    async with writer.knowing(maintenant) as tx:
        comptes = await tx.know(m.Compte, SON_COURRIEL, courriel=ecrit)
        if not comptes:
            raise CompteRefuse(f"aucun compte n'a l'adresse {ecrit}")
        (compte,) = comptes
        if compte.etat is not EtatCompte.ACTIF:
            raise CompteRefuse(f"le compte {ecrit} n'est pas actif")
        droits = await tx.know(m.DroitAccorde, SON_DROIT, compte=compte.id)
        if not droits:
            raise CompteRefuse(f"le compte {ecrit} n'a pas le profil de gestionnaire")
        (affiliation,) = await tx.know(m.Affiliation, SON_AFFILIATION, affiliation=droits[0].affiliation_id)
    profil = profile(str(Droit.GESTIONNAIRE), referent=affiliation.est_referent)
    return Viewer(compte.id, profil, affiliation.structure_id, affiliation.id, SANS_JETON, droits[0].id)
