"""Accounts and profiles, as the API shows them."""

from __future__ import annotations

from app import models as m
from app.kit.conditions import Compare
from app.reading.fields import colonne, objet, relation, vrai_si
from app.schema.pages import Node
from app.schema.structures import Structure


@objet(m.Compte, "Une personne, ou le programme d'un partenaire, qui a un compte.")
class Compte(Node):
    """Somebody with an account."""

    nom: str = colonne(m.Compte.nom, "Nom.")
    prenom: str = colonne(m.Compte.prenom, "Prénom.")
    courriel: str | None = colonne(m.Compte.courriel, "Adresse e-mail ; selon votre profil.")
    telephone: str | None = colonne(m.Compte.telephone, "Téléphone ; selon votre profil.")


@objet(m.DroitAccorde, "Un profil de connexion : un droit, au titre d'une structure.")
class Profil(Node):
    """A droit of an account in a structure: what the account may act as."""

    structure: Structure | None = relation(m.DroitAccorde.structure, "La structure de rattachement.")
    droit: m.Droit = colonne(m.DroitAccorde.droit, "Le droit.")
    est_referent: bool = vrai_si(
        Compare(("affiliation", "est_referent"), "=", True), "Le compte est référent de cette structure."
    )
