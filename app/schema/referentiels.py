"""Reference data, as the API shows it: certifications, communes, Formacodes."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import func

from app import models as m
from app.kit.conditions import Compare
from app.reading.fields import Ordre, Tri, colonne, critere, critere_calcule, critere_si, objet
from app.schema.pages import Connection, Node

from .actions import Certification

CHERCHE = "accents, casse et ponctuation à part"


def contient(row: Any, given: Any) -> Any:
    """Out: the row holds what is looked for (R-051)."""
    return row["texte_recherche"].contains(func.plier(given), autoescape=False)


@objet(m.Commune, "Une commune du code officiel géographique.")
class Commune(Node):
    """A municipality."""

    code_insee: str = colonne(m.Commune.code_insee, "Code de l'INSEE, cinq caractères.")
    nom: str = colonne(m.Commune.nom, "Nom.")
    code_postal: str = colonne(m.Commune.code_postal, "Code postal ; le premier si elle en a plusieurs.")
    departement: str = colonne(m.Commune.departement, "Code du département.")
    latitude: float | None = colonne(m.Commune.latitude, "Latitude, en degrés.")
    longitude: float | None = colonne(m.Commune.longitude, "Longitude, en degrés.")


@objet(m.Formacode, "Un mot du thésaurus Formacode, qui classe le contenu d'une formation.")
class Formacode(Node):
    """A word of the thesaurus."""

    code: str = colonne(m.Formacode.code, "Code, cinq chiffres.")
    libelle: str = colonne(m.Formacode.libelle, "Libellé.")


@strawberry.enum(description="L'ordre d'une liste de certifications.")
class TriCertifications(Ordre):
    """The orders of certifications."""

    INTITULE = Tri(m.Certification.intitule)


@strawberry.enum(description="L'ordre d'une liste de communes.")
class TriCommunes(Ordre):
    """The orders of communes."""

    NOM = Tri(m.Commune.nom)


@strawberry.enum(description="L'ordre d'une liste de Formacodes.")
class TriFormacodes(Ordre):
    """The orders of Formacodes."""

    LIBELLE = Tri(m.Formacode.libelle)


@strawberry.input(description="Les certifications cherchées ; les critères se cumulent.")
class RechercheCertifications:
    """The criteria of a search of certifications (R-212)."""

    texte: str | None = critere_calcule(
        contient,
        f"Un morceau de l'intitulé, ou un code RNCP, RS ou Certif Info ; {CHERCHE}.",
        lit=(
            m.Certification.intitule,
            m.Certification.code_rncp,
            m.Certification.code_rs,
            m.Certification.code_certifinfo,
        ),
    )
    active: bool | None = critere_si(
        Compare(("est_active",), "=", True), "Vrai : encore enregistrées ; faux : celles qui ne le sont plus."
    )


@strawberry.input(description="Les communes cherchées ; les critères se cumulent.")
class RechercheCommunes:
    """The criteria of a search of communes (R-048)."""

    texte: str | None = critere_calcule(
        contient,
        f"Un morceau du nom, un code postal ou un code INSEE ; {CHERCHE}.",
        lit=(m.Commune.nom, m.Commune.code_postal, m.Commune.code_insee),
    )
    departement: str | None = critere(m.Commune.departement, "=", "Dans ce département.")


@strawberry.input(description="Les Formacodes cherchés ; les critères se cumulent.")
class RechercheFormacodes:
    """The criteria of a search of Formacodes (R-191)."""

    texte: str | None = critere_calcule(
        contient,
        f"Un morceau du libellé, ou un code ; {CHERCHE}.",
        lit=(m.Formacode.libelle, m.Formacode.code),
    )


@strawberry.type(description="Une page de certifications.")
class CertificationConnection(Connection[Certification]):
    """A page of certifications."""


@strawberry.type(description="Une page de communes.")
class CommuneConnection(Connection[Commune]):
    """A page of communes."""


@strawberry.type(description="Une page de Formacodes.")
class FormacodeConnection(Connection[Formacode]):
    """A page of Formacodes."""
