"""How often an address may ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base


class Frein(Base):
    """What was counted of an address at a door: a fingerprint, never the address; forgotten within a day or two."""

    __tablename__ = "frein"
    __table_args__ = {"prefixes": ["UNLOGGED"]}
    cle: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    jusqu_au: Mapped[datetime] = mapped_column(INSTANT, index=True)
    nb_echecs: Mapped[int] = mapped_column(default=0, server_default="0")
