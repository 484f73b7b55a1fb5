"""Who read the fiche of a person, when, and by which rule of the policy: the trace of readings (C-28)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, cle, lien
from .comptes import Compte
from .structures import Structure

if TYPE_CHECKING:
    from .candidats import Candidat


class Consultation(Base):
    """A fiche was shown to somebody. Identifiers only; forgotten after a year."""

    __tablename__ = "consultation"
    id: Mapped[int] = cle()
    lue_le: Mapped[datetime] = mapped_column(INSTANT)
    compte_id: Mapped[int | None]
    pour_compte_id: Mapped[int | None]
    profil: Mapped[str]
    structure_id: Mapped[int | None]
    candidat_id: Mapped[int]
    regle: Mapped[str]  # of the policy, that let the viewer read

    # no foreign key, as for the journal: a trace outlives what it speaks of, and is written without waiting for it
    compte: Mapped[Compte | None] = lien(
        primaryjoin="foreign(Consultation.compte_id) == Compte.id", viewonly=True
    )
    pour_compte: Mapped[Compte | None] = lien(
        primaryjoin="foreign(Consultation.pour_compte_id) == Compte.id", viewonly=True
    )
    structure: Mapped[Structure | None] = lien(
        primaryjoin="foreign(Consultation.structure_id) == Structure.id", viewonly=True
    )
    candidat: Mapped[Candidat | None] = lien(
        primaryjoin="foreign(Consultation.candidat_id) == Candidat.id", viewonly=True
    )

    __table_args__ = (
        Index("ix_consultation_candidat_id", "candidat_id", "lue_le", "id"),
        Index("ix_consultation_compte_id", "compte_id", "lue_le", "id"),
        Index(
            "ix_consultation_pour_compte_id",
            "pour_compte_id",
            postgresql_where=text("pour_compte_id IS NOT NULL"),
        ),
        Index("ix_consultation_lue_le_id", "lue_le", "id"),
    )
