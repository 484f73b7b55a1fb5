"""What happens to a candidature, told to the journal: identifiers, états, days, codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .faits import FaitMetier


@dataclass(frozen=True, kw_only=True)
class FaitCandidature(FaitMetier):
    """Base: which candidature, and the état it left and reached."""

    candidature_id: int
    session_id: int
    candidat_id: int
    avant: str | None
    apres: str | None


class CandidatureCreee(FaitCandidature):
    """A draft was begun (R-092)."""


class CandidatureModifiee(FaitCandidature):
    """The form was changed (R-106)."""


class CandidatureSupprimee(FaitCandidature):
    """It went to the corbeille (C-11)."""


class CandidatureRestauree(FaitCandidature):
    """It came back from the corbeille, as a draft (C-11)."""


@dataclass(frozen=True, kw_only=True)
class CandidatureSoumise(FaitCandidature):
    """A N1 handed it to the N3s of the structure (R-104)."""

    valider_avant: date


@dataclass(frozen=True, kw_only=True)
class CandidatureValidee(FaitCandidature):
    """It waits for the avis of the training organisation (R-103)."""

    point_entree_id: int | None


class CandidatureRecue(FaitCandidature):
    """A partner brought it (C-32)."""


@dataclass(frozen=True, kw_only=True)
class CandidatureDupliquee(FaitCandidature):
    """A new draft was made from one that ended (C-07)."""

    modele_id: int


class CandidatureAnnulee(FaitCandidature):
    """Cancelled after validation, for good (R-111)."""


@dataclass(frozen=True, kw_only=True)
class CandidatureRejetee(FaitCandidature):
    """A partner, or a gestionnaire, found an anomaly (R-112): why, and which fields differ, never their values."""

    motif: str
    champs: tuple[str, ...] = ()


class CandidatureRefusee(FaitCandidature):
    """Its session is full, or cancelled (R-168, R-169)."""


@dataclass(frozen=True, kw_only=True)
class PointEntreeReporte(FaitCandidature):
    """It moved to the next entry point (C-25)."""

    point_entree_id: int


class ValidationRappelee(FaitCandidature):
    """Its author and the niveaux 3 were told that the time to validate it ends (C-07)."""


class BrouillonRappele(FaitCandidature):
    """Its author was told that a draft will be deleted (R-093)."""


class AvisRappele(FaitCandidature):
    """Those who recruit were told that the time to give an avis ends (R-167)."""


class ResultatAnnonce(FaitCandidature):
    """Its author was told what became of it, or chose not to be (R-166)."""


class CandidatureExpiree(FaitCandidature):
    """No N3 validated it in time (C-07)."""


class AvisNonTransmis(FaitCandidature):
    """No avis was given in time (R-167)."""


class CandidaturePurgee(FaitCandidature):
    """A forgotten draft, or what lay in the corbeille, was deleted (R-093, C-11)."""


@dataclass(frozen=True, kw_only=True)
class CandidatConvoque(FaitCandidature):
    """A convocation was made (R-156)."""

    numero: int
    date_rendez_vous: date


@dataclass(frozen=True, kw_only=True)
class ConvocationNotee(FaitCandidature):
    """What came of a convocation was noted (R-156)."""

    numero: int
    resultat: str


@dataclass(frozen=True, kw_only=True)
class AvisRendu(FaitCandidature):
    """The training organisation decided, or an absence did (R-158 to R-161)."""

    est_retenu: bool
    est_automatique: bool


class AvisCorrige(FaitCandidature):
    """A gestionnaire corrected an avis (C-24)."""
