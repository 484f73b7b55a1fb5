"""The certifications that a formation names: found by one of their codes, or added (R-212)."""

from __future__ import annotations

from app import models as m
from app.domain import imports_faits as f
from app.kit.conditions import Compare, Ref, any_of

from .bilan import Endroit
from .lus import CertificationLue
from .prise import Prise

CODES = ("code_rncp", "code_rs", "code_certifinfo")  # the one that says best first
NOMMEES = any_of(Compare((code,), "=", Ref(code, many=True)) for code in CODES)


async def apporter_certifications(prise: Prise) -> None:
    """Find or add every certification of the formation; its title is its code until a gestionnaire gives it one."""
    nommees = list(dict.fromkeys(c for action in prise.lue.actions for c in action.certifications))
    if not nommees:
        return
    codes = {nom: [code for c in nommees if (code := getattr(c, nom))] for nom in CODES}
    connues = await prise.tx.know(m.Certification, NOMMEES, **codes)
    for lue in nommees:
        trouvee = _parmi(connues, lue)
        if trouvee is None:
            prise.ou = Endroit(lue.ligne, "certification", min(lue.codes()))
            trouvee = await _ajouter(prise, lue)
            connues.append(trouvee)
        prise.certifications[lue] = trouvee.id


def _parmi(connues: list[m.Certification], lue: CertificationLue) -> m.Certification | None:
    for nom in CODES:
        for connue in connues:
            if getattr(lue, nom) is not None and getattr(connue, nom) == getattr(lue, nom):
                return connue
    return None


async def _ajouter(prise: Prise, lue: CertificationLue) -> m.Certification:
    codes = {nom: getattr(lue, nom) for nom in CODES}
    intitule = next(code for code in codes.values() if code)
    ajoutee = await prise.tx.creer(m.Certification, pour="charger", intitule=intitule, **codes)
    prise.tx.record(f.CertificationImportee(**codes))
    prise.bilan.est_ecrit = True
    return ajoutee
