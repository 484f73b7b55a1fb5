"""A small world, with every shape that the compiler must know: words, nulls, copies, to-one, to-many, nested."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Apart from the models of the house."""

    metadata = MetaData(schema="petit_monde")


class Etat(enum.StrEnum):
    """The life of a demand."""

    BROUILLON = "brouillon"
    SOUMISE = "soumise"
    RETENUE = "retenue"
    REFUSEE = "refusee"


def lien(**options: object) -> Mapped:  # type: ignore[type-arg]  # as in the models of the house
    """A relation that is never loaded behind one's back."""
    return relationship(lazy="raise", **options)  # type: ignore[arg-type,return-value]  # as above


class Organisme(Base):
    """Who offers."""

    __tablename__ = "organisme"
    id: Mapped[int] = mapped_column(primary_key=True)
    ville: Mapped[str | None]


class Stage(Base):
    """What is offered."""

    __tablename__ = "stage"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisme_id: Mapped[int] = mapped_column(ForeignKey(Organisme.id))
    est_en_ligne: Mapped[bool]
    organisme: Mapped[Organisme] = lien()
    groupes: Mapped[list[Groupe]] = lien(back_populates="stage")


class Groupe(Base):
    """When it is offered."""

    __tablename__ = "groupe"
    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey(Stage.id))
    organisme_id: Mapped[int] = mapped_column(info={"copie": "stage.organisme_id"})
    formateur_id: Mapped[int | None] = mapped_column(ForeignKey(Organisme.id))
    places: Mapped[int]
    stage: Mapped[Stage] = lien(back_populates="groupes")
    demandes: Mapped[list[Demande]] = lien(back_populates="groupe")


class Personne(Base):
    """For whom."""

    __tablename__ = "personne"
    id: Mapped[int] = mapped_column(primary_key=True)
    createur_id: Mapped[int | None]
    demandes: Mapped[list[Demande]] = lien(back_populates="personne")
    acces: Mapped[list[Acces]] = lien(back_populates="personne")


class Acces(Base):
    """Opened for a while."""

    __tablename__ = "acces"
    id: Mapped[int] = mapped_column(primary_key=True)
    personne_id: Mapped[int] = mapped_column(ForeignKey(Personne.id))
    structure_id: Mapped[int]
    jusqu_au: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    personne: Mapped[Personne] = lien(back_populates="acces")


class Demande(Base):
    """A person asks for a group, or for nothing precise yet."""

    __tablename__ = "demande"
    id: Mapped[int] = mapped_column(primary_key=True)
    groupe_id: Mapped[int | None] = mapped_column(ForeignKey(Groupe.id))
    organisme_id: Mapped[int | None] = mapped_column(info={"copie": "groupe.organisme_id"})
    personne_id: Mapped[int] = mapped_column(ForeignKey(Personne.id))
    auteur_id: Mapped[int | None]
    soumise_par_id: Mapped[int | None]
    structure_id: Mapped[int | None]
    etat: Mapped[Etat | None] = mapped_column(
        Enum(Etat, native_enum=False, values_callable=lambda e: [m.value for m in e])
    )
    est_urgente: Mapped[bool | None]
    motif: Mapped[str | None]
    groupe: Mapped[Groupe | None] = lien(back_populates="demandes")
    personne: Mapped[Personne] = lien(back_populates="demandes")
    suivis: Mapped[list[Suivi]] = lien(back_populates="demande")


class Suivi(Base):
    """Somebody looks after a demand."""

    __tablename__ = "suivi"
    id: Mapped[int] = mapped_column(primary_key=True)
    demande_id: Mapped[int] = mapped_column(ForeignKey(Demande.id))
    suiveur_id: Mapped[int | None]
    est_clos: Mapped[bool]
    demande: Mapped[Demande] = lien(back_populates="suivis")
