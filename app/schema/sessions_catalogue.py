"""What a session shows to who keeps it: its form, what it validates, its meetings, why it goes away."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ARRAY, Float, Integer, case, cast, func, or_, type_coerce

from app import models as m
from app.domain.sessions_formulaire import HEURES_PAR_JOUR
from app.domain.sessions_vie import DATES, DUPLIQUES
from app.models.base import mot
from app.reading.fields import Tri, calcule, champs, colonne, liste, objet, page, relation
from app.schema.actions_catalogue import champs_de
from app.schema.faits import FaitConnection, TriFaits
from app.schema.pages import Node

if TYPE_CHECKING:
    from app.schema.actions import Certification

DE_L_OUVERTURE = (
    "date_limite_inscription",
    "date_entree_tardive",
    "date_debut",
    "capacite_accueil",
    "coefficient",
    "ratio_suite_parcours",
    "commentaire",
)
DU_FORMULAIRE = tuple(nom for nom in DUPLIQUES if nom != "lieu_departement")
PARTIES = {"certifications": m.SessionCertification, "reunions": m.Reunion}
ChampSession: Any = champs_de(
    "ChampSession",
    (*DATES, *DU_FORMULAIRE, "date_limite_inscription", "date_entree_tardive", *PARTIES),
    "Un champ du formulaire d'une session.",
)
ChampOuverture: Any = champs_de(
    "ChampOuverture", DE_L_OUVERTURE, "Un champ de l'ouverture d'une session aux candidatures."
)


@objet(m.Reunion, "Une information collective d'une session.")
class Reunion(Node):
    """An information meeting (R-242)."""

    debut_le: dt.datetime = colonne(m.Reunion.debut_le, "Quand elle commence.")
    lieu: str | None = colonne(m.Reunion.lieu, "Où elle se tient.")


@objet(m.SessionCertification, "Ce qu'une session valide d'une certification de son action.")
class CertificationVisee(Node):
    """What a session validates of a certification (R-229 to R-235)."""

    certification: Annotated[Certification, strawberry.lazy(".actions")] = relation(
        m.SessionCertification.certification, "La certification."
    )
    validation: m.ValidationBlocs = colonne(
        m.SessionCertification.validation, "Toute la certification, une partie, ou l'une et l'autre."
    )
    blocs: list[str] = colonne(
        m.SessionCertification.blocs, "Les blocs validés, par exemple RNCP35819BC01 ; vide si tous."
    )


HEURES = (
    m.SessionFormation.heures_total,
    m.SessionFormation.heures_centre,
    m.SessionFormation.heures_entreprise,
)


def si_dites(row: Any, valeur: Any) -> Any:
    """Out: the value where hours are said, null otherwise: nobody said « no hour » (R-237)."""
    dites = or_(row["heures_centre"].is_not(None), row["heures_entreprise"].is_not(None))
    return case((dites, valeur))


def _jours(row: Any, _: Any) -> Any:
    return si_dites(row, cast(func.ceil(row["heures_total"] / HEURES_PAR_JOUR), Integer))


@strawberry.type
class SessionAuCatalogue:
    """The fields of a session that its catalogue needs; `Session` takes them."""

    annees_apprentissage: str | None = colonne(
        m.SessionFormation.annees_apprentissage, "Les années accessibles en apprentissage."
    )
    heures_centre: float | None = calcule(
        lambda row, _: cast(row["heures_centre"], Float),
        "Heures en centre.",
        lit=(m.SessionFormation.heures_centre,),
    )
    heures_entreprise: float | None = calcule(
        lambda row, _: cast(row["heures_entreprise"], Float),
        "Heures en entreprise.",
        lit=(m.SessionFormation.heures_entreprise,),
    )
    duree_indicative: int | None = calcule(
        _jours, "Durée indicative, en jours de sept heures ; nulle si rien n'est dit des heures.", lit=HEURES
    )
    ratio_suite_parcours: float | None = calcule(
        lambda row, _: cast(row["ratio_suite_parcours"], Float),
        "Ratio suite de parcours ; selon votre profil.",
        lit=(m.SessionFormation.ratio_suite_parcours,),
    )
    certifications: list[CertificationVisee] = liste(
        m.SessionFormation.certifications,
        "Ce qu'elle valide des certifications de son action.",
        ordre=Tri(m.SessionCertification.certification_id),
        entiere=True,
    )
    modalites_recrutement: list[m.ModaliteRecrutement] = calcule(
        lambda row, _: type_coerce(row["modalites_recrutement"], ARRAY(mot(m.ModaliteRecrutement))),
        "Comment on y est admis.",
        lit=(m.SessionFormation.modalites_recrutement,),
        jamais_nul=True,
    )
    reunions: list[Reunion] = liste(
        m.SessionFormation.reunions,
        "Ses informations collectives.",
        ordre=Tri(m.Reunion.debut_le),
        entiere=True,
    )
    motif_annulation: str | None = colonne(
        m.SessionFormation.motif_annulation, "Pourquoi elle est annulée ; selon votre profil."
    )
    motif_suppression: str | None = colonne(
        m.SessionFormation.motif_suppression, "Pourquoi sa suppression est demandée ; selon votre profil."
    )
    modifiee_le: dt.datetime = colonne(m.SessionFormation.modifiee_le, "Dernier changement.")
    historique: FaitConnection = page(
        m.SessionFormation.faits, "Ce qui lui est arrivé ; selon votre profil.", ordre=TriFaits
    )
    champs_modifiables: list[ChampSession] = champs(
        ChampSession,
        "Les champs que « modifierSession » vous laisse changer maintenant.",
        parties=PARTIES,
    )
    champs_ouverture: list[ChampOuverture] = champs(
        ChampOuverture,
        "Les champs que « reglerOuverture » vous laisse changer maintenant.",
        permission="regler_ouverture",
    )
