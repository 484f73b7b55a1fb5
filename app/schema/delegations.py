"""Lent roles, as the API shows them."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.kit.conditions import Compare, Ref, all_of
from app.reading.fields import (
    Ordre,
    Tri,
    colonne,
    critere,
    critere_si,
    droit,
    droits,
    ecrit,
    objet,
    relation,
    vrai_si,
)
from app.schema.comptes import Compte
from app.schema.empechements import Empechement
from app.schema.pages import Connection, Node
from app.schema.structures import Structure

VIVANTE = [Compare(("est_tenue",), "=", True), Compare(("revoquee_le",), "=", None)]
EN_COURS = all_of(
    [*VIVANTE, Compare(("du",), "<=", Ref("aujourd_hui")), Compare(("au",), ">=", Ref("aujourd_hui"))]
)
PAS_FINIE = all_of([*VIVANTE, Compare(("au",), ">=", Ref("aujourd_hui"))])


@strawberry.type(description="Ce que vous pouvez faire d'un prêt de rôle.")
class PeutDelegation:
    """What the viewer may do with a loan."""

    choisir: bool = droit("choisir", "Le prendre pour profil, ses jours venus (« choisirProfil »).")
    revoquer: bool = droit("revoquer", "Y mettre fin.")


@objet(m.Delegation, "Un rôle prêté à un collègue de la même structure, d'un jour à un jour.")
class Delegation(Node):
    """A role lent to a colleague."""

    structure: Structure | None = relation(m.Delegation.structure, "La structure où le rôle s'exerce.")
    preteur: Compte | None = relation(m.Delegation.de_compte, "Qui prête, si vous pouvez lire ce compte.")
    emprunteur: Compte | None = relation(m.Delegation.a_compte, "À qui, si vous pouvez lire ce compte.")
    role: m.RoleDelegue = colonne(m.Delegation.role, "Le rôle prêté.")
    du: dt.date = colonne(m.Delegation.du, "Le premier jour.")
    au: dt.date = colonne(m.Delegation.au, "Le dernier jour, entier.")
    revoquee_le: dt.datetime | None = colonne(m.Delegation.revoquee_le, "Quand il fut repris.")
    en_cours: bool = vrai_si(
        EN_COURS, "Il vaut aujourd'hui. Il cesse aussi quand qui prête perd le rôle, ou qu'un des deux part."
    )
    peut: PeutDelegation = droits("Ce que vous pouvez en faire.")


@strawberry.enum(description="L'ordre d'une liste de prêts de rôles.")
class TriDelegations(Ordre):
    """The orders offered on lists of loans."""

    PLUS_RECENTES = Tri(m.Delegation.du, descendant=True)
    PLUS_ANCIENNES = Tri(m.Delegation.du)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreDelegations:
    """The criteria offered on lists of loans."""

    role: m.RoleDelegue | None = critere(m.Delegation.role, "=", "De ce rôle.")
    en_cours: bool | None = critere_si(EN_COURS, "Ceux qui valent aujourd'hui, ou les autres.")
    pas_finie: bool | None = critere_si(PAS_FINIE, "Ceux qui valent aujourd'hui ou plus tard, ou les autres.")


@strawberry.type(description="Une page de prêts de rôles.")
class DelegationConnection(Connection[Delegation]):
    """A page of loans."""


@strawberry.input(description="Un rôle à prêter.")
class PreterRoleInput:
    """A loan (R-019, R-040)."""

    affiliation: strawberry.ID = strawberry.field(description="Le rattachement du collègue à la structure.")
    role: m.RoleDelegue = strawberry.field(description="Le rôle, que vous tenez vous-même.")
    du: dt.date = strawberry.field(description="Le premier jour : aujourd'hui ou plus tard.")
    au: dt.date = strawberry.field(description="Le dernier jour, entier ; un an au plus.")


@strawberry.type(description="Le prêt tel que vous le lisez après l'acte, ou ce qui l'empêche.")
class DelegationPayload:
    """The answer of every act on a loan."""

    delegation: Delegation | None = ecrit(m.Delegation, "Le prêt ; nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
