"""The journal: what happened, by whom, under which profile; and what left for the partners."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .actions import Action
from .base import INSTANT, Base, Mot, cle, lien, mot
from .candidatures import Candidature
from .comptes import Compte
from .sessions import SessionFormation
from .structures import Structure

if TYPE_CHECKING:
    from .candidats import Candidat


class Fait(Base):
    """Something that happened; the past tense, never changed. Identifiers only, no personal data."""

    __tablename__ = "fait"
    id: Mapped[int] = cle()
    survenu_le: Mapped[datetime] = mapped_column(INSTANT)
    nom: Mapped[str]
    compte_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    pour_compte_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    profil: Mapped[str]
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    candidat_id: Mapped[int | None] = mapped_column(ForeignKey("candidat.id"))
    candidature_id: Mapped[int | None] = mapped_column(ForeignKey("candidature.id"))
    structure_concernee_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    compte_concerne_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    donnees: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    compte: Mapped[Compte | None] = lien(foreign_keys=[compte_id])
    structure: Mapped[Structure | None] = lien(foreign_keys=[structure_id])
    action: Mapped[Action | None] = lien()
    session: Mapped[SessionFormation | None] = lien()
    candidat: Mapped[Candidat | None] = lien()
    candidature: Mapped[Candidature | None] = lien(back_populates="faits")

    __table_args__ = (
        Index("ix_fait_candidature", "candidature_id", "id"),
        Index("ix_fait_action", "action_id", "id"),
        Index("ix_fait_session", "session_id", "id"),
        Index("ix_fait_structure_concernee", "structure_concernee_id", "id"),
        Index("ix_fait_survenu_le_id", "survenu_le", "id"),
    )


class EtatEchange(Mot):
    """The life of a message to or from a partner."""

    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    ACCEPTE = "accepte", "Accepté"
    EN_ERREUR = "en_erreur", "En erreur"


class Echange(Base):
    """A message to or from a partner about a candidature (R-118 to R-122)."""

    __tablename__ = "echange"
    id: Mapped[int] = cle()
    partenaire: Mapped[str]
    candidature_id: Mapped[int | None] = mapped_column(ForeignKey("candidature.id"), index=True)
    etat: Mapped[EtatEchange] = mapped_column(mot(EtatEchange), default=EtatEchange.A_ENVOYER)
    nb_tentatives: Mapped[int] = mapped_column(default=0)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    derniere_tentative_le: Mapped[datetime | None] = mapped_column(INSTANT)

    candidature: Mapped[Candidature | None] = lien()


class RechercheEnregistree(Base):
    """A search that an account wants to find again."""

    __tablename__ = "recherche_enregistree"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), index=True)
    nom: Mapped[str]
    criteres: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    compte: Mapped[Compte] = lien()


class VersionPolitique(Base):
    """A version of the policy that served, by the hash of its sources."""

    __tablename__ = "version_politique"
    id: Mapped[int] = cle()
    sha256: Mapped[str] = mapped_column(unique=True)
    mise_en_service_le: Mapped[datetime] = mapped_column(INSTANT)
