"""The journal: what happened, by whom, under which profile; and what left for the partners."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .actions import Action
from .base import INSTANT, Base, Mot, cle, lien, mot
from .candidatures import Candidature
from .comptes import Compte, Droit
from .sessions import SessionFormation
from .structures import Structure

if TYPE_CHECKING:
    from .candidats import Candidat


RAPPELS = (
    "ValidationRappelee",
    "BrouillonRappele",
    "AvisRappele",
)  # facts that jobs ask whether they are told


class Fait(Base):
    """Something that happened; the past tense, never changed. Identifiers only, no personal data."""

    __tablename__ = "fait"
    id: Mapped[int] = cle()
    survenu_le: Mapped[datetime] = mapped_column(INSTANT)
    nom: Mapped[str]
    compte_id: Mapped[int | None]
    pour_compte_id: Mapped[int | None]
    profil: Mapped[str]
    structure_id: Mapped[int | None]
    action_id: Mapped[int | None]
    session_id: Mapped[int | None]
    candidat_id: Mapped[int | None]
    candidature_id: Mapped[int | None]
    structure_concernee_id: Mapped[int | None]
    compte_concerne_id: Mapped[int | None]
    donnees: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    # no foreign key: the journal outlives what it speaks of (R-093, C-11)
    compte: Mapped[Compte | None] = lien(primaryjoin="foreign(Fait.compte_id) == Compte.id", viewonly=True)
    pour_compte: Mapped[Compte | None] = lien(
        primaryjoin="foreign(Fait.pour_compte_id) == Compte.id", viewonly=True
    )
    structure: Mapped[Structure | None] = lien(
        primaryjoin="foreign(Fait.structure_id) == Structure.id", viewonly=True
    )
    structure_concernee: Mapped[Structure | None] = lien(
        primaryjoin="foreign(Fait.structure_concernee_id) == Structure.id", viewonly=True
    )
    compte_concerne: Mapped[Compte | None] = lien(
        primaryjoin="foreign(Fait.compte_concerne_id) == Compte.id", viewonly=True
    )
    action: Mapped[Action | None] = lien(
        primaryjoin="foreign(Fait.action_id) == Action.id", back_populates="faits", viewonly=True
    )
    session: Mapped[SessionFormation | None] = lien(
        primaryjoin="foreign(Fait.session_id) == SessionFormation.id", back_populates="faits", viewonly=True
    )
    candidat: Mapped[Candidat | None] = lien(
        primaryjoin="foreign(Fait.candidat_id) == Candidat.id", viewonly=True
    )
    candidature: Mapped[Candidature | None] = lien(
        primaryjoin="foreign(Fait.candidature_id) == Candidature.id", back_populates="faits", viewonly=True
    )

    __table_args__ = (
        Index("ix_fait_candidature", "candidature_id", "id"),
        Index("ix_fait_candidat", "candidat_id", "id", postgresql_where=text("candidat_id IS NOT NULL")),
        Index("ix_fait_action", "action_id", "id"),
        Index("ix_fait_session", "session_id", "id"),
        Index("ix_fait_structure_concernee", "structure_concernee_id", "id"),
        Index("ix_fait_survenu_le_id", "survenu_le", "id"),
        Index("ix_fait_rappels", "candidature_id", "survenu_le", postgresql_where=text(f"nom IN {RAPPELS}")),
    )


class Correspondant(Mot):
    """Who candidatures are told to (R-118 to R-122)."""

    AGORA = "agora", "HUB Agora, par les outils de la Région"
    FRANCE_TRAVAIL = "france_travail", "France Travail"


class SensEchange(Mot):
    """Which way a message goes."""

    SORTANT = "sortant", "Vers le partenaire"
    ENTRANT = "entrant", "Du partenaire"


class TypeEchange(Mot):
    """What a message says of a candidature."""

    VALIDEE = "validee", "La candidature attend un avis"
    REPORTEE = "reportee", "Elle est reportée à un autre point d'entrée"
    AVIS = "avis", "L'avis est rendu, ou corrigé"
    CLOSE = "close", "Elle est close sans avis"
    REPONSE = "reponse", "Réponse du partenaire"


class EtatEchange(Mot):
    """The life of a message to or from a partner."""

    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "Refusé par le partenaire"
    EN_ERREUR = "en_erreur", "En erreur"


class Echange(Base):
    """A message to or from a partner about a candidature (R-112 to R-122). Codes and keys, no personal data."""

    __tablename__ = "echange"
    id: Mapped[int] = cle()
    partenaire: Mapped[Correspondant] = mapped_column(mot(Correspondant))
    sens: Mapped[SensEchange] = mapped_column(mot(SensEchange), default=SensEchange.SORTANT)
    type_echange: Mapped[TypeEchange] = mapped_column(mot(TypeEchange))
    cle: Mapped[str] = mapped_column(unique=True)  # the same each time it is sent: nobody counts it twice
    fait_id: Mapped[int | None]  # what it tells; no foreign key, as for all that looks at the journal
    candidature_id: Mapped[int | None] = mapped_column(ForeignKey("candidature.id"), index=True)
    etat: Mapped[EtatEchange] = mapped_column(mot(EtatEchange), default=EtatEchange.A_ENVOYER)
    nb_tentatives: Mapped[int] = mapped_column(default=0)
    resultat: Mapped[str | None]  # a code: of HTTP, of the network, of the answer
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    derniere_tentative_le: Mapped[datetime | None] = mapped_column(INSTANT)

    candidature: Mapped[Candidature | None] = lien(back_populates="echanges")

    __table_args__ = (Index("ix_echange_cree_le_id", "cree_le", "id"),)


class FrequenceAlerte(Mot):
    """How often an account is written to about what is new in a saved search."""

    JAMAIS = "jamais", "Jamais"
    QUOTIDIENNE = "quotidienne", "Chaque jour"
    HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"


class RechercheEnregistree(Base):
    """A search that an account wants to find again; what it tells is what a profile of that account reads."""

    __tablename__ = "recherche_enregistree"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"), index=True)
    droit: Mapped[Droit | None] = mapped_column(mot(Droit))
    nom: Mapped[str]
    criteres: Mapped[dict[str, Any]] = mapped_column(JSONB)
    frequence: Mapped[FrequenceAlerte] = mapped_column(
        mot(FrequenceAlerte), default=FrequenceAlerte.JAMAIS, server_default="jamais"
    )
    alertee_le: Mapped[datetime | None] = mapped_column(INSTANT)  # what was published before it was told
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    compte: Mapped[Compte] = lien()
    structure: Mapped[Structure | None] = lien()

    __table_args__ = (
        CheckConstraint("frequence = 'jamais' OR alertee_le IS NOT NULL", name="alertee_le"),
        CheckConstraint("(droit IS NULL) = (structure_id IS NULL)", name="profil"),
        Index(
            "ix_recherche_enregistree_alertee_le",
            "alertee_le",
            postgresql_where=text("frequence <> 'jamais'"),
        ),
    )


class VersionPolitique(Base):
    """A version of the policy that came to service, whole; never changed. The same one may come back."""

    __tablename__ = "version_politique"
    id: Mapped[int] = cle()
    sha256: Mapped[str]  # of all its sources
    mise_en_service_le: Mapped[datetime] = mapped_column(INSTANT)
    precedente_id: Mapped[int | None]  # what served before: two machines that start together write it once
    contenu: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")  # its files
    matrice: Mapped[str | None]  # who may what, in words

    __table_args__ = (
        UniqueConstraint("precedente_id", postgresql_nulls_not_distinct=True),
        Index("ix_version_politique_mise_en_service_le_id", "mise_en_service_le", "id"),
    )
