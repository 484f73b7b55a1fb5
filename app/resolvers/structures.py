"""Reading structures."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page
from app.schema.structures import RechercheStructures, StructureConnection, TriStructures


@strawberry.type
class StructureQuery:
    """The root fields about structures."""

    structures: StructureConnection = page(
        m.Structure, "Les structures.", ordre=TriStructures, filtre=RechercheStructures
    )
