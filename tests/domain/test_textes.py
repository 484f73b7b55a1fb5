"""Folding as the base does, and social security numbers that must not be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import textes
from app.domain.textes import compacter, nettoyer, plier, ressemble_a_un_nir

# made up: born in month 42, which nobody is
CORPS = "190423300100"  # twelve digits
NIR_SANS_CLE = CORPS + "1"
NIR = NIR_SANS_CLE + f"{97 - int(NIR_SANS_CLE) % 97:02d}"


@pytest.mark.regle("R-083")
@pytest.mark.parametrize(
    ("ecrit", "plie"),
    [
        ("Lefèvre-Rousseau", "lefevre rousseau"),
        ("  LEFÈVRE   ROUSSEAU ", "lefevre rousseau"),
        ("Lefe\u0300vre", "lefevre"),
        ("D'Œuvre", "d oeuvre"),
        ("Lætitia", "laetitia"),
        ("Nuñez", "nunez"),
        ("ŒUVRÉ", "oeuvre"),
        ("-", ""),
    ],
)
def test_un_nom_se_compare_sans_accent_ni_casse_ni_trait_d_union(ecrit: str, plie: str) -> None:
    assert plier(ecrit) == plie


@given(st.text())
def test_plier_deux_fois_ne_change_plus_rien(texte: str) -> None:
    assert plier(plier(texte)) == plier(texte)
    assert re.fullmatch("([a-z0-9]+( [a-z0-9]+)*)?", plier(texte))


def test_la_base_plie_les_memes_lettres(racine: Path) -> None:
    sql = (racine / "migrations/versions/0001_mots.py").read_text(encoding="utf-8")
    corps = sql[sql.index("FUNCTION plier") : sql.index("FUNCTION mots_litteraux")]
    table = re.search(r"'(à[^']+)', '(a[a-z]+)'", corps)
    assert table is not None
    assert str.maketrans(table[1], table[2]) == textes._ACCENTS
    assert dict(re.findall(r"'(œ|æ)', '(\w\w)'", corps)) == textes._LIGATURES
    assert "[^a-z0-9]+" in corps


def test_un_texte_vide_n_est_rien() -> None:
    assert nettoyer("  \n ") is nettoyer(None) is nettoyer("") is None
    assert nettoyer(" à voir ") == "à voir"


def test_un_identifiant_s_ecrit_sans_blanc_en_capitales() -> None:
    assert compacter(" 1234 567-a ") == "1234567A"
    assert compacter(" . ") is None


@pytest.mark.regle("R-116")
@pytest.mark.parametrize(
    "ecrit",
    [
        NIR,
        NIR_SANS_CLE,
        NIR_SANS_CLE + "00",  # a wrong key
        f"{NIR[0]} {NIR[1:3]} {NIR[3:5]} {NIR[5:7]} {NIR[7:10]} {NIR[10:13]} {NIR[13:]}",
        f"{NIR[0]}.{NIR[1:3]}.{NIR[3:5]}.{NIR[5:7]}.{NIR[7:10]}.{NIR[10:13]}",
        f"{NIR[0]} - {NIR[1:3]} - {NIR[3:5]} - {NIR[5:7]} - {NIR[7:10]} - {NIR[10:13]}",
        f"{NIR[:4]} {NIR[4:8]} {NIR[8:12]} {NIR[12:]}",  # cut otherwise, the key is right
        "2 85 05 2A 004 012",
        "2 85 05 2b 004 012",
    ],
)
def test_un_numero_de_securite_sociale_se_reconnait_quelle_que_soit_sa_ponctuation(ecrit: str) -> None:
    assert ressemble_a_un_nir(ecrit)
    assert ressemble_a_un_nir(f"Son numéro : {ecrit}, à vérifier.")


@pytest.mark.regle("R-116")
@pytest.mark.parametrize(
    "ecrit",
    [
        None,
        "",
        "Joignable au 05 55 00 00 00 ou au 06 12 34 56 78.",
        "du 12/10/2020 au 31/12/2023",
        "12/10/2020 - 31/12/2023",
        "SIRET 35600000000048",
        "1 85 13 78 006 084",  # there is no thirteenth month
        "Session 00498943, action 202305156095",
        "1" * 30,
    ],
)
def test_une_date_un_telephone_ou_un_siret_n_en_sont_pas(ecrit: str | None) -> None:
    assert not ressemble_a_un_nir(ecrit)
