"""Accounts, without a base: what an address is, when a link serves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.domain import comptes as d
from app.models import UsageLien

from .lignes import MARDI, PAUL
from .lignes import empeche as refuse

MINUTE = timedelta(minutes=1)


def un_lien(usage: UsageLien = UsageLien.QUITTER_ADRESSE, **colonnes: Any) -> m.LienCourriel:
    defauts = {"compte_id": PAUL, "contenu": {}, "cree_le": MARDI, "expire_le": MARDI + MINUTE}
    return m.LienCourriel(usage=usage, **defauts | colonnes)


@pytest.mark.regle("R-002", "R-008")
@pytest.mark.parametrize(
    ("ecrit", "garde"),
    [
        (" Paul@Exemple.FR ", "paul@exemple.fr"),
        ("ｐａｕｌ@exemple.fr", "paul@exemple.fr"),
        ("\u212aarim@exemple.fr", "karim@exemple.fr"),  # the sign of the kelvin
        (None, ""),
    ],
)
def test_an_address_is_kept_in_one_way(ecrit: str | None, garde: str) -> None:
    assert d.normaliser_courriel(ecrit) == garde
    assert d.normaliser_courriel(garde) == garde


@pytest.mark.regle("R-002")
@pytest.mark.parametrize(
    ("adresse", "admise"),
    [
        ("paul@exemple.fr", True),
        ("paul+rafael@mission-locale.exemple.fr", True),
        ("paul@xn--exmple-cva.fr", True),  # shown as it is, never as what it stands for
        ("pаul@exemple.fr", False),  # а is Cyrillic
        ("paul@exémple.fr", False),
        ("paul@exemple", False),
        ("paul exemple.fr", False),
        ("paul@exemple.fr\n", False),
        ("paul\x00@exemple.fr", False),
    ],
)
def test_an_address_is_one_that_nobody_takes_for_another(adresse: str, admise: bool) -> None:
    assert d.est_courriel(adresse) is admise


@pytest.mark.regle("R-008")
def test_a_link_serves_once_before_its_end_for_its_use() -> None:
    lien = un_lien()
    with refuse("LIEN_INVALIDE"):
        d.utiliser(lien, (UsageLien.CHANGER_MOT_DE_PASSE,), le=MARDI)
    with refuse("LIEN_INVALIDE"):
        d.utiliser(lien, d.CHANGEMENT_D_ADRESSE, le=MARDI + MINUTE)

    d.utiliser(lien, d.CHANGEMENT_D_ADRESSE, le=MARDI + MINUTE - timedelta(microseconds=1))

    with refuse("LIEN_INVALIDE"):
        d.utiliser(lien, d.CHANGEMENT_D_ADRESSE, le=MARDI)


@pytest.mark.regle("R-014")
def test_an_address_changes_by_the_two_links_of_one_request() -> None:
    quitter, prendre = un_lien(utilise_le=MARDI), un_lien(UsageLien.PRENDRE_ADRESSE)
    d_avant = un_lien(UsageLien.PRENDRE_ADRESSE, cree_le=MARDI - MINUTE, utilise_le=MARDI)
    tous = [quitter, prendre, d_avant]

    assert not d.est_complete(quitter, tous)
    prendre.utilise_le = MARDI
    assert d.est_complete(quitter, tous)
    assert not d.est_complete(d_avant, tous)


def test_five_links_an_hour_are_enough() -> None:
    liens = [un_lien(cree_le=MARDI - rang * MINUTE) for rang in range(5)]
    assert d.trop_de_liens(liens, le=MARDI)
    assert not d.trop_de_liens(liens[1:], le=MARDI)
    assert not d.trop_de_liens(liens, le=MARDI + timedelta(hours=1) - 4 * MINUTE)
