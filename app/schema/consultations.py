"""Who read the fiche of a person, as the API shows it to those who watch over it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import Text, case, cast, null

from app import models as m
from app.policies.lock import FOLDER
from app.policies.sources import clauses
from app.reading.fields import Ordre, Tri, calcule, colonne, critere, objet, relation
from app.reading.formats import constant
from app.schema.candidats import Candidat
from app.schema.cles import cle
from app.schema.comptes import Compte
from app.schema.pages import Connection, Node
from app.schema.structures import Structure

SOURCE = "candidats.polar"
MOTIFS = {
    clause.mark: clause.comment
    for clause in clauses({SOURCE: (FOLDER / SOURCE).read_text(encoding="utf-8")})
    if clause.mark
    and clause.name == "allow"
    and "Candidat" in clause.types()
    and "lire" in clause.permissions()
}
"""What the policy says above each rule that lets somebody read a person: the reason, in its own words."""


def _motif(row: Any, _: Any) -> Any:
    said = [(row["regle"] == regle, constant(motif)) for regle, motif in sorted(MOTIFS.items())]
    return case(*said, else_=cast(null(), Text))


@objet(m.Consultation, "La fiche d'une personne a été lue : par qui, quand, par quelle règle.")
class Consultation(Node):
    """A fiche was shown to somebody."""

    lue_le: dt.datetime = colonne(m.Consultation.lue_le, "Quand : la première fois de l'heure.")
    profil: str = colonne(m.Consultation.profil, "Sous quel profil.")
    regle: str = colonne(m.Consultation.regle, "La règle de la politique qui l'a permis.")
    motif: str | None = calcule(
        _motif, "Ce que dit cette règle ; nul si elle n'existe plus.", lit=(m.Consultation.regle,)
    )
    compte_id: strawberry.ID | None = cle("Compte", m.Consultation.compte_id, "L'identifiant de qui l'a lue.")
    compte: Compte | None = relation(m.Consultation.compte, "Qui l'a lue, si vous pouvez lire ce compte.")
    pour_compte: Compte | None = relation(
        m.Consultation.pour_compte,
        "Au nom de qui, quand le rôle était prêté ; si vous pouvez lire ce compte.",
    )
    structure: Structure | None = relation(m.Consultation.structure, "Au titre de quelle structure.")
    candidat_id: strawberry.ID = cle(
        "Candidat",
        m.Consultation.candidat_id,
        "L'identifiant de la personne, même si elle a été fusionnée depuis.",
        jamais_nul=True,
    )
    candidat: Candidat | None = relation(m.Consultation.candidat, "La personne, si vous pouvez la lire.")


@strawberry.enum(description="L'ordre des consultations.")
class TriConsultations(Ordre):
    """The orders offered."""

    PLUS_RECENTES = Tri(m.Consultation.lue_le, descendant=True)
    PLUS_ANCIENNES = Tri(m.Consultation.lue_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreConsultations:
    """The criteria offered."""

    candidat: strawberry.ID | None = critere(
        m.Consultation.candidat_id, "=", "De cette personne.", type_name="Candidat"
    )
    compte: strawberry.ID | None = critere(
        m.Consultation.compte_id, "=", "Par ce compte.", type_name="Compte"
    )
    structure: strawberry.ID | None = critere(
        m.Consultation.structure_id, "=", "Au titre de cette structure.", type_name="Structure"
    )
    regles: list[str] | None = critere(m.Consultation.regle, "parmi", "Par une de ces règles.")
    depuis: dt.datetime | None = critere(m.Consultation.lue_le, ">=", "À partir de ce moment.")
    avant: dt.datetime | None = critere(m.Consultation.lue_le, "<", "Avant ce moment.")


@strawberry.type(description="Une page de consultations.")
class ConsultationConnection(Connection[Consultation]):
    """A page."""
