"""What jobs leave behind: what went wrong, and which mails left. The queue itself is procrastinate's own tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, cle, lien
from .candidats import Candidat
from .comptes import Compte


class IncidentTravail(Base):
    """A run of a job that failed. procrastinate keeps no reason; a message may quote a row, so only ours is kept."""

    __tablename__ = "incident_travail"
    id: Mapped[int] = cle()
    travail_id: Mapped[int] = mapped_column(BigInteger, index=True)  # no foreign key: old jobs are deleted
    tache: Mapped[str]
    nb_essais: Mapped[int]
    est_definitif: Mapped[bool]  # nobody will try again by itself
    erreur: Mapped[str]  # the class of the exception
    lieu: Mapped[str | None]  # the last line of ours it went through
    explication: Mapped[str | None]  # our own words, if it is an exception of ours
    survenu_le: Mapped[datetime] = mapped_column(INSTANT, index=True)


class CourrielEnvoye(Base):
    """A mail that a server took, under what it was about: the same job, run again, sends nothing."""

    __tablename__ = "courriel_envoye"
    id: Mapped[int] = cle()
    sujet: Mapped[str] = mapped_column(unique=True)
    gabarit: Mapped[str]
    compte_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), index=True)
    candidat_id: Mapped[int | None] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"), index=True)
    envoye_le: Mapped[datetime] = mapped_column(INSTANT)

    compte: Mapped[Compte | None] = lien()
    candidat: Mapped[Candidat | None] = lien()

    __table_args__ = (CheckConstraint("num_nonnulls(compte_id, candidat_id) = 1", name="a_qui"),)
