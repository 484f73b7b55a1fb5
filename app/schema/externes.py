"""What signing in through an identity provider gives."""

from __future__ import annotations

import datetime as dt

import strawberry

from app.schema.empechements import Empechement


@strawberry.type(description="Ce qu'un fournisseur d'identité dit de vous : de quoi commencer un formulaire.")
class IdentiteExterne:
    """Somebody, as the provider says; nothing of it was checked here."""

    courriel: str = strawberry.field(description="Adresse e-mail.")
    nom: str = strawberry.field(description="Nom d'usage.")
    prenom: str = strawberry.field(description="Prénoms.")
    siret: str = strawberry.field(description="Le SIRET de l'établissement où vous travaillez, s'il le dit.")


@strawberry.type(description="Un jeton, ou ce qui l'empêche et de quoi poursuivre.")
class ConnexionExternePayload:
    """The answer of signing in through an identity provider."""

    jeton: str | None = strawberry.field(description="Le jeton, montré cette seule fois.")
    expire_le: dt.datetime | None = strawberry.field(description="Jusqu'à quand il vaut.")
    adresse_deconnexion: str | None = strawberry.field(
        description="Où aller, après « deconnexion », pour se déconnecter aussi du fournisseur d'identité."
    )
    identite: IdentiteExterne | None = strawberry.field(
        description="Ce que dit le fournisseur d'identité, quand cette identité n'est reliée à aucun compte."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
