"""Erasing a person on request; and what the nightly job shares with it: every place that a person leaves a trace in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import strawberry

from app import models as m
from app.domain import conservation as d
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import refuser
from app.domain.references import reference_candidat, reference_candidature
from app.kit.conditions import Compare, Ref, any_of
from app.resolvers.verbs import Info, Written, cle, faire, verbe
from app.schema.conservation import EffacerCandidatInput, EffacerCandidatPayload
from app.writing import Writing

DU_CANDIDAT = Compare(("candidat_id",), "=", Ref("le_candidat"))
DE_SES_CANDIDATURES = Compare(("candidature_id",), "in", Ref("ses_candidatures", many=True))
TRACES: tuple[tuple[type[m.Base], Any], ...] = (
    (m.NirCandidat, DU_CANDIDAT),
    (m.AccesCandidat, DU_CANDIDAT),
    (m.CourrielEnvoye, DU_CANDIDAT),
    (m.FusionCandidat, DU_CANDIDAT),
    (m.ReferenceAbsorbee, DU_CANDIDAT),
    (m.Rapprochement, any_of([DU_CANDIDAT, Compare(("autre_id",), "=", Ref("le_candidat"))])),
    (m.Echange, DE_SES_CANDIDATURES),
)
"""What only said something of the person: deleted with what named it. The journal stays: it never names anybody."""


@dataclass(frozen=True)
class Dossier:
    """A person, and all its candidatures, locked, with what hangs on them loaded."""

    candidat: m.Candidat
    candidatures: list[m.Candidature]


@strawberry.type
class ConservationMutation:
    """The acts on what is known of a person."""

    @verbe(
        "Effacer une personne, à sa demande : il n'en reste que des statistiques, sans rien qui la désigne. Refusé tant"
        " qu'une candidature attend un avis ou qu'une formation dure ; définitif."
    )
    async def effacer_candidat(self, info: Info, entree: EffacerCandidatInput) -> EffacerCandidatPayload:
        """Erase, for good; the partners to be told are in the answer."""
        faits: dict[str, Any] = {"a_prevenir": []}

        async def acte(tx: Writing) -> Written:
            candidat = await tx.take(m.Candidat, cle(entree.candidat, "Candidat"), pour="effacer")
            dossier = await ouvrir(tx, candidat)
            refuser(*d.obstacles_a_l_effacement(candidat, dossier.candidatures, tx.maintenant))
            faits["a_prevenir"] = await informes(tx, dossier)
            nb = await depouiller(tx, dossier)
            tx.record(d.CandidatEfface(candidat.id, nb, str(entree.motif)))
            return {m.Candidat: candidat.id}

        return await faire(info, acte, faits=faits)


async def ouvrir(tx: Writing, candidat: m.Candidat) -> Dossier:
    """In: a person that was taken. Out: it, and its candidatures, locked in the order of their keys."""
    cles = [c.id for c in await tx.know(m.Candidature, DU_CANDIDAT, le_candidat=candidat.id)]
    avec = ("convocations", "avis")
    return Dossier(candidat, [await tx.hold(m.Candidature, cle, avec=avec) for cle in cles])


async def depouiller(tx: Writing, dossier: Dossier) -> int:
    """Take away all that leads to the person. Out: how many candidatures are left, for statistics."""
    candidat, annee = dossier.candidat, jour_de_paris(tx.maintenant).year
    await _retirer_les_traces(tx, dossier)
    reference = reference_candidat(annee, await tx.numero("numero_candidat"))
    d.anonymiser(candidat, reference=reference, le=tx.maintenant)
    await tx.ecrire()  # the base lets a candidature change its reference only once its person is nobody
    restent = [c for c in dossier.candidatures if c.etat not in d.A_ECRIRE]
    numeros = await tx.numeros("numero_candidature", len(restent))
    for candidature, numero in zip(restent, numeros, strict=True):
        tx.part(candidat, candidature)
        parts = [*candidature.convocations, *([candidature.avis] if candidature.avis else [])]
        for part in parts:
            tx.part(candidature, part)
        nouvelle = reference_candidature(annee, numero)
        d.anonymiser_candidature(candidature, candidature.convocations, candidature.avis, reference=nouvelle)
    return len(restent)


async def _retirer_les_traces(tx: Writing, dossier: Dossier) -> None:
    valeurs = {
        "le_candidat": dossier.candidat.id,
        "ses_candidatures": [c.id for c in dossier.candidatures],
    }
    for model, ou in TRACES:
        for row in await tx.know(model, ou, **valeurs):
            await tx.retirer(tx.part(dossier.candidat, row))
    for candidature in dossier.candidatures:
        if candidature.etat in d.A_ECRIRE:
            await tx.retirer(tx.part(dossier.candidat, candidature))


async def informes(tx: Writing, dossier: Dossier) -> list[m.Correspondant]:
    """Out: the partners who were told of a candidature of this person: it is for a gestionnaire to tell them too."""
    dits = await tx.know(
        m.Echange, DE_SES_CANDIDATURES, ses_candidatures=[c.id for c in dossier.candidatures]
    )
    return sorted({e.partenaire for e in dits if e.etat in (m.EtatEchange.ENVOYE, m.EtatEchange.ACCEPTE)})
