"""Structures, as the API shows them."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import colonne, critere_plie, droit, droits, groupe, objet
from app.reading.fields import Ordre, Tri
from app.schema.pages import Connection, Node


@strawberry.type(description="L'adresse d'une structure.")
class AdresseStructure:
    """The address of a structure."""

    voie: str | None = colonne(m.Structure.voie, "Numéro et nom de la voie.")
    code_postal: str | None = colonne(m.Structure.code_postal, "Code postal.")
    ville: str | None = colonne(m.Structure.ville, "Ville.")
    departement: str | None = colonne(m.Structure.departement, "Code du département.")


@strawberry.type(description="Ce que vous pouvez faire d'une structure.")
class PeutStructure:
    """What the viewer may do with a structure."""

    lire_membres: bool = droit("lire_membres", "Lister ses membres.")
    exporter_membres: bool = droit("exporter_membres", "Exporter la liste de ses membres.")
    modifier: bool = droit("modifier", "La modifier.")


@objet(m.Structure, "Un organisme : de formation, habilité à prescrire, ou Cap Métiers ; parfois plusieurs à la fois.")
class Structure(Node):
    """An organisation."""

    raison_sociale: str = colonne(m.Structure.raison_sociale, "Raison sociale.")
    sigle: str | None = colonne(m.Structure.sigle, "Sigle.")
    siret: str | None = colonne(m.Structure.siret, "Numéro SIRET, quatorze chiffres.")
    adresse: AdresseStructure = groupe("Son adresse.")
    etat: m.EtatStructure = colonne(m.Structure.etat, "Où en est la structure.")
    organisme_formation: bool = colonne(m.Structure.est_organisme_formation, "Est un organisme de formation.")
    habilitee_prescrire: bool = colonne(m.Structure.est_habilitee_prescrire, "Est habilitée à préinscrire.")
    cap_metiers: bool = colonne(m.Structure.est_cap_metiers, "Est Cap Métiers.")
    telephone: str | None = colonne(m.Structure.telephone, "Téléphone de la structure.")
    courriel: str | None = colonne(m.Structure.courriel, "Adresse e-mail de la structure.")
    peut: PeutStructure = droits("Ce que vous pouvez en faire.")


@strawberry.enum(description="L'ordre d'une liste de structures.")
class TriStructures(Ordre):
    """The orders offered on lists of structures."""

    RAISON_SOCIALE = Tri(m.Structure.raison_sociale)


@strawberry.type(description="Une page de structures.")
class StructureConnection(Connection[Structure]):
    """A page of structures."""
