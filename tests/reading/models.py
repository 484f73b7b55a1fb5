"""A small trade of the tests' own: tables with every kind of column that the reading door must know."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

SCHEMA = "lecture_des_tests"


class Base(DeclarativeBase):
    """The mapped classes of these tests."""

    metadata = MetaData(schema=SCHEMA)


def mot(valeurs: type[enum.Enum]) -> Enum:
    """In: an enum. Out: a text column that stores its lower-case values."""
    return Enum(valeurs, native_enum=False, values_callable=lambda e: [membre.value for membre in e])


def lien(**options: Any) -> Any:
    """A relation that shouts when somebody reads it without having loaded it."""
    return relationship(lazy="raise", **options)


INSTANT = DateTime(timezone=True)


class EtatCandidature(enum.StrEnum):
    """The life of a candidature."""

    BROUILLON = "brouillon"
    EN_ATTENTE_VALIDATION = "en_attente_validation"
    EN_ATTENTE_AVIS = "en_attente_avis"
    RETENUE = "retenue"
    REFUSEE = "refusee"


class EtatAction(enum.StrEnum):
    """The life of an action."""

    BROUILLON = "brouillon"
    PUBLIEE = "publiee"
    ARCHIVEE = "archivee"


class Modalite(enum.StrEnum):
    """How one teaches."""

    PRESENTIEL = "presentiel"
    DISTANCE = "distance"
    MIXTE = "mixte"


class Structure(Base):
    """An organisation."""

    __tablename__ = "structure"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str]
    departement: Mapped[str | None]
    siret: Mapped[str] = mapped_column(unique=True)


class Utilisateur(Base):
    """Somebody with an account."""

    __tablename__ = "utilisateur"
    id: Mapped[int] = mapped_column(primary_key=True)
    nom: Mapped[str]
    profil: Mapped[str]
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    structure: Mapped[Structure | None] = lien()


class Action(Base):
    """A training action."""

    __tablename__ = "action"
    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    intitule: Mapped[str]
    etat: Mapped[EtatAction] = mapped_column(mot(EtatAction))
    est_conventionnee: Mapped[bool]
    contact: Mapped[str | None]
    formacodes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    modalites: Mapped[list[Modalite] | None] = mapped_column(ARRAY(mot(Modalite)))
    lieu: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    mots: Mapped[str] = mapped_column(TSVECTOR, Computed("to_tsvector('simple', intitule)", persisted=True))
    structure: Mapped[Structure] = lien()
    sessions: Mapped[list[SessionFormation]] = lien(back_populates="action")


class SessionFormation(Base):
    """An action held at given dates."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    formateur_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    positionneur_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    responsable_id: Mapped[int] = mapped_column(
        ForeignKey("structure.id"), info={"copie": "action.structure_id"}
    )
    etat: Mapped[str]
    date_debut: Mapped[date]
    date_fin: Mapped[date | None]
    prix: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    places: Mapped[int]
    prises: Mapped[int]
    action: Mapped[Action] = lien(back_populates="sessions")
    formateur: Mapped[Structure | None] = lien(foreign_keys=[formateur_id])
    candidatures: Mapped[list[Candidature]] = lien(back_populates="session")

    __table_args__ = (UniqueConstraint("numero"),)

    @hybrid_property
    def nb_jours(self) -> int | None:
        """Days between the first and the last, both counted: one definition, Python and SQL."""
        if self.date_fin is None:
            return None
        return (self.date_fin - self.date_debut).days + 1

    @nb_jours.inplace.expression
    @classmethod
    def _nb_jours(cls):  # type: ignore[no-untyped-def]
        return cls.date_fin - cls.date_debut + 1

    @hybrid_property
    def restantes(self) -> int:
        """Places left."""
        return self.places - self.prises

    @restantes.inplace.expression
    @classmethod
    def _restantes(cls):  # type: ignore[no-untyped-def]
        return cls.places - cls.prises


class Candidature(Base):
    """Somebody is proposed for a session."""

    __tablename__ = "candidature"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    structure_prescriptrice_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    prescripteur_id: Mapped[int | None] = mapped_column(ForeignKey("utilisateur.id"))
    etat: Mapped[EtatCandidature] = mapped_column(mot(EtatCandidature))
    motif: Mapped[str | None]
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    session: Mapped[SessionFormation | None] = lien(back_populates="candidatures")
    prescripteur: Mapped[Utilisateur | None] = lien()
    suivis: Mapped[list[Suivi]] = lien(back_populates="candidature")
    avis: Mapped[Avis | None] = lien(back_populates="candidature")

    __table_args__ = (Index("uq_candidature_reference", "reference", unique=True),)


class Avis(Base):
    """What was decided of a candidature: one at most."""

    __tablename__ = "avis"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id"), unique=True)
    commentaire: Mapped[str | None]
    candidature: Mapped[Candidature] = lien(back_populates="avis")


class Suivi(Base):
    """A referent follows a candidature."""

    __tablename__ = "suivi"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id"))
    referent_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"))
    clos: Mapped[bool]
    ouvert_le: Mapped[datetime] = mapped_column(INSTANT)
    candidature: Mapped[Candidature] = lien(back_populates="suivis")
    referent: Mapped[Utilisateur] = lien()
