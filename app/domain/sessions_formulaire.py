"""The form of a session: every problem with its path; warnings apart (R-220 to R-244).

A draft refuses what cannot be kept; what is published, or about to be, must say everything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.models import (
    Certification,
    SessionCertification,
    SessionFormation,
    Structure,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)

from . import publication as p
from .actions_formulaire import CertificationEnDouble, contact
from .calendrier import jour_de_paris
from .empechements import Empechement
from .formulaires import RACINE, Champ, ChampObligatoire, verifier_champs
from .identifiants import (
    departement_du_code_insee,
    departement_du_code_postal,
    est_code_bloc,
    est_code_insee,
    est_code_postal,
    rncp_du_bloc,
)
from .recrutement import MODALITES, ordonnees
from .sessions import COMMENTAIRE
from .textes_simples import simple

HEURES_MAXIMUM = 9_999
ANNEES = range(2000, 2100)
HEURES_PAR_JOUR = 7  # what an indicative duration is counted with
REUNIONS_MAXIMUM = 50
COURTE, FREQUENTES = 35, 4  # hours; how many in a year make one annual session worth it
CERTIFICATIONS = "certifications"


class CertificationHorsAction(Empechement):
    """Une session ne vise que des certifications de son action : ajoutez d'abord celle-ci à l'action."""

    regle = "R-229"


class CertificationEncoreVisee(Empechement):
    """Une session publiée de cette action vise une certification que vous retirez : modifiez d'abord cette session."""

    regle = "R-229"


class BlocsAttendus(Empechement):
    """Une validation partielle ou mixte dit quels blocs sont validés, par exemple RNCP35819BC01 : indiquez-les."""

    regle = "R-233"


class BlocsInutiles(Empechement):
    """Une validation totale ne détaille pas les blocs : retirez-les."""

    regle = "R-232"


class UneSeuleCertification(Empechement):
    """Une session en apprentissage prépare une seule certification : faites une session pour chacune."""

    regle = "R-234"


class ValidationTotaleAttendue(Empechement):
    """Une session en apprentissage prépare toujours à la validation totale de sa certification."""

    regle = "R-235"


class AnneesApprentissageAttendues(Empechement):
    """Indiquez les années accessibles en apprentissage, par exemple « 1, 2 »."""

    regle = "R-227"


class HeuresInvalides(Empechement):
    """Un nombre d'heures va de 0 à 9 999."""

    regle = "R-237"


class FinAvantDebut(Empechement):
    """Une session ne finit pas avant de commencer : corrigez ses dates."""

    regle = "R-238"


class DateInvraisemblable(Empechement):
    """Cette date est invraisemblable : l'année va de 2000 à 2099. Corrigez-la."""

    regle = "R-238"


class HorsRegion(Empechement):
    """Une formation qui a lieu hors de la région se référence auprès du Carif-Oref de cette région."""

    regle = "R-244"


class FormateurInconnu(Empechement):
    """Cet organisme n'est pas un organisme de formation que Cap Métiers a validé : choisissez-le dans la liste."""

    regle = "R-223"


class ReunionsInvalides(Empechement):
    """Cinquante informations collectives au plus, avant la fin de la session, un lieu de 250 caractères au plus."""

    regle = "R-242"


class DatesPassees(Empechement):
    """Cette session est déjà finie : vérifiez ses dates."""

    regle = "R-238"


class AnneesHorsPeriode(Empechement):
    """La session dure {duree} : vérifiez les années accessibles en apprentissage."""

    regle = "R-227"


class SessionsCourtesFrequentes(Empechement):
    """Pour des sessions courtes et fréquentes, une seule session annuelle suffit, en entrées permanentes ou séquencées."""

    regle = "R-239"


@dataclass(frozen=True)
class Visee:
    """What a session validates of a certification."""

    certification_id: int
    validation: ValidationBlocs = ValidationBlocs.TOTALE
    blocs: tuple[str, ...] = ()


@dataclass(frozen=True)
class RendezVous:
    """An information meeting."""

    debut_le: datetime
    lieu: str | None = None


@dataclass(frozen=True)
class Contexte:
    """What a session is checked against.

    responsable      of its action;  departements  of the region (R-244);  jour  today
    certifications   that its action prepares for, what waits included
    """

    responsable: Structure
    certifications: Sequence[Certification]
    departements: Collection[str]
    jour: date


