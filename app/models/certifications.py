"""Reference data: certifications, and the words and places that the offer points at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Identity, Index, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, cherche, cle, datee


class Certification(Base):
    """A certification of the RNCP or of the répertoire spécifique, by its codes (R-209 to R-214)."""

    __tablename__ = "certification"
    id: Mapped[int] = cle()
    code_rncp: Mapped[str | None] = mapped_column(unique=True)
    code_rs: Mapped[str | None] = mapped_column(unique=True)
    code_certifinfo: Mapped[str | None] = mapped_column(unique=True)
    intitule: Mapped[str]
    niveau: Mapped[str | None]
    sirens_habilites: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )  # who delivers it: certificateurs and valideurs; none: nobody said
    est_active: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # False: its register says so
    modifiee_le: Mapped[datetime | None] = datee()
    texte_recherche: Mapped[str] = cherche(
        "intitule || ' ' || coalesce(code_rncp, '') || ' ' || coalesce(code_rs, '')"
        " || ' ' || coalesce(code_certifinfo, '')"
    )

    __table_args__ = (
        Index("ix_certification_intitule_id", "intitule", "id"),
        CheckConstraint("code_rncp ~ '^RNCP[0-9]+$'", name="rncp"),
        CheckConstraint("code_rs ~ '^RS[0-9]+$'", name="rs"),
        CheckConstraint("code_certifinfo ~ '^[0-9]{1,10}$'", name="certifinfo"),
        CheckConstraint("coalesce(code_rncp, code_rs, code_certifinfo) IS NOT NULL", name="code"),
    )


class Formacode(Base):
    """A word of the Formacode thesaurus."""

    __tablename__ = "formacode"
    id: Mapped[int] = mapped_column(Identity(), unique=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    libelle: Mapped[str]
    texte_recherche: Mapped[str] = cherche("libelle || ' ' || code")
    __table_args__ = (Index("ix_formacode_libelle_id", "libelle", "id"),)


class Commune(Base):
    """A municipality of the official geographic code."""

    __tablename__ = "commune"
    id: Mapped[int] = mapped_column(Identity(), unique=True)
    code_insee: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    code_postal: Mapped[str]
    departement: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    texte_recherche: Mapped[str] = cherche("nom || ' ' || code_postal || ' ' || code_insee")
    __table_args__ = (Index("ix_commune_nom_id", "nom", "id"),)
