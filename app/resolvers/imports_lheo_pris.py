"""A LHEO file, taken; what became of it, in the words of the schema."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.empechements import Empeche
from app.domain.imports_sessions import FichierLheoInvalide, QuoiImport
from app.imports.lheo import Erreur, FormeRefusee, Rapport
from app.imports.lheo import FormationRefusee as Refusee
from app.imports.lheo.bilan import CREE, INCHANGE, MODIFIE, Changement
from app.imports.lheo.importer import Demande, Import, verifier
from app.imports.lheo.rapport import SORTES
from app.policies.viewer import Viewer
from app.resolvers.verbs import Context
from app.schema.imports import (
    ChangementImporte,
    CompteImporte,
    DifferenceImportee,
    ErreurImportee,
    FormationRefusee,
)

QUOI = {CREE: QuoiImport.CREEE, MODIFIE: QuoiImport.MODIFIEE}
# a text of the API is one already, whatever encoding the file it was read from still announces
UTF_8 = "utf-8"


async def pris(
    context: Context, viewer: Viewer, contenu: str, source: str | None, *, publier: bool, essai: bool
) -> dict[str, Any]:
    """In: what an act holds, who asks, its arguments. Out: what became of the file. Raises Empeche for one that cannot be read."""
    rapport, flux = Rapport(), io.BytesIO(contenu.encode(UTF_8, "replace"))
    demande = Demande("", context.departements, source, publier, essai, encodage=UTF_8)
    try:
        choix = verifier(flux, demande, rapport)
    except FormeRefusee as refus:
        raise Empeche([FichierLheoInvalide("contenu", pourquoi=str(refus))]) from None
    entree = Import(context.writer, viewer, lambda: context.moment, choix, rapport)
    await entree.tout_prendre(flux, demande)
    return _rendu(rapport)


def _rendu(rapport: Rapport) -> dict[str, Any]:
    return {
        "comptes": list(_comptes(rapport)),
        "publiees": rapport.nb_publiees,
        "refusees": [_refusee(refusee) for refusee in rapport.refusees],
        "nb_refusees": rapport.nb_refusees,
        "changements": [_changement(un) for un in rapport.changements],
        "attentes": _erreurs(rapport.attentes),
        "avertissements": _erreurs(rapport.avertissements),
    }


def _comptes(rapport: Rapport) -> Iterator[CompteImporte]:
    for sorte in SORTES:
        yield CompteImporte(
            sorte=sorte,
            creees=rapport.combien(sorte, CREE),
            modifiees=rapport.combien(sorte, MODIFIE),
            inchangees=rapport.combien(sorte, INCHANGE),
        )


def _refusee(refusee: Refusee) -> FormationRefusee:
    return FormationRefusee(
        numero=refusee.numero, intitule=refusee.intitule, erreurs=_erreurs(refusee.erreurs)
    )


def _erreurs(erreurs: Iterable[Erreur]) -> list[ErreurImportee]:
    return [
        ErreurImportee(
            ligne=e.ligne,
            element=e.element,
            chemin=e.chemin,
            valeur=e.valeur or None,
            code=e.code,
            motif=e.motif,
            regle=e.regle,
        )
        for e in erreurs
    ]


def _changement(un: Changement) -> ChangementImporte:
    dites = [DifferenceImportee(champ=d.champ, avant=d.avant, apres=d.apres) for d in un.differences]
    return ChangementImporte(
        ligne=un.ligne,
        sorte=un.sorte,
        numero=un.numero,
        reference=un.reference,
        quoi=QUOI[un.quoi],
        differences=dites,
    )
