"""A LHEO file, brought in through the API under the rights of who asks: each formation whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator

import strawberry

from app.domain.empechements import Interdit
from app.domain.imports_sessions import FichierLheoInvalide
from app.imports.lheo import FormationRefusee as Refusee
from app.imports.lheo import FormeRefusee, Rapport
from app.imports.lheo.bilan import CREE, INCHANGE, MODIFIE
from app.imports.lheo.importer import Demande, Import, verifier
from app.imports.lheo.rapport import SORTES
from app.policies.viewer import Viewer
from app.resolvers.verbs import Info, repondre, verbe
from app.schema.empechements import Empechement
from app.schema.imports import CompteImporte, ErreurImportee, FormationRefusee, ImportLheoPayload


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
        flux = io.BytesIO(contenu.encode("utf-8", "replace"))
        demande = Demande("", context.departements, source, publier, essai)
        try:
            choix = verifier(flux, demande, rapport)
        except FormeRefusee as refus:
            return await _rien(info, Empechement.of(FichierLheoInvalide("contenu", pourquoi=str(refus))))
        entree = Import(context.writer, context.viewer, lambda: context.moment, choix, rapport)
        await entree.tout_prendre(flux, demande.departements)
        return await repondre(
            info,
            {},
            comptes=list(_comptes(rapport)),
            publiees=rapport.nb_publiees,
            refusees=[_refusee(refusee) for refusee in rapport.refusees],
            nb_refusees=rapport.nb_refusees,
            empechements=[],
        )


async def _rien(info: Info, motif: Empechement) -> ImportLheoPayload:
    """Out: nothing was read."""
    vides = dict.fromkeys(("comptes", "publiees", "refusees", "nb_refusees"))
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
    erreurs = [
        ErreurImportee(ligne=e.ligne, element=e.element, code=e.code, motif=e.motif, regle=e.regle)
        for e in refusee.erreurs
    ]
    return FormationRefusee(numero=refusee.numero, intitule=refusee.intitule, erreurs=erreurs)
