"""What the acts on structures take and give (R-005, R-031)."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, cle_json, colonne, critere, ecrit, objet, objet_json, relation
from app.schema.candidatures_actes import champ
from app.schema.comptes import Compte
from app.schema.empechements import Empechement
from app.schema.pages import Connection, Node
from app.schema.structures import Structure


@strawberry.input(description="La fiche d'une structure ; ce qui est absent ne change pas.")
class FormulaireStructure:
    """The fiche of a structure."""

    raison_sociale: str | None = champ("Raison sociale ; obligatoire.")
    sigle: str | None = champ("Sigle.")
    siret: str | None = champ("Numéro SIRET, quatorze chiffres ; obligatoire.")
    numero_activite: str | None = champ("Numéro de déclaration d'activité, onze caractères.")
    voie: str | None = champ("Numéro et nom de la voie.")
    code_postal: str | None = champ("Code postal ; obligatoire.")
    ville: str | None = champ("Ville ; obligatoire.")
    telephone: str | None = champ("Téléphone de la structure.")
    courriel: str | None = champ("Adresse e-mail de la structure.")


@strawberry.input(description="Une structure qui n'est pas dans la liste.")
class DeclarerStructureInput(FormulaireStructure):
    """A structure that is not in the list (R-005)."""

    organisme_formation: bool | None = champ("Est un organisme de formation.")


@strawberry.input(description="Ce qui change dans la fiche d'une structure.")
class ModifierStructureInput(FormulaireStructure):
    """What a gestionnaire changes in a fiche (R-031)."""

    structure: strawberry.ID = strawberry.field(description="La structure.")
    organisme_formation: bool | None = champ("Est un organisme de formation.")
    habilitee_prescrire: bool | None = champ("Est habilitée à préinscrire.")
    qualiopi_apprentissage: bool | None = champ("Est certifiée Qualiopi pour l'apprentissage.")


@strawberry.input(description="Ce qu'un référent demande de changer dans la fiche de sa structure.")
class DemanderModificationInput(FormulaireStructure):
    """What a référent asks for (R-031)."""

    structure: strawberry.ID = strawberry.field(description="La structure.")
    motif: str | None = strawberry.field(
        default=None, description="Ce qu'il faut savoir, 1 000 caractères au plus."
    )


@strawberry.type(description="Ce que porte une demande, champ par champ ; nul là où elle ne dit rien.")
class FicheDemandee:
    """The fields of a request; null where it says nothing."""

    raison_sociale: str | None = cle_json("raison_sociale", "Raison sociale.")
    sigle: str | None = cle_json("sigle", "Sigle.")
    siret: str | None = cle_json("siret", "Numéro SIRET.")
    numero_activite: str | None = cle_json("numero_activite", "Numéro de déclaration d'activité.")
    voie: str | None = cle_json("voie", "Numéro et nom de la voie.")
    code_postal: str | None = cle_json("code_postal", "Code postal.")
    ville: str | None = cle_json("ville", "Ville.")
    departement: str | None = cle_json("departement", "Code du département.")
    telephone: str | None = cle_json("telephone", "Téléphone de la structure.")
    courriel: str | None = cle_json("courriel", "Adresse e-mail de la structure.")


@objet(m.DemandeModification, "Ce qu'un référent demande de changer dans la fiche de sa structure.")
class DemandeModification(Node):
    """A request to change a structure (R-031)."""

    structure: Structure | None = relation(m.DemandeModification.structure, "La structure.")
    auteur: Compte | None = relation(m.DemandeModification.auteur, "Qui demande.")
    etat: m.EtatDemande = colonne(m.DemandeModification.etat, "Où en est la demande.")
    demandee: FicheDemandee | None = objet_json(m.DemandeModification.contenu, "Ce qui est demandé.")
    avant: FicheDemandee | None = objet_json(
        m.DemandeModification.valeurs_avant, "Ce que disait la fiche quand la demande fut appliquée."
    )
    motif: str | None = colonne(m.DemandeModification.motif, "Ce que le référent en dit.")
    motif_refus: str | None = colonne(m.DemandeModification.motif_refus, "Pourquoi elle fut refusée.")
    cree_le: dt.datetime = colonne(m.DemandeModification.cree_le, "Quand elle a été faite.")
    decidee_le: dt.datetime | None = colonne(m.DemandeModification.decidee_le, "Quand elle a été décidée.")


@strawberry.enum(description="L'ordre d'une liste de demandes de modification.")
class TriDemandes(Ordre):
    """The orders offered on lists of requests."""

    PLUS_ANCIENNES = Tri(m.DemandeModification.cree_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreDemandes:
    """The criteria offered on lists of requests."""

    etat: m.EtatDemande | None = critere(m.DemandeModification.etat, "=", "Dans cet état.")
    structure: strawberry.ID | None = critere(
        m.DemandeModification.structure_id, "=", "Sur cette structure.", type_name="Structure"
    )


@strawberry.type(description="Une page de demandes de modification.")
class DemandeModificationConnection(Connection[DemandeModification]):
    """A page of requests."""


@strawberry.type(description="La structure telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class StructurePayload:
    """The answer of every act on a structure."""

    structure: Structure | None = ecrit(
        m.Structure, "La structure ; nulle si l'acte n'a pas eu lieu, ou si vous ne pouvez pas la lire."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="La demande telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class DemandeModificationPayload:
    """The answer of every act on a request."""

    demande: DemandeModification | None = ecrit(
        m.DemandeModification, "La demande ; nulle si l'acte n'a pas eu lieu."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
