"""The seals of the journal: what shows that it was not rewritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, cle, lien
from .journal import Fait


class Sceau(Base):
    """The facts of the journal that come after those of the seal before, hashed together with it; never changed."""

    __tablename__ = "sceau"
    id: Mapped[int] = cle()  # its rank: one, two, three, none missing
    pose_le: Mapped[datetime] = mapped_column(INSTANT)
    nb_faits: Mapped[int]
    dernier_fait_id: Mapped[int]  # what follows it is of the next seals
    vu_fait_id: Mapped[int]  # the latest fact there was: the next seal goes so far (decision 0044)
    sha256: Mapped[str]  # hexadecimal

    # no foreign key, as for all that looks at the journal: it must show that a fact is gone
    dernier_fait: Mapped[Fait | None] = lien(
        primaryjoin="foreign(Sceau.dernier_fait_id) == Fait.id", viewonly=True
    )

    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("vu_fait_id >= dernier_fait_id", name="vu_apres"),
        Index("ix_sceau_pose_le_id", "pose_le", "id"),
    )
