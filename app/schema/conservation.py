"""What erasing a person takes and gives."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain.conservation import MotifEffacement
from app.reading.fields import ecrit
from app.schema.candidats import Candidat
from app.schema.empechements import Empechement


@strawberry.input(description="Une personne à effacer, et pourquoi.")
class EffacerCandidatInput:
    """Who is erased, and why."""

    candidat: strawberry.ID = strawberry.field(description="La personne.")
    motif: MotifEffacement = strawberry.field(
        description="Pourquoi : gardé au journal, sans rien qui désigne la personne."
    )


@strawberry.type(
    description="Ce qu'il reste d'une personne effacée : une année de naissance, un département, des candidatures sans"
    " texte ni jour exact ; ou ce qui empêche de l'effacer."
)
class EffacerCandidatPayload:
    """The answer of an erasure."""

    candidat: Candidat | None = ecrit(m.Candidat, "Ce qu'il en reste ; nul si l'acte n'a pas eu lieu.")
    a_prevenir: list[m.Correspondant] | None = strawberry.field(
        description="Les partenaires qui ont reçu une de ses candidatures, à qui demander d'effacer aussi."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
