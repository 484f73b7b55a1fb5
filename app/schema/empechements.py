"""Why an act did not take place, as the API says it."""

from __future__ import annotations

import enum
from typing import Any

import strawberry

from app.domain import empechements as d
from app.domain.catalogue import CLASSES


def _code_enum() -> Any:
    members: Any = {classe.code: classe.code for classe in CLASSES}
    made = enum.Enum("CodeEmpechement", members)  # type: ignore[misc]  # its members are the domain's classes
    strawberry.enum(made, description="La raison pour laquelle un acte n'a pas eu lieu.")
    definition: Any = made.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
    messages = {classe.code: (classe.__doc__ or "").strip() for classe in CLASSES}
    for value in definition.values:
        value.description = messages[value.name]
    return made


CodeEmpechement: Any = _code_enum()


@strawberry.type(description="Ce qui empêche un acte : un profil, un état, ou une règle du métier.")
class Empechement:
    """Why an act did not take place."""

    code: CodeEmpechement = strawberry.field(description="Son code, stable.")
    chemin: list[str] = strawberry.field(
        description="Le champ de l'entrée dont il s'agit ; vide pour l'acte entier."
    )
    message: str = strawberry.field(description="Ce qu'il faut comprendre, et ce que l'on peut faire.")
    regle: str | None = strawberry.field(description="La règle d'où il vient, par exemple R-089.")

    @classmethod
    def of(cls, empechement: d.Empechement) -> Empechement:
        """Out: an empêchement of the domain, as the API shows it."""
        return cls(
            code=CodeEmpechement[empechement.code],
            chemin=[_camel(part) for part in empechement.chemin],
            message=empechement.message,
            regle=empechement.regle,
        )


def _camel(name: str) -> str:
    """Out: a column as the API names it: `est_…` and `…_id` are words of tables."""
    first, *rest = name.removeprefix("est_").removesuffix("_id").split("_")
    return first + "".join(word.capitalize() for word in rest)
