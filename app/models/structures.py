"""Structures, and the requests to change them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, cle, datee, empreintes_de_source, lien, mot

if TYPE_CHECKING:
    from .comptes import Affiliation, Compte


class EtatStructure(Mot):
    """The life of a structure (R-005)."""

    A_VALIDER = "a_valider", "À valider"
    VALIDEE = "validee", "Validée"
    REFUSEE = "refusee", "Refusée"


class EtatDemande(Mot):
    """The life of a request that a gestionnaire decides."""

    EN_ATTENTE = "en_attente", "En attente"
    APPLIQUEE = "appliquee", "Appliquée"
    REFUSEE = "refusee", "Refusée"


class Structure(Base):
    """An organisation; of several kinds at once where it is."""

    __tablename__ = "structure"
    id: Mapped[int] = cle()
    raison_sociale: Mapped[str]
    sigle: Mapped[str | None]
    siret: Mapped[str | None] = mapped_column(unique=True)
    siren: Mapped[str | None] = mapped_column(Computed("substr(siret, 1, 9)", persisted=True), index=True)
    numero_activite: Mapped[str | None]
    voie: Mapped[str | None]
    code_postal: Mapped[str | None]
    ville: Mapped[str | None]
    departement: Mapped[str | None]
    telephone: Mapped[str | None]
    courriel: Mapped[str | None]
    est_organisme_formation: Mapped[bool] = mapped_column(default=False)
    est_habilitee_prescrire: Mapped[bool] = mapped_column(default=False)
    est_cap_metiers: Mapped[bool] = mapped_column(default=False)
    est_qualiopi_apprentissage: Mapped[bool] = mapped_column(default=False)
    etat: Mapped[EtatStructure] = mapped_column(mot(EtatStructure), default=EtatStructure.VALIDEE)
    declaree_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id", use_alter=True))
    a_un_referent: Mapped[bool] = mapped_column(default=False, server_default="false")  # kept by a trigger
    source: Mapped[str | None]
    numero_source: Mapped[str | None]
    empreintes: Mapped[dict[str, str]] = empreintes_de_source()
    texte_recherche: Mapped[str] = mapped_column(
        Computed(
            "plier(raison_sociale || ' ' || coalesce(sigle, '') || ' ' || coalesce(siret, ''))",
            persisted=True,
        )
    )
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifiee_le: Mapped[datetime | None] = datee()

    declaree_par: Mapped[Compte | None] = lien(foreign_keys=[declaree_par_id])
    affiliations: Mapped[list[Affiliation]] = lien(back_populates="structure")

    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", name="siret"),
        UniqueConstraint("source", "numero_source"),
        Index("ix_structure_raison_sociale_id", "raison_sociale", "id"),
    )


class DemandeModification(Base):
    """What a référent asks to change of its structure (R-031)."""

    __tablename__ = "demande_modification"
    id: Mapped[int] = cle()
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    auteur_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    contenu: Mapped[dict[str, Any]] = mapped_column(JSONB)
    valeurs_avant: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB
    )  # what the fiche said when it was applied
    motif: Mapped[str | None]
    motif_refus: Mapped[str | None]
    etat: Mapped[EtatDemande] = mapped_column(mot(EtatDemande), default=EtatDemande.EN_ATTENTE)
    decidee_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    decidee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    structure: Mapped[Structure] = lien()
    auteur: Mapped[Compte] = lien(foreign_keys=[auteur_id])

    __table_args__ = (Index("ix_demande_modification_cree_le_id", "cree_le", "id"),)
