"""What the acts on a NIR give. None of them is a field of a candidat: no list, no filter, no export can reach it."""

from __future__ import annotations

import strawberry

from app.schema.empechements import Empechement


@strawberry.type(
    description="Le numéro de sécurité sociale d'une personne, montré une fois et pour un motif noté au journal."
)
class LireNirPayload:
    """A NIR, or why it is not shown."""

    nir: str | None = strawberry.field(description="Quinze caractères ; nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
