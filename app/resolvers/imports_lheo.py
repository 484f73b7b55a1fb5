"""A LHEO file, brought in through the API under the rights of who asks: each formation whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import fields

import strawberry

from app.domain.empechements import Interdit
from app.domain.imports_sessions import FichierLheoInvalide, QuoiImport
from app.imports.lheo import Erreur, FormeRefusee, Rapport
from app.imports.lheo import FormationRefusee as Refusee
from app.imports.lheo.bilan import CREE, INCHANGE, MODIFIE, Changement
from app.imports.lheo.importer import Demande, Import, verifier
from app.imports.lheo.rapport import SORTES
from app.policies.viewer import Viewer
from app.resolvers.verbs import Info, repondre, verbe
from app.schema.empechements import Empechement
from app.schema.imports import (
    ChangementImporte,
    CompteImporte,
    DifferenceImportee,
    ErreurImportee,
    FormationRefusee,
    ImportLheoPayload,
)

QUOI = {CREE: QuoiImport.CREEE, MODIFIE: QuoiImport.MODIFIEE}
# a text of the API is one already, whatever encoding the file it was read from still announces
UTF_8 = "utf-8"


@strawberry.type
class ImportLheoMutation:
    """The import of LHEO."""

    @verbe(
        "Faire entrer un fichier LHEO 2.3 ou 2.2, un million d'octets au plus : chaque formation est prise en entier ou"
        " refusée. Un essai dit ce qui changerait, sans rien garder ; un plus gros fichier passe par la commande."
    )
    async def importer_lheo(
        self,
        info: Info,
        contenu: str,
        source: str | None = None,
        publier: bool = False,
        essai: bool = False,
    ) -> ImportLheoPayload:
        """Bring a file in (R-124, R-128): the policy decides on every row, as it does for the command."""
        context, rapport = info.context, Rapport()
        if not isinstance(context.viewer, Viewer):
            return await _rien(info, Empechement.of(Interdit()))
        flux = io.BytesIO(contenu.encode(UTF_8, "replace"))
        demande = Demande("", context.departements, source, publier, essai, encodage=UTF_8)
        try:
            choix = verifier(flux, demande, rapport)
        except FormeRefusee as refus:
            return await _rien(info, Empechement.of(FichierLheoInvalide("contenu", pourquoi=str(refus))))
        entree = Import(context.writer, context.viewer, lambda: context.moment, choix, rapport)
        await entree.tout_prendre(flux, demande)
        return await repondre(
            info,
            {},
            comptes=list(_comptes(rapport)),
            publiees=rapport.nb_publiees,
            refusees=[_refusee(refusee) for refusee in rapport.refusees],
            nb_refusees=rapport.nb_refusees,
            changements=[_changement(un) for un in rapport.changements],
            attentes=_erreurs(rapport.attentes),
            avertissements=_erreurs(rapport.avertissements),
            empechements=[],
        )


async def _rien(info: Info, motif: Empechement) -> ImportLheoPayload:
    """Out: nothing was read."""
    vides = dict.fromkeys(f.name for f in fields(ImportLheoPayload) if f.name != "empechements")
    return await repondre(info, {}, **vides, empechements=[motif])


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
