"""What an organisme and the gestionnaires write to each other about an action, in the place of e-mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .actions import Action
from .base import INSTANT, Base, cle, lien
from .comptes import Compte
from .structures import Structure


class MessageAction(Base):
    """A message about an action. Once written, it never changes."""

    __tablename__ = "message_action"
    id: Mapped[int] = cle()
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    auteur_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    est_du_gestionnaire: Mapped[bool]
    est_demande: Mapped[bool] = mapped_column(default=False, server_default="false")
    texte: Mapped[str]
    ecrit_le: Mapped[datetime] = mapped_column(INSTANT)

    action: Mapped[Action] = lien(back_populates="messages")
    auteur: Mapped[Compte | None] = lien()
    structure: Mapped[Structure | None] = lien()

    __table_args__ = (
        CheckConstraint("char_length(texte) BETWEEN 1 AND 2000", name="texte"),
        CheckConstraint("NOT est_demande OR est_du_gestionnaire", name="demande"),
        Index("ix_message_action_action_id", "action_id", "ecrit_le", "id"),
    )
