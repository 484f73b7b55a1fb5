"""Sessions: how their opening to candidatures is set (R-110, R-134 to R-140, C-01, C-14, C-30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from app.models import SessionFormation

from .differences import differences
from .empechements import Empechement, refuser
from .faits import FaitMetier
from .formulaires import RACINE, Champ, ChampObligatoire, verifier_champs
from .textes import nettoyer

REPORT_MAXIMUM = timedelta(days=14)  # C-14
COMMENTAIRE = Champ("commentaire", 600)
CAPACITE_MAXIMUM, COEFFICIENT_MAXIMUM, RATIO_MAXIMUM = 9_999, 99, 999  # beyond, a slip


class DatesIncoherentes(Empechement):
    """La date limite d'inscription ne peut pas dépasser la date d'entrée tardive, ni celle-ci la fin de la session."""

    regle = "R-135"


class ReportTropLong(Empechement):
    """Le début ne peut qu'être repoussé, de 14 jours au plus : au-delà, adressez-vous au financeur."""

    regle = "R-137"


class CapaciteInvalide(Empechement):
    """La capacité d'accueil va de 1 à 9 999, le coefficient de 1 à 99, le ratio de 0 à 999."""

    regle = "R-139"


class CapaciteSousPrises(Empechement):
    """Davantage de candidatures occupent déjà une place : {prises}. Choisissez une capacité plus grande."""

    regle = "R-097"


class ConfirmationDemandee(Empechement):
    """Rien ne s'y oppose, et rien n'est encore modifié : confirmez vos modifications."""

    regle = "R-141"


@dataclass(frozen=True)
class OuvertureReglee(FaitMetier):
    """The opening of a session was set; `avant` and `apres` by name of column: the journal keeps what may be told."""

    session_id: int
    avant: dict[str, str | None]
    apres: dict[str, str | None]

    def donnees(self) -> Mapping[str, Any]:
        """Out: what changed, field by field, for the history; a comment is named and never repeated."""
        champs = sorted(nom for nom, dit in self.apres.items() if self.avant.get(nom) != dit)
        return {"champs": champs, "differences": differences(champs, self.avant, self.apres)}


def regler_ouverture(
    session: SessionFormation, saisie: Mapping[str, Any], *, le: datetime
) -> OuvertureReglee:
    """Set what is given: date_limite_inscription, date_entree_tardive, date_debut, capacite_accueil, coefficient,
    ratio_suite_parcours, commentaire. Which of them the viewer may write is the policies'.

    In: the session, locked. Raises Empeche with every problem, each on its field.
    """
    propre: dict[str, Any] = {nom: nettoyer(v) if isinstance(v, str) else v for nom, v in saisie.items()}
    apres = {nom: propre.get(nom, getattr(session, nom)) for nom in _LUS}
    refuser(
        *verifier_champs((COMMENTAIRE,), {"commentaire": propre.get("commentaire")}, complet=False),
        *_debut(session, propre.get("date_debut", session.date_debut)),
        *_dates(apres, session.date_fin),
        *_places(session, apres["capacite_accueil"], apres["coefficient"]),
        *_ratio(propre.get("ratio_suite_parcours")),
    )
    avant = {nom: _dit(getattr(session, nom)) for nom in propre}
    for nom, valeur in propre.items():
        setattr(session, nom, valeur)
    session.modifiee_le = le
    return OuvertureReglee(session.id, avant, {nom: _dit(v) for nom, v in propre.items()})


_LUS = ("date_limite_inscription", "date_entree_tardive", "capacite_accueil", "coefficient")


def places(capacite: int | None, coefficient: Decimal | None) -> int | None:
    """C-30: how many candidatures may take a place, rounded down; None: no limit."""
    if capacite is None or coefficient is None:
        return None
    return int((capacite * coefficient).to_integral_value(ROUND_FLOOR))


def problemes_ouverture(session: SessionFormation) -> list[Empechement]:
    """Out: what does not hold together in the dates and the places of a session (R-097, R-135, R-139, R-140)."""
    dates = {nom: getattr(session, nom) for nom in _LUS}
    return [
        *_dates(dates, session.date_fin),
        *_places(session, session.capacite_accueil, session.coefficient),
        *_ratio(session.ratio_suite_parcours),
    ]


def _debut(session: SessionFormation, debut: date | None) -> list[Empechement]:
    if debut is None:
        return [ChampObligatoire(RACINE, "date_debut")]
    if debut == session.date_debut:
        return []
    report = debut - session.date_debut_initiale
    trop = not timedelta(0) < report <= REPORT_MAXIMUM or debut > session.date_fin
    return [ReportTropLong(RACINE, "date_debut")] if trop else []


def _dates(apres: Mapping[str, Any], fin: date) -> list[Empechement]:
    limite, tardive = apres["date_limite_inscription"], apres["date_entree_tardive"]
    trouves: list[Empechement] = []
    if tardive is not None and tardive > fin:
        trouves.append(DatesIncoherentes(RACINE, "date_entree_tardive"))
    if limite is not None and limite > (tardive or fin):
        trouves.append(DatesIncoherentes(RACINE, "date_limite_inscription"))
    return trouves


def _places(
    session: SessionFormation, capacite: int | None, coefficient: Decimal | None
) -> list[Empechement]:
    dits = (
        ("capacite_accueil", capacite, CAPACITE_MAXIMUM),
        ("coefficient", coefficient, COEFFICIENT_MAXIMUM),
    )
    hors = [nom for nom, dit, maximum in dits if dit is not None and not 1 <= dit <= maximum]
    if hors:
        return [CapaciteInvalide(RACINE, nom) for nom in hors]
    possibles = places(capacite, coefficient)
    if possibles is not None and possibles < session.places_prises:
        return [CapaciteSousPrises(RACINE, "capacite_accueil", prises=session.places_prises)]
    return []


def _ratio(ratio: Decimal | None) -> list[Empechement]:
    possible = ratio is None or 0 <= ratio <= RATIO_MAXIMUM
    return [] if possible else [CapaciteInvalide(RACINE, "ratio_suite_parcours")]


def _dit(valeur: Any) -> str | None:
    return None if valeur is None else str(valeur)
