"""Statistics of candidatures: what each structure counts of its own, and what is published for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Date

from app import models as m
from app.domain.onglets import OngletCandidatures, dans
from app.domain.statistiques import ENTREE, MEDIANE, NEUF_SUR_DIX, probleme_de_periode
from app.reading.asked import Asked
from app.reading.compiler import Compiler
from app.reading.errors import bad_input
from app.reading.fields import Ordre, Tri, colonne, compteur, critere, criterion, objet, partie
from app.reading.filters import Filtre
from app.reading.places import Place
from app.reading.tallies import Centile, Ensemble, Repartition, Somme
from app.schema.pages import Connection, Node

K, P = m.CandidatureComptee, m.StatistiquePubliee


@dataclass(frozen=True)
class FinDePeriode(Filtre):
    """The last day of the period, included; the whole period is looked at."""

    def where(self, c: Compiler, place: Place, asked: Asked, path: tuple[str, ...]) -> ColumnElement[bool]:
        last = asked.bind(Date(), path[0], prepare=lambda given: self.checked(given, path[1]))
        found: ColumnElement[bool] = place["date_validation"] <= last
        return found

    def checked(self, given: Mapping[str, Any], name: str) -> dt.date:
        """In: the filter. Out: the last day; BAD_USER_INPUT where the period cannot be."""
        jusqu_a: dt.date = given[name]
        if problem := probleme_de_periode(given["depuis"], jusqu_a):
            raise bad_input(problem)
        return jusqu_a


@strawberry.input(description="Les candidatures comptées ; les critères se cumulent.")
class FiltreStatistiques:
    """What is counted: a period, and where."""

    depuis: dt.date = critere(K.date_validation, ">=", "Validées ce jour-là ou après, à Paris.")
    jusqu_a: dt.date = criterion(
        FinDePeriode(), "Validées ce jour-là ou avant ; 366 jours au plus en tout.", strawberry.UNSET
    )
    dispositif: m.Dispositif | None = critere(K.dispositif, "=", "De ce dispositif.")
    departement: str | None = critere(K.departement, "=", "Sur une session de ce département.")
    organisme: strawberry.ID | None = critere(
        K.responsable_id, "=", "Sur une session de cet organisme responsable.", type_name="Structure"
    )
    structure_prescriptrice: strawberry.ID | None = critere(
        K.structure_prescriptrice_id, "=", "Proposées par cette structure.", type_name="Structure"
    )


@strawberry.type(description="Des candidatures validées, comptées.")
class Mesures:
    """Candidatures counted: what became of them, who came, how long the avis took."""

    candidatures: int = compteur("Combien, validées dans la période.")
    en_attente: int = compteur("En attente d'avis.", ou=dans(OngletCandidatures.EN_ATTENTE_AVIS))
    retenues: int = compteur("Retenues.", ou=dans(OngletCandidatures.RETENUES))
    entrees: int = compteur("Retenues dont le jour d'entrée prévu est venu.", ou=ENTREE)
    non_retenues: int = compteur("Non retenues.", ou=dans(OngletCandidatures.NON_RETENUES))
    avis_non_transmis: int = compteur(
        "Closes sans avis transmis.", ou=dans(OngletCandidatures.AVIS_NON_TRANSMIS)
    )
    refus_session_complete: int = compteur(
        "Refusées, la session étant complète.", ou=dans(OngletCandidatures.REFUS_SESSION_COMPLETE)
    )
    refus_session_annulee: int = compteur(
        "Refusées, la session étant annulée.", ou=dans(OngletCandidatures.REFUS_SESSION_ANNULEE)
    )
    annulees: int = compteur("Annulées ou rejetées.", ou=dans(OngletCandidatures.ANNULEES))
    presences: int = partie(Somme(K.nb_presences), "Convocations où la personne est venue.")
    absences_justifiees: int = partie(
        Somme(K.nb_absences_justifiees), "Convocations manquées avec justification."
    )
    absences_non_justifiees: int = partie(
        Somme(K.nb_absences_non_justifiees), "Convocations manquées sans justification."
    )
    delai_median: int | None = partie(
        Centile(K.delai, MEDIANE),
        "Jours ouvrés de la validation à l'avis, pour la moitié d'entre elles au plus.",
    )
    delai_neuf_sur_dix: int | None = partie(
        Centile(K.delai, NEUF_SUR_DIX), "Jours ouvrés de la validation à l'avis, pour neuf sur dix au plus."
    )


@strawberry.type(description="Les candidatures d'un dispositif, comptées.")
class MesuresDispositif(Mesures):
    """One dispositif."""

    dispositif: m.Dispositif | None = colonne(K.dispositif, "Le dispositif.")


@strawberry.type(description="Les candidatures d'un département, comptées.")
class MesuresDepartement(Mesures):
    """One département."""

    departement: str | None = colonne(K.departement, "Le département de la session.")


@strawberry.type(description="Les candidatures d'un dispositif dans un département, comptées.")
class MesuresCroisees(Mesures):
    """One dispositif in one département."""

    dispositif: m.Dispositif | None = colonne(K.dispositif, "Le dispositif.")
    departement: str | None = colonne(K.departement, "Le département de la session.")


@strawberry.type(
    description="Ce que votre profil compte : les candidatures de sa structure ; toutes pour un gestionnaire."
)
class Statistiques:
    """The statistics of whoever asks."""

    ensemble: Mesures = partie(Ensemble(), "Toutes ensemble.")
    par_dispositif: list[MesuresDispositif] = partie(Repartition((K.dispositif,)), "Par dispositif.")
    par_departement: list[MesuresDepartement] = partie(Repartition((K.departement,)), "Par département.")
    par_dispositif_et_departement: list[MesuresCroisees] = partie(
        Repartition((K.dispositif, K.departement)), "Par dispositif, et par département."
    )


@objet(P, "Un trimestre, un dispositif, un département : dix personnes au moins, des nombres arrondis à dix.")
class StatistiquePubliee(Node):
    """What everybody may know."""

    trimestre: dt.date = colonne(P.date_trimestre, "Premier jour du trimestre où elles ont été validées.")
    dispositif: m.Dispositif = colonne(P.dispositif, "Le dispositif.")
    departement: str = colonne(P.departement, "Le département des sessions.")
    candidatures: int = colonne(P.nb_candidatures, "Candidatures validées, à dix près.")
    retenues: int = colonne(P.nb_retenues, "Retenues, à dix près.")
    entrees: int = colonne(P.nb_entrees, "Retenues dont le jour d'entrée prévu était venu, à dix près.")
    presences: int = colonne(P.nb_presences, "Convocations où la personne est venue, à dix près.")
    absences: int = colonne(P.nb_absences, "Convocations manquées, à dix près.")
    delai_median: int | None = colonne(P.delai_median, "Jours ouvrés jusqu'à l'avis, pour la moitié au plus.")
    delai_neuf_sur_dix: int | None = colonne(
        P.delai_neuf_sur_dix, "Jours ouvrés jusqu'à l'avis, pour neuf sur dix au plus."
    )
    publiee_le: dt.datetime = colonne(P.publiee_le, "Quand ; rien n'en change ensuite.")


@strawberry.enum(description="L'ordre des statistiques publiées.")
class TriStatistiques(Ordre):
    """The orders of what is published."""

    PLUS_RECENTES = Tri(P.date_trimestre, descendant=True)
    PLUS_ANCIENNES = Tri(P.date_trimestre)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreStatistiquesPubliees:
    """The criteria of what is published."""

    trimestre: dt.date | None = critere(P.date_trimestre, "=", "De ce trimestre, par son premier jour.")
    dispositif: m.Dispositif | None = critere(P.dispositif, "=", "De ce dispositif.")
    departement: str | None = critere(P.departement, "=", "De ce département.")


@strawberry.type(description="Une page de statistiques publiées.")
class StatistiquePublieeConnection(Connection[StatistiquePubliee]):
    """A page of what is published."""
