"""What is proven before the first request: a schema that promises too much does not start."""

from __future__ import annotations

import enum

import pytest
import strawberry

from app.reading.fields import (
    Ordre,
    Tri,
    calcule,
    champs,
    colonne,
    courant,
    droit,
    droits,
    liste,
    objet,
    page,
    par_cle,
    premier,
    relation,
    valeur,
)
from app.reading.verify import problems
from app.schema.pages import Connection
from tests.reading import models as m
from tests.reading.policy import PROFILS, STAFF, Rights
from tests.reading.schema import build_schema


@objet(m.Utilisateur, "Quelqu'un.")
class Personne:
    nom: str = colonne(m.Utilisateur.nom, "Nom.")


@strawberry.enum
class Mal(enum.Enum):
    AUTRE_NOM = "publiee"


@strawberry.enum
class Colonnes(enum.Enum):
    MOTIF = "motif"
    LICORNE = "licorne"


@strawberry.type
class PeutTrop:
    voler: bool = droit("voler", "Une permission que la politique ne connaît pas.")


@objet(m.Candidature, "Promet trop.")
class Trop:
    motif: str = colonne(m.Candidature.motif, "Masqué, et NULL parfois.")  # type: ignore[assignment]  # on purpose
    prescripteur: Personne = relation(m.Candidature.prescripteur, "Caché parfois.")
    avis: Personne = relation(m.Candidature.avis, "Absent souvent, et d'un autre type.")
    etat: Mal = colonne(m.Candidature.etat, "Écrit autrement.")  # type: ignore[assignment]  # on purpose
    egaree: str = colonne(m.Action.intitule, "D'une autre table.")
    calcul: int = calcule(lambda row, c: row["id"], "Rien ne le prouve.", lit=(m.Candidature.motif,))
    suivi: Personne = premier(m.Candidature.suivis, "Il n'y en a pas toujours.", ordre=Tri(m.Suivi.ouvert_le))
    suivis: list[Personne] = liste(
        m.Candidature.suivis, "Triés sur une colonne nulle.", ordre=Tri(m.Avis.commentaire)
    )
    champs: list[Colonnes] = champs(Colonnes, "Une colonne qui n'existe pas.")
    peut: PeutTrop = droits("Une permission qui n'existe pas.")


@strawberry.enum
class OrdreTrop(Ordre):
    PAR_MOTIF = Tri(m.Candidature.motif)


@strawberry.type
class PersonneConnection(Connection[Personne]):
    pass


@strawberry.type
class TropQuery:
    trop: Trop | None = par_cle(m.Candidature.motif, "Une clé qui n'est pas unique.", argument="motif")
    moi: Personne = courant(m.Utilisateur, "Un anonyme n'a pas de compte.")
    structure: int = valeur("ma_structure", m.Structure.id.type, "Un anonyme n'a pas de structure.")
    page: PersonneConnection = page(m.Candidature, "Des lignes d'un autre type.", ordre=OrdreTrop)


@pytest.fixture(scope="module")
def found() -> list[str]:
    return problems(strawberry.Schema(TropQuery)._schema, Rights(), PROFILS)


def test_the_schema_of_the_tests_keeps_its_promises() -> None:
    assert problems(build_schema()._schema, Rights(), PROFILS) == []


@pytest.mark.parametrize(
    "problem",
    [
        "Trop.motif : la base accepte NULL",
        f"Trop.motif : masqué pour {STAFF}",
        "Trop.prescripteur : la cible peut être cachée à prescripteur_n2",
        "Trop.avis : la base accepte NULL",
        "Trop.avis : mène à Avis, que ce type ne montre pas",
        "Trop.etat : AUTRE_NOM ne s'écrit pas comme publiee",
        "Trop.egaree : Action.intitule n'est pas de Candidature",
        "Trop.calcul : rien ne dit que ce calcul n'est jamais nul",
        f"Trop.calcul : masqué pour {STAFF}",
        "Trop.suivi : la valeur peut manquer",
        "Trop.suivis : mène à Suivi, que ce type ne montre pas",
        "Trop.suivis : ordre ou compte sur commentaire : la base accepte NULL",
        "Trop.champs : licorne n'est pas une colonne",
        "Trop.peut : la politique ne déclare pas voler sur Candidature",
        "TropQuery.trop : Candidature.motif n'est pas unique",
        "TropQuery.moi : la valeur peut manquer",
        "TropQuery.structure : la valeur peut manquer",
        f"TropQuery.page : ordre ou compte sur motif, masqué pour {STAFF}",
        "TropQuery.page : les lignes ne sont pas de ce type",
    ],
)
def test_a_broken_promise_is_said(found: list[str], problem: str) -> None:
    assert problem in found


def test_nothing_else_is_said_of_it(found: list[str]) -> None:
    assert not [f for f in found if f.startswith("Personne.")]
