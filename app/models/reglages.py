"""What a base says of itself."""

from __future__ import annotations

import enum

from sqlalchemy.orm import Mapped, mapped_column

from .base import Base

DEMONSTRATION = "demonstration"


class Reglage(Base):
    """A word that this base says of itself: that it holds the demonstration, and nobody real."""

    __tablename__ = "reglage"
    cle: Mapped[str] = mapped_column(primary_key=True)
    valeur: Mapped[str]


class Vue(enum.StrEnum):
    """What the database derives from the published offer, for the second engine of the search: computed again by night."""

    VOCABULAIRE = "vocabulaire"  # its words
    SIGLE = "sigle"  # the acronyms of the labels that it uses
