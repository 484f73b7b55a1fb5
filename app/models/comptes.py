"""Accounts, what ties them to structures, and the tokens by which they ask."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import INSTANT, Base, Mot, cle, copie, lien, mot
from .structures import Structure

if TYPE_CHECKING:
    from .candidatures import Candidature


class EtatCompte(Mot):
    """The life of an account."""

    A_CONFIRMER = "a_confirmer", "À confirmer"
    ACTIF = "actif", "Actif"


class NatureCompte(Mot):
    """Who stands behind an account."""

    PERSONNE = "personne", "Personne"
    MACHINE = "machine", "Programme d'un partenaire"


class EtatAffiliation(Mot):
    """The life of an affiliation (R-010, R-023, R-027)."""

    EN_ATTENTE = "en_attente", "En attente"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
    DETACHEE = "detachee", "Détachée"


class Droit(Mot):
    """What an affiliation may be granted (R-032 to R-045)."""

    BENEFICIAIRE = "beneficiaire", "Bénéficiaire"
    PRESCRIPTEUR_N1 = "prescripteur_n1", "Prescripteur niveau 1"
    PRESCRIPTEUR_N2 = "prescripteur_n2", "Prescripteur niveau 2"
    PRESCRIPTEUR_N3 = "prescripteur_n3", "Prescripteur niveau 3"
    OF_CATALOGUE = "of_catalogue", "Gestionnaire OF catalogue formation"
    OF_PREINSCRIPTION = "of_preinscription", "Gestionnaire OF préinscription"
    OF_GENERAL = "of_general", "Gestionnaire OF général"
    EMPLOYEUR = "employeur", "Employeur"
    PRESTATAIRE = "prestataire", "Prestataire"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire Cap Métiers"
    AUDITEUR = "auditeur", "Auditeur"


class EnvoiAvis(Mot):
    """How a prescripteur is told what became of its candidatures."""

    IMMEDIAT = "immediat", "Un courriel par résultat"
    QUOTIDIEN = "quotidien", "Un résumé par jour"
    AUCUN = "aucun", "Aucun courriel"


class RoleDelegue(Mot):
    """What a delegation lends."""

    REFERENT = "referent", "Référent"
    PRESCRIPTEUR_N3 = "prescripteur_n3", "Prescripteur niveau 3"


class UsageLien(Mot):
    """What a link sent by e-mail is for: it proves that whoever follows it reads that address."""

    CONFIRMER_COMPTE = "confirmer_compte", "Confirmer une demande de compte"
    CHANGER_MOT_DE_PASSE = "changer_mot_de_passe", "Changer un mot de passe oublié"
    QUITTER_ADRESSE = "quitter_adresse", "Confirmer, de l'ancienne adresse, qu'on la quitte"
    PRENDRE_ADRESSE = "prendre_adresse", "Confirmer, de la nouvelle adresse, qu'on la prend"


class Portee(Mot):
    """What a partner's program may be granted (C-32)."""

    OFFRE_LIRE = "offre_lire", "Lire l'offre"
    CANDIDATURES_REGION = "candidatures_region", "Candidatures que la Région finance"
    CANDIDATURES_FRANCE_TRAVAIL = "candidatures_france_travail", "Candidatures des inscrits à France Travail"
    CANDIDATURES_LIBRE = "candidatures_libre", "Candidatures déposées par les personnes elles-mêmes"


