"""Candidats: the people who are placed, and who found them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, cle, lien, mot
from .comptes import Compte
from .structures import Structure

if TYPE_CHECKING:
    from .candidatures import Candidature, CandidatureResumee


class Civilite(Mot):
    """How a person is addressed."""

    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


class Candidat(Base):
    """Somebody who looks for a training. Belongs to no structure; few may read it (C-28)."""

    __tablename__ = "candidat"
    id: Mapped[int] = cle()
    reference: Mapped[str] = mapped_column(unique=True)
    civilite: Mapped[Civilite | None] = mapped_column(mot(Civilite))
    nom: Mapped[str]
    prenom: Mapped[str]
    nom_plie: Mapped[str] = mapped_column(Computed("plier(nom)", persisted=True))
    prenom_plie: Mapped[str] = mapped_column(Computed("plier(prenom)", persisted=True))
    date_naissance: Mapped[date]
    courriel: Mapped[str | None]
    telephone: Mapped[str | None]
    voie: Mapped[str | None]
    code_postal: Mapped[str | None]
    ville: Mapped[str | None]
    est_inscrit_france_travail: Mapped[bool] = mapped_column(default=False)
    numero_france_travail: Mapped[str | None] = mapped_column(unique=True)
    identifiant_regional: Mapped[str | None] = mapped_column(unique=True)
    createur_structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"), index=True)
    createur_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    nir_demande_a_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifie_le: Mapped[datetime] = mapped_column(INSTANT)
    rapproche_le: Mapped[datetime | None] = mapped_column(INSTANT)  # compared with those that are like it
    anonymise_le: Mapped[datetime | None] = mapped_column(INSTANT)  # nothing names the person any more

    createur_structure: Mapped[Structure | None] = lien()
    candidatures: Mapped[list[Candidature]] = lien(back_populates="candidat")
    historique: Mapped[list[CandidatureResumee]] = lien(back_populates="candidat", viewonly=True)
    acces: Mapped[list[AccesCandidat]] = lien(back_populates="candidat")
    references_absorbees: Mapped[list[ReferenceAbsorbee]] = lien(back_populates="candidat")

    __table_args__ = (
        CheckConstraint("reference ~ '^20[0-9]{8}$'", name="reference"),
        CheckConstraint("numero_france_travail ~ '^[0-9]{11}$'", name="numero_france_travail"),
        CheckConstraint("identifiant_regional ~ '^[0-9]{7}[0-9A-Z]$'", name="identifiant_regional"),
        Index("ix_candidat_identite", "nom_plie", "prenom_plie", "date_naissance"),
        Index("ix_candidat_date_naissance", "date_naissance"),
        Index("ix_candidat_courriel", "courriel", postgresql_where=text("courriel IS NOT NULL")),
        Index("ix_candidat_telephone", "telephone", postgresql_where=text("telephone IS NOT NULL")),
        Index(
            "ix_candidat_a_rapprocher",
            "id",
            postgresql_where=text("rapproche_le IS NULL OR rapproche_le < modifie_le"),
        ),
        # from the longest forgotten on
        Index("ix_candidat_a_anonymiser", "modifie_le", postgresql_where=text("anonymise_le IS NULL")),
    )


class ReferenceAbsorbee(Base):
    """What a fiche that a merge absorbed was known by: it leads to the one that stayed, for as long as that is known."""

    __tablename__ = "reference_absorbee"
    id: Mapped[int] = cle()
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"), index=True)
    absorbe_id: Mapped[int]  # no foreign key: the row is gone; the journal still says it
    reference: Mapped[str] = mapped_column(unique=True)

    candidat: Mapped[Candidat] = lien(back_populates="references_absorbees")


class NirCandidat(Base):
    """The NIR of a candidat: encrypted, found by a blind index, out of reach of every reading (C-22)."""

    __tablename__ = "nir_candidat"
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"), primary_key=True)
    cle: Mapped[str] = mapped_column(index=True)  # the name of the key it is under
    chiffre: Mapped[bytes]
    index_aveugle: Mapped[bytes] = mapped_column(unique=True)


class AccesCandidat(Base):
    """An exact search opened a candidat to a structure, for a while (C-28)."""

    __tablename__ = "acces_candidat"
    id: Mapped[int] = cle()
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id", ondelete="CASCADE"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    ouvert_le: Mapped[datetime] = mapped_column(INSTANT)
    jusqu_au: Mapped[datetime] = mapped_column(INSTANT)

    candidat: Mapped[Candidat] = lien(back_populates="acces")
    structure: Mapped[Structure] = lien()
    compte: Mapped[Compte] = lien()

    __table_args__ = (Index("ix_acces_candidat_ouvert", "candidat_id", "structure_id", "jusqu_au"),)


class RechercheCandidat(Base):
    """A search in the directory: the proof that a creation needs (R-081), and a trace (C-28)."""

    __tablename__ = "recherche_candidat"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    empreinte: Mapped[bytes]  # of what was searched, folded: the log holds no name; empty after a day
    nb_trouves: Mapped[int]
    faite_le: Mapped[datetime] = mapped_column(INSTANT)

    compte: Mapped[Compte] = lien()

    __table_args__ = (
        Index("ix_recherche_candidat_compte", "compte_id", "faite_le"),
        Index("ix_recherche_candidat_faite_le", "faite_le"),
        Index("ix_recherche_candidat_a_taire", "faite_le", postgresql_where=text("empreinte <> ''::bytea")),
    )
