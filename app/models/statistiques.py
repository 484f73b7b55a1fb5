"""What statistics count: candidatures as numbers, and what is shown of them across structures."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from .actions import Dispositif
from .base import INSTANT, Base, cle, mot
from .candidatures import EtatCandidature


class CandidatureComptee(Base):
    """A candidature once validated, as a number: no name, no text. A view of the database, a resource of its own.

    `date_validation`: the day of Paris on which it was validated; `delai`: working days from there to its avis, null without
    one, where it came by itself, or where it was corrected: the moment of the first one is not kept.
    """

    __table__ = Table(
        "candidature_comptee",
        MetaData(),  # a view: revisions make it, nothing writes in it
        Column("id", Integer, primary_key=True),
        Column("etat", mot(EtatCandidature), nullable=False),
        Column("candidat_id", Integer, nullable=False),
        Column("structure_prescriptrice_id", Integer),
        Column("responsable_id", Integer, nullable=False),
        Column("positionneur_id", Integer),
        Column("formateur_id", Integer),
        Column("est_financee_region", Boolean, nullable=False),
        Column("dispositif", mot(Dispositif)),
        Column("departement", Text),
        Column("date_validation", Date, nullable=False),
        Column("date_entree_prevue", Date),
        Column("delai", Integer),
        Column("nb_presences", Integer, nullable=False),
        Column("nb_absences_justifiees", Integer, nullable=False),
        Column("nb_absences_non_justifiees", Integer, nullable=False),
    )

    if TYPE_CHECKING:
        id: Mapped[int]
        etat: Mapped[EtatCandidature]
        candidat_id: Mapped[int]
        structure_prescriptrice_id: Mapped[int | None]
        responsable_id: Mapped[int]
        positionneur_id: Mapped[int | None]
        formateur_id: Mapped[int | None]
        est_financee_region: Mapped[bool]
        dispositif: Mapped[Dispositif | None]
        departement: Mapped[str | None]
        date_validation: Mapped[date]
        date_entree_prevue: Mapped[date | None]
        delai: Mapped[int | None]
        nb_presences: Mapped[int]
        nb_absences_justifiees: Mapped[int]
        nb_absences_non_justifiees: Mapped[int]


class StatistiquePubliee(Base):
    """What everybody may know of a quarter, a dispositif and a département: ten people at least, rounded numbers.

    Written once, when the quarter has been over for long enough; never changed.
    """

    __tablename__ = "statistique_publiee"
    id: Mapped[int] = cle()
    date_trimestre: Mapped[date]  # its first day
    dispositif: Mapped[Dispositif] = mapped_column(mot(Dispositif))
    departement: Mapped[str]
    nb_candidatures: Mapped[int]
    nb_retenues: Mapped[int]
    nb_entrees: Mapped[int]
    nb_presences: Mapped[int]
    nb_absences: Mapped[int]
    delai_median: Mapped[int | None]
    delai_neuf_sur_dix: Mapped[int | None]
    publiee_le: Mapped[datetime] = mapped_column(INSTANT)

    __table_args__ = (
        UniqueConstraint("date_trimestre", "dispositif", "departement"),
        CheckConstraint("nb_candidatures >= 10", name="dix"),
    )
