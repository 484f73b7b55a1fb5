"""Tables, constraints and enums of the trade."""

from .actions import (
    Action,
    ActionCertification,
    ActionModification,
    Dispositif,
    EtatAction,
    Financeur,
    ObjectifGeneral,
    TypeAction,
)
from .base import Base, Mot
from .candidats import AccesCandidat, Candidat, Civilite, NirCandidat, RechercheCandidat, ReferenceAbsorbee
from .candidatures import (
    Avis,
    Candidature,
    CandidatureResumee,
    Convocation,
    EtatCandidature,
    MotifNonRetenu,
    OrigineCandidature,
    ResultatConvocation,
    TypeConvocation,
)
from .certifications import Certification, Commune, Formacode
from .comptes import (
    Affiliation,
    Compte,
    CompteMachine,
    Delegation,
    Droit,
    DroitAccorde,
    EnvoiAvis,
    EtatAffiliation,
    EtatCompte,
    IdentiteExterne,
    Jeton,
    LienCourriel,
    NatureCompte,
    PassageExterne,
    Portee,
    RoleDelegue,
    SecretCompte,
    UsageLien,
)
from .consultations import Consultation
from .dialogues import MessageAction
from .freins import Frein
from .journal import (
    Correspondant,
    Echange,
    EtatEchange,
    Fait,
    FrequenceAlerte,
    RechercheEnregistree,
    SensEchange,
    TypeEchange,
    VersionPolitique,
)
from .rapprochements import EtatRapprochement, FusionCandidat, Rapprochement
from .reglages import DEMONSTRATION, Reglage, Vue
from .sceaux import Sceau
from .sessions import (
    EtatSession,
    Modalite,
    ModaliteRecrutement,
    ModeCandidature,
    PointEntree,
    Reunion,
    SessionCertification,
    SessionFormation,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)
from .statistiques import CandidatureComptee, StatistiquePubliee
from .structures import DemandeModification, EtatDemande, EtatStructure, Structure
from .travaux import CourrielEnvoye, IncidentTravail
