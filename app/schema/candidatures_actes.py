"""What the acts on candidatures take and give."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from app import models as m
from app.reading.fields import ecrit, ecrits
from app.schema.candidatures import Candidature
from app.schema.empechements import Empechement

ABSENT: Any = strawberry.UNSET


def champ(description: str) -> Any:
    """A field of a form that may be left out: what is absent does not change, what is null is emptied."""
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(description="Le formulaire d'une candidature ; ce qui est absent ne change pas.")
class FormulaireCandidature:
    """The form of a candidature (R-090)."""

    niveau_formation: str | None = champ("Niveau de formation atteint.")
    situation: str | None = champ("Situation au regard de l'emploi.")
    parcours_anterieur: str | None = champ("Parcours antérieur, 2 000 caractères au plus.")
    raisons: str | None = champ("Raisons du choix de cette formation, 2 000 caractères au plus.")
    suites_parcours: str | None = champ("Suites de parcours envisagées, 2 000 caractères au plus.")
    inscrit_france_travail: bool | None = champ("La personne est inscrite à France Travail.")
    envoyer_recapitulatif: bool | None = champ("Lui envoyer un récapitulatif par e-mail.")


@strawberry.input(description="Un brouillon de candidature.")
class CreerCandidatureInput(FormulaireCandidature):
    """A draft: a session, a person, and what is known of the form."""

    session: strawberry.ID = strawberry.field(description="La session demandée.")
    candidat: strawberry.ID = strawberry.field(description="La personne proposée.")


@strawberry.input(description="Ce qui change dans une candidature.")
class ModifierCandidatureInput(FormulaireCandidature):
    """What changes in a candidature."""

    candidature: strawberry.ID = strawberry.field(description="La candidature.")


@strawberry.input(description="Un rendez-vous donné à un candidat.")
class ConvoquerInput:
    """A date on which a candidat is received (R-156)."""

    candidature: strawberry.ID = strawberry.field(description="La candidature.")
    date_rendez_vous: dt.date = strawberry.field(description="La date du rendez-vous.")
    type_convocation: m.TypeConvocation = strawberry.field(
        default=m.TypeConvocation.ENTRETIEN, description="Information collective ou entretien."
    )


@strawberry.input(description="Ce qu'il est advenu d'un rendez-vous.")
class NoterConvocationInput:
    """What came of a convocation (R-156)."""

    candidature: strawberry.ID = strawberry.field(description="La candidature.")
    numero: int = strawberry.field(description="Le numéro de la convocation, de 1 à 3.")
    resultat: m.ResultatConvocation = strawberry.field(description="Présence, ou absence justifiée ou non.")


@strawberry.input(description="Un avis de recrutement. Il ne se modifie plus une fois rendu.")
class RendreAvisInput:
    """The avis of the training organisation (R-160, R-161)."""

    candidature: strawberry.ID = strawberry.field(description="La candidature.")
    retenu: bool | None = strawberry.field(default=None, description="La personne est-elle retenue ?")
    motif: m.MotifNonRetenu | None = strawberry.field(default=None, description="Sinon, le motif.")
    raison: str | None = strawberry.field(default=None, description="Sinon, la raison du refus.")
    commentaire: str | None = strawberry.field(
        default=None, description="Commentaire, 250 caractères au plus."
    )
    date_entree_prevue: dt.date | None = strawberry.field(
        default=None, description="Date prévisionnelle d'entrée."
    )
    date_sortie_prevue: dt.date | None = strawberry.field(
        default=None, description="Date prévisionnelle de sortie."
    )
    intensite_hebdomadaire: float | None = strawberry.field(
        default=None, description="Heures de formation par semaine de cinq jours."
    )


@strawberry.input(description="Un même rendez-vous donné à plusieurs candidats.")
class ConvoquerParLotInput:
    """One date for many people: an information meeting (R-152, R-156)."""

    candidatures: list[strawberry.ID] = strawberry.field(description="Les candidatures, deux cents au plus.")
    date_rendez_vous: dt.date = strawberry.field(description="La date du rendez-vous.")
    type_convocation: m.TypeConvocation = strawberry.field(
        default=m.TypeConvocation.INFORMATION_COLLECTIVE, description="Information collective ou entretien."
    )


@strawberry.input(description="La correction d'un avis rendu par erreur, par un gestionnaire.")
class CorrigerAvisInput(RendreAvisInput):
    """What an avis should have said, and why it is changed (C-24)."""

    motif_correction: str | None = strawberry.field(default=None, description="Pourquoi il est corrigé.")


@strawberry.type(description="Ce qu'il est advenu d'une candidature du lot.")
class ResultatDuLot:
    """What came of one item of a lot (R-152)."""

    id: strawberry.ID = strawberry.field(description="L'identifiant donné.")
    fait: bool = strawberry.field(description="L'acte a eu lieu, en entier ; sinon, rien n'a changé.")
    empechements: list[Empechement] = strawberry.field(description="Ce qui l'empêche ; vide s'il a eu lieu.")


@strawberry.type(description="Un lot : chaque candidature à part, l'une n'empêche pas les autres.")
class LotPayload:
    """The answer of an act on many candidatures."""

    candidatures: list[Candidature] = ecrits(
        m.Candidature, "Celles où l'acte a eu lieu, telles que vous les lisez après."
    )
    resultats: list[ResultatDuLot] | None = strawberry.field(
        description="Un résultat par candidature, dans l'ordre donné ; nul si le lot lui-même est refusé."
    )
    empechements: list[Empechement] = strawberry.field(description="Ce qui empêche tout le lot.")


@strawberry.type(description="Peut-on proposer cette personne sur cette session, et sinon pourquoi.")
class EligibiliteCandidat:
    """Everything that forbids it, before any form."""

    oui: bool = strawberry.field(description="Rien ne s'y oppose en ce moment.")
    motifs: list[Empechement] = strawberry.field(
        description="Tout ce qui s'y oppose ; ce sont les empêchements que l'acte donnerait."
    )


@strawberry.type(description="La candidature telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class CandidaturePayload:
    """The answer of every act on a candidature."""

    candidature: Candidature | None = ecrit(
        m.Candidature, "La candidature ; nulle si l'acte n'a pas eu lieu."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
