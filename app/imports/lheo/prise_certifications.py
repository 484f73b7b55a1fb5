"""The certifications that a formation names: found by one of their codes, or added (R-212)."""

from __future__ import annotations

from app import models as m
from app.domain import imports_faits as f

from .bilan import Endroit
from .connu import CODES
from .lus import CertificationLue
from .prise import Prise


async def apporter_certifications(prise: Prise) -> None:
    """Find or add every certification of the formation; its title is its code until a gestionnaire gives it one."""
    for lue in dict.fromkeys(c for action in prise.lue.actions for c in action.certifications):
        trouvee = prise.lot.connu.certification(lue)
        if trouvee is None:
            prise.ou = Endroit(lue.ligne, "certification", min(lue.codes()))
            trouvee = await _ajouter(prise, lue)
            prise.lot.connu.noter_certification(trouvee)
        prise.certifications[lue] = trouvee.id


async def _ajouter(prise: Prise, lue: CertificationLue) -> m.Certification:
    codes = {nom: getattr(lue, nom) for nom in CODES}
    intitule = next(code for code in codes.values() if code)
    ajoutee = await prise.tx.creer(m.Certification, pour="charger", intitule=intitule, **codes)
    prise.tx.record(f.CertificationImportee(**codes))
    prise.bilan.est_ecrit = True
    return ajoutee
