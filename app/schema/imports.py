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


@strawberry.type(description="Ce qui est reproché à un élément d'un fichier LHEO.")
class ErreurImportee:
    """What is wrong with an element."""

    ligne: int = strawberry.field(description="La ligne du fichier.")
    element: str = strawberry.field(description="L'élément.")
    chemin: str = strawberry.field(description="Les éléments depuis la formation jusqu'à lui.")
    valeur: str | None = strawberry.field(description="Ce qui y est écrit, raccourci.")
    code: str = strawberry.field(description="Un code stable.")
    motif: str = strawberry.field(description="Ce qui ne va pas.")
    regle: str | None = strawberry.field(description="La règle d'où il vient, par exemple R-131.")


@strawberry.type(description="Une formation d'un fichier LHEO dont rien n'est pris.")
class FormationRefusee:
    """A formation that is refused, and why."""

    numero: str = strawberry.field(description="Son numéro dans le fichier.")
    intitule: str = strawberry.field(description="Son intitulé.")
    erreurs: list[ErreurImportee] = strawberry.field(description="Toutes les raisons.")


@strawberry.type(description="Combien de lignes d'une sorte ont été créées, modifiées, laissées.")
class CompteImporte:
    """Counts of a kind of row."""

    sorte: str = strawberry.field(description="Formation, structure, action ou session.")
    creees: int = strawberry.field(description="Créées.")
    modifiees: int = strawberry.field(description="Modifiées.")
    inchangees: int = strawberry.field(description="Laissées comme elles sont.")


@strawberry.type(description="Une structure, une action ou une session qu'un fichier LHEO crée ou change.")
class ChangementImporte:
    """A row that is created or modified."""

    ligne: int = strawberry.field(description="La ligne du fichier.")
    sorte: str = strawberry.field(description="Structure, action ou session.")
    numero: str = strawberry.field(description="Son numéro dans le fichier.")
    reference: str | None = strawberry.field(
        description="Sa référence ici, son numéro Carif ou son SIRET ; nulle si elle n'est pas encore donnée."
    )
    quoi: QuoiImport = strawberry.field(description="Créée ou modifiée.")
    differences: list[DifferenceImportee] = strawberry.field(
        description="Ce qui change de ce qui est déjà là ; des parties, ce que dit le fichier."
    )


@strawberry.type(description="Le compte rendu d'un import LHEO.")
class ImportLheoPayload:
    """The report of an import of LHEO."""

    comptes: list[CompteImporte] | None = strawberry.field(description="Ce qui change, sorte par sorte.")
    publiees: int | None = strawberry.field(description="Les actions publiées par cet import.")
    refusees: list[FormationRefusee] | None = strawberry.field(
        description="Les formations refusées, les mille premières ; le compte est dans nbRefusees."
    )
    nb_refusees: int | None = strawberry.field(description="Combien de formations sont refusées.")
    changements: list[ChangementImporte] | None = strawberry.field(
        description="Ce qui est créé ou modifié, les mille premiers ; les comptes disent tout."
    )
    attentes: list[ErreurImportee] | None = strawberry.field(
        description="Pourquoi ce qu'il fallait publier attend encore, les mille premières raisons."
    )
    avertissements: list[ErreurImportee] | None = strawberry.field(
        description="Ce qui mérite un coup d'œil, sans rien empêcher, les mille premiers."
    )
    empechements: list[Empechement] = strawberry.field(description="Pourquoi rien n'a été lu du fichier.")


@strawberry.type(description="Le compte rendu d'un import de sessions.")
class ImportSessionsPayload:
    """The report of an import."""

    lignes: list[LigneImportee] | None = strawberry.field(
        description="Chaque ligne, dans l'ordre du fichier."
    )
    empechements: list[Empechement] = strawberry.field(description="Pourquoi rien n'a été lu du fichier.")
