"""Candidatures, from draft to avis."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, cle, copie, lien, mot
from .candidats import Candidat
from .comptes import Compte
from .sessions import PointEntree, SessionFormation
from .structures import Structure

if TYPE_CHECKING:
    from .journal import Echange, Fait


class EtatCandidature(Mot):
    """The life of a candidature."""

    BROUILLON = "brouillon", "Brouillon"
    EN_ATTENTE_VALIDATION = "en_attente_validation", "En attente de validation"
    EN_ATTENTE_AVIS = "en_attente_avis", "Validée, en attente d'avis de recrutement"
    RETENUE = "retenue", "Retenue"
    NON_RETENUE = "non_retenue", "Non retenue"
    AVIS_NON_TRANSMIS = "avis_non_transmis", "Avis non transmis"
    REFUS_SESSION_COMPLETE = "refus_session_complete", "Refus : session complète"
    REFUS_SESSION_ANNULEE = "refus_session_annulee", "Refus : session annulée par le financeur"
    ANNULEE = "annulee", "Annulée"
    REJETEE = "rejetee", "Rejetée"
    EXPIREE = "expiree", "Expirée"
    CORBEILLE = "corbeille", "Corbeille"


class OrigineCandidature(Mot):
    """Where a candidature comes from (C-32)."""

    RAFAELPRO = "rafaelpro", "RafaelPro"
    FRANCE_TRAVAIL = "france_travail", "Outils de France Travail"
    CMAFORMATION = "cmaformation", "Candidature libre sur CMaFormation"


class ResultatConvocation(Mot):
    """What came of a convocation (R-156)."""

    PREVUE = "prevue", "Prévue"
    PRESENCE = "presence", "Présence"
    ABSENCE_JUSTIFIEE = "absence_justifiee", "Absence justifiée"
    ABSENCE_NON_JUSTIFIEE = "absence_non_justifiee", "Absence non justifiée"


class TypeConvocation(Mot):
    """What a convocation is to (R-156)."""

    INFORMATION_COLLECTIVE = "information_collective", "Information collective"
    ENTRETIEN = "entretien", "Entretien"


class MotifNonRetenu(Mot):
    """Why a candidat is not retained (R-158 to R-160)."""

    ABSENCE = "absence", "Absence aux convocations"
    PREREQUIS = "prerequis", "Prérequis insuffisants"
    PROJET = "projet", "Projet professionnel à préciser"
    MOTIVATION = "motivation", "Motivation insuffisante"
    DISPONIBILITE = "disponibilite", "Indisponibilité"
    EFFECTIF = "effectif", "Effectif atteint, candidat sur liste complémentaire"
    AUTRE = "autre", "Autre motif"


BLOQUANTS = "('en_attente_validation', 'en_attente_avis', 'retenue', 'non_retenue')"  # C-18


class Candidature(Base):
    """Somebody is proposed for a session."""

    __tablename__ = "candidature"
    id: Mapped[int] = cle()
    reference: Mapped[str] = mapped_column(unique=True)
    etat: Mapped[EtatCandidature] = mapped_column(mot(EtatCandidature), default=EtatCandidature.BROUILLON)
    origine: Mapped[OrigineCandidature] = mapped_column(
        mot(OrigineCandidature), default=OrigineCandidature.RAFAELPRO
    )
    reference_partenaire: Mapped[str | None]  # the number of whoever brought it (C-32)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    point_entree_id: Mapped[int | None] = mapped_column(ForeignKey("point_entree.id"), index=True)
    candidat_id: Mapped[int] = mapped_column(ForeignKey("candidat.id"), index=True)

    structure_prescriptrice_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id"))
    auteur_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    auteur_est_n3: Mapped[bool] = mapped_column(
        default=False, server_default="false"
    )  # today; kept by triggers (C-17)
    soumise_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    validee_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    responsable_id: Mapped[int] = copie("session.responsable_id", ForeignKey("structure.id"))
    positionneur_id: Mapped[int | None] = copie("session.positionneur_id", ForeignKey("structure.id"))
    formateur_id: Mapped[int | None] = copie("session.formateur_id", ForeignKey("structure.id"))
    est_financee_region: Mapped[bool] = copie("session.est_financee_region")
    est_hsp: Mapped[bool] = copie("session.est_hsp")

    est_inscrit_france_travail: Mapped[bool] = mapped_column(default=False)
    niveau_formation: Mapped[str | None]
    situation: Mapped[str | None]
    parcours_anterieur: Mapped[str | None]
    raisons: Mapped[str | None]
    suites_parcours: Mapped[str | None]
    envoyer_recapitulatif: Mapped[bool] = mapped_column(default=False)

    # What another structure may know of it, frozen at each act (C-23, C-27)
    intitule: Mapped[str]
    session_date_debut: Mapped[date]
    session_date_fin: Mapped[date]
    organisme_formation: Mapped[str]
    organisme_prescripteur: Mapped[str | None]

    motif_fin: Mapped[str | None]
    est_a_annoncer: Mapped[bool] = mapped_column(
        default=False, server_default="false"
    )  # to its author, who was not told yet
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    modifiee_le: Mapped[datetime] = mapped_column(INSTANT)
    soumise_le: Mapped[datetime | None] = mapped_column(INSTANT)
    valider_avant_le: Mapped[datetime | None] = mapped_column(INSTANT)
    validee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    close_le: Mapped[datetime | None] = mapped_column(INSTANT)

    session: Mapped[SessionFormation] = lien(back_populates="candidatures")
    point_entree: Mapped[PointEntree | None] = lien()
    candidat: Mapped[Candidat] = lien(back_populates="candidatures")
    structure_prescriptrice: Mapped[Structure | None] = lien(foreign_keys=[structure_prescriptrice_id])
    auteur: Mapped[Compte | None] = lien(foreign_keys=[auteur_id], back_populates="candidatures_ecrites")
    convocations: Mapped[list[Convocation]] = lien(back_populates="candidature")
    avis: Mapped[Avis | None] = lien(back_populates="candidature")
    faits: Mapped[list[Fait]] = lien(
        primaryjoin="foreign(Fait.candidature_id) == Candidature.id",
        back_populates="candidature",
        viewonly=True,
    )
    echanges: Mapped[list[Echange]] = lien(back_populates="candidature", viewonly=True)

    __table_args__ = (
        CheckConstraint("reference ~ '^C20[0-9]{8,10}$'", name="reference"),
        Index(
            "uq_candidature_reference_partenaire",
            "origine",
            "reference_partenaire",
            unique=True,
            postgresql_where=text("reference_partenaire IS NOT NULL"),
        ),
        Index(
            "uq_candidature_session_candidat",
            "candidat_id",
            "session_id",
            unique=True,
            postgresql_where=text(f"etat IN {BLOQUANTS}"),
        ),
        Index("ix_candidature_auteur", "auteur_id", "modifiee_le"),
        Index("ix_candidature_structure", "structure_prescriptrice_id", "modifiee_le"),
        Index("ix_candidature_responsable", "responsable_id", "modifiee_le", "id", "etat"),
        Index("ix_candidature_positionneur", "positionneur_id", "modifiee_le", "id", "etat"),
        Index("ix_candidature_formateur", "formateur_id", "modifiee_le", "id", "etat"),
        Index("ix_candidature_modifiee_le_id", "modifiee_le", "id"),
        Index("ix_candidature_cree_le_id", "cree_le", "id"),
        Index("ix_candidature_session_date_debut_id", "session_date_debut", "id"),
        Index("ix_candidature_valider_avant", text("coalesce(valider_avant_le, cree_le)"), "id"),
        Index(
            "ix_candidature_date_validation",
            text("((timezone('Europe/Paris'::text, validee_le))::date)"),
            postgresql_where=text("validee_le IS NOT NULL"),
        ),
        Index("ix_candidature_est_a_annoncer", "id", postgresql_where=text("est_a_annoncer")),
        # what jobs look for four times an hour: few rows among all
        *(
            Index(f"ix_candidature_{nom}", quand, postgresql_where=text(f"etat = '{etat}'"))
            for nom, quand, etat in (
                ("a_valider", "valider_avant_le", EtatCandidature.EN_ATTENTE_VALIDATION),
                ("brouillons", "modifiee_le", EtatCandidature.BROUILLON),
                ("corbeille", "modifiee_le", EtatCandidature.CORBEILLE),
                ("sans_avis", "session_date_fin", EtatCandidature.EN_ATTENTE_AVIS),
            )
        ),
    )


class CandidatureResumee(Base):
    """What others may know of a candidature: a resource of its own, on the same rows (C-27)."""

    __table__ = Candidature.__table__
    __mapper_args__ = {
        "include_properties": [
            "id",
            "etat",
            "candidat_id",
            "intitule",
            "session_date_debut",
            "session_date_fin",
            "organisme_formation",
            "organisme_prescripteur",
            "modifiee_le",
        ]
    }
    candidat: Mapped[Candidat] = lien(back_populates="historique", viewonly=True)

    if TYPE_CHECKING:
        id: Mapped[int]
        etat: Mapped[EtatCandidature]
        candidat_id: Mapped[int]
        intitule: Mapped[str]
        session_date_debut: Mapped[date]
        session_date_fin: Mapped[date]
        organisme_formation: Mapped[str]
        organisme_prescripteur: Mapped[str | None]
        modifiee_le: Mapped[datetime]


class Convocation(Base):
    """A date on which a candidat is, or was, received; three at most (R-156, R-157)."""

    __tablename__ = "convocation"
    id: Mapped[int] = cle()
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    numero: Mapped[int]
    type_convocation: Mapped[TypeConvocation] = mapped_column(
        mot(TypeConvocation), default=TypeConvocation.ENTRETIEN
    )
    date_rendez_vous: Mapped[date]
    resultat: Mapped[ResultatConvocation] = mapped_column(
        mot(ResultatConvocation), default=ResultatConvocation.PREVUE
    )
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    candidature: Mapped[Candidature] = lien(back_populates="convocations")

    __table_args__ = (
        UniqueConstraint("candidature_id", "numero"),
        CheckConstraint("numero BETWEEN 1 AND 3", name="numero"),
    )


class Avis(Base):
    """What the training organisation decided of a candidature (R-155 to R-165)."""

    __tablename__ = "avis"
    id: Mapped[int] = cle()
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"), unique=True)
    est_retenu: Mapped[bool]
    motif: Mapped[MotifNonRetenu | None] = mapped_column(mot(MotifNonRetenu))
    raison: Mapped[str | None]
    commentaire: Mapped[str | None]
    date_entree_prevue: Mapped[date | None]
    date_sortie_prevue: Mapped[date | None]
    intensite_hebdomadaire: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    est_automatique: Mapped[bool] = mapped_column(default=False)
    rendu_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))
    rendu_le: Mapped[datetime] = mapped_column(INSTANT)

    candidature: Mapped[Candidature] = lien(back_populates="avis")
    rendu_par: Mapped[Compte | None] = lien()

    __table_args__ = (
        CheckConstraint("char_length(commentaire) <= 250", name="commentaire"),
        CheckConstraint("date_entree_prevue <= date_sortie_prevue", name="dates"),
        CheckConstraint(
            "NOT est_retenu OR (date_entree_prevue IS NOT NULL AND date_sortie_prevue IS NOT NULL"
            " AND intensite_hebdomadaire IS NOT NULL)",
            name="retenu",
        ),
        CheckConstraint("est_retenu OR motif IS NOT NULL", name="non_retenu"),
    )
