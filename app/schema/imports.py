"""The import of a table of sessions, as the API tells it."""

from __future__ import annotations

import strawberry

from app.domain.imports_sessions import QuoiImport
from app.schema.empechements import Empechement

strawberry.enum(QuoiImport, description="Ce que devient une ligne.")


@strawberry.type(description="Ce qu'une ligne change à une session.")
class DifferenceImportee:
    """A column that a row changes."""

    champ: str = strawberry.field(description="Le champ, comme le nomme le formulaire.")
    avant: str | None = strawberry.field(
        description="Ce qu'il dit aujourd'hui ; nul pour une nouvelle session."
    )
    apres: str | None = strawberry.field(description="Ce qu'il dit ensuite.")


@strawberry.type(description="Ce que devient une ligne du tableau.")
class LigneImportee:
    """What becomes of a row."""

    ligne: int = strawberry.field(description="Son numéro dans le fichier ; les en-têtes sont la ligne 1.")
    action: str = strawberry.field(description="La référence de l'action qu'elle nomme.")
    session: str | None = strawberry.field(
        description="Le numéro Carif de la session ; nul si elle n'en a pas encore."
    )
    quoi: QuoiImport = strawberry.field(description="Créée, modifiée, inchangée ou refusée.")
    differences: list[DifferenceImportee] = strawberry.field(description="Ce qu'elle change.")
    empechements: list[Empechement] = strawberry.field(description="Pourquoi elle est refusée.")


@strawberry.type(description="Le compte rendu d'un import de sessions.")
class ImportSessionsPayload:
    """The report of an import."""

    lignes: list[LigneImportee] | None = strawberry.field(
        description="Chaque ligne, dans l'ordre du fichier."
    )
    empechements: list[Empechement] = strawberry.field(description="Pourquoi rien n'a été lu du fichier.")
