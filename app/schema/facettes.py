"""Facets of the searches of the offer: what would refine a list, and how many of its rows would be left (R-059)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import Date, DateTime, cast, func

from app import models as m
from app.domain.ouverture import OUVERTE
from app.reading import pages as p
from app.reading.facets import LigneDeGroupe
from app.reading.fields import Cle, partie
from app.reading.search import facette, facette_si
from app.schema.structures import Structure

if TYPE_CHECKING:
    from app.schema.actions import Certification

S, A = m.SessionFormation, m.Action
NOMBRE = "Combien de lignes de la liste ont cette valeur."


def nombre() -> Any:
    """The number of a value."""
    return partie(p.Groupe("nombre"), NOMBRE)


def valeur(description: str) -> Any:
    """The value."""
    return partie(p.Groupe("valeur"), description)


@strawberry.type(description="Un dispositif, et combien de lignes en relèvent.")
class FacetteDispositif:
    """A dispositif counted."""

    valeur: m.Dispositif = valeur("Le dispositif.")
    nombre: int = nombre()


@strawberry.type(description="Un texte, département ou ville, et combien de lignes l'ont.")
class FacetteTexte:
    """A text counted."""

    valeur: str = valeur("Le texte, à donner tel quel au critère.")
    nombre: int = nombre()


@strawberry.type(description="Une voie d'accès, et combien de lignes l'ont.")
class FacetteVoieAcces:
    """A voie d'accès counted."""

    valeur: m.VoieAcces = valeur("La voie d'accès.")
    nombre: int = nombre()


@strawberry.type(description="Une modalité, et combien de lignes l'ont.")
class FacetteModalite:
    """A modality counted."""

    valeur: m.Modalite = valeur("La modalité.")
    nombre: int = nombre()


@strawberry.type(description="Une façon d'entrer, et combien de lignes l'ont.")
class FacetteTypeEntree:
    """A way to enter counted."""

    valeur: m.TypeEntree = valeur("La façon d'entrer.")
    nombre: int = nombre()


@strawberry.type(description="Un mois, et combien de lignes y commencent.")
class FacetteMois:
    """A month counted."""

    valeur: dt.date = valeur("Le premier jour du mois.")
    nombre: int = nombre()


@strawberry.type(description="Un organisme responsable, et combien de lignes en sont.")
class FacetteOrganisme:
    """A structure counted."""

    organisme: Structure | None = partie(LigneDeGroupe(m.Structure), "L'organisme.")
    nombre: int = nombre()


@strawberry.type(description="Une certification, et combien de lignes y préparent.")
class FacetteCertification:
    """A certification counted."""

    certification: Annotated[Certification, strawberry.lazy(".actions")] | None = partie(
        LigneDeGroupe(m.Certification), "La certification."
    )
    nombre: int = nombre()


PAR_VILLE = "Par ville : une valeur du critère « ville »."
MOIS = Cle(
    lambda row, c: cast(func.date_trunc("month", cast(row["date_debut"], DateTime())), Date()),
    (S.date_debut,),
)


PAR = (A.sessions,)
# one or the others (C-19): choosing a département takes the place of towns
LIEUX = ("departements", "villes")
VILLES = ("villes", "ville")


@strawberry.type(
    description="Ce qui affinerait une recherche d'actions : pour chaque valeur, combien d'actions resteraient si elle"
    " s'ajoutait aux critères. Chaque liste compte cent valeurs au plus."
)
class FacettesActions:
    """The facets of a search of actions; those of sessions speak of the sessions that the criteria retain."""

    dispositifs: list[FacetteDispositif] = facette(A.dispositif, "Par dispositif.", criteres=("dispositif",))
    departements: list[FacetteTexte] = facette(
        S.lieu_departement, "Par département.", par=PAR, criteres=LIEUX
    )
    villes: list[FacetteTexte] = facette(
        S.lieu_ville, PAR_VILLE, par=PAR, repliee=func.plier, criteres=VILLES
    )
    organismes: list[FacetteOrganisme] = facette(
        A.responsable_id, "Par organisme responsable.", criteres=("organismes",)
    )
    voies_acces: list[FacetteVoieAcces] = facette(
        S.voie_acces, "Par voie d'accès.", par=PAR, criteres=("voie_acces",)
    )
    modalites: list[FacetteModalite] = facette(S.modalite, "Par modalité.", par=PAR, criteres=("modalite",))
    types_entree: list[FacetteTypeEntree] = facette(
        S.type_entree, "Par façon d'entrer.", par=PAR, criteres=("type_entree",)
    )
    certifications: list[FacetteCertification] = facette(
        m.ActionCertification.certification_id,
        "Par certification préparée.",
        par=(A.certifications,),
        criteres=("certification",),
    )
    mois_debut: list[FacetteMois] = facette(
        MOIS, "Par mois de début, dans l'ordre.", par=PAR, suivie=True, criteres=("mois_debut",)
    )
    ouvertes: int = facette_si(
        OUVERTE,
        "Combien ont une session ouverte à la candidature.",
        par=PAR,
        public="R-063",
        criteres=("ouverte",),
    )


@strawberry.type(
    description="Ce qui affinerait une recherche de sessions : pour chaque valeur, combien de sessions resteraient si"
    " elle s'ajoutait aux critères. Chaque liste compte cent valeurs au plus."
)
class FacettesSessions:
    """The facets of a list of sessions."""

    dispositifs: list[FacetteDispositif] = facette(
        A.dispositif, "Par dispositif.", par=(S.action,), criteres=("dispositif",)
    )
    departements: list[FacetteTexte] = facette(S.lieu_departement, "Par département.", criteres=LIEUX)
    villes: list[FacetteTexte] = facette(S.lieu_ville, PAR_VILLE, repliee=func.plier, criteres=VILLES)
    organismes: list[FacetteOrganisme] = facette(
        S.responsable_id, "Par organisme responsable.", criteres=("organismes",)
    )
    voies_acces: list[FacetteVoieAcces] = facette(S.voie_acces, "Par voie d'accès.", criteres=("voie_acces",))
    modalites: list[FacetteModalite] = facette(S.modalite, "Par modalité.", criteres=("modalite",))
    types_entree: list[FacetteTypeEntree] = facette(
        S.type_entree, "Par façon d'entrer.", criteres=("type_entree",)
    )
    certifications: list[FacetteCertification] = facette(
        m.ActionCertification.certification_id,
        "Par certification que l'action prépare.",
        par=(S.action, A.certifications),
        criteres=("certification",),
    )
    mois_debut: list[FacetteMois] = facette(
        MOIS, "Par mois de début, dans l'ordre.", suivie=True, criteres=("mois_debut",)
    )
    ouvertes: int = facette_si(
        OUVERTE, "Combien sont ouvertes à la candidature.", public="R-063", criteres=("ouverte",)
    )
