"""Reading statistics."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page, tous_comptes
from app.schema.statistiques import (
    FiltreStatistiques,
    FiltreStatistiquesPubliees,
    StatistiquePublieeConnection,
    Statistiques,
    TriStatistiques,
)


@strawberry.type
class StatistiqueQuery:
    """The root fields about statistics."""

    statistiques: Statistiques = tous_comptes(
        m.CandidatureComptee,
        "Délais, présence et devenir des candidatures que compte votre profil : celles de sa structure, ou toutes pour"
        " un gestionnaire.",
        filtre=FiltreStatistiques,
    )
    statistiques_publiees: StatistiquePublieeConnection = page(
        m.StatistiquePubliee,
        "Ce que chacun peut savoir, trimestre par trimestre : dix personnes au moins, des nombres arrondis à dix.",
        ordre=TriStatistiques,
        filtre=FiltreStatistiquesPubliees,
    )