CHAMPS_SESSION = (
    Champ(
        "annees_apprentissage",
        20,
        False,
        lambda t: re.fullmatch(r"[1-9](, ?[1-9])*", t) is not None,
        "« 1, 2 »",
    ),
    Champ("lieu_nom", 250),
    Champ("lieu_voie", 200),
    Champ("lieu_code_postal", 5, False, est_code_postal, "cinq chiffres"),
    Champ("lieu_ville", 100),
    Champ("lieu_code_insee", 5, False, est_code_insee, "les cinq caractères du code de la commune"),
    Champ("referent_handicap", 250),
    COMMENTAIRE,
    *contact(),
)
_CHEMINS = {  # where each reason is shown: on the fields that are empty, or on this one
    p.ContactSessionManquant: ("contact_telephone",),
    p.LieuIncomplet: ("lieu_voie", "lieu_code_postal", "lieu_ville"),
    p.QualiopiApprentissageManquant: ("voie_acces",),
}


def nettoyee(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """Out: the same values, formatting gone, empty texts None; the département follows the codes of the place."""
    propre = {nom: _nettoye(valeur) for nom, valeur in saisie.items()}
    if MODALITES in propre:
        propre[MODALITES] = ordonnees(propre[MODALITES])
    if propre.keys() & {"lieu_code_insee", "lieu_code_postal"}:
        propre["lieu_departement"] = departement_du_code_insee(
            propre.get("lieu_code_insee") or ""
        ) or departement_du_code_postal(propre.get("lieu_code_postal") or "")
    return propre


def _nettoye(valeur: Any) -> Any:
    return " ".join(simple(valeur).split()) or None if type(valeur) is str else valeur


def problemes_saisie(session: SessionFormation, voulu: Mapping[str, Any]) -> list[Empechement]:
    """What even a draft refuses. In: the session as it would be, and what of it is given."""
    donnes = [champ for champ in CHAMPS_SESSION if champ.nom in voulu]
    heures = (nom for nom in ("heures_centre", "heures_entreprise") if voulu.get(nom) is not None)
    trouves: list[Empechement] = verifier_champs(donnes, voulu, complet=False)
    trouves += [HeuresInvalides(RACINE, nom) for nom in heures if not 0 <= voulu[nom] <= HEURES_MAXIMUM]
    trouves += [DateInvraisemblable(RACINE, nom) for nom, v in voulu.items() if _est_invraisemblable(v)]
    trouves += [ChampObligatoire(RACINE, nom) for nom in OBLIGATOIRES if nom in voulu and voulu[nom] is None]
    if not trouves and session.date_fin < session.date_debut:
        trouves.append(FinAvantDebut(RACINE, "date_fin"))
    return trouves


def _est_invraisemblable(valeur: object) -> bool:
    return isinstance(valeur, date) and valeur.year not in ANNEES


OBLIGATOIRES = ("date_debut", "date_fin", "type_entree", "voie_acces", "modalite", "mode_candidature")
"""What a session always says, draft or not; a form begins with defaults."""


def problemes_session(
    session: SessionFormation, visees: Sequence[Visee], contexte: Contexte
) -> list[Empechement]:
    """Everything that keeps this session from being published, each on its field."""
    en_apprentissage = session.voie_acces is VoieAcces.APPRENTISSAGE
    departement = session.lieu_departement
    trouves: list[tuple[bool, Empechement]] = [
        (
            bool(departement) and departement not in contexte.departements,
            HorsRegion(RACINE, "lieu_code_postal"),
        ),
        (
            en_apprentissage and not session.annees_apprentissage,
            AnneesApprentissageAttendues(RACINE, "annees_apprentissage"),
        ),
        (en_apprentissage and len(visees) > 1, UneSeuleCertification(RACINE, CERTIFICATIONS)),
    ]
    des_visees = [
        probleme
        for visee in visees
        for probleme in problemes_visee(visee, contexte.certifications, en_apprentissage=en_apprentissage)
    ]
    siens = [probleme for est_la, probleme in trouves if est_la]
    return [*_manques(session, contexte.responsable), *siens, *des_visees]


def _manques(session: SessionFormation, responsable: Structure) -> list[Empechement]:
    """Out: what keeps it from being published, on each field to fill (R-189)."""
    motifs = [motif for motif, tient in p.D_UNE_SESSION if not tient(session, responsable)]
    return [
        motif(RACINE, nom)
        for motif in motifs
        for nom in _CHEMINS[motif]
        if len(_CHEMINS[motif]) == 1 or not getattr(session, nom)
    ]


def problemes_visee(
    visee: Visee, certifications: Sequence[Certification], *, en_apprentissage: bool
) -> list[Empechement]:
    """R-229 to R-235: what is wrong with what a session validates of a certification."""
    la = next((c for c in certifications if c.id == visee.certification_id), None)
    if la is None:
        return [CertificationHorsAction(RACINE, CERTIFICATIONS)]
    totale = visee.validation is ValidationBlocs.TOTALE
    justes = all(est_code_bloc(bloc) and rncp_du_bloc(bloc) == la.code_rncp for bloc in visee.blocs)
    trouves: list[tuple[bool, type[Empechement]]] = [
        (totale and bool(visee.blocs), BlocsInutiles),
        (not totale and not (visee.blocs and justes), BlocsAttendus),
        (en_apprentissage and not totale, ValidationTotaleAttendue),
    ]
    return [motif(RACINE, CERTIFICATIONS) for est_la, motif in trouves if est_la]


def problemes_visees(visees: Sequence[Visee], certifications: Sequence[Certification]) -> list[Empechement]:
    """What of them even a draft refuses: each must be of the action (R-229), say its blocs, stand once."""
    doubles = len({visee.certification_id for visee in visees}) < len(visees)
    return [CertificationEnDouble(RACINE, CERTIFICATIONS)] * doubles + [
        probleme
        for visee in visees
        for probleme in problemes_visee(visee, certifications, en_apprentissage=False)
    ]


def visees_de(lignes: Sequence[SessionCertification]) -> list[Visee]:
    """Out: what these rows say."""
    return [Visee(x.certification_id, x.validation, tuple(x.blocs)) for x in lignes]


def problemes_reunions(reunions: Sequence[RendezVous], fin: date) -> list[Empechement]:
    """R-242: what is wrong with the information meetings of a session that ends on `fin`."""
    trop = len(reunions) > REUNIONS_MAXIMUM
    tardives = any(
        reunion.debut_le.year not in ANNEES or jour_de_paris(reunion.debut_le) > fin for reunion in reunions
    )
    longues = any(len(reunion.lieu or "") > 250 for reunion in reunions)
    return [ReunionsInvalides(RACINE, "reunions")] if trop or tardives or longues else []


def problemes_formateur(formateur: Structure | None, champ: str) -> list[Empechement]:
    """R-223, C-06: any training organisation that is validated; None: it does not exist."""
    bon = (
        formateur is not None
        and formateur.est_organisme_formation
        and p.EtatStructure.VALIDEE is formateur.etat
    )
    return [] if bon else [FormateurInconnu(RACINE, champ)]


def situe(probleme: Empechement, session: SessionFormation) -> Empechement:
    """Out: the same, said of one of the sessions of an action: by its number, then its field."""
    probleme.chemin = (RACINE, "sessions", session.numero_carif, *probleme.chemin[1:])
    return probleme


def avertissements_session(session: SessionFormation, jour: date) -> list[Empechement]:
    """What is worth a look and stops nothing."""
    combien, dites = annees_de(session), _annees_dites(session)
    duree = "un an" if combien == 1 else f"{combien} ans"
    trouves: list[tuple[bool, Empechement]] = [
        (session.date_fin < jour, DatesPassees(RACINE, "date_fin")),
        (
            any(annee > combien for annee in dites) or len(set(dites)) < len(dites),
            AnneesHorsPeriode(RACINE, "annees_apprentissage", duree=duree),
        ),
    ]
    return [avertissement for est_la, avertissement in trouves if est_la]


def annees_de(session: SessionFormation) -> int:
    """Out: how many years compose the period of a session, those that are begun counted whole."""
    debut, fin = session.date_debut, session.date_fin
    return max(1, fin.year - debut.year + ((fin.month, fin.day) >= (debut.month, debut.day)))


def _annees_dites(session: SessionFormation) -> list[int]:
    """Out: the years that are said to be open to apprentices (R-227); those that another source words its way, none."""
    if session.voie_acces is not VoieAcces.APPRENTISSAGE:
        return []
    return [int(annee) for annee in re.findall(r"\d+", session.annees_apprentissage or "") if len(annee) < 3]


def avertissements_sessions(sessions: Sequence[SessionFormation]) -> list[Empechement]:
    """R-239: many short sessions at fixed dates in one year. In: those of an action."""
    par_an: dict[int, int] = {}
    for session in sessions:
        if session.type_entree is TypeEntree.DATE_FIXE and 0 < heures(session) < COURTE:
            par_an[session.date_debut.year] = par_an.get(session.date_debut.year, 0) + 1
    frequentes = any(combien >= FREQUENTES for combien in par_an.values())
    return [SessionsCourtesFrequentes(RACINE, "sessions")] if frequentes else []


def heures(session: SessionFormation) -> float:
    """R-237: the hours, in the centre and in a company; 0 when nothing is said."""
    return float((session.heures_centre or 0) + (session.heures_entreprise or 0))
