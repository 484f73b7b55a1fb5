"""What every table shares: how it is named, how a word of the trade, a moment and a relation are stored."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import Boolean, Computed, DateTime, Enum, Identity, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The mapped classes of the house."""

    type_annotation_map = {str: Text}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Mot(enum.StrEnum):
    """Base of the enums of the trade: a stored word, its French label."""

    libelle: str

    def __new__(cls, valeur: str, libelle: str) -> Mot:
        """In: the stored word and its label."""
        membre = str.__new__(cls, valeur)
        membre._value_ = valeur
        membre.libelle = libelle
        return membre


def mot(valeurs: type[Mot]) -> Enum:
    """In: an enum of the trade. Out: a text column that stores its words, and a CHECK that knows them."""
    return Enum(
        valeurs,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=valeurs.__name__.lower(),
        values_callable=lambda e: [membre.value for membre in e],
    )


def lien(**options: Any) -> Any:
    """A relation that shouts when somebody reads it without having loaded it."""
    return relationship(lazy="raise", **options)


def cle() -> Mapped[int]:
    """The key of a row, given by the database."""
    return mapped_column(Identity(), primary_key=True)


def calcule(sql: str) -> Mapped[bool]:
    """A yes or no that the database computes from the other columns of the row, and keeps."""
    return mapped_column(Boolean, Computed(sql, persisted=True), nullable=False)


def copie(chemin: str, *arguments: Any, **options: Any) -> Any:
    """A column that triggers keep equal to a column of a related row (`relation.colonne`).

    A rule that needs it finds it on its own row, and the compilers know that both are one value.
    """
    return mapped_column(*arguments, info={"copie": chemin}, **options)


def empreintes_de_source() -> Mapped[dict[str, str]]:
    """What the source of a row said last, a digest a column: its next import changes what the source changed."""
    return mapped_column(JSONB, default=dict, server_default="{}")


def cherche(sql: str) -> Mapped[str]:
    """What is looked for in a row, folded: no accents, no case, no punctuation (R-051). Kept by the database."""
    return mapped_column(Computed(f"plier({sql})", persisted=True), nullable=False)


def datee() -> Any:
    """When the row last changed: the writing door says it, whoever changes the row; null as long as nobody did."""
    return mapped_column(INSTANT, info={"datee": True})


INSTANT = DateTime(timezone=True)
HEURES = Numeric(7, 2)
