"""Sessions: an action held at given dates and place, and how candidatures come to it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .actions import Action
from .base import HEURES, INSTANT, Base, Mot, calcule, cle, copie, empreintes_de_source, lien, mot
from .certifications import Certification, Commune
from .structures import Structure

if TYPE_CHECKING:
    from .candidatures import Candidature
    from .journal import Fait


class EtatSession(Mot):
    """The stored life of a session."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    SUPPRESSION_DEMANDEE = "suppression_demandee", "Suppression demandée"
    ANNULEE = "annulee", "Annulée par le financeur"
    SUPPRIMEE = "supprimee", "Supprimée"


class TypeEntree(Mot):
    """How people enter and leave (R-238)."""

    DATE_FIXE = "date_fixe", "Entrée / sortie à date fixe"
    PERMANENTES = "permanentes", "Entrées / sorties permanentes"
    SEQUENCEES = "sequencees", "Entrées / sorties séquencées"


class VoieAcces(Mot):
    """The access route: exactly one a session (R-225)."""

    FORMATION_CONTINUE = "formation_continue", "Formation continue hors alternance"
    PROFESSIONNALISATION = "professionnalisation", "Contrat de professionnalisation"
    APPRENTISSAGE = "apprentissage", "Contrat d'apprentissage"


class Modalite(Mot):
    """The teaching modality (R-236)."""

    PRESENTIEL = "presentiel", "En présentiel"
    MIXTE = "mixte", "Mixte"
    DISTANCE = "distance", "À distance"


class ModaliteRecrutement(Mot):
    """How one is admitted: LHEO dict-modalite-recrutement (R-242)."""

    SIMULATION = "simulation", "Méthode de recrutement par simulation"
    CONCOURS = "concours", "Concours"
    DOSSIER = "dossier", "Dossier"
    TESTS_PRATIQUES = "tests_pratiques", "Tests pratiques"
    ECRIT = "ecrit", "Épreuve écrite"
    ORAL = "oral", "Épreuve orale"
    CANDIDATURE = "candidature", "Candidature"
    ENTRETIEN = "entretien", "Entretien ou rendez-vous individuel"
    INFORMATION_COLLECTIVE = "information_collective", "Information collective"


class ModeCandidature(Mot):
    """Who may bring candidatures to a conventionnée session (R-125)."""

    FERMEE = "fermee", "Fermée à la candidature"
    PRESCRIPTION = "prescription", "Sur prescription"
    PRESCRIPTION_LIBRE = "prescription_libre", "Sur prescription ou candidature libre"


class ValidationBlocs(Mot):
    """How much of a certification a session validates (R-231)."""

    TOTALE = "totale", "Totale"
    PARTIELLE = "partielle", "Partielle"
    MIXTE = "mixte", "Mixte"


_RECRUTEMENTS = ", ".join(f"'{mot_dit}'" for mot_dit in ModaliteRecrutement)
_PLACES = "floor(capacite_accueil * coefficient)::integer"  # C-30: rounded down


