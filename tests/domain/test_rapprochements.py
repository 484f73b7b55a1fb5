"""How alike two fiches are: what makes one person of them, and what does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.rapprochements import SEUIL, comparer, proches, sonne
from app.domain.textes import plier
from app.models import Candidat

FICHE: dict[str, Any] = {
    "nom": "Lefèvre",
    "prenom": "Anne",
    "date_naissance": date(1988, 3, 4),
    "telephone": "0555000000",
}


def une(**autres: Any) -> Candidat:
    dites = FICHE | autres
    return Candidat(**dites, nom_plie=plier(dites["nom"]), prenom_plie=plier(dites["prenom"]))


@pytest.mark.regle("R-095")
@pytest.mark.parametrize(
    ("autres", "alike"),
    [
        ({}, True),
        ({"nom": "Lefebvre"}, True),
        ({"prenom": "Annie"}, True),
        ({"nom": "Anne", "prenom": "Lefèvre"}, True),
        ({"date_naissance": date(1988, 4, 3)}, True),
        ({"date_naissance": date(1988, 3, 5)}, True),
        ({"nom": "Martin", "telephone": "05 55 00 00 00", "courriel": None}, True),
        ({"prenom": "Sylvie"}, False),  # a twin
        ({"date_naissance": date(1951, 12, 25)}, True),  # same name, same telephone
        ({"date_naissance": date(1951, 12, 25), "telephone": None}, False),
        ({"nom": "Martin", "prenom": "Paul", "telephone": None}, False),
    ],
)
def test_alike_or_not(autres: dict[str, Any], alike: bool) -> None:
    score, raisons = comparer(une(), une(**autres))
    assert (score >= SEUIL) == alike, (score, raisons)
    assert comparer(une(**autres), une()) == (score, raisons)


def test_two_numbers_are_two_people() -> None:
    meme, autre = (une(numero_france_travail=n) for n in ("1" * 11, "2" * 11))
    assert comparer(meme, autre)[0] < comparer(meme, une())[0]


@pytest.mark.parametrize(
    ("un", "autre"), [("dupond", "dupont"), ("philippe", "filipe"), ("mathieu", "matieu"), ("arnaud", "arno")]
)
def test_names_that_sound_alike(un: str, autre: str) -> None:
    assert sonne(un) == sonne(autre)
    assert proches(un, autre)
    assert not proches(un, "martin")
