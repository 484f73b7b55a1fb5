"""One person, two fiches: made one, and, within a month, made two again exactly as they were (R-095)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.models import Candidat, Candidature, Civilite, FusionCandidat, Mot

from .calendrier import jour_de_paris
from .candidats import fiche
from .candidatures_transitions import BLOQUANTS
from .conservation import obstacles_d_identite
from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier
from .formulaires import problemes_candidat

DELAI = timedelta(days=30)
CALCULEES = frozenset({"nom_plie", "prenom_plie"})
LISENT: Mapping[str, Callable[[str], Any]] = {
    "date_naissance": date.fromisoformat,
    "civilite": {str(mot): mot for mot in Civilite}.__getitem__,
    **dict.fromkeys(("cree_le", "modifie_le", "rapproche_le", "anonymise_le"), datetime.fromisoformat),
}


class ChampFiche(Mot):
    """What a fiche says, field by field: chosen from one of two that become one."""

    CIVILITE = "civilite", "Civilité"
    NOM = "nom", "Nom"
    PRENOM = "prenom", "Prénom"
    DATE_NAISSANCE = "date_naissance", "Date de naissance"
    COURRIEL = "courriel", "Adresse e-mail"
    TELEPHONE = "telephone", "Téléphone"
    VOIE = "voie", "Numéro et nom de la voie"
    CODE_POSTAL = "code_postal", "Code postal"
    VILLE = "ville", "Ville"
    EST_INSCRIT_FRANCE_TRAVAIL = "est_inscrit_france_travail", "Inscription à France Travail"
    NUMERO_FRANCE_TRAVAIL = "numero_france_travail", "Numéro France Travail"
    IDENTIFIANT_REGIONAL = "identifiant_regional", "Identifiant régional France Travail"


class MemePersonne(Empechement):
    """Choisissez deux fiches différentes."""

    regle = "R-095"


class FusionSessionCommune(Empechement):
    """Les deux fiches ont une candidature sur la même session ({une} et {autre}) : closez d'abord celle de trop."""

    regle = "R-096"


class FusionAvecNir(Empechement):
    """La fiche qui disparaît porte un numéro de sécurité sociale : retirez-le d'abord, il se redemande ensuite."""

    regle = "R-116"


class AucuneFusion(Empechement):
    """Aucune fusion de cette fiche ne peut être défaite."""

    regle = "R-095"


class FusionTropAncienne(Empechement):
    """Une fusion se défait dans les trente jours : celle-ci est plus ancienne."""

    regle = "R-095"


class FicheModifieeDepuis(Empechement):
    """La fiche a été modifiée depuis la fusion : on ne sait plus à qui revient ce changement. Rétablissez-la d'abord."""

    regle = "R-095"


@dataclass(frozen=True)
class CandidatsFusionnes(FaitMetier):
    """Two fiches became one; the other's key is no longer a row."""

    candidat_id: int
    absorbe_id: int
    nb_candidatures: int


@dataclass(frozen=True)
class FusionDefaite(FaitMetier):
    """They are two again."""

    candidat_id: int
    absorbe_id: int
    nb_candidatures: int


def obstacles(
    garde: Candidat, absorbe: Candidat, candidatures: Iterable[Candidature], *, a_un_nir: bool
) -> list[Empechement]:
    """Out: all that forbids to make two fiches one. In: the candidatures of both."""
    if garde.id == absorbe.id:
        return [MemePersonne("absorbe")]
    return [
        *obstacles_d_identite(garde),
        *obstacles_d_identite(absorbe),
        *([FusionAvecNir("absorbe")] if a_un_nir else []),
        *_sessions_communes(garde, candidatures),
    ]


def _sessions_communes(garde: Candidat, candidatures: Iterable[Candidature]) -> list[Empechement]:
    bloquantes = [c for c in candidatures if c.etat in BLOQUANTS]
    siennes = {c.session_id: c for c in bloquantes if c.candidat_id == garde.id}
    return [
        FusionSessionCommune(une=siennes[c.session_id].reference, autre=c.reference)
        for c in bloquantes
        if c.candidat_id != garde.id and c.session_id in siennes
    ]


def completer(
    garde: Candidat, absorbe: Candidat, *, choisis: Collection[ChampFiche] = (), le: datetime
) -> None:
    """Give the fiche that stays what it lacks, and what was chosen of the other, empty or not; elsewhere it wins.

    Raises Empeche: what was chosen makes no fiche (R-088).
    """
    for nom, valeur in fiche(absorbe).items():
        if nom in choisis or getattr(garde, nom) in (None, False):
            setattr(garde, nom, valeur)
    if choisis:
        refuser(*problemes_candidat(fiche(garde), jour_de_paris(le)))
    garde.modifie_le = le


def en_json(candidat: Candidat) -> dict[str, Any]:
    """Out: every column of a fiche that the base does not compute, as JSON holds it."""
    colonnes = (c.key for c in Candidat.__table__.columns if c.key not in CALCULEES)
    valeurs = {nom: getattr(candidat, nom) for nom in colonnes}
    return {nom: v.isoformat() if isinstance(v, date) else v for nom, v in valeurs.items()}


def de_json(dites: Mapping[str, Any]) -> dict[str, Any]:
    """Out: the columns that `en_json` said."""
    return {nom: LISENT[nom](v) if v is not None and nom in LISENT else v for nom, v in dites.items()}


def defaisable(fusions: Sequence[FusionCandidat], garde: Candidat, le: datetime) -> FusionCandidat:
    """In: the merges into a fiche. Out: the last one. Raises Empeche where nothing can be undone, and says why."""
    if not fusions:
        raise Empeche([AucuneFusion()])
    derniere = max(fusions, key=lambda fusion: fusion.id)
    apres = de_json(derniere.avant["apres"])
    changee = any(getattr(garde, nom) != valeur for nom, valeur in apres.items() if nom != "rapproche_le")
    refuser(
        *obstacles_d_identite(garde),
        *([FusionTropAncienne()] if le > derniere.faite_le + DELAI else []),
        *([FicheModifieeDepuis()] if changee else []),
    )
    return derniere


def rendre(garde: Candidat, fusion: FusionCandidat) -> dict[str, Any]:
    """Give a fiche back what it was. Out: the columns of the one that comes back."""
    for nom, valeur in de_json(fusion.avant["garde"]).items():
        setattr(garde, nom, valeur)
    return de_json(fusion.avant["absorbe"])