class Compte(Base):
    """Somebody, or a partner's program, that may sign in (R-002, R-008)."""

    __tablename__ = "compte"
    id: Mapped[int] = cle()
    courriel: Mapped[str] = mapped_column(unique=True)
    nom: Mapped[str]
    prenom: Mapped[str]
    telephone: Mapped[str | None]
    nature: Mapped[NatureCompte] = mapped_column(mot(NatureCompte), default=NatureCompte.PERSONNE)
    etat: Mapped[EtatCompte] = mapped_column(mot(EtatCompte), default=EtatCompte.ACTIF)
    a_un_second_facteur: Mapped[bool] = mapped_column(default=False, server_default="false")  # by a trigger
    envoi_avis: Mapped[EnvoiAvis] = mapped_column(
        mot(EnvoiAvis), default=EnvoiAvis.IMMEDIAT, server_default="immediat"
    )
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    affiliations: Mapped[list[Affiliation]] = lien(
        back_populates="compte", foreign_keys="Affiliation.compte_id"
    )
    droits: Mapped[list[DroitAccorde]] = lien(back_populates="compte", foreign_keys="DroitAccorde.compte_id")
    delegations_recues: Mapped[list[Delegation]] = lien(
        back_populates="a_compte", foreign_keys="Delegation.a_compte_id"
    )
    candidatures_ecrites: Mapped[list[Candidature]] = lien(
        back_populates="auteur", foreign_keys="Candidature.auteur_id"
    )

    __table_args__ = (
        CheckConstraint("courriel = lower(courriel)", name="courriel"),
        Index("ix_compte_programme", "id", postgresql_where=text("nature = 'machine'")),
    )


class SecretCompte(Base):
    """What proves that somebody is the account; out of reach of every reading."""

    __tablename__ = "secret_compte"
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), primary_key=True)
    mot_de_passe: Mapped[str]
    totp: Mapped[str | None]  # sealed
    totp_propose: Mapped[str | None]  # sealed; not yet proven by a code
    totp_pas: Mapped[int | None]  # the step of the last code: a code serves once
    codes_secours: Mapped[list[bytes]] = mapped_column(
        ARRAY(LargeBinary), default=list, server_default="{}"
    )  # fingerprints; each serves once
    nb_echecs: Mapped[int] = mapped_column(default=0)
    verrouille_jusqu_au: Mapped[datetime | None] = mapped_column(INSTANT)


class LienCourriel(Base):
    """A link sent by e-mail: it serves once, for a while. What it bears is signed and kept nowhere (app/kit/cipher.py)."""

    __tablename__ = "lien_courriel"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), index=True)
    usage: Mapped[UsageLien] = mapped_column(mot(UsageLien))
    sel: Mapped[bytes]  # random, part of what is signed
    contenu: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    expire_le: Mapped[datetime] = mapped_column(INSTANT)
    utilise_le: Mapped[datetime | None] = mapped_column(INSTANT)


class IdentiteExterne(Base):
    """Who an account is at an identity provider: its subject there, and no word of its own (OpenID Connect)."""

    __tablename__ = "identite_externe"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"))
    emetteur: Mapped[str]
    sujet: Mapped[str]
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    __table_args__ = (UniqueConstraint("emetteur", "sujet"), UniqueConstraint("compte_id", "emetteur"))


class PassageExterne(Base):
    """Somebody came back from an identity provider: what it said of them, sealed, until it serves once."""

    __tablename__ = "passage_externe"
    id: Mapped[int] = cle()
    empreinte: Mapped[bytes] = mapped_column(unique=True)
    demande: Mapped[bytes] = mapped_column(unique=True)  # of the request it answers: one answer each
    contenu: Mapped[str]  # sealed
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    expire_le: Mapped[datetime] = mapped_column(INSTANT)
    utilise_le: Mapped[datetime | None] = mapped_column(INSTANT)


class Affiliation(Base):
    """The tie of an account with a structure."""

    __tablename__ = "affiliation"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"), index=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    etat: Mapped[EtatAffiliation] = mapped_column(mot(EtatAffiliation), default=EtatAffiliation.EN_ATTENTE)
    est_referent: Mapped[bool] = mapped_column(default=False)
    demandee_le: Mapped[datetime] = mapped_column(INSTANT)
    decidee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    decidee_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))

    compte: Mapped[Compte] = lien(foreign_keys=[compte_id], back_populates="affiliations")
    structure: Mapped[Structure] = lien(back_populates="affiliations")
    droits: Mapped[list[DroitAccorde]] = lien(back_populates="affiliation")

    __table_args__ = (
        Index(
            "uq_affiliation_vivante",
            "compte_id",
            "structure_id",
            unique=True,
            postgresql_where=text("etat IN ('en_attente', 'acceptee')"),
        ),
        Index("ix_affiliation_demandee_le_id", "demandee_le", "id"),
    )


