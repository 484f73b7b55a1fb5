"""What the reading of a LHEO file gives: frozen, typed, named like the columns of the tables they are for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.models import (
    Dispositif,
    Financeur,
    Modalite,
    ModeCandidature,
    ObjectifGeneral,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)

from .erreurs import Erreur


@dataclass(frozen=True, slots=True)
class ContactLu:
    """Somebody to call; `None` where the file says nothing."""

    nom: str | None = None
    telephone: str | None = None
    courriel: str | None = None


@dataclass(frozen=True, slots=True)
class AdresseLue:
    """Where something is; the `departement` is worked out from the INSEE code or the postcode when it is not said."""

    nom: str | None = None
    voie: str | None = None
    code_postal: str | None = None
    ville: str | None = None
    code_insee: str | None = None
    departement: str | None = None


@dataclass(frozen=True, slots=True)
class OrganismeLu:
    """A structure; its SIRET says which, its number is its source's."""

    ligne: int
    siret: str
    raison_sociale: str
    numero_source: str | None = None
    numero_activite: str | None = None
    adresse: AdresseLue = AdresseLue()
    contact: ContactLu = ContactLu()
    est_qualiopi: bool = False


@dataclass(frozen=True, slots=True)
class PositionneurLu:
    """Who places people: its SIRET, and its name where the file says it."""

    ligne: int
    siret: str
    nom: str | None = None


@dataclass(frozen=True, slots=True)
class CertificationLue:
    """A certification by its codes, as the house writes them; at least one is there."""

    ligne: int
    code_rncp: str | None = None
    code_rs: str | None = None
    code_certifinfo: str | None = None

    def codes(self) -> frozenset[str]:
        """Out: every code it is known by."""
        return frozenset(code for code in (self.code_rncp, self.code_rs, self.code_certifinfo) if code)


@dataclass(frozen=True, slots=True)
class SessionCertificationLue:
    """What a session validates of a certification of its action (R-229 to R-235)."""

    certification: CertificationLue
    validation: ValidationBlocs = ValidationBlocs.TOTALE
    blocs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReunionLue:
    """An information meeting (R-242); midnight when the file gives no hour."""

    debut_le: datetime
    lieu: str | None


@dataclass(frozen=True, slots=True)
class SessionLue:
    """A session, in the words of the table `session`."""

    ligne: int
    numero_source: str
    date_debut: date
    date_fin: date
    type_entree: TypeEntree
    voie_acces: VoieAcces
    annees_apprentissage: str | None
    modalite: Modalite
    heures_centre: Decimal | None
    heures_entreprise: Decimal | None
    lieu: AdresseLue
    contact: ContactLu
    referent_handicap: str | None
    commentaire: str | None
    mode_candidature: ModeCandidature
    date_limite_inscription: date | None
    date_entree_tardive: date | None
    capacite_accueil: int | None
    coefficient: Decimal | None
    ratio_suite_parcours: Decimal | None
    formateur: OrganismeLu | None
    positionneur: PositionneurLu | None
    points_entree: tuple[date, ...] = ()
    modalites_recrutement: tuple[str, ...] = ()
    reunions: tuple[ReunionLue, ...] = ()
    certifications: tuple[SessionCertificationLue, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionLue:
    """An action of a formation, in the words of the table `action`."""

    ligne: int
    numero_source: str
    est_conventionnee: bool
    dispositif: Dispositif | None
    financeur: Financeur | None
    numero_marche: str | None
    mesure: str | None
    intitule: str
    objectif: str | None
    programme: str | None
    le_plus: str | None
    objectif_general: ObjectifGeneral | None
    validations: tuple[str, ...]
    resultats_attendus: str | None
    conditions_acces: str | None
    prerequis: str | None
    lien_web: str | None
    contact: ContactLu
    formacodes: tuple[str, ...]
    certifications: tuple[CertificationLue, ...]
    sessions: tuple[SessionLue, ...]


@dataclass(frozen=True, slots=True)
class FormationLue:
    """A formation that may be taken, whole."""

    ligne: int
    numero: str
    intitule: str
    responsable: OrganismeLu
    actions: tuple[ActionLue, ...]
    avertissements: tuple[Erreur, ...] = ()


@dataclass(frozen=True, slots=True)
class FormationRefusee:
    """A formation of which nothing is taken, and every reason why."""

    ligne: int
    numero: str
    intitule: str
    erreurs: tuple[Erreur, ...]
