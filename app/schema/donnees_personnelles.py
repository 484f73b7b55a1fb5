"""What taking out all that is known of somebody gives."""

from __future__ import annotations

import strawberry

from app.schema.empechements import Empechement


@strawberry.type(description="Tout ce que l'on sait d'une personne, ou ce qui empêche de le sortir.")
class ExporterDonneesPayload:
    """All that is known of somebody."""

    document: str | None = strawberry.field(
        description="Un objet JSON : une liste par sorte de lignes, avec toutes leurs colonnes ; nul si l'acte n'a pas"
        " eu lieu."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
