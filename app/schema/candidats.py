"""Candidats, as the API shows them to the few who may read one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, colonne, droit, droits, objet, page
from app.schema.candidatures_listes import FiltreCandidatures, TriCandidatures
from app.schema.pages import Connection, Node

if TYPE_CHECKING:
    from app.schema.candidatures import CandidatureConnection


@strawberry.type(description="Ce que vous pouvez faire d'un candidat.")
class PeutCandidat:
    """What the viewer may do with a candidat."""

    modifier: bool = droit("modifier", "Modifier sa fiche.")


@objet(
    m.CandidatureResumee,
    "Ce que chacun peut savoir d'une candidature de la personne, faite par n'importe quelle structure.",
)
class CandidatureResumee(Node):
    """What others may know of a candidature (C-27)."""

    intitule: str = colonne(m.CandidatureResumee.intitule, "La formation.")
    date_debut: dt.date = colonne(m.CandidatureResumee.session_date_debut, "Premier jour de la session.")
    date_fin: dt.date = colonne(m.CandidatureResumee.session_date_fin, "Dernier jour de la session.")
    organisme_formation: str = colonne(m.CandidatureResumee.organisme_formation, "L'organisme de formation.")
    structure_prescriptrice: str | None = colonne(
        m.CandidatureResumee.organisme_prescripteur, "La structure qui l'a proposée."
    )
    etat: m.EtatCandidature = colonne(m.CandidatureResumee.etat, "Où elle en est.")
    date: dt.datetime = colonne(
        m.CandidatureResumee.modifiee_le, "Quand elle a changé pour la dernière fois."
    )


@strawberry.enum(description="L'ordre d'un historique.")
class TriHistorique(Ordre):
    """The orders offered on a history."""

    PLUS_RECENTES = Tri(m.CandidatureResumee.modifiee_le, descendant=True)


@strawberry.type(description="Une page d'un historique.")
class CandidatureResumeeConnection(Connection[CandidatureResumee]):
    """A page of a history."""


@objet(
    m.Candidat,
    "Une personne qui cherche une formation. Lire sa fiche, au-delà de son nom, laisse une trace (`consultations`).",
    sans_trace=("id", "reference", "civilite", "nom", "prenom", "anonymiseLe", "peut"),
)
class Candidat(Node):
    """Somebody who looks for a training."""

    reference: str = colonne(m.Candidat.reference, "Sa référence : l'année et six chiffres.")
    civilite: m.Civilite | None = colonne(m.Candidat.civilite, "Civilité.")
    nom: str = colonne(m.Candidat.nom, "Nom.")
    prenom: str = colonne(m.Candidat.prenom, "Prénom.")
    date_naissance: dt.date = colonne(m.Candidat.date_naissance, "Date de naissance.")
    courriel: str | None = colonne(m.Candidat.courriel, "Adresse e-mail.")
    telephone: str | None = colonne(m.Candidat.telephone, "Téléphone.")
    voie: str | None = colonne(m.Candidat.voie, "Numéro et nom de la voie.")
    code_postal: str | None = colonne(m.Candidat.code_postal, "Code postal.")
    ville: str | None = colonne(m.Candidat.ville, "Ville.")
    inscrit_france_travail: bool = colonne(
        m.Candidat.est_inscrit_france_travail, "Est inscrite à France Travail."
    )
    numero_france_travail: str | None = colonne(
        m.Candidat.numero_france_travail, "Numéro France Travail, onze chiffres."
    )
    identifiant_regional: str | None = colonne(
        m.Candidat.identifiant_regional, "Identifiant régional France Travail, huit caractères."
    )
    anonymise_le: dt.datetime | None = colonne(
        m.Candidat.anonymise_le, "Quand ce qui la désignait a été effacé ; nul tant qu'elle est désignée."
    )
    candidatures: Annotated[CandidatureConnection, strawberry.lazy(".candidatures")] = page(
        m.Candidat.candidatures,
        "Ses candidatures, celles que vous pouvez lire.",
        ordre=TriCandidatures,
        filtre=FiltreCandidatures,
    )
    historique: CandidatureResumeeConnection = page(
        m.Candidat.historique, "Toutes ses candidatures, en résumé.", ordre=TriHistorique
    )
    peut: PeutCandidat = droits("Ce que vous pouvez en faire.")
