"""What a base says of itself."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from .base import Base

DEMONSTRATION = "demonstration"


class Reglage(Base):
    """A word that this base says of itself: that it holds the demonstration, and nobody real."""

    __tablename__ = "reglage"
    cle: Mapped[str] = mapped_column(primary_key=True)
    valeur: Mapped[str]
