"""Reading candidatures, and the acts of prescripteurs on them."""

from __future__ import annotations

from typing import TypeVar

import strawberry
from sqlalchemy import Text
from sqlalchemy.orm.attributes import set_committed_value

from app import models as m
from app.domain import candidatures as d
from app.domain.calendrier import jour_de_paris
from app.domain.candidatures_closes import annuler
from app.domain.candidatures_conditions import (
    LUES_DE_LA_SESSION,
    LUES_DES_AUTRES,
    LUES_DU_CANDIDAT,
    Situation,
    ineligibilites,
)
from app.domain.empechements import Empeche, Empechement, Interdit, NonTrouve
from app.domain.onglets import A_UN_ROLE, A_VALIDER, SOUMISE_PAR_UN_AUTRE
from app.domain.references import reference_candidature
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import Viewer
from app.reading.fields import compteurs, groupe, page, par_cle, valeur
from app.resolvers.courriels import annoncer_a, niveaux_3
from app.resolvers.doublons import doublon_annonce
from app.resolvers.saisies import saisie
from app.resolvers.verbs import Acte, Info, Written, cle, faire, question, verbe
from app.schema.candidatures import Candidature, CandidatureConnection, OngletsCandidatures, TableauDeBord
from app.schema.candidatures_actes import (
    CandidaturePayload,
    CreerCandidatureInput,
    EligibiliteCandidat,
    ModifierCandidatureInput,
)
from app.schema.candidatures_listes import FiltreCandidatures, TriAValider, TriCandidatures
from app.schema.empechements import Empechement as Dit
from app.schema.sessions import OngletsSessions, SessionConnection
from app.schema.sessions_listes import FiltreMesSessions, TriMesSessions
from app.writing import Writing

M = TypeVar("M", bound=m.Base)
CELLE_CI = Compare(("id",), "=", Ref("celle_ci"))
DE_LA_SESSION = Compare(("session_id",), "=", Ref("session"))
LA_MIENNE = Compare(("id",), "=", Ref("ma_structure"))
COPIEE_DE_LA_MIENNE = frozenset({"raison_sociale"})
COPIEES = ("action(intitule)", "responsable(raison_sociale)", "formateur(raison_sociale)")
SESSION = (*COPIEES, "points_entree")
# locked in this order, after the candidature
TENUES = (
    f"candidat({' '.join(sorted(LUES_DU_CANDIDAT))})",
    f"session({' '.join(sorted(LUES_DE_LA_SESSION))})",
)
MES_SESSIONS = all_of([A_UN_ROLE, Compare(("est_conventionnee",), "=", True)])
DU_CANDIDAT = Compare(("candidat_id",), "=", Ref("candidat"))
AUTRES = all_of([DU_CANDIDAT, Compare(("id",), "!=", Ref("celle_ci"))])


@strawberry.type
class CandidatureQuery:
    """The root fields about candidatures."""

    candidature: Candidature | None = par_cle(
        m.Candidature.reference, "Une candidature par sa référence.", argument="reference"
    )
    candidatures: CandidatureConnection = page(
        m.Candidature,
        "Les candidatures que vous pouvez lire.",
        ordre=TriCandidatures,
        filtre=FiltreCandidatures,
    )
    onglets: OngletsCandidatures = compteurs(
        m.Candidature, "Les onglets de « Gestion des candidatures », chacun avec son nombre."
    )
    a_valider: CandidatureConnection = page(
        m.Candidature,
        "La file d'un prescripteur de niveau 3 : ce qu'il peut encore valider, le plus pressé d'abord.",
        ordre=TriAValider,
        filtre=FiltreCandidatures,
        ou=all_of([A_VALIDER, SOUMISE_PAR_UN_AUTRE]),
    )
    tableau_de_bord: TableauDeBord = groupe("Le tableau de bord de votre organisme de formation.")
    mes_sessions: SessionConnection = page(
        m.SessionFormation,
        "La gestion par sessions : les sessions conventionnées où votre organisme a un rôle.",
        ordre=TriMesSessions,
        filtre=FiltreMesSessions,
        ou=MES_SESSIONS,
    )
    onglets_mes_sessions: OngletsSessions = compteurs(
        m.SessionFormation, "Les onglets de la gestion par sessions, chacun avec son nombre.", ou=MES_SESSIONS
    )

    contact_assistance: str | None = valeur(
        "contact_assistance", Text(), "À qui écrire pour toute question sur une candidature qui existe."
    )

    @question(
        "Peut-on proposer cette personne sur cette session, maintenant ? Toutes les raisons contraires sont"
        " dites avant de remplir le formulaire. Le quota est celui que la validation vérifiera."
    )
    async def eligibilite(
        self, info: Info, session: strawberry.ID, candidat: strawberry.ID
    ) -> EligibiliteCandidat:
        """Every blocking reason (R-072 to R-099), by the functions that enforce them."""
        context = info.context
        async with context.writer.knowing(context.moment, context.viewer) as tx:
            try:
                trouves = await oppositions(tx, cle(session, "Session"), cle(candidat, "Candidat"))
            except Empeche as refus:
                trouves = list(refus.empechements)
        return EligibiliteCandidat(oui=not trouves, motifs=[Dit.of(e) for e in trouves])


