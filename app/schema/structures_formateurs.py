"""Who may train a session: the establishments of the same SIREN first (R-223, C-06)."""

from __future__ import annotations

import strawberry
from sqlalchemy import func

from app import models as m
from app.reading.fields import critere_calcule
from app.schema.structures import nommee


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreFormateurs:
    """The criteria of a search of a formateur."""

    siren: str | None = critere_calcule(
        lambda row, given: func.left(row["siret"], 9) == given,
        "Les établissements de ce SIREN : les antennes d'un organisme.",
        lit=(m.Structure.siret,),
    )
    texte: str | None = critere_calcule(
        nommee,
        "Un morceau de la raison sociale ou du sigle, ou le numéro SIRET ; accents, casse et espaces à part.",
        lit=(m.Structure.raison_sociale, m.Structure.sigle, m.Structure.siret),
    )
