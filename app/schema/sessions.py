"""Sessions, as the API shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Float, cast

from app import models as m
from app.domain.echeances import JOURS_AVIS
from app.domain.onglets import EN_COURS_OU_A_VENIR
from app.domain.ouverture import HSP, MOTIFS, PROCHAIN_POINT
from app.domain.situations import ELIGIBLE_CPF, SituationSession
from app.kit.conditions import FALSE, negated
from app.reading.choices import choix, selon
from app.reading.fields import (
    Motif,
    Tri,
    calcule,
    colonne,
    compteur,
    droit,
    droits,
    groupe,
    liste,
    liste_motifs,
    motifs,
    objet,
    oui,
    page,
    partie_motif,
    premier,
    relation,
    vrai_si,
)
from app.reading.search import facettes, facettes_larges
from app.reading.sources import Colonne, Premier
from app.schema.candidatures_listes import FiltreCandidatures, TriCandidatures
from app.schema.facettes import FacettesSessions
from app.schema.pages import Connection, Node
from app.schema.sessions_catalogue import HEURES, SessionAuCatalogue, si_dites
from app.schema.sessions_listes import SITUATION
from app.schema.structures import Structure

if TYPE_CHECKING:
    from app.schema.actions import Action
    from app.schema.candidatures import CandidatureConnection


def prochain(valeur: Any) -> Premier:
    """Out: a value of the next entry point of a HSP (R-067), for who reads entry points."""
    return Premier(
        m.SessionFormation.points_entree, Tri(m.PointEntree.date_entree), PROCHAIN_POINT, valeur=valeur
    )


@strawberry.type(description="Le lieu d'une session.")
class Lieu:
    """Where a session happens."""

    nom: str | None = colonne(m.SessionFormation.lieu_nom, "Nom du lieu.")
    voie: str | None = colonne(m.SessionFormation.lieu_voie, "Numéro et nom de la voie.")
    code_postal: str | None = colonne(m.SessionFormation.lieu_code_postal, "Code postal.")
    ville: str | None = colonne(m.SessionFormation.lieu_ville, "Ville.")
    departement: str | None = colonne(m.SessionFormation.lieu_departement, "Code du département.")


@strawberry.type(description="Les candidatures faites sur les candidatures possibles ; selon votre profil.")
class NombrePlaces:
    """Candidatures made and possible (R-149, C-30)."""

    faites: int | None = choix(
        HSP,
        "Candidatures qui occupent une place ; en HSP, au prochain point d'entrée.",
        alors=prochain(m.PointEntree.places_prises),
        sinon=Colonne(m.SessionFormation.places_prises),
    )
    possibles: int | None = choix(
        HSP,
        "Capacité d'accueil × coefficient ; en HSP, au prochain point d'entrée.",
        alors=prochain(m.PointEntree.places_possibles),
        sinon=Colonne(m.SessionFormation.places_possibles),
    )


@strawberry.type(description="Une raison de ne pas pouvoir candidater.")
class MotifIneligibilite:
    """Why a candidature cannot be added."""

    code: str = partie_motif("code", "Son code, celui de l'empêchement.")
    message: str = partie_motif("message", "Ce qu'il faut comprendre.")
    regle: str | None = partie_motif("regle", "La règle d'où il vient.")


@strawberry.type(description="Peut-on ajouter une candidature, et sinon pourquoi.")
class Eligibilite:
    """Whether a candidature may be added to a session, before any form."""

    oui: bool = oui("Vous pouvez en ajouter une maintenant.")
    motifs: list[MotifIneligibilite] = liste_motifs("Ce qui s'y oppose ; vide si rien.")


@strawberry.type(description="Ce que vous pouvez faire d'une session.")
class PeutSession:
    """What the viewer may do with a session."""

    lire_details: bool = droit("lire_details", "En lire les contacts, les places et les points d'entrée.")
    candidater: bool = droit("candidater", "Y proposer des candidats.")
    modifier: bool = droit("modifier", "La modifier.")
    regler_ouverture: bool = droit("regler_ouverture", "En régler l'ouverture aux candidatures.")
    dupliquer: bool = droit("dupliquer", "La dupliquer.")
    modifier_dates: bool = droit("modifier_dates", "En changer les dates, pour son financeur.")
    annuler: bool = droit("annuler", "L'annuler.")
    supprimer: bool = droit("supprimer", "La supprimer, si elle est finie depuis plus de trente jours.")
    demander_suppression: bool = droit("demander_suppression", "En demander la suppression.")
    decider_suppression: bool = droit("decider_suppression", "Décider de la suppression demandée.")


@objet(m.PointEntree, "Une date à laquelle on peut entrer dans une session HSP.")
class PointEntree(Node):
    """An entry point."""

    date_entree: dt.date = colonne(m.PointEntree.date_entree, "La date.")
    places_prises: int | None = colonne(m.PointEntree.places_prises, "Candidatures qui occupent une place.")
    places_possibles: int | None = colonne(m.PointEntree.places_possibles, "Candidatures possibles.")


REFUS = Motif(
    "INTERDIT", "Votre profil ne permet pas d'ajouter une candidature sur cette session.", "R-036", FALSE
)
ELIGIBILITE = [
    Motif(x.empechement.code, x.empechement().message, x.empechement.regle or "", x.condition) for x in MOTIFS
]


@objet(m.SessionFormation, "Une action donnée à certaines dates, en un lieu.", name="Session")
class Session(Node, SessionAuCatalogue):
    """An action held at given dates."""

    numero_carif: str = colonne(m.SessionFormation.numero_carif, "Numéro Carif : 00 suivi de six chiffres.")
    action: Annotated[Action, strawberry.lazy(".actions")] = relation(
        m.SessionFormation.action, "L'action dont c'est une session."
    )
    etat: m.EtatSession = colonne(m.SessionFormation.etat, "Son état enregistré.")
    situation: SituationSession = selon(
        SITUATION,
        "Où en est la session aujourd'hui. Sans les détails, une session complète se dit INSCRIPTIONS_CLOSES.",
        public="R-149",
    )
    date_debut: dt.date = colonne(m.SessionFormation.date_debut, "Premier jour.")
    date_fin: dt.date = colonne(m.SessionFormation.date_fin, "Dernier jour.")
    type_entree: m.TypeEntree = colonne(m.SessionFormation.type_entree, "Comment on y entre.")
    voie_acces: m.VoieAcces = colonne(m.SessionFormation.voie_acces, "La voie d'accès.")
    modalite: m.Modalite = colonne(m.SessionFormation.modalite, "La modalité pédagogique.")
    heures_total: Decimal | None = calcule(
        lambda row, _: si_dites(row, row["heures_total"]),
        "Heures, en centre et en entreprise ; nul si rien n'en est dit.",
        lit=HEURES,
    )
    lieu: Lieu = groupe("Où elle se tient.")
    conventionnee: bool = colonne(m.SessionFormation.est_conventionnee, "Relève de l'offre conventionnée.")
    hsp: bool = colonne(m.SessionFormation.est_hsp, "Relève de l'habilitation de service public.")
    commentaire: str | None = colonne(m.SessionFormation.commentaire, "Commentaire bref sur la session.")
    publiee_le: dt.datetime | None = colonne(m.SessionFormation.publiee_le, "Quand elle a été publiée.")
    mode_candidature: m.ModeCandidature = colonne(
        m.SessionFormation.mode_candidature, "Comment les candidatures y parviennent."
    )
    eligible_cpf: bool = vrai_si(
        ELIGIBLE_CPF,
        "Éligible au CPF : prépare une certification du RNCP ou du répertoire spécifique. Se dit 24 heures après la"
        " publication.",
    )
    date_limite_inscription: dt.date | None = choix(
        HSP,
        "Dernier jour pour candidater ; en HSP, le prochain point d'entrée.",
        alors=prochain(m.PointEntree.date_entree),
        sinon=Colonne(m.SessionFormation.date_limite_inscription),
    )
    date_entree_tardive: dt.date | None = colonne(
        m.SessionFormation.date_entree_tardive,
        "Dernier jour pour entrer en formation, ou annuler une candidature.",
    )
    capacite_accueil: int | None = colonne(
        m.SessionFormation.capacite_accueil, "Capacité d'accueil ; selon votre profil."
    )
    coefficient: float | None = calcule(
        lambda row, c: cast(row["coefficient"], Float),
        "Candidatures possibles par place ; selon votre profil.",
        lit=(m.SessionFormation.coefficient,),
    )
    nombre_places: NombrePlaces = groupe("Candidatures faites et possibles ; selon votre profil.")
    prochain_point_entree: dt.date | None = premier(
        m.SessionFormation.points_entree,
        "Le prochain point d'entrée d'une HSP ; selon votre profil.",
        ordre=Tri(m.PointEntree.date_entree),
        ou=PROCHAIN_POINT,
        valeur=m.PointEntree.date_entree,
    )
    prochain_point: PointEntree | None = premier(
        m.SessionFormation.points_entree,
        "Le prochain point d'entrée d'une HSP, et ses places ; selon votre profil.",
        ordre=Tri(m.PointEntree.date_entree),
        ou=PROCHAIN_POINT,
    )
    points_entree: list[PointEntree] = liste(
        m.SessionFormation.points_entree,
        "Les points d'entrée d'une HSP ; selon votre profil.",
        ordre=Tri(m.PointEntree.date_entree),
        entiere=True,
    )
    contact_nom: str | None = colonne(
        m.SessionFormation.contact_nom, "Personne à contacter ; selon votre profil."
    )
    contact_telephone: str | None = colonne(
        m.SessionFormation.contact_telephone, "Son téléphone ; selon votre profil."
    )
    contact_courriel: str | None = colonne(
        m.SessionFormation.contact_courriel, "Son adresse e-mail ; selon votre profil."
    )
    referent_handicap: str | None = colonne(
        m.SessionFormation.referent_handicap, "Référent travailleur handicapé ; selon votre profil."
    )
    responsable: Structure | None = relation(m.SessionFormation.responsable, "L'organisme responsable.")
    formateur: Structure | None = relation(m.SessionFormation.formateur, "L'organisme formateur.")
    positionneur: Structure | None = relation(
        m.SessionFormation.positionneur, "L'organisme positionneur, à qui parler du recrutement."
    )
    avis_jusqu_au: dt.date = calcule(
        lambda row, c: row["date_fin"] + JOURS_AVIS,
        "Dernier jour pour rendre un avis : trois semaines après la fin.",
        lit=(m.SessionFormation.date_fin,),
        jamais_nul=True,
    )
    peut_candidater: Eligibilite = motifs(
        "candidater", ELIGIBILITE, "Peut-on ajouter une candidature, et sinon pourquoi.", refus=REFUS
    )
    candidatures: Annotated[CandidatureConnection, strawberry.lazy(".candidatures")] = page(
        m.SessionFormation.candidatures,
        "Ses candidatures, celles que vous pouvez lire.",
        ordre=TriCandidatures,
        filtre=FiltreCandidatures,
    )
    peut: PeutSession = droits("Ce que vous pouvez en faire maintenant.")


@strawberry.type(description="Une page de sessions.")
class SessionConnection(Connection[Session]):
    """A page of sessions."""

    facettes: FacettesSessions = facettes("Ce qui affinerait la liste.")
    facettes_larges: FacettesSessions = facettes_larges(
        "Les mêmes, chacune sans le critère qu'elle affine : ce que donnerait une autre valeur à sa place."
    )


@strawberry.type(description="Combien de sessions dans chaque onglet de la gestion par sessions.")
class OngletsSessions:
    """The two tabs of « Gestion par sessions » (R-147)."""

    en_cours_et_a_venir: int = compteur("En cours ou à venir.", ou=EN_COURS_OU_A_VENIR)
    terminees: int = compteur("Terminées.", ou=negated(EN_COURS_OU_A_VENIR))
