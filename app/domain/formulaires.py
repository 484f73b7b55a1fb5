"""The forms of candidatures and candidats: what each field accepts, every problem at once (R-094).

A draft accepts missing fields, never a text too long nor a social security number (R-092, R-116).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from app.models import Candidat, Candidature, Civilite

from .empechements import Empechement
from .identifiants import est_code_postal, est_identifiant_regional, est_numero_france_travail
from .textes import compacter, nettoyer, ressemble_a_un_nir

RACINE = "entree"  # the argument of the mutations: what a path begins with


class ChampObligatoire(Empechement):
    """Ce champ est obligatoire : complétez-le."""

    regle = "R-094"


class TexteTropLong(Empechement):
    """Ce texte dépasse {maximum} caractères : raccourcissez-le."""

    regle = "R-094"


class FormatInvalide(Empechement):
    """Ce champ n'a pas la forme attendue : {attendu}."""

    regle = "R-088"


class NirInterdit(Empechement):
    """Ce texte semble contenir un numéro de sécurité sociale : retirez-le, il ne doit jamais figurer ici."""

    regle = "R-116"


class RecapitulatifSansCourriel(Empechement):
    """Pour envoyer le récapitulatif, renseignez d'abord l'adresse e-mail sur la fiche du candidat."""

    regle = "R-091"


class DateNaissanceInvraisemblable(Empechement):
    """Cette date de naissance est invraisemblable : un candidat a entre 14 et 100 ans. Corrigez-la."""

    regle = "R-088"


class SaisieCandidature(TypedDict, total=False):
    """What is given of the form of a candidature; an absent key changes nothing, None empties (R-090)."""

    niveau_formation: str | None
    situation: str | None
    parcours_anterieur: str | None
    raisons: str | None
    suites_parcours: str | None
    est_inscrit_france_travail: bool
    envoyer_recapitulatif: bool


class SaisieCandidat(TypedDict, total=False):
    """What is given of the form of a candidat; an absent key changes nothing, None empties (R-088)."""

    civilite: Civilite | None
    nom: str
    prenom: str
    date_naissance: date
    courriel: str | None
    telephone: str | None
    voie: str | None
    code_postal: str | None
    ville: str | None
    est_inscrit_france_travail: bool
    numero_france_travail: str | None
    identifiant_regional: str | None


@dataclass(frozen=True)
class Champ:
    """One text field of a form: its limits, and the shape it must have, said in French."""

    nom: str
    maximum: int
    obligatoire: bool = False
    forme: Callable[[str], bool] | None = None
    attendu: str = ""


def _motif(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression)
    return lambda texte: compiled.fullmatch(texte) is not None


CHAMPS_CANDIDATURE = (
    Champ("niveau_formation", 100, obligatoire=True),
    Champ("situation", 100, obligatoire=True),
    Champ("parcours_anterieur", 2000, obligatoire=True),
    Champ("raisons", 2000, obligatoire=True),
    Champ("suites_parcours", 2000, obligatoire=True),
)

