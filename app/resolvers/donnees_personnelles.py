"""Taking out all that is known of somebody, for a reason that the journal keeps (GDPR, articles 15 and 20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import strawberry

from app import models as m
from app.domain import donnees_personnelles as d
from app.kit.conditions import Compare, Ref
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.donnees_personnelles import ExporterDonneesPayload
from app.writing import Writing

Document = dict[str, Any]


@strawberry.type
class DonneesPersonnellesMutation:
    """The acts of the right of access."""

    @verbe("Sortir tout ce que l'on sait d'un candidat, pour lui ; le motif est noté au journal.")
    async def exporter_candidat(
        self, info: Info, candidat: strawberry.ID, motif: d.MotifExport
    ) -> ExporterDonneesPayload:
        """All that is known of a candidat, but the NIR (R-116) and who of the staff did what."""
        faits: dict[str, Any] = {"document": None}

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="exporter")
            faits["document"] = json(await du_candidat(tx, row))
            tx.record(d.DonneesExportees(row.id, str(motif)))
            return {}

        return await faire(info, acte, faits=faits)

    @verbe(
        "Sortir tout ce que l'on sait d'un compte : le sien, ou, pour un gestionnaire, celui de qui le demande."
    )
    async def exporter_compte(
        self, info: Info, compte: strawberry.ID, motif: d.MotifExport
    ) -> ExporterDonneesPayload:
        """All that is known of an account, but what proves it."""
        faits: dict[str, Any] = {"document": None}

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Compte, cle(compte, "Compte"), pour="exporter")
            faits["document"] = json(await lignes(tx, d.DU_COMPTE, [row.id]))
            tx.record(d.DonneesDeCompteExportees(row.id, str(motif)))
            return {}

        return await faire(info, acte, faits=faits)


async def du_candidat(tx: Writing, candidat: m.Candidat) -> Document:
    """Out: the document of a candidat."""
    document = await lignes(tx, d.DU_CANDIDAT, [candidat.id], d.AUTRES)
    cles = [candidat.id, *(absorbee["absorbe_id"] for absorbee in document["references_absorbees"])]
    document |= await lignes(tx, d.SOUS_CHAQUE_CLE, cles, d.AUTRES)
    siennes = [candidature["id"] for candidature in document["candidatures"]]
    document |= await lignes(tx, d.DE_SES_CANDIDATURES, siennes, d.AUTRES)
    nir = await tx.know(m.NirCandidat, Compare(("candidat_id",), "=", Ref("lui")), lui=candidat.id)
    return document | {"nir_conserve": bool(nir)}


async def lignes(
    tx: Writing, parts: Sequence[d.Part], cles: Sequence[int], sauf: frozenset[str] = frozenset()
) -> Document:
    """Out: the rows of each part that are of these keys."""
    document: Document = {}
    for part in parts:
        rows = await tx.know(
            part.modele, Compare((part.colonne,), "in", Ref("ceux_la", many=True)), ceux_la=cles
        )
        noms = d.colonnes(part, sauf)
        document[part.nom] = [{nom: getattr(row, nom) for nom in noms} for row in rows]
    return document


def json(document: Document) -> str:
    """Out: the document as text: moments in ISO, decimals as they are written."""
    return orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode()
