"""Candidatures that partners bring (C-32), and the anomalies that they, or a gestionnaire, reject (R-112 to R-115)."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from app import models as m
from app.domain import candidatures_recues as r
from app.domain.candidats_faits import CandidatCree
from app.domain.candidatures_closes import ChampIdentite, MotifRejet, rejeter
from app.domain.empechements import Empeche, NonTrouve
from app.domain.faits import FaitMetier
from app.kit.conditions import Compare, Ref, all_of
from app.resolvers.candidats import homonymes_a_creer
from app.resolvers.candidats import nouvelle_reference as nouveau_candidat
from app.resolvers.candidatures import SESSION, nouvelle_reference, prise, situation_de
from app.resolvers.courriels import annoncer
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Info, Written, faire, verbe
from app.schema.candidatures_actes import CandidaturePayload
from app.schema.echanges import CE_QUI_DIFFERE, RecevoirCandidatureInput, RecevoirCandidaturePayload
from app.writing import Writing

CE_NUMERO = Compare(("numero_carif",), "=", Ref("ce_numero"))
DEJA_TRANSMISE = all_of(
    [
        Compare(("origine",), "=", Ref("cette_origine")),
        Compare(("reference_partenaire",), "=", Ref("ce_numero")),
    ]
)


@strawberry.type
class CandidatureRecueMutation:
    """The acts of partners on candidatures."""

    @verbe(
        "Transmettre une candidature faite ailleurs : outils de France Travail, candidature libre sur CMaFormation."
    )
    async def recevoir_candidature(
        self, info: Info, entree: RecevoirCandidatureInput
    ) -> RecevoirCandidaturePayload:
        """Take in a candidature that no account of ours wrote, under the same rules (C-32, R-096, R-122, R-125)."""
        faits: dict[str, Any] = {"reference": None}

        async def acte(tx: Writing) -> Written:
            session = await session_de(tx, entree.session)
            origine = r.ORIGINES.get(tx.viewer.profil, m.OrigineCandidature.RAFAELPRO)
            dit = saisie(entree, sauf=("session",))
            candidature = await deja_transmise(tx, origine, dit.get("reference_partenaire"))
            if candidature is None:
                candidature = await recue(tx, session, origine, dit)
            faits["reference"] = candidature.reference
            return {m.Candidature: candidature.id}

        return await faire(info, acte, faits=faits)

    @verbe("Rejeter une candidature qui porte une anomalie ; son auteur en reçoit le motif par e-mail.")
    async def rejeter_candidature(
        self,
        info: Info,
        candidature: strawberry.ID,
        motif: MotifRejet,
        champs: Annotated[list[ChampIdentite], strawberry.argument(description=CE_QUI_DIFFERE)] = (),  # type: ignore[assignment]  # the empty list of the API
    ) -> CandidaturePayload:
        """Reject, for good (R-112, R-113)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "rejeter")
            tx.record(await rejetee(tx, row, motif, champs))
            return {m.Candidature: row.id}

        return await faire(info, acte)


async def session_de(tx: Writing, numero: str) -> m.SessionFormation:
    """Out: the session of that number, locked, if candidatures may be brought to it. Raises Empeche."""
    trouvees = await tx.know(m.SessionFormation, CE_NUMERO, ce_numero=numero.strip())
    if not trouvees:
        raise Empeche([NonTrouve("entree", "session")])
    return await tx.take(m.SessionFormation, trouvees[0].id, pour="recevoir", avec=SESSION)


async def deja_transmise(
    tx: Writing, origine: m.OrigineCandidature, numero: str | None
) -> m.Candidature | None:
    """Out: what this partner brought under this number already: a message that is repeated changes nothing."""
    if not numero:
        return None
    deja = await tx.know(m.Candidature, DEJA_TRANSMISE, cette_origine=str(origine), ce_numero=numero.strip())
    return deja[0] if deja else None


async def recue(
    tx: Writing, session: m.SessionFormation, origine: m.OrigineCandidature, dit: dict[str, Any]
) -> m.Candidature:
    """Out: the candidature, written, its person found or enrolled."""
    fiche = r.fiche_recue(dit, origine)
    candidat = r.reconnaitre(fiche, await homonymes_a_creer(tx, fiche), tx.maintenant)
    if not isinstance(candidat, m.Candidat):
        candidat = await tx.creer(
            m.Candidat, pour="recevoir", reference=await nouveau_candidat(tx), **candidat
        )
        tx.record(CandidatCree(candidat.id))
    colonnes = r.recevoir(
        reference=await nouvelle_reference(tx),
        origine=origine,
        contexte=await situation_de(tx, candidat.id, session.id),
        le=tx.maintenant,
        saisie=r.formulaire_recu(dit, fiche),
    )
    candidature = await tx.creer(m.Candidature, pour="recevoir", **colonnes)
    tx.record(r.recue(candidature))
    return candidature


async def rejetee(
    tx: Writing, candidature: m.Candidature, motif: MotifRejet, champs: list[ChampIdentite]
) -> FaitMetier:
    """Out: the fact of a rejection; its author, if it has one here, is written to (R-112)."""
    fait = rejeter(candidature, motif=motif, champs=champs, le=tx.maintenant)
    if candidature.auteur_id is not None:
        await annoncer(
            tx,
            "candidature_rejetee",
            candidature.auteur_id,
            candidature_id=candidature.id,
            motif=str(motif),
            **({"champs": ",".join(fait.champs)} if fait.champs else {}),
        )
    return fait