class SessionFormation(Base):
    """An action held at given dates; its number is the numéro Carif (R-180)."""

    __tablename__ = "session"
    id: Mapped[int] = cle()
    numero_carif: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str | None]
    numero_source: Mapped[str | None]
    empreintes: Mapped[dict[str, str]] = empreintes_de_source()
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    etat: Mapped[EtatSession] = mapped_column(mot(EtatSession), default=EtatSession.BROUILLON)

    responsable_id: Mapped[int] = copie("action.responsable_id", ForeignKey("structure.id"), index=True)
    formateur_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"), index=True)
    positionneur_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"), index=True)
    est_conventionnee: Mapped[bool] = copie("action.est_conventionnee")
    est_hsp: Mapped[bool] = copie("action.est_hsp")
    est_financee_region: Mapped[bool] = copie("action.est_financee_region")
    action_en_ligne: Mapped[bool] = copie("action.est_en_ligne")

    date_debut: Mapped[date]
    date_fin: Mapped[date]
    date_debut_initiale: Mapped[date]
    type_entree: Mapped[TypeEntree] = mapped_column(mot(TypeEntree), default=TypeEntree.DATE_FIXE)
    voie_acces: Mapped[VoieAcces] = mapped_column(mot(VoieAcces), default=VoieAcces.FORMATION_CONTINUE)
    annees_apprentissage: Mapped[str | None]
    modalite: Mapped[Modalite] = mapped_column(mot(Modalite), default=Modalite.PRESENTIEL)
    heures_centre: Mapped[Decimal | None] = mapped_column(HEURES)
    heures_entreprise: Mapped[Decimal | None] = mapped_column(HEURES)
    heures_total: Mapped[Decimal | None] = mapped_column(
        HEURES, Computed("coalesce(heures_centre, 0) + coalesce(heures_entreprise, 0)", persisted=True)
    )
    lieu_nom: Mapped[str | None]
    lieu_voie: Mapped[str | None]
    lieu_code_postal: Mapped[str | None] = mapped_column(index=True)
    lieu_ville: Mapped[str | None]
    lieu_code_insee: Mapped[str | None]
    lieu_departement: Mapped[str | None] = mapped_column(index=True)
    contact_nom: Mapped[str | None]
    contact_telephone: Mapped[str | None]
    contact_courriel: Mapped[str | None]
    referent_handicap: Mapped[str | None]
    commentaire: Mapped[str | None]
    modalites_recrutement: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")

    mode_candidature: Mapped[ModeCandidature] = mapped_column(
        mot(ModeCandidature), default=ModeCandidature.FERMEE
    )
    date_limite_inscription: Mapped[date | None]
    date_entree_tardive: Mapped[date | None]
    inscriptions_jusqu_au: Mapped[date] = mapped_column(
        Date, Computed("coalesce(date_limite_inscription, date_fin)", persisted=True), nullable=False
    )
    annulable_jusqu_au: Mapped[date] = mapped_column(
        Date, Computed("coalesce(date_entree_tardive, date_fin)", persisted=True), nullable=False
    )
    capacite_accueil: Mapped[int | None]
    coefficient: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    ratio_suite_parcours: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    places_possibles: Mapped[int | None] = mapped_column(Integer, Computed(_PLACES, persisted=True))
    places_prises: Mapped[int] = mapped_column(
        default=0, server_default=text("0")
    )  # kept by a trigger (C-30)
    est_complete: Mapped[bool] = calcule(f"coalesce(places_prises >= {_PLACES}, false)")

    motif_annulation: Mapped[str | None]
    motif_suppression: Mapped[str | None]
    publiee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifiee_le: Mapped[datetime] = mapped_column(INSTANT)

    action: Mapped[Action] = lien(back_populates="sessions")
    responsable: Mapped[Structure] = lien(foreign_keys=[responsable_id])
    formateur: Mapped[Structure | None] = lien(foreign_keys=[formateur_id])
    positionneur: Mapped[Structure | None] = lien(foreign_keys=[positionneur_id])
    # no foreign key: an import may name a town that the reference data does not have
    commune: Mapped[Commune | None] = lien(
        primaryjoin="foreign(SessionFormation.lieu_code_insee) == Commune.code_insee", viewonly=True
    )
    points_entree: Mapped[list[PointEntree]] = lien(back_populates="session")
    reunions: Mapped[list[Reunion]] = lien(back_populates="session")
    certifications: Mapped[list[SessionCertification]] = lien(back_populates="session")
    candidatures: Mapped[list[Candidature]] = lien(back_populates="session")
    faits: Mapped[list[Fait]] = lien(
        primaryjoin="foreign(Fait.session_id) == SessionFormation.id", back_populates="session", viewonly=True
    )

    __table_args__ = (
        CheckConstraint("numero_carif ~ '^00[0-9]{6}$'", name="numero_carif"),
        CheckConstraint("date_debut <= date_fin", name="dates"),
        CheckConstraint("date_entree_tardive <= date_fin", name="entree_tardive"),
        CheckConstraint("date_limite_inscription <= date_entree_tardive", name="limite_inscription"),
        CheckConstraint("capacite_accueil > 0", name="capacite"),
        CheckConstraint("coefficient >= 1", name="coefficient"),
        CheckConstraint("places_prises >= 0", name="places_prises"),
        CheckConstraint("char_length(commentaire) <= 600", name="commentaire"),
        CheckConstraint(f"modalites_recrutement <@ ARRAY[{_RECRUTEMENTS}]", name="modalites_recrutement"),
        UniqueConstraint("source", "numero_source"),
        Index("ix_session_date_debut_id", "date_debut", "id"),
        Index("ix_session_date_fin", "date_fin"),
        Index("ix_session_ville_pliee", text("plier(lieu_ville)")),
    )


class PointEntree(Base):
    """A date on which people may enter a HSP session; it has places of its own (R-071)."""

    __tablename__ = "point_entree"
    id: Mapped[int] = cle()
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    date_entree: Mapped[date]
    date_precedente: Mapped[date | None]  # kept by a trigger: a point is the next one between the two
    places_possibles: Mapped[int | None] = copie("session.places_possibles")
    places_prises: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # kept by a trigger
    est_complet: Mapped[bool] = calcule("coalesce(places_prises >= places_possibles, false)")

    session: Mapped[SessionFormation] = lien(back_populates="points_entree")

    __table_args__ = (
        UniqueConstraint("session_id", "date_entree"),
        CheckConstraint("places_prises >= 0", name="places_prises"),
    )


class Reunion(Base):
    """An information meeting of a session (R-242)."""

    __tablename__ = "reunion"
    id: Mapped[int] = cle()
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    debut_le: Mapped[datetime] = mapped_column(INSTANT)
    lieu: Mapped[str | None]

    session: Mapped[SessionFormation] = lien(back_populates="reunions")


class SessionCertification(Base):
    """What a session validates of a certification of its action (R-229 to R-235)."""

    __tablename__ = "session_certification"
    id: Mapped[int] = cle()
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    validation: Mapped[ValidationBlocs] = mapped_column(mot(ValidationBlocs), default=ValidationBlocs.TOTALE)
    blocs: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")

    session: Mapped[SessionFormation] = lien(back_populates="certifications")
    certification: Mapped[Certification] = lien()

    __table_args__ = (UniqueConstraint("session_id", "certification_id"),)