@strawberry.type
class CandidatureMutation:
    """The acts of prescripteurs."""

    @verbe("Enregistrer un brouillon de candidature, même incomplet ; il se complète plus tard.")
    async def creer_candidature(self, info: Info, entree: CreerCandidatureInput) -> CandidaturePayload:
        """Create a draft (R-092)."""

        async def acte(tx: Writing) -> Written:
            de_qui, sur_quoi = cle(entree.candidat, "Candidat"), cle(entree.session, "Session")
            candidat, session, structure, reference, id = await tx.ensemble(
                tx.take(m.Candidat, de_qui, pour="lire", lues=LUES_DU_CANDIDAT),
                tx.take(
                    m.SessionFormation, sur_quoi, pour="candidater", lues=LUES_DE_LA_SESSION, autour=COPIEES
                ),
                ma_structure(tx),
                nouvelle_reference(tx),
                tx.numero("candidature_id_seq"),
            )
            colonnes = d.creer_brouillon(
                reference=reference,
                session=session,
                candidat=candidat,
                structure=structure,
                auteur_id=tx.moi,
                le=tx.maintenant,
                saisie=saisie(entree, sauf=("session", "candidat")),
            )
            candidature = await tx.creer(m.Candidature, pour="creer", id=id, **colonnes)
            tx.record(d.creee(candidature))
            return {m.Candidature: candidature.id}

        return await faire(info, acte)

    @verbe("Modifier une candidature qui n'est pas encore validée.")
    async def modifier_candidature(self, info: Info, entree: ModifierCandidatureInput) -> CandidaturePayload:
        """Change the form (R-106)."""

        async def acte(tx: Writing) -> Written:
            candidature = await prise(tx, entree.candidature, "modifier")
            champs = saisie(entree, sauf=("candidature",))
            tx.record(d.modifier(candidature, champs, candidat=candidature.candidat, le=tx.maintenant))
            return {m.Candidature: candidature.id}

        return await faire(info, acte)

    @verbe("Mettre à la corbeille une candidature qui n'est pas encore validée.")
    async def supprimer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Put it in the corbeille (R-037)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "supprimer")
            tx.record(d.supprimer(row, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Sortir une candidature de la corbeille : elle redevient un brouillon.")
    async def restaurer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Take it back from the corbeille (C-11)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "restaurer")
            tx.record(d.restaurer(row, le=tx.maintenant))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Soumettre une candidature à un prescripteur de niveau 3, qui a quinze jours pour la valider.")
    async def soumettre_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """A N1 hands it to the N3s (R-104)."""

        async def acte(tx: Writing) -> Written:
            row = await tx.take(
                m.Candidature, cle(candidature, "Candidature"), pour="soumettre", tenir=TENUES
            )
            contexte = await situation(tx, row)
            async with doublon_annonce(tx, row):
                tx.record(d.soumettre(row, contexte=contexte, par=tx.moi, le=tx.maintenant))
            n3 = sorted(await niveaux_3(tx, row.structure_prescriptrice_id))
            await annoncer_a(tx, "validation_recue", n3, candidature_id=row.id)
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Valider une candidature : elle part chez l'organisme de formation, qui rendra un avis.")
    async def valider_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Validate it (R-103)."""
        return await faire(info, valide(candidature))

    @verbe("Annuler, définitivement, une candidature qui attend un avis.")
    async def annuler_candidature(
        self, info: Info, candidature: strawberry.ID, motif: str | None = None
    ) -> CandidaturePayload:
        """Cancel it, for good (R-107 to R-111)."""

        async def acte(tx: Writing) -> Written:
            row = await prise(tx, candidature, "annuler", "session")
            structure_id = tx.viewer.structure_id if isinstance(tx.viewer, Viewer) else None
            tx.record(annuler(row, structure_id=structure_id, le=tx.maintenant, motif=motif))
            return {m.Candidature: row.id}

        return await faire(info, acte)

    @verbe("Recommencer une candidature expirée, annulée ou rejetée, dans un nouveau brouillon.")
    async def dupliquer_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        """Begin again what ended (C-07)."""

        async def acte(tx: Writing) -> Written:
            modele = await prise(tx, candidature, "dupliquer")
            session = await tx.take(m.SessionFormation, modele.session_id, pour="candidater", avec=SESSION)
            colonnes = d.dupliquer(
                modele,
                reference=await nouvelle_reference(tx),
                session=session,
                candidat=modele.candidat,
                structure=await ma_structure(tx),
                auteur_id=tx.moi,
                le=tx.maintenant,
            )
            copie = await tx.creer(m.Candidature, pour="creer", **colonnes)
            tx.record(d.dupliquee(copie, modele))
            return {m.Candidature: copie.id}

        return await faire(info, acte)


def valide(id: strawberry.ID) -> Acte:
    """Out: the act that validates one (R-103); the person gets a recap where it was asked for (R-091)."""

    async def acte(tx: Writing) -> Written:
        row = await tx.take(m.Candidature, cle(id, "Candidature"), pour="valider", tenir=TENUES)
        contexte = await situation(tx, row)
        async with doublon_annonce(tx, row):
            tx.record(d.valider(row, contexte=contexte, par=tx.moi, le=tx.maintenant))
        if row.envoyer_recapitulatif:
            await tx.confier("recapituler", candidature_id=row.id)
        return {m.Candidature: row.id}

    return acte


async def prise(tx: Writing, id: strawberry.ID, pour: str, *avec: str) -> m.Candidature:
    """Out: the candidature, locked for this permission, its candidat loaded. Raises Empeche."""
    return await tx.take(m.Candidature, cle(id, "Candidature"), pour=pour, avec=("candidat", *avec))


async def situation(tx: Writing, candidature: m.Candidature) -> Situation:
    """Out: what quotas and windows are counted on, of the person and the session that are held with a candidature."""
    return await _situation(tx, candidature.candidat, candidature.session, candidature.id)


async def situation_de(tx: Writing, candidat_id: int, session_id: int) -> Situation:
    """Out: what quotas and windows are counted on, under lock: the person, then the session, always in this order."""
    candidat, session = await tx.ensemble(
        tx.hold(m.Candidat, candidat_id),
        tx.hold(m.SessionFormation, session_id),
    )
    return await _situation(tx, candidat, session)


async def _situation(
    tx: Writing, candidat: m.Candidat, session: m.SessionFormation, celle_ci: int = 0
) -> Situation:
    autres, _ = await tx.ensemble(  # under the locks, and so after them
        tx.know(m.Candidature, AUTRES, None, LUES_DES_AUTRES, candidat=candidat.id, celle_ci=celle_ci),
        tx.charger(session, *SESSION),
    )
    return Situation(session, candidat, autres)


async def oppositions(tx: Writing, session_id: int, candidat_id: int) -> list[Empechement]:
    """Out: all that keeps who asks from placing this person on this session; nothing is locked, nothing is kept.

    Raises Empeche(NON_TROUVE) where one of the two may not be read.
    """
    session = await lisible(tx, m.SessionFormation, session_id)
    candidat = await lisible(tx, m.Candidat, candidat_id)
    points = await tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
    set_committed_value(session, "points_entree", points)
    autres = await tx.know(m.Candidature, DU_CANDIDAT, candidat=candidat.id)
    permis = await tx.cles(m.SessionFormation, CELLE_CI, pour="candidater", celle_ci=session.id)
    interdit: list[Empechement] = [] if permis else [Interdit()]
    return [*interdit, *ineligibilites(Situation(session, candidat, autres), tx.maintenant)]


async def lisible(tx: Writing, model: type[M], key: int) -> M:
    """Out: a row that who asks may read. Raises Empeche(NON_TROUVE)."""
    if not await tx.cles(model, CELLE_CI, pour="lire", celle_ci=key):
        raise Empeche([NonTrouve()])
    (row,) = await tx.know(model, CELLE_CI, celle_ci=key)
    return row


async def ma_structure(tx: Writing) -> m.Structure:
    """Out: the structure of the active profile. Raises Empeche for a viewer who has none."""
    if not isinstance(tx.viewer, Viewer) or tx.viewer.structure_id is None:
        raise Empeche([NonTrouve()])
    [structure] = await tx.know(m.Structure, LA_MIENNE, None, COPIEE_DE_LA_MIENNE)
    return structure


async def nouvelle_reference(tx: Writing) -> str:
    """Out: the reference of a new candidature."""
    return reference_candidature(jour_de_paris(tx.maintenant).year, await tx.numero("numero_candidature"))
