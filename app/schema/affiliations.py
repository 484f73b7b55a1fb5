"""Affiliations: the members of a structure and their droits, as the API shows them."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.kit.conditions import Compare, Exists
from app.reading.fields import (
    Ordre,
    Tri,
    colonne,
    critere,
    critere_si,
    droit,
    droits,
    ecrit,
    liste,
    objet,
    relation,
    vrai_si,
)
from app.schema.comptes import Compte, Profil
from app.schema.empechements import Empechement
from app.schema.pages import Connection, Node
from app.schema.structures import Structure

EMPLOYEUR = Exists(("droits",), Compare(("droit",), "=", "employeur"))
UN_DROIT = Exists(("droits",), Compare(("droit",), "!=", "beneficiaire"))  # everybody has that one


@strawberry.type(description="Ce que vous pouvez faire d'un rattachement.")
class PeutAffiliation:
    """What the viewer may do with an affiliation."""

    valider: bool = droit("valider", "L'accepter.")
    refuser: bool = droit("refuser", "Le refuser.")
    detacher: bool = droit("detacher", "Détacher le compte de la structure.")
    nommer_referent: bool = droit("nommer_referent", "En faire un référent.")
    retirer_referent: bool = droit("retirer_referent", "Lui retirer le rôle de référent.")


@objet(m.Affiliation, "Le rattachement d'un compte à une structure.")
class Affiliation(Node):
    """The tie of an account with a structure."""

    compte: Compte | None = relation(m.Affiliation.compte, "Le compte.")
    structure: Structure | None = relation(m.Affiliation.structure, "La structure.")
    etat: m.EtatAffiliation = colonne(m.Affiliation.etat, "Où en est le rattachement.")
    referent: bool = colonne(m.Affiliation.est_referent, "Le compte est référent de la structure.")
    employeur: bool = vrai_si(EMPLOYEUR, "Le compte a le droit « employeur » dans la structure.")
    a_un_droit: bool = vrai_si(UN_DROIT, "Le compte a au moins un droit, « bénéficiaire » mis à part.")
    demandee_le: dt.datetime = colonne(m.Affiliation.demandee_le, "Quand il a été demandé.")
    decidee_le: dt.datetime | None = colonne(m.Affiliation.decidee_le, "Quand la demande a été décidée.")
    peut: PeutAffiliation = droits("Ce que vous pouvez en faire.")
    droits: list[Profil] = liste(
        m.Affiliation.droits, "Les droits accordés.", ordre=Tri(m.DroitAccorde.accorde_le), entiere=True
    )


@strawberry.enum(description="L'ordre d'une liste d'affiliations.")
class TriAffiliations(Ordre):
    """The orders offered on lists of affiliations."""

    PLUS_ANCIENNES = Tri(m.Affiliation.demandee_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreAffiliations:
    """The criteria offered on lists of affiliations."""

    etat: m.EtatAffiliation | None = critere(m.Affiliation.etat, "=", "Dans cet état.")
    structure: strawberry.ID | None = critere(
        m.Affiliation.structure_id, "=", "À cette structure.", type_name="Structure"
    )
    referent: bool | None = critere_si(Compare(("est_referent",), "=", True), "Les référents, ou les autres.")
    employeur: bool | None = critere_si(EMPLOYEUR, "Les employeurs, ou les autres.")
    a_un_droit: bool | None = critere_si(UN_DROIT, "Qui a au moins un droit, ou qui n'en a aucun.")


@strawberry.type(description="Une page d'affiliations.")
class AffiliationConnection(Connection[Affiliation]):
    """A page of affiliations."""


@strawberry.type(description="L'affiliation telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class AffiliationPayload:
    """The answer of every act on an affiliation."""

    affiliation: Affiliation | None = ecrit(m.Affiliation, "L'affiliation ; nulle si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
