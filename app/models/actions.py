"""Training actions: what is published, what waits for a control, and what they prepare for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, CheckConstraint, Computed, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, calcule, cle, copie, empreintes_de_source, lien, mot
from .certifications import Certification
from .structures import Structure

if TYPE_CHECKING:
    from .comptes import Compte
    from .dialogues import MessageAction
    from .journal import Fait
    from .sessions import SessionFormation


class EtatAction(Mot):
    """The life of an action (R-126, R-170)."""

    BROUILLON = "brouillon", "Brouillon"
    CREEE = "creee", "Créée"
    MODIFIEE = "modifiee", "Modifiée"
    EN_ATTENTE_VALIDATION = "en_attente_validation", "En attente de validation"
    EN_ATTENTE_PUBLICATION = "en_attente_publication", "En attente de publication"
    ALERTE = "alerte", "Alerte"
    PUBLIEE = "publiee", "Publiée"
    ARCHIVEE = "archivee", "Archivée"
    SUPPRIMEE = "supprimee", "Supprimée"


class Dispositif(Mot):
    """The public scheme that an action belongs to (R-123, R-076)."""

    PRF = "prf", "Programme régional de formation"
    HSP = "hsp", "Habilitation de service public"
    PIC = "pic", "Plan d'investissement dans les compétences"
    PACTE = "pacte", "Pacte régional"
    POEC = "poec", "Préparation opérationnelle à l'emploi collective"


class Financeur(Mot):
    """Who pays for a conventionnée action (R-123)."""

    REGION = "region", "Région Nouvelle-Aquitaine"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    ETAT = "etat", "État"
    OPCO = "opco", "Opérateur de compétences"


class ObjectifGeneral(Mot):
    """LHEO dict-AIS, the six of the form (R-204)."""

    CERTIFICATION = "certification", "Certification"
    PROFESSIONNALISATION = "professionnalisation", "Professionnalisation"
    PREPARATION_QUALIFICATION = "preparation_qualification", "Préparation à la qualification"
    REMISE_A_NIVEAU = (
        "remise_a_niveau",
        "Remise à niveau, maîtrise des savoirs de base, initiation",
    )
    MOBILISATION = "mobilisation", "(Re)mobilisation, aide à l'élaboration de projet professionnel"
    PERFECTIONNEMENT = "perfectionnement", "Perfectionnement, élargissement des compétences"


class TypeAction(Mot):
    """What an action is made of: the guides show the one word, of an action that is whole by itself (R-127)."""

    SIMPLE = "simple", "Simple"


class Action(Base):
    """A training action. Its columns hold the published content as soon as there is one (C-33)."""

    __tablename__ = "action"
    id: Mapped[int] = cle()
    reference: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str | None]
    numero_source: Mapped[str | None]
    empreintes: Mapped[dict[str, str]] = empreintes_de_source()
    responsable_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    etat: Mapped[EtatAction] = mapped_column(mot(EtatAction), default=EtatAction.BROUILLON)
    est_conventionnee: Mapped[bool] = mapped_column(default=False)
    dispositif: Mapped[Dispositif | None] = mapped_column(mot(Dispositif))
    financeur: Mapped[Financeur | None] = mapped_column(mot(Financeur))
    numero_marche: Mapped[str | None] = mapped_column(index=True)
    mesure: Mapped[str | None]
    est_hsp: Mapped[bool] = calcule("coalesce(dispositif = 'hsp', false)")
    est_financee_region: Mapped[bool] = calcule("coalesce(financeur = 'region', false)")

    intitule: Mapped[str]
    objectif: Mapped[str | None]
    programme: Mapped[str | None]
    le_plus: Mapped[str | None]
    objectif_general: Mapped[ObjectifGeneral | None] = mapped_column(mot(ObjectifGeneral))
    validations: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    resultats_attendus: Mapped[str | None]
    conditions_acces: Mapped[str | None]
    prerequis: Mapped[str | None]
    lien_web: Mapped[str | None]
    contact_nom: Mapped[str | None]
    contact_telephone: Mapped[str | None]
    contact_courriel: Mapped[str | None]
    formacodes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")

    demande_complement: Mapped[str | None]
    etat_avant_alerte: Mapped[str | None]
    est_sans_reponse: Mapped[bool] = mapped_column(default=False, server_default="false")
    premiere_publication_le: Mapped[datetime | None] = mapped_column(INSTANT)
    publiee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    est_en_ligne: Mapped[bool] = calcule(
        "premiere_publication_le IS NOT NULL AND etat NOT IN ('archivee', 'supprimee')"
    )
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifiee_le: Mapped[datetime] = mapped_column(INSTANT)
    mots_cherches: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(mots_litteraux(intitule), 'A') || setweight(mots_litteraux(coalesce(objectif, '')), 'B')"
            " || setweight(mots_litteraux(coalesce(programme, '')), 'C')",
            persisted=True,
        ),
    )
    libelles: Mapped[str] = mapped_column(default="", server_default="")  # a copy, kept by triggers
    mots_elargis: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(mots_proches(intitule), 'A') || setweight(mots_proches(libelles), 'B')"
            " || setweight(mots_proches(coalesce(objectif, '')), 'C')"
            " || setweight(mots_proches(coalesce(programme, '')), 'D')",
            persisted=True,
        ),
    )

    responsable: Mapped[Structure] = lien()
    sessions: Mapped[list[SessionFormation]] = lien(back_populates="action")
    certifications: Mapped[list[ActionCertification]] = lien(back_populates="action")
    modification: Mapped[ActionModification | None] = lien(back_populates="action")
    messages: Mapped[list[MessageAction]] = lien(back_populates="action")
    faits: Mapped[list[Fait]] = lien(
        primaryjoin="foreign(Fait.action_id) == Action.id", back_populates="action", viewonly=True
    )

    __table_args__ = (
        CheckConstraint("reference ~ '^20[0-9]{9,10}$'", name="reference"),
        CheckConstraint(
            "NOT est_conventionnee OR (dispositif IS NOT NULL AND financeur IS NOT NULL)",
            name="conventionnee",
        ),
        CheckConstraint("dispositif IS DISTINCT FROM 'poec' OR intitule LIKE '[POEC]%'", name="poec"),
        UniqueConstraint("source", "numero_source"),
        Index("ix_action_mots_cherches", "mots_cherches", postgresql_using="gin"),
        Index("ix_action_mots_elargis", "mots_elargis", postgresql_using="gin"),
        Index("ix_action_marche_plie", text("plier(numero_marche)")),
        Index("ix_action_intitule_id", "intitule", "id"),
        Index("ix_action_modifiee_le_id", "modifiee_le", "id"),
        Index("ix_action_dispositif", "dispositif", postgresql_where=text("dispositif IS NOT NULL")),
    )


class ActionCertification(Base):
    """A certification that an action prepares; five at most (R-209, C-21)."""

    __tablename__ = "action_certification"
    id: Mapped[int] = cle()
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    rang: Mapped[int]

    action: Mapped[Action] = lien(back_populates="certifications")
    certification: Mapped[Certification] = lien()

    __table_args__ = (
        UniqueConstraint("action_id", "certification_id"),
        UniqueConstraint("action_id", "rang"),
        CheckConstraint("rang BETWEEN 1 AND 5", name="rang"),
    )


class ActionModification(Base):
    """What is changed and not confirmed, or waits for a control, apart from what is published (C-33)."""

    __tablename__ = "action_modification"
    id: Mapped[int] = cle()
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"), unique=True)
    responsable_id: Mapped[int] = copie("action.responsable_id", ForeignKey("structure.id"))
    contenu: Mapped[dict[str, Any]] = mapped_column(JSONB)
    auteur_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    confirmee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifiee_le: Mapped[datetime] = mapped_column(INSTANT)

    action: Mapped[Action] = lien(back_populates="modification")
    auteur: Mapped[Compte | None] = lien()
