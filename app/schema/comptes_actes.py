"""What the acts on accounts take and give (R-008, R-009, R-014)."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import colonne, ecrit, objet, relation
from app.schema.candidatures_actes import champ
from app.schema.comptes import Compte, Profil
from app.schema.delegations import Delegation
from app.schema.empechements import Empechement
from app.schema.pages import Node
from app.schema.structures_actes import DeclarerStructureInput


@strawberry.input(description="Une demande de compte. L'adresse e-mail sera l'identifiant de connexion.")
class DemanderCompteInput:
    """A request for an account (R-004, R-005, R-008)."""

    courriel: str = strawberry.field(description="Adresse e-mail, qui sera confirmée par un lien.")
    mot_de_passe: str = strawberry.field(description="Le mot de passe choisi.")
    nom: str = strawberry.field(description="Nom.")
    prenom: str = strawberry.field(description="Prénom.")
    telephone: str | None = strawberry.field(default=None, description="Téléphone.")
    structure: strawberry.ID | None = strawberry.field(
        default=None, description="La structure de rattachement, trouvée dans la liste."
    )
    structure_declaree: DeclarerStructureInput | None = strawberry.field(
        default=None, description="Ou bien la structure, si elle n'est pas dans la liste."
    )


@strawberry.input(description="Ce qui change dans son propre compte.")
class ModifierMonCompteInput:
    """What somebody changes of its own account (R-014)."""

    telephone: str | None = champ("Téléphone.")
    envoi_avis: m.EnvoiAvis | None = champ(
        "Comment être prévenu de ce que deviennent vos candidatures : un courriel par résultat, un résumé par jour, ou"
        " rien."
    )


@strawberry.type(description="L'acte a eu lieu, ou ce qui l'empêche. Il ne dit jamais si un compte existe.")
class DemandePayload:
    """The answer of an act that tells nothing of who has an account."""

    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Votre compte après l'acte, ou ce qui l'empêche.")
class MonComptePayload:
    """The answer of an act on one's own account."""

    compte: Compte | None = ecrit(m.Compte, "Votre compte ; nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Où en est le changement d'adresse, ou ce qui l'empêche.")
class AdressePayload:
    """The answer of a link of a change of address."""

    est_changee: bool | None = strawberry.field(
        description="Vrai quand les deux adresses ont confirmé ; sinon l'autre lien reste à suivre."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Ce que vaut un mot de passe.")
class ForcePayload:
    """The strength of a password, in words."""

    force: int | None = strawberry.field(description="De 0 (refusé) à 3 (très fort).")
    phrase: str | None = strawberry.field(description="La même chose, en mots.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui le fait refuser ; vide s'il est accepté."
    )


@objet(m.Jeton, "Une connexion ouverte : un jeton, qui n'agit que sous un profil.")
class Jeton(Node):
    """A token of one's own; what proves it is never read again."""

    cree_le: dt.datetime = colonne(m.Jeton.cree_le, "Quand il a été donné.")
    expire_le: dt.datetime = colonne(m.Jeton.expire_le, "Jusqu'à quand il vaut.")
    profil: Profil | None = relation(m.Jeton.droit_accorde, "Le profil sous lequel il agit.")
    role_prete: Delegation | None = relation(m.Jeton.delegation, "Le rôle prêté sous lequel il agit.")


@strawberry.type(description="La connexion telle qu'elle est après l'acte, ou ce qui l'empêche.")
class JetonPayload:
    """The answer of revoking a token."""

    jeton: Jeton | None = ecrit(m.Jeton, "La connexion ; nulle si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
