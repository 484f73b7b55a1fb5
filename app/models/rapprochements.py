"""Fiches that may be of one person, and those that became one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, cle, lien, mot
from .candidats import Candidat


class EtatRapprochement(Mot):
    """What was said of two fiches."""

    A_REVOIR = "a_revoir", "À revoir"
    ECARTE = "ecarte", "Deux personnes"


class Rapprochement(Base):
    """Two fiches that are alike: for a gestionnaire to say whether they are of one person."""

    __tablename__ = "rapprochement"
    id: Mapped[int] = cle()
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"))
    autre_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    raisons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    etat: Mapped[EtatRapprochement] = mapped_column(
        mot(EtatRapprochement), default=EtatRapprochement.A_REVOIR
    )
    trouve_le: Mapped[datetime] = mapped_column(INSTANT)
    decide_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    decide_le: Mapped[datetime | None] = mapped_column(INSTANT)

    candidat: Mapped[Candidat] = lien(foreign_keys=[candidat_id])
    autre: Mapped[Candidat] = lien(foreign_keys=[autre_id])

    __table_args__ = (
        UniqueConstraint("candidat_id", "autre_id"),
        CheckConstraint("candidat_id < autre_id", name="ordre"),
        Index("ix_rapprochement_score_id", "score", "id"),
    )


class FusionCandidat(Base):
    """What two fiches were before they became one: kept as long as that can be undone; out of reach of every reading."""

    __tablename__ = "fusion_candidat"
    id: Mapped[int] = cle()
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"), index=True)
    absorbe_id: Mapped[int]  # no foreign key: the row is gone, and comes back under this key
    avant: Mapped[dict[str, Any]] = mapped_column(JSONB)
    faite_par_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    faite_le: Mapped[datetime] = mapped_column(INSTANT, index=True)

    candidat: Mapped[Candidat] = lien()
