"""Training actions, as the API shows them: what is published, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from app import models as m
from app.domain.ouverture import A_UNE_SESSION_OUVERTE
from app.kit.conditions import TRUE, Compare, Ref
from app.reading.criteria import CritereChez, CritereMode, CritereOu, mots_typed, numero
from app.reading.fields import (
    Ordre,
    Tri,
    calcule,
    colonne,
    critere,
    critere_si,
    droit,
    droits,
    liste,
    objet,
    page,
    relation,
    vrai_si,
)
from app.reading.formats import constant
from app.reading.keys import Eloignement, Pertinence, Prochain
from app.reading.search import critere_fait, criteres_lies, facettes, facettes_larges
from app.schema.actions_catalogue import AuCatalogue
from app.schema.facettes import FacettesActions
from app.schema.pages import Connection, Node
from app.schema.sessions_listes import (
    EN_ELARGISSANT,
    MON_CATALOGUE,
    MOTS,
    MOTS_DE_L_ACTION,
    MOTS_ELARGIS,
    NUMEROS_DE_L_ACTION,
    TROP_D_ORGANISMES,
    CriteresSession,
    TriSessions,
)
from app.schema.structures import Structure

if TYPE_CHECKING:
    from app.schema.sessions import SessionConnection


@strawberry.type(description="Ce que vous pouvez faire d'une action.")
class PeutAction:
    """What the viewer may do with an action."""

    modifier: bool = droit("modifier", "La modifier.")
    confirmer: bool = droit("confirmer", "En confirmer la validation.")
    archiver: bool = droit("archiver", "L'archiver, avec ses sessions.")
    supprimer: bool = droit("supprimer", "La supprimer, avec ses sessions.")
    publier: bool = droit("publier", "La publier.")
    signaler: bool = droit("signaler", "Demander un complément à son organisme.")
    lever_alerte: bool = droit("lever_alerte", "Lever l'alerte qui la retient.")
    republier: bool = droit("republier", "La publier de nouveau, après son retrait.")
    dialoguer: bool = droit("dialoguer", "Écrire à son sujet, et lire ce qui en est écrit.")
    ajouter_session: bool = droit("ajouter_session", "Lui ajouter une session.")


@objet(m.Certification, "Une certification du RNCP ou du répertoire spécifique.")
class Certification(Node):
    """A certification."""

    intitule: str = colonne(m.Certification.intitule, "Intitulé.")
    code_rncp: str | None = colonne(m.Certification.code_rncp, "Code RNCP.")
    code_rs: str | None = colonne(m.Certification.code_rs, "Code au répertoire spécifique.")
    code_certifinfo: str | None = colonne(m.Certification.code_certifinfo, "Code Certif Info.")
    niveau: str | None = colonne(m.Certification.niveau, "Niveau de la nomenclature.")
    active: bool = colonne(
        m.Certification.est_active, "Encore enregistrée ; faux quand France compétences dit le contraire."
    )
    sirens_habilites: list[str] = colonne(
        m.Certification.sirens_habilites,
        "Qui la délivre, selon France compétences : certificateurs et valideurs, par leur SIREN ; vide si nul ne l'a dit.",
    )


@objet(m.ActionCertification, "Une certification préparée par une action.")
class CertificationPreparee(Node):
    """A certification that an action prepares."""

    rang: int = colonne(m.ActionCertification.rang, "Son rang, de 1 à 5.")
    certification: Certification = relation(m.ActionCertification.certification, "La certification.")


@objet(m.Action, "Une action de formation.")
class Action(Node, AuCatalogue):
    """A training action."""

    reference: str = colonne(m.Action.reference, "Sa référence : 20 suivi de dix chiffres.")
    type: m.TypeAction = calcule(
        lambda row, c: constant(m.TypeAction.SIMPLE.name),
        "Son type, tel que les tableaux du catalogue le montrent.",
        lit=(),
        jamais_nul=True,
    )
    intitule: str = colonne(m.Action.intitule, "Intitulé.")
    objectif: str | None = colonne(m.Action.objectif, "Objectif de la formation.")
    programme: str | None = colonne(m.Action.programme, "Programme, contenu.")
    le_plus: str | None = colonne(m.Action.le_plus, "Le plus de cette formation.")
    objectif_general: m.ObjectifGeneral | None = colonne(
        m.Action.objectif_general, "Objectif général (LHEO)."
    )
    resultats_attendus: str | None = colonne(m.Action.resultats_attendus, "Validation ou fin de formation.")
    conditions_acces: str | None = colonne(m.Action.conditions_acces, "Conditions d'accès réglementaires.")
    prerequis: str | None = colonne(m.Action.prerequis, "Prérequis pédagogiques.")
    lien_web: str | None = colonne(m.Action.lien_web, "Adresse d'une page plus complète.")
    etat: m.EtatAction = colonne(m.Action.etat, "Où en est l'action.")
    conventionnee: bool = colonne(m.Action.est_conventionnee, "Relève de l'offre conventionnée.")
    en_ligne: bool = colonne(m.Action.est_en_ligne, "Est publiée, et visible de tous.")
    dispositif: m.Dispositif | None = colonne(
        m.Action.dispositif, "Le dispositif, si elle est conventionnée."
    )
    financeur: m.Financeur | None = colonne(m.Action.financeur, "Qui la finance, si elle est conventionnée.")
    numero_marche: str | None = colonne(m.Action.numero_marche, "Numéro du marché.")
    mesure: str | None = colonne(m.Action.mesure, "La mesure.")
    contact_nom: str | None = colonne(m.Action.contact_nom, "Personne à contacter ; selon votre profil.")
    contact_telephone: str | None = colonne(m.Action.contact_telephone, "Son téléphone ; selon votre profil.")
    contact_courriel: str | None = colonne(
        m.Action.contact_courriel, "Son adresse e-mail ; selon votre profil."
    )
    source: str | None = colonne(m.Action.source, "D'où vient cette action, quand elle a été importée.")
    numero_source: str | None = colonne(m.Action.numero_source, "Son numéro chez qui l'a envoyée.")
    responsable: Structure | None = relation(m.Action.responsable, "L'organisme responsable.")
    certifications: list[CertificationPreparee] = liste(
        m.Action.certifications,
        "Les certifications préparées, cinq au plus.",
        ordre=Tri(m.ActionCertification.rang),
        entiere=True,
    )
    sessions: Annotated[SessionConnection, strawberry.lazy(".sessions")] = page(
        m.Action.sessions, "Ses sessions.", ordre=TriSessions, filtre=CriteresSession
    )
    a_session_ouverte: bool = vrai_si(
        A_UNE_SESSION_OUVERTE, "Au moins une de ses sessions est ouverte à la candidature.", public="R-063"
    )
    peut: PeutAction = droits("Ce que vous pouvez en faire maintenant.")


A_VENIR = Compare(("date_debut",), ">=", Ref("aujourd_hui"))


@strawberry.enum(description="L'ordre d'une liste d'actions.")
class TriActions(Ordre):
    """The orders offered on lists of actions."""

    INTITULE = Tri(m.Action.intitule)
    PLUS_RECENTES = Tri(m.Action.modifiee_le, descendant=True)
    PERTINENCE = Tri(
        Pertinence(m.Action.mots_cherches, "cherche_litteral", "mots", selon=MOTS_ELARGIS), descendant=True
    )
    PROCHAIN_DEBUT = Tri(
        Prochain(m.Action.sessions, m.SessionFormation.date_debut, A_VENIR), m.Action.intitule
    )
    DISTANCE = Tri(Eloignement(m.SessionFormation.commune, "autour", m.Action.sessions), m.Action.intitule)


@strawberry.input(
    description="Ce que la recherche retient ; les critères se cumulent. Ce qui est demandé aux sessions vaut pour une"
    " même session de l'action : la demander avec les mêmes critères montre lesquelles conviennent."
)
@criteres_lies(m.Action.sessions, CriteresSession)
class RechercheActions:
    """The criteria of a search of the offer (R-048 to R-057)."""

    mots: str | None = critere_fait(
        CritereOu(
            (
                MOTS_DE_L_ACTION,
                *NUMEROS_DE_L_ACTION,
                CritereChez(m.Action.sessions, numero(m.SessionFormation.numero_carif)),
            ),
            mots_typed,
        ),
        MOTS,
    )
    elargie: bool | None = critere_fait(CritereMode(), EN_ELARGISSANT)
    dispositif: m.Dispositif | None = critere(m.Action.dispositif, "=", "De ce dispositif.")
    organismes: list[strawberry.ID] | None = critere(
        m.Action.responsable_id,
        "parmi",
        "De ces organismes responsables : trois au plus.",
        type_name="Structure",
        au_plus=TROP_D_ORGANISMES,
    )
    certification: strawberry.ID | None = critere(
        m.ActionCertification.certification_id,
        "=",
        "Affiner : préparant cette certification.",
        type_name="Certification",
        par=(m.Action.certifications,),
    )
    conventionnee: bool | None = critere_si(
        Compare(("est_conventionnee",), "=", True), "De l'offre conventionnée, ou hors de celle-ci."
    )
    mon_catalogue: bool | None = critere_si(
        MON_CATALOGUE, "Vrai : de la structure de votre profil actif.", sinon=TRUE
    )


@strawberry.type(description="Une page d'actions.")
class ActionConnection(Connection[Action]):
    """A page of actions."""

    facettes: FacettesActions = facettes("Ce qui affinerait la liste.", par=m.Action.sessions)
    facettes_larges: FacettesActions = facettes_larges(
        "Les mêmes, chacune sans le critère qu'elle affine : ce que donnerait une autre valeur à sa place.",
        par=m.Action.sessions,
    )
