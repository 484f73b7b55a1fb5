"""Lists that leave as files: the trace that it was asked. The file itself is read through the reading door."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain.empechements import Empeche, Interdit
from app.domain.exports import ListeExportee, ListeSortie
from app.policies.viewer import Viewer
from app.resolvers.verbs import Info, Written, faire, verbe
from app.schema.empechements import Empechement
from app.writing import Writing


@strawberry.type(description="Si la liste peut être téléchargée.")
class ExportPayload:
    """The answer of a request for a file."""

    empechements: list[Empechement] = strawberry.field(description="Ce qui l'empêche ; vide si rien.")


@strawberry.type
class ExportMutation:
    """The trace of what leaves."""

    @verbe(
        "Exporter une liste : laisse une trace, puis se télécharge à « /exports/candidatures.csv »,"
        " « /exports/sessions.csv », « /exports/statistiques.csv », « /exports/statistiques_publiees.csv » ou"
        " « /exports/convocations.ics », qui laissent d'eux-mêmes cette trace. `?filtre=` y"
        " prend, en JSON, le filtre de la liste."
    )
    async def exporter_liste(self, info: Info, liste: ListeExportee) -> ExportPayload:
        """Note that a list leaves (R-153)."""

        async def acte(tx: Writing) -> Written:
            if not isinstance(tx.viewer, Viewer) or tx.viewer.structure_id is None:
                raise Empeche([Interdit()])
            structure = await tx.take(m.Structure, tx.viewer.structure_id, pour="lire_membres")
            tx.record(ListeSortie(structure.id, str(liste)))
            return {}

        return await faire(info, acte)
