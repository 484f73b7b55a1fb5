"""What the acts on second factors give."""

from __future__ import annotations

import strawberry

from app.schema.empechements import Empechement


@strawberry.type(description="Un second facteur à confirmer par un premier code, ou ce qui l'empêche.")
class SecondFacteurPayload:
    """A factor that waits for its first code."""

    secret: str | None = strawberry.field(
        description="Le secret, à saisir dans une application ; montré une fois."
    )
    adresse: str | None = strawberry.field(description="Le même, pour un QR code (otpauth://).")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Des codes de secours, ou ce qui l'empêche.")
class CodesSecoursPayload:
    """Codes to print and keep."""

    codes_secours: list[str] | None = strawberry.field(
        description="À imprimer et garder ; chacun sert une fois, à la place des six chiffres."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