class DroitAccorde(Base):
    """A droit of an affiliation: with its structure, a profile that the account may choose (R-025, C-29)."""

    __tablename__ = "droit_accorde"
    id: Mapped[int] = cle()
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id", ondelete="CASCADE"))
    compte_id: Mapped[int] = copie("affiliation.compte_id", ForeignKey("compte.id"), index=True)
    structure_id: Mapped[int] = copie("affiliation.structure_id", ForeignKey("structure.id"), index=True)
    droit: Mapped[Droit] = mapped_column(mot(Droit))
    famille: Mapped[str] = mapped_column(
        Computed(
            "CASE WHEN droit LIKE 'of\\_%' THEN 'of' WHEN droit LIKE 'prescripteur\\_%' THEN 'prescripteur'"
            " ELSE droit END",
            persisted=True,
        )
    )
    accorde_le: Mapped[datetime] = mapped_column(INSTANT)
    accorde_par_id: Mapped[int | None] = mapped_column(ForeignKey("compte.id"))

    affiliation: Mapped[Affiliation] = lien(back_populates="droits")
    structure: Mapped[Structure] = lien()
    compte: Mapped[Compte] = lien(foreign_keys=[compte_id], back_populates="droits")

    __table_args__ = (UniqueConstraint("affiliation_id", "famille"),)


class Delegation(Base):
    """A role lent to a colleague of the same structure, from a day to a day."""

    __tablename__ = "delegation"
    id: Mapped[int] = cle()
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    de_compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    a_compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"), index=True)
    role: Mapped[RoleDelegue] = mapped_column(mot(RoleDelegue))
    du: Mapped[date]
    au: Mapped[date]
    est_tenue: Mapped[bool] = mapped_column(
        default=True, server_default="true"
    )  # by triggers, never true again
    revoquee_le: Mapped[datetime | None] = mapped_column(INSTANT)
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    structure: Mapped[Structure] = lien()
    de_compte: Mapped[Compte] = lien(foreign_keys=[de_compte_id])
    a_compte: Mapped[Compte] = lien(foreign_keys=[a_compte_id], back_populates="delegations_recues")

    __table_args__ = (
        CheckConstraint("du <= au", name="ordre"),
        CheckConstraint("de_compte_id <> a_compte_id", name="autre"),
    )


class CompteMachine(Base):
    """The account of a partner's program, and what it was granted."""

    __tablename__ = "compte_machine"
    id: Mapped[int] = cle()
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id"), unique=True)
    libelle: Mapped[str]
    portees: Mapped[list[str]] = mapped_column(ARRAY(Text))
    revoque_le: Mapped[datetime | None] = mapped_column(INSTANT)
    cree_par_id: Mapped[int] = mapped_column(ForeignKey("compte.id"))
    cree_le: Mapped[datetime] = mapped_column(INSTANT)

    compte: Mapped[Compte] = lien(foreign_keys=[compte_id])
    cles: Mapped[list[Jeton]] = lien(
        primaryjoin="CompteMachine.compte_id == foreign(Jeton.compte_id)", viewonly=True
    )


class Jeton(Base):
    """A bearer token, bound to one profile (R-018); only its fingerprint is kept."""

    __tablename__ = "jeton"
    id: Mapped[int] = cle()
    empreinte: Mapped[bytes] = mapped_column(unique=True)
    compte_id: Mapped[int] = mapped_column(ForeignKey("compte.id", ondelete="CASCADE"), index=True)
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id", ondelete="CASCADE"))
    droit_accorde_id: Mapped[int | None] = mapped_column(ForeignKey("droit_accorde.id", ondelete="CASCADE"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"))
    portee: Mapped[str | None]
    prefixe: Mapped[str | None]  # the beginning of a partner's key: enough to tell it from another
    vu_le: Mapped[datetime | None] = mapped_column(INSTANT)  # of a partner's key, to the hour
    cree_le: Mapped[datetime] = mapped_column(INSTANT)
    expire_le: Mapped[datetime] = mapped_column(INSTANT)
    revoque_le: Mapped[datetime | None] = mapped_column(INSTANT)

    compte: Mapped[Compte] = lien()
    affiliation: Mapped[Affiliation | None] = lien()
    droit_accorde: Mapped[DroitAccorde | None] = lien()
    delegation: Mapped[Delegation | None] = lien()
