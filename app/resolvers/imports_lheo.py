"""A LHEO file, brought in through the API under the rights of who asks: each formation whole or not at all."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import strawberry

from app.domain.empechements import Empeche, Interdit
from app.policies.viewer import Viewer
from app.resolvers.verbs import Info, repondre, verbe
from app.schema.empechements import Empechement
from app.schema.imports import ImportLheoPayload


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
        viewer = info.context.viewer
        if not isinstance(viewer, Viewer):
            return await _rien(info, Interdit())
        from .imports_lheo_pris import pris  # what reads files is brought in by who brings one

        try:
            dits = await pris(info.context, viewer, contenu, source, publier=publier, essai=essai)
        except Empeche as refus:
            return await _rien(info, *refus.empechements)
        return await repondre(info, {}, **dits, empechements=[])


async def _rien(info: Info, *motifs: Any) -> ImportLheoPayload:
    """Out: nothing was read."""
    vides = dict.fromkeys(f.name for f in fields(ImportLheoPayload) if f.name != "empechements")
    return await repondre(info, {}, **vides, empechements=[Empechement.of(motif) for motif in motifs])
