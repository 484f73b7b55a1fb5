"""Two fiches that may be of one person: how alike they are, and why (R-095). Weights are a table: change them there.

Pairs are only looked for among fiches that share a key (a birth date, an identity, an address, a telephone): never
everybody against everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.conditions import Column, Compare, Condition, Ref, all_of, any_of
from app.models import Candidat, EtatRapprochement, Rapprochement

from .faits import FaitMetier
from .textes import compacter

SEUIL, PLAFOND = 60, 100
PROCHE = 0.84  # of the letters, in order
VOISINS = 200  # of one fiche, at most: a key that more share says nothing


@dataclass(frozen=True)
class DoublonEcarte(FaitMetier):
    """Somebody looked, and said that two fiches are of two people."""

    candidat_id: int
    autre_id: int


def _egal(colonne: str) -> Condition:
    return Compare((colonne,), "=", Ref(f"son_{colonne}"))


CLES = ("date_naissance", "courriel", "telephone")
VOISINS_DE: Condition = all_of(
    [
        Compare(("anonymise_le",), "=", None),
        Compare(("id",), "!=", Ref("son_id")),
        any_of([*map(_egal, CLES), all_of([_egal("nom_plie"), _egal("prenom_plie")])]),
    ]
)
"""On a Candidat: who shares a key with somebody (`valeurs_de`): each alternative is an index."""
A_RAPPROCHER: Condition = all_of(
    [
        Compare(("anonymise_le",), "=", None),
        any_of(
            [
                Compare(("rapproche_le",), "=", None),
                Compare(("rapproche_le",), "<", Column(("modifie_le",))),
            ]
        ),
    ]
)
"""On a Candidat: nobody compared it since it was entered or changed."""


def valeurs_de(candidat: Candidat) -> dict[str, object]:
    """Out: what `VOISINS_DE` compares."""
    return {f"son_{nom}": getattr(candidat, nom) for nom in ("id", "nom_plie", "prenom_plie", *CLES)}


# --- how alike ---------------------------------------------------------------------------------------------------

_SONS = (
    (r"ph", "f"), (r"qu|ck|[kq]", "c"), (r"y", "i"), (r"(eau|au)", "o"), (r"ain|ein|un", "in"), (r"en|em|am", "an"),
    (r"h", ""), (r"(.)\1+", r"\1"), (r"(.)[stxzde]+\b", r"\1"),
)  # fmt: skip


def sonne(plie: str) -> str:
    """In: a folded name. Out: about how it sounds in French: « Dupond » and « dupont » are one."""
    for motif, son in _SONS:
        plie = re.sub(motif, son, plie)
    return plie.replace(" ", "")


def proches(un: str, autre: str) -> bool:
    """Out: whether two folded names sound alike, or differ by a letter or two."""
    from difflib import SequenceMatcher  # who answers compares nobody

    return sonne(un) == sonne(autre) or SequenceMatcher(None, un, autre).ratio() >= PROCHE


def _inverses(a: Candidat, b: Candidat) -> bool:
    return (a.nom_plie, a.prenom_plie) == (b.prenom_plie, b.nom_plie)


def _dates_proches(a: date, b: date) -> bool:
    """Day and month the other way round, or one figure that differs."""
    retournee = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    ecarts = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return retournee or ecarts == 1


def _meme(colonne: str) -> Callable[[Candidat, Candidat], bool]:
    def vrai(a: Candidat, b: Candidat) -> bool:
        un, autre = (compacter(getattr(c, colonne)) for c in (a, b))
        return un is not None and un == autre

    return vrai


def _autre_numero(a: Candidat, b: Candidat) -> bool:
    numeros = {a.numero_france_travail, b.numero_france_travail}
    return None not in numeros and len(numeros) > 1


POIDS: tuple[tuple[str, int, Callable[[Candidat, Candidat], bool]], ...] = (
    ("nom", 30, lambda a, b: a.nom_plie == b.nom_plie),
    ("nom_proche", 20, lambda a, b: a.nom_plie != b.nom_plie and proches(a.nom_plie, b.nom_plie)),
    ("prenom", 20, lambda a, b: a.prenom_plie == b.prenom_plie),
    (
        "prenom_proche",
        14,
        lambda a, b: a.prenom_plie != b.prenom_plie and proches(a.prenom_plie, b.prenom_plie),
    ),
    ("autre_prenom", -25, lambda a, b: not proches(a.prenom_plie, b.prenom_plie) and not _inverses(a, b)),
    ("inverses", 45, _inverses),
    ("date_naissance", 30, lambda a, b: a.date_naissance == b.date_naissance),
    ("date_proche", 15, lambda a, b: _dates_proches(a.date_naissance, b.date_naissance)),
    ("courriel", 25, _meme("courriel")),
    ("telephone", 20, _meme("telephone")),
    ("autre_numero", -40, _autre_numero),
)
"""What each likeness is worth: twins share a name, a day and a telephone, not a first name; two numbers are two people."""


def comparer(a: Candidat, b: Candidat) -> tuple[int, list[str]]:
    """Out: how alike two fiches are, of a hundred, and by what."""
    raisons = [nom for nom, _, vrai in POIDS if vrai(a, b)]
    somme = sum(poids for nom, poids, _ in POIDS if nom in raisons)
    return max(0, min(PLAFOND, somme)), raisons


def rapprocher(a: Candidat, b: Candidat, *, le: datetime) -> Rapprochement | None:
    """Out: what is to be reviewed of two fiches, the older one first; None where they are not alike enough."""
    score, raisons = comparer(a, b)
    if score < SEUIL:
        return None
    premier, second = sorted((a.id, b.id))
    return Rapprochement(candidat_id=premier, autre_id=second, score=score, raisons=raisons, trouve_le=le)


def ecarter(rapprochement: Rapprochement, *, compte_id: int, le: datetime) -> DoublonEcarte:
    """Somebody says that they are two people: it is not asked again."""
    rapprochement.etat = EtatRapprochement.ECARTE
    rapprochement.decide_par_id, rapprochement.decide_le = compte_id, le
    return DoublonEcarte(rapprochement.candidat_id, rapprochement.autre_id)
