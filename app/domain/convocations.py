"""Convocations: three at most, and what an absence leads to (R-156 to R-159)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from app.models import Avis, Candidature, Convocation, MotifNonRetenu, ResultatConvocation, TypeConvocation

from . import candidatures_faits as f
from . import candidatures_transitions as t
from .calendrier import jour_de_paris
from .echeances import avis_depasse
from .empechements import Empechement, refuser
from .faits import FaitMetier
from .formulaires import RACINE

CONVOCATIONS_MAXIMUM = 3


class TroisConvocations(Empechement):
    """Cette personne a déjà été convoquée trois fois : il n'y a pas de quatrième convocation."""

    regle = "R-157"


class ConvocationPrecedente(Empechement):
    """Une nouvelle convocation n'est possible qu'après une absence justifiée : notez d'abord le résultat de la précédente."""

    regle = "R-157"


class DateConvocationAnterieure(Empechement):
    """Ce rendez-vous doit être postérieur au précédent : corrigez la date."""

    regle = "R-156"


class RendezVousAVenir(Empechement):
    """Ce rendez-vous n'a pas encore eu lieu : seule une absence justifiée peut être notée d'avance."""

    regle = "R-156"


class ConvocationPassee(Empechement):
    """Une convocation plus récente existe : le résultat de celle-ci ne change plus."""

    regle = "R-156"


class ResultatObligatoire(Empechement):
    """Indiquez si la personne était présente, absente avec justification, ou absente sans justification."""

    regle = "R-156"


class DelaiAvisDepasse(Empechement):
    """La session est terminée depuis plus de trois semaines : aucun avis ne peut plus être donné."""

    regle = "R-167"


def convoquer(
    candidature: Candidature,
    *,
    date_rendez_vous: date,
    type_convocation: TypeConvocation = TypeConvocation.ENTRETIEN,
    le: datetime,
) -> tuple[Convocation, f.CandidatConvoque]:
    """R-156, R-157: a first convocation, or another one after a justified absence.

    In: the candidature with its session and convocations loaded. The day may be past: many people were received
    before they were placed. Out: the new row, to be added, and the fact.
    """
    t.exiger(candidature, t.CONVOQUER)
    precedente = derniere(candidature.convocations)
    refuser(*hors_delai(candidature, le), *_obstacles(precedente, date_rendez_vous))
    convocation = Convocation(
        candidature_id=candidature.id,
        numero=precedente.numero + 1 if precedente else 1,
        type_convocation=type_convocation,
        date_rendez_vous=date_rendez_vous,
        resultat=ResultatConvocation.PREVUE,
        cree_le=le,
    )
    details = {"numero": convocation.numero, "date_rendez_vous": date_rendez_vous}
    return convocation, t.passer(candidature, t.CONVOQUER, le, **details)


def _obstacles(precedente: Convocation | None, date_rendez_vous: date) -> list[Empechement]:
    if precedente is None:
        return []
    if precedente.numero >= CONVOCATIONS_MAXIMUM:
        return [TroisConvocations()]
    trouves: list[Empechement] = []
    if precedente.resultat is not ResultatConvocation.ABSENCE_JUSTIFIEE:
        trouves.append(ConvocationPrecedente())
    if date_rendez_vous <= precedente.date_rendez_vous:
        trouves.append(DateConvocationAnterieure(RACINE, "date_rendez_vous"))
    return trouves


def noter_resultat(
    candidature: Candidature, convocation: Convocation, *, resultat: ResultatConvocation, le: datetime
) -> tuple[list[FaitMetier], Avis | None]:
    """R-156: note what came of the last convocation; an absence may end the candidature at once (R-158, R-159).

    In: the candidature with its session and convocations loaded, one of them. It may be noted again as long as no
    avis is given. Out: the facts; and the automatic avis, to be added, where there is one.
    """
    t.exiger(candidature, t.NOTER_RESULTAT)
    refuser(*hors_delai(candidature, le), *_resultat_impossible(candidature, convocation, resultat, le))
    convocation.resultat = resultat
    details = {"numero": convocation.numero, "resultat": str(resultat)}
    note = t.passer(candidature, t.NOTER_RESULTAT, le, **details)
    if not met_fin(convocation):
        return [note], None
    rendu = t.passer(candidature, t.NE_PAS_RETENIR, le, est_retenu=False, est_automatique=True)
    return [note, rendu], _avis_automatique(candidature, convocation, le)


def met_fin(convocation: Convocation) -> bool:
    """R-158, R-159: True for an unjustified absence, and for any absence at the third convocation."""
    if convocation.resultat is ResultatConvocation.ABSENCE_JUSTIFIEE:
        return convocation.numero >= CONVOCATIONS_MAXIMUM
    return convocation.resultat is ResultatConvocation.ABSENCE_NON_JUSTIFIEE


def derniere(convocations: Iterable[Convocation]) -> Convocation | None:
    """Out: the convocation with the highest number."""
    return max(convocations, key=lambda c: c.numero, default=None)


def hors_delai(candidature: Candidature, le: datetime) -> list[Empechement]:
    """R-167: what forbids every step towards an avis, three weeks after the end of the session (loaded)."""
    return [DelaiAvisDepasse()] if avis_depasse(candidature.session.date_fin, le) else []


def _resultat_impossible(
    candidature: Candidature, convocation: Convocation, resultat: ResultatConvocation, le: datetime
) -> list[Empechement]:
    plus_recente = derniere(candidature.convocations)
    if plus_recente is not None and plus_recente.numero > convocation.numero:
        return [ConvocationPassee()]
    if resultat is ResultatConvocation.PREVUE:
        return [ResultatObligatoire(RACINE, "resultat")]
    constate = resultat is not ResultatConvocation.ABSENCE_JUSTIFIEE
    a_venir = convocation.date_rendez_vous > jour_de_paris(le)
    return [RendezVousAVenir(RACINE, "resultat")] if constate and a_venir else []


def _avis_automatique(candidature: Candidature, convocation: Convocation, le: datetime) -> Avis:
    return Avis(
        candidature_id=candidature.id,
        est_retenu=False,
        motif=MotifNonRetenu.ABSENCE,
        raison=f"{convocation.resultat.libelle} à la convocation {convocation.numero}",
        est_automatique=True,
        rendu_par_id=None,
        rendu_le=le,
    )
