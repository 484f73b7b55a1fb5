"""Is an action conventionnée, under which dispositif, and who pays (R-123, R-131)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.lheo import FINANCEURS, TITRE_POEC
from app.models import Dispositif, Financeur

from .erreurs import Releveur
from .extras import Extras
from .noeuds import Noeud


@dataclass(frozen=True, slots=True)
class Convention:
    """What ties an action to public money; nothing when `est_la` is false."""

    est_la: bool = False
    dispositif: Dispositif | None = None
    financeur: Financeur | None = None


def convention(
    formation: Noeud, action: Noeud, intitule: str, extras: Extras, releveur: Releveur
) -> Convention:
    """Out: what the file says, else what it lets us work out.

    `conventionnement` decides where it stands; where it does not, a dispositif does. Without an extra, a title in
    [POEC] is a POEC, and what the Région pays belongs to its programme.
    """
    noeud = action.un("conventionnement")
    dispositif = extras.mot("dispositif", Dispositif)
    if dispositif is None and intitule.startswith(TITRE_POEC):
        dispositif = Dispositif.POEC
    if not (noeud.dit() == "1" if noeud is not None else dispositif):
        return Convention()
    financeur = extras.mot("financeur", Financeur) or _financeur(action, dispositif)
    dispositif = dispositif or (Dispositif.PRF if financeur is Financeur.REGION else None)
    dite = Convention(True, dispositif, financeur)
    _verifier(noeud or action, dite, releveur)
    if dispositif is Dispositif.POEC and not intitule.startswith(TITRE_POEC):
        titre = formation.un("intitule-formation") or formation
        releveur.refuser(titre, "TITRE_POEC", "l'intitulé d'une POEC commence par [POEC]", "R-131")
    return dite


def _financeur(action: Noeud, dispositif: Dispositif | None) -> Financeur | None:
    """Out: the first who pays that we have a word for; the OPCO first for a POEC."""
    codes = (noeud.dit("code-financeur") for noeud in action.tous("organisme-financeur"))
    connus = [FINANCEURS[code] for code in codes if code in FINANCEURS]
    if dispositif is Dispositif.POEC and Financeur.OPCO in connus:
        return Financeur.OPCO
    return connus[0] if connus else None


def _verifier(noeud: Noeud, dite: Convention, releveur: Releveur) -> None:
    if dite.financeur is None:
        motif = "une action conventionnée a un financeur public connu"
        releveur.refuser(noeud, "CONVENTION", motif, "R-123")
    if dite.dispositif is None:
        motif = "une action conventionnée a un dispositif (extra « dispositif »)"
        releveur.refuser(noeud, "CONVENTION", motif, "R-123")