_NOM = _motif(r"(?=.*[^\W\d_])[^\d_<>@]+")
CHAMPS_CANDIDAT = (
    Champ("nom", 100, True, _NOM, "des lettres, sans chiffre"),
    Champ("prenom", 100, True, _NOM, "des lettres, sans chiffre"),
    Champ(
        "courriel", 254, False, _motif(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"), "une adresse comme nom@exemple.fr"
    ),
    Champ("telephone", 20, False, _motif(r"\+?[\d\s.\-()]{10,20}"), "un numéro comme 05 55 00 00 00"),
    Champ("voie", 200),
    Champ("code_postal", 5, False, est_code_postal, "cinq chiffres"),
    Champ("ville", 100),
    Champ("numero_france_travail", 11, False, est_numero_france_travail, "onze chiffres"),
    Champ(
        "identifiant_regional",
        8,
        False,
        est_identifiant_regional,
        "sept chiffres, puis un chiffre ou une lettre",
    ),
)
IDENTIFIANTS = frozenset({"numero_france_travail", "identifiant_regional"})
LONGUEUR_REGIONAL = 8


def nettoyee(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """Out: the same values, texts without blanks around, identifiers compacted, empty texts None."""
    return {nom: _nettoye(nom, valeur) for nom, valeur in saisie.items()}


def _nettoye(nom: str, valeur: Any) -> Any:
    if not isinstance(valeur, str) or isinstance(valeur, Civilite):
        return valeur
    if nom not in IDENTIFIANTS:
        return nettoyer(valeur)
    compact = compacter(valeur)
    if nom == "identifiant_regional" and compact and est_identifiant_regional(compact):
        return compact[-LONGUEUR_REGIONAL:]  # kept without its geographic code
    return compact


def verifier_champs(
    champs: Iterable[Champ], valeurs: Mapping[str, Any], *, complet: bool
) -> list[Empechement]:
    """In: the fields, cleaned values, and whether what is missing matters. Out: every problem, with its path."""
    return [
        probleme
        for champ in champs
        for probleme in _problemes(champ, valeurs.get(champ.nom), complet=complet)
    ]


def _problemes(champ: Champ, texte: str | None, *, complet: bool) -> Iterator[Empechement]:
    if not texte:
        if champ.obligatoire and complet:
            yield ChampObligatoire(RACINE, champ.nom)
        return
    if ressemble_a_un_nir(texte):
        yield NirInterdit(RACINE, champ.nom)
    if len(texte) > champ.maximum:
        yield TexteTropLong(RACINE, champ.nom, maximum=champ.maximum)
    if champ.forme and not champ.forme(texte):
        yield FormatInvalide(RACINE, champ.nom, attendu=champ.attendu)


def texte_obligatoire(nom: str, texte: str | None, maximum: int = 1000) -> list[Empechement]:
    """Out: the problems of one text that an act cannot do without (a reason, a motive)."""
    return verifier_champs([Champ(nom, maximum, obligatoire=True)], {nom: nettoyer(texte)}, complet=True)


# --- a candidature -------------------------------------------------------------------------------------------


def problemes_brouillon(saisie: Mapping[str, Any]) -> list[Empechement]:
    """R-092: what even a draft refuses of what is given."""
    return verifier_champs(CHAMPS_CANDIDATURE, saisie, complet=False)


def formulaire(candidature: Candidature) -> dict[str, Any]:
    """Out: the values of the form of a candidature."""
    return {nom: getattr(candidature, nom) for nom in SaisieCandidature.__annotations__}


def problemes_candidature(valeurs: Mapping[str, Any], candidat: Candidat) -> list[Empechement]:
    """R-094: everything that forbids to submit or validate this form; R-091: the recap needs an address."""
    problemes = verifier_champs(CHAMPS_CANDIDATURE, valeurs, complet=True)
    if valeurs.get("envoyer_recapitulatif") and not candidat.courriel:
        problemes.append(RecapitulatifSansCourriel(RACINE, "envoyer_recapitulatif"))
    return problemes


# --- a candidat ----------------------------------------------------------------------------------------------

AGE_MINIMUM, AGE_MAXIMUM = 14, 100


def problemes_candidat(valeurs: Mapping[str, Any], jour: date) -> list[Empechement]:
    """R-088: everything that forbids to keep these values of a candidat, on that day.

    An identifier is not compulsory for somebody registered with France Travail: not every prescripteur knows it,
    and the comparison of R-114 is made on the identity.
    """
    problemes = verifier_champs(CHAMPS_CANDIDAT, valeurs, complet=True)
    naissance = valeurs.get("date_naissance")
    if naissance is None:
        problemes.append(ChampObligatoire(RACINE, "date_naissance"))
    elif not AGE_MINIMUM <= age(naissance, jour) <= AGE_MAXIMUM:
        problemes.append(DateNaissanceInvraisemblable(RACINE, "date_naissance"))
    return problemes


def problemes_recherche(criteres: Mapping[str, Any]) -> list[Empechement]:
    """R-082: an identifier that has not its shape finds nobody: better say it."""
    champs = [champ for champ in CHAMPS_CANDIDAT if champ.nom in IDENTIFIANTS]
    return verifier_champs(champs, criteres, complet=False)


def age(naissance: date, jour: date) -> int:
    """Out: the age in whole years; negative for somebody not born."""
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day))
