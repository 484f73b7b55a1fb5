"""Candidatures, from draft to avis, as the API shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from app import models as m
from app.domain.onglets import A_VALIDER as ENCORE_A_VALIDER
from app.domain.onglets import (
    BIENTOT_NON_TRANSMIS,
    COMPTEE,
    LES_MIENNES,
    OngletCandidatures,
    RoleOrganisme,
    a_ce_role,
    dans,
)
from app.kit.conditions import all_of
from app.reading.fields import (
    Tri,
    colonne,
    comptes,
    compteur,
    compteurs,
    droit,
    droits,
    liste,
    objet,
    page,
    partie,
    premier,
    relation,
)
from app.reading.pages import Groupe
from app.schema.candidats import Candidat
from app.schema.comptes import Compte
from app.schema.faits import FaitConnection, TriFaits
from app.schema.pages import Connection, Node
from app.schema.sessions import PointEntree, Session
from app.schema.structures import Structure

if TYPE_CHECKING:
    from app.schema.echanges import Echange


@objet(m.Convocation, "Un rendez-vous donné à un candidat ; trois au plus.")
class Convocation(Node):
    """A date on which a candidat is received."""

    numero: int = colonne(m.Convocation.numero, "Son numéro, de 1 à 3.")
    type_convocation: m.TypeConvocation = colonne(m.Convocation.type_convocation, "À quoi.")
    date_rendez_vous: dt.date = colonne(m.Convocation.date_rendez_vous, "La date.")
    resultat: m.ResultatConvocation = colonne(m.Convocation.resultat, "Ce qu'il en est advenu.")


@objet(m.Avis, "L'avis de recrutement, rendu par l'organisme de formation.")
class Avis(Node):
    """What the training organisation decided."""

    retenu: bool = colonne(m.Avis.est_retenu, "La personne est retenue.")
    motif: m.MotifNonRetenu | None = colonne(m.Avis.motif, "Pourquoi elle ne l'est pas.")
    raison: str | None = colonne(m.Avis.raison, "La raison de ce refus, en clair.")
    commentaire: str | None = colonne(m.Avis.commentaire, "Commentaire, 250 caractères au plus.")
    date_entree_prevue: dt.date | None = colonne(m.Avis.date_entree_prevue, "Date prévisionnelle d'entrée.")
    date_sortie_prevue: dt.date | None = colonne(m.Avis.date_sortie_prevue, "Date prévisionnelle de sortie.")
    intensite_hebdomadaire: Decimal | None = colonne(
        m.Avis.intensite_hebdomadaire, "Heures de formation par semaine de cinq jours."
    )
    automatique: bool = colonne(m.Avis.est_automatique, "Rendu de lui-même, après une absence.")
    rendu_le: dt.datetime = colonne(m.Avis.rendu_le, "Quand.")


@strawberry.type(description="Ce que vous pouvez faire d'une candidature.")
class PeutCandidature:
    """What the viewer may do with a candidature."""

    modifier: bool = droit("modifier", "La modifier.")
    supprimer: bool = droit("supprimer", "La mettre à la corbeille.")
    soumettre: bool = droit("soumettre", "La soumettre à un prescripteur de niveau 3.")
    valider: bool = droit("valider", "La valider.")
    annuler: bool = droit("annuler", "L'annuler.")
    restaurer: bool = droit("restaurer", "La sortir de la corbeille.")
    convoquer: bool = droit("convoquer", "Convoquer la personne.")
    rendre_avis: bool = droit("rendre_avis", "Rendre l'avis de recrutement.")
    refuser: bool = droit("refuser", "La refuser, la session étant complète.")
    reporter_point: bool = droit("reporter_point", "La reporter au point d'entrée suivant d'une HSP.")
    dupliquer: bool = droit("dupliquer", "La recommencer dans un nouveau brouillon.")
    rejeter: bool = droit("rejeter", "La rejeter pour une anomalie.")
    corriger_avis: bool = droit("corriger_avis", "Corriger son avis.")


@objet(m.Candidature, "Une personne proposée pour une session.")
class Candidature(Node):
    """Somebody is proposed for a session."""

    reference: str = colonne(m.Candidature.reference, "Sa référence.")
    etat: m.EtatCandidature = colonne(m.Candidature.etat, "Où en est la candidature.")
    origine: m.OrigineCandidature = colonne(m.Candidature.origine, "D'où elle vient.")
    session: Session | None = relation(m.Candidature.session, "La session demandée.")
    intitule: str = colonne(m.Candidature.intitule, "L'intitulé de la formation, au dernier acte.")
    session_date_debut: dt.date = colonne(
        m.Candidature.session_date_debut, "Premier jour de la session, au dernier acte."
    )
    session_date_fin: dt.date = colonne(
        m.Candidature.session_date_fin, "Dernier jour de la session, au dernier acte."
    )
    organisme_formation: str = colonne(
        m.Candidature.organisme_formation, "L'organisme qui forme, au dernier acte."
    )
    organisme_prescripteur: str | None = colonne(
        m.Candidature.organisme_prescripteur, "L'organisme qui prescrit, au dernier acte."
    )
    point_entree: PointEntree | None = relation(m.Candidature.point_entree, "Le point d'entrée d'une HSP.")
    candidat: Candidat | None = relation(m.Candidature.candidat, "La personne proposée.")
    prescripteur: Compte | None = relation(m.Candidature.auteur, "Qui la propose.")
    structure_prescriptrice: Structure | None = relation(
        m.Candidature.structure_prescriptrice, "Au titre de quelle structure."
    )
    inscrit_france_travail: bool = colonne(
        m.Candidature.est_inscrit_france_travail, "La personne est inscrite à France Travail."
    )
    niveau_formation: str | None = colonne(m.Candidature.niveau_formation, "Niveau de formation atteint.")
    situation: str | None = colonne(m.Candidature.situation, "Situation au regard de l'emploi.")
    parcours_anterieur: str | None = colonne(m.Candidature.parcours_anterieur, "Parcours antérieur.")
    raisons: str | None = colonne(m.Candidature.raisons, "Raisons du choix de cette formation.")
    suites_parcours: str | None = colonne(m.Candidature.suites_parcours, "Suites de parcours envisagées.")
    envoyer_recapitulatif: bool = colonne(
        m.Candidature.envoyer_recapitulatif, "Un récapitulatif sera envoyé à la personne."
    )
    creee_le: dt.datetime = colonne(m.Candidature.cree_le, "Quand elle a été commencée.")
    modifiee_le: dt.datetime = colonne(m.Candidature.modifiee_le, "Dernier changement.")
    soumise_le: dt.datetime | None = colonne(
        m.Candidature.soumise_le, "Quand elle a été soumise à un prescripteur de niveau 3."
    )
    valider_avant_le: dt.datetime | None = colonne(
        m.Candidature.valider_avant_le, "Jusqu'à quand un prescripteur de niveau 3 peut la valider."
    )
    date_preinscription: dt.datetime | None = colonne(m.Candidature.validee_le, "Quand elle a été validée.")
    close_le: dt.datetime | None = colonne(m.Candidature.close_le, "Quand elle a pris fin.")
    motif_fin: str | None = colonne(
        m.Candidature.motif_fin, "Pourquoi elle a été annulée, rejetée, ou son avis corrigé."
    )
    derniere_convocation: Convocation | None = premier(
        m.Candidature.convocations,
        "Le dernier rendez-vous donné ; son numéro dit combien il y en a eu.",
        ordre=Tri(m.Convocation.numero, descendant=True),
    )
    convocations: list[Convocation] = liste(
        m.Candidature.convocations, "Les rendez-vous donnés.", ordre=Tri(m.Convocation.numero), entiere=True
    )
    avis: Avis | None = relation(m.Candidature.avis, "L'avis de recrutement.")
    historique: FaitConnection = page(m.Candidature.faits, "Ce qui lui est arrivé.", ordre=TriFaits)
    reference_partenaire: str | None = colonne(
        m.Candidature.reference_partenaire, "Son numéro chez le partenaire qui l'a transmise."
    )
    echanges: list[Annotated[Echange, strawberry.lazy(".echanges")]] = liste(
        m.Candidature.echanges, "Où en sont les échanges avec les partenaires.", ordre=Tri(m.Echange.cree_le)
    )
    peut: PeutCandidature = droits("Ce que vous pouvez en faire maintenant.")


@strawberry.type(description="Combien de candidatures dans un état.")
class NombreParEtat:
    """How many candidatures in one state."""

    etat: m.EtatCandidature = partie(Groupe("valeur"), "L'état.")
    nombre: int = partie(Groupe("nombre"), "Combien.")


@strawberry.type(description="Une page de candidatures.")
class CandidatureConnection(Connection[Candidature]):
    """A page of candidatures."""

    par_etat: list[NombreParEtat] = comptes(m.Candidature.etat, "Toute la liste, comptée par état.")


@strawberry.type(description="Combien de candidatures dans chaque onglet, parmi celles que vous pouvez lire.")
class OngletsCandidatures:
    """The tabs of « Gestion des candidatures » and their counts (R-101, R-102)."""

    brouillons: int = compteur("Les brouillons.", ou=dans(OngletCandidatures.BROUILLONS))
    mes_brouillons: int = compteur(
        "Vos brouillons.", ou=all_of([LES_MIENNES, dans(OngletCandidatures.BROUILLONS)])
    )
    en_attente_validation: int = compteur(
        "En attente de validation.", ou=dans(OngletCandidatures.EN_ATTENTE_VALIDATION)
    )
    a_valider: int = compteur("Que l'on peut encore valider à temps.", ou=ENCORE_A_VALIDER)
    en_attente_avis: int = compteur(
        "Validées, en attente d'avis de recrutement.", ou=dans(OngletCandidatures.EN_ATTENTE_AVIS)
    )
    annulees: int = compteur("Annulées ou rejetées.", ou=dans(OngletCandidatures.ANNULEES))
    corbeille: int = compteur("Dans la corbeille, ou expirées.", ou=dans(OngletCandidatures.CORBEILLE))
    retenues: int = compteur("Retenues.", ou=dans(OngletCandidatures.RETENUES))
    non_retenues: int = compteur("Non retenues.", ou=dans(OngletCandidatures.NON_RETENUES))
    avis_non_transmis: int = compteur("Avis non transmis.", ou=dans(OngletCandidatures.AVIS_NON_TRANSMIS))
    refus_session_complete: int = compteur(
        "Refus : session complète.", ou=dans(OngletCandidatures.REFUS_SESSION_COMPLETE)
    )
    refus_session_annulee: int = compteur(
        "Refus : session annulée par le financeur.", ou=dans(OngletCandidatures.REFUS_SESSION_ANNULEE)
    )


@strawberry.type(description="Les candidatures des sessions où votre organisme a un rôle, état par état.")
class ComptesDuRole:
    """A row of the dashboard: seven counts (R-143)."""

    en_attente: int = compteur("En attente d'avis.", ou=dans(OngletCandidatures.EN_ATTENTE_AVIS))
    bientot_non_transmis: int = compteur(
        "Qui passeront en avis non transmis d'ici quinze jours.", ou=BIENTOT_NON_TRANSMIS
    )
    retenues: int = compteur("Retenues.", ou=dans(OngletCandidatures.RETENUES))
    non_retenues: int = compteur("Non retenues.", ou=dans(OngletCandidatures.NON_RETENUES))
    avis_non_transmis: int = compteur("Avis non transmis.", ou=dans(OngletCandidatures.AVIS_NON_TRANSMIS))
    refus_session_complete: int = compteur(
        "Refus : session complète.", ou=dans(OngletCandidatures.REFUS_SESSION_COMPLETE)
    )
    refus_session_annulee: int = compteur(
        "Refus : session annulée.", ou=dans(OngletCandidatures.REFUS_SESSION_ANNULEE)
    )


def _role(role: RoleOrganisme, description: str) -> ComptesDuRole:
    made: ComptesDuRole = compteurs(m.Candidature, description, ou=all_of([a_ce_role(role), COMPTEE]))
    return made


@strawberry.type(
    description="Le tableau de bord d'un organisme : depuis le 1er janvier 2013, sur les sessions publiées et non"
    " archivées. Une candidature compte une fois par rôle tenu."
)
class TableauDeBord:
    """Three roles, seven counts each (R-143 to R-145)."""

    responsable: ComptesDuRole = _role(RoleOrganisme.RESPONSABLE, "Comme organisme responsable.")
    positionneur: ComptesDuRole = _role(RoleOrganisme.POSITIONNEUR, "Comme organisme positionneur.")
    formateur: ComptesDuRole = _role(RoleOrganisme.FORMATEUR, "Comme organisme formateur.")
