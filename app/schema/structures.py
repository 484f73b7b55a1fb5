"""Structures, as the API shows them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import func, or_

from app import models as m
from app.kit.conditions import Compare, Exists, all_of
from app.reading.fields import (
    Ordre,
    Tri,
    colonne,
    critere,
    critere_calcule,
    critere_si,
    droit,
    droits,
    groupe,
    objet,
)
from app.schema.pages import Connection, Node

VIVANTE = Compare(("etat",), "in", ("acceptee", "en_attente"))


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
    lire_statistiques: bool = droit("lire_statistiques", "Ouvrir ses statistiques.")
    modifier: bool = droit("modifier", "La modifier.")
    valider: bool = droit("valider", "La valider.")
    refuser: bool = droit("refuser", "La refuser.")
    demander_modification: bool = droit("demander_modification", "Demander sa modification.")
    demander_affiliation: bool = droit("demander_affiliation", "Demander à la rejoindre.")


@objet(
    m.Structure,
    "Un organisme : de formation, habilité à prescrire, ou Cap Métiers ; parfois plusieurs à la fois.",
)
class Structure(Node):
    """An organisation."""

    raison_sociale: str = colonne(m.Structure.raison_sociale, "Raison sociale.")
    sigle: str | None = colonne(m.Structure.sigle, "Sigle.")
    siret: str | None = colonne(m.Structure.siret, "Numéro SIRET, quatorze chiffres.")
    numero_activite: str | None = colonne(
        m.Structure.numero_activite, "Numéro de déclaration d'activité d'organisme de formation."
    )
    adresse: AdresseStructure = groupe("Son adresse.")
    etat: m.EtatStructure = colonne(m.Structure.etat, "Où en est la structure.")
    organisme_formation: bool = colonne(m.Structure.est_organisme_formation, "Est un organisme de formation.")
    habilitee_prescrire: bool = colonne(m.Structure.est_habilitee_prescrire, "Est habilitée à préinscrire.")
    cap_metiers: bool = colonne(m.Structure.est_cap_metiers, "Est Cap Métiers.")
    qualiopi_apprentissage: bool = colonne(
        m.Structure.est_qualiopi_apprentissage, "Est certifiée Qualiopi pour l'apprentissage."
    )
    a_un_referent: bool = colonne(
        m.Structure.a_un_referent, "A un référent ; sinon Cap Métiers décide des demandes de rattachement."
    )
    cree_le: dt.datetime = colonne(m.Structure.cree_le, "Quand elle a été déclarée ou créée.")
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


def nommee(row: Any, given: Any) -> Any:
    """Out: the raison sociale, the sigle or the SIRET (spaces ignored) holds what is looked for (R-004)."""
    siret = func.regexp_replace(given, r"\s", "", "g")
    return or_(row["texte_recherche"].contains(func.plier(given), autoescape=False), row["siret"] == siret)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class RechercheStructures:
    """The criteria of a search of structures (R-004)."""

    texte: str | None = critere_calcule(
        nommee,
        "Un morceau de la raison sociale ou du sigle, ou le numéro SIRET ; accents, casse et espaces à part.",
        lit=(m.Structure.raison_sociale, m.Structure.sigle, m.Structure.siret),
    )
    organisme_formation: bool | None = critere_si(
        Compare(("est_organisme_formation",), "=", True), "Organisme de formation, ou non."
    )
    habilitee_prescrire: bool | None = critere_si(
        Compare(("est_habilitee_prescrire",), "=", True), "Habilitée à préinscrire, ou non."
    )
    a_un_referent: bool | None = critere_si(
        Compare(("a_un_referent",), "=", True), "Qui a un référent, ou qui n'en a pas."
    )
    referent_manquant: bool | None = critere_si(
        all_of([Compare(("a_un_referent",), "=", False), Exists(("affiliations",), VIVANTE)]),
        "Qui a des membres ou des demandes, mais plus de référent pour leur répondre ; ou les autres.",
    )
    etat: m.EtatStructure | None = critere(m.Structure.etat, "=", "Dans cet état.")
