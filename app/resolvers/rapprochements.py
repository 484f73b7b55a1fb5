"""Reviewing fiches that are alike, making two of them one, and two again (R-095)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

import strawberry

from app import models as m
from app.domain import fusions as f
from app.domain import rapprochements as d
from app.domain.empechements import refuser
from app.kit.conditions import Compare, Ref
from app.reading.fields import page
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.candidats_actes import CandidatPayload
from app.schema.rapprochements import (
    FiltreRapprochements,
    RapprochementConnection,
    RapprochementPayload,
    TriRapprochements,
)
from app.writing import Writing

D_EUX = Compare(("candidat_id",), "in", Ref("eux", many=True))
CES_LIGNES = Compare(("id",), "in", Ref("ces_lignes", many=True))
DE_LUI = Compare(("absorbe_id",), "=", Ref("lui"))
Prendre = Annotated[
    list[f.ChampFiche] | None,
    strawberry.argument(
        description="Les champs que la fiche qui reste prend de l'autre, même quand elle en dit déjà quelque chose."
    ),
]
SUIVENT: tuple[tuple[str, type[Any]], ...] = (
    ("candidatures", m.Candidature),
    ("acces", m.AccesCandidat),
    ("courriels", m.CourrielEnvoye),
    ("references", m.ReferenceAbsorbee),
)
"""What goes with a person from one fiche to the other."""


@strawberry.type
class RapprochementQuery:
    """The root fields about fiches that are alike."""

    rapprochements: RapprochementConnection = page(
        m.Rapprochement,
        "Les fiches qui se ressemblent, les plus semblables d'abord : à fusionner, ou à écarter.",
        ordre=TriRapprochements,
        filtre=FiltreRapprochements,
    )


@strawberry.type
class RapprochementMutation:
    """The acts on fiches that are alike."""

    @verbe("Dire que deux fiches qui se ressemblent sont de deux personnes ; ce n'est plus proposé.")
    async def ecarter_rapprochement(self, info: Info, rapprochement: strawberry.ID) -> RapprochementPayload:
        """Remember that they are two people."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Rapprochement, cle(rapprochement, "Rapprochement"), pour="ecarter")
            tx.record(d.ecarter(row, compte_id=tx.moi, le=tx.maintenant))
            return {m.Rapprochement: row.id}

        return await faire(info, acte)

    @verbe(
        "Fusionner deux fiches d'une même personne : la première reste, complétée par l'autre, qui disparaît ; ses"
        " candidatures la suivent, sa référence mène à celle qui reste. Se défait dans les trente jours."
    )
    async def fusionner_candidats(
        self, info: Info, garde: strawberry.ID, absorbe: strawberry.ID, prendre: Prendre = None
    ) -> CandidatPayload:
        """Make two fiches one."""

        async def acte(tx: Writing) -> Written:
            cles = [cle(garde, "Candidat"), cle(absorbe, "Candidat")]
            refuser(*([f.MemePersonne("absorbe")] if len(set(cles)) == 1 else []))
            rows = {row.id: row for row in await tx.take_tous(m.Candidat, cles, pour="fusionner")}
            await fusionner(tx, *(rows[key] for key in cles), choisis=prendre or ())
            return {m.Candidat: cles[0]}

        return await faire(info, acte)

    @verbe("Défaire la dernière fusion d'une fiche : les deux redeviennent ce qu'elles étaient.")
    async def defaire_fusion(self, info: Info, candidat: strawberry.ID) -> CandidatPayload:
        """Make them two again, exactly; refused, with the reason, where that can no longer be."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(m.Candidat, cle(candidat, "Candidat"), pour="defaire_fusion")
            fusions = await tx.know(m.FusionCandidat, D_EUX, eux=[row.id])
            await defaire(tx, row, f.defaisable(fusions, row, tx.maintenant))
            return {m.Candidat: row.id}

        return await faire(info, acte)


async def fusionner(
    tx: Writing, garde: m.Candidat, absorbe: m.Candidat, *, choisis: Collection[f.ChampFiche]
) -> None:
    """Make two fiches, both locked, one. Quotas are counted on the rows: they are those of one person from now on."""
    eux = [garde.id, absorbe.id]
    nirs = await tx.know(m.NirCandidat, D_EUX, eux=[absorbe.id])
    toutes = await tx.know(m.Candidature, D_EUX, eux=eux)
    refuser(*f.obstacles(garde, absorbe, toutes, a_un_nir=bool(nirs)))
    avant, deplacees = {"garde": f.en_json(garde), "absorbe": f.en_json(absorbe)}, {}
    for nom, modele in SUIVENT:
        rows = await tx.know(modele, D_EUX, eux=[absorbe.id])
        deplacees[nom] = [await _passe(tx, row, garde) for row in rows]
    await tx.ecrire()
    absorbe_id, lui = absorbe.id, f.de_json(avant["absorbe"])
    await tx.retirer(absorbe)
    await tx.ecrire()  # its identifiers are free
    f.completer(garde, m.Candidat(**lui), choisis=choisis, le=tx.maintenant)
    fusion = m.FusionCandidat(
        candidat_id=garde.id,
        absorbe_id=absorbe_id,
        avant=avant | deplacees | {"apres": f.en_json(garde)},
        faite_par_id=tx.moi,
        faite_le=tx.maintenant,
    )
    tx.part(garde, fusion)
    tx.part(
        garde, m.ReferenceAbsorbee(candidat_id=garde.id, absorbe_id=absorbe_id, reference=lui["reference"])
    )
    tx.record(f.CandidatsFusionnes(garde.id, absorbe_id, len(deplacees["candidatures"])))


async def defaire(tx: Writing, garde: m.Candidat, fusion: m.FusionCandidat) -> None:
    """Make two fiches of one: what came with the other goes back with it, if it is still there."""
    lui = f.rendre(garde, fusion)
    for reference in await tx.know(m.ReferenceAbsorbee, DE_LUI, lui=fusion.absorbe_id):
        await tx.retirer(tx.part(garde, reference))
    await tx.ecrire()  # its identifiers are free
    absorbe = tx.part(garde, m.Candidat(**lui))
    await tx.ecrire()
    rendues = 0
    for nom, modele in SUIVENT:
        rows = await tx.know(modele, CES_LIGNES, ces_lignes=fusion.avant.get(nom, []))
        for row in rows:
            await _passe(tx, row, absorbe)
        rendues += len(rows) if modele is m.Candidature else 0
    await tx.retirer(tx.part(garde, fusion))
    tx.record(f.FusionDefaite(garde.id, fusion.absorbe_id, rendues))


async def _passe(tx: Writing, row: Any, a: m.Candidat) -> int:
    """Give a row to another fiche. Out: its key."""
    row.candidat_id = a.id
    key: int = tx.part(a, row).id
    return key
