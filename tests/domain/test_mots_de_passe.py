"""Passwords by the CNIL's recommendation of 2022: what is accepted, what is refused, what is said of it."""

from __future__ import annotations

import pytest

from app.domain.mots_de_passe import Force, force, problemes

PAUL = ("Paul", "Etcheverry", "paul.etcheverry@trois-vallees.example")


def codes(mot: str) -> list[str]:
    return [e.code for e in problemes(mot, PAUL)]


@pytest.mark.regle("R-008")
@pytest.mark.parametrize(
    "mot",
    [
        "Gv7!rTq2#pLx",  # twelve, four classes
        "GvarTq2hpLxk8Z",  # fourteen, three classes
        "le chat gris dort sous un vieux chêne",  # seven words and more
        "Brouette-Violon-83-Nuage",
        "Été@1987-Vélos",
    ],
)
def test_what_is_long_enough_for_its_classes_is_accepted(mot: str) -> None:
    assert codes(mot) == []
    assert force(mot, PAUL) is not Force.REFUSE


@pytest.mark.regle("R-008")
@pytest.mark.parametrize(
    "mot",
    [
        "",
        "Gv7!rTq2#pL",  # eleven, four classes
        "GvarTq2hpLxk8",  # thirteen, three classes
        "gvartqhplxkzmwnbvcdsqpo",  # two classes or fewer, however long
        "le chat gris dort sous un",  # six words
        "le le le le le le le le le le le le",  # one word, twelve times
        "Aa1!Aa1!Aa1!",  # four characters, three times
        "Abcdefghij1!",  # a run of the alphabet
        "Azertyuiop1!",  # a run of the keyboard
        "aaaaaaaaaaA1!",
    ],
)
def test_what_is_short_or_made_of_one_pattern_is_refused(mot: str) -> None:
    assert "MOT_DE_PASSE_TROP_FAIBLE" in codes(mot)
    assert force(mot, PAUL) is Force.REFUSE


@pytest.mark.regle("R-008")
@pytest.mark.parametrize(
    "mot",
    [
        "Motdepasse-2026!",
        "M0tDeP@sse!2026",
        "P@ssw0rd#2026!!",
        "RafaelPro!2026",
        "Septembre/2026",
        "2026-Bordeaux!!",
    ],
)
def test_a_common_word_is_refused_whatever_decorates_it(mot: str) -> None:
    assert "MOT_DE_PASSE_COURANT" in codes(mot)


@pytest.mark.regle("R-008")
def test_what_is_near_the_person_is_refused() -> None:
    assert codes("Etcheverry-1987") == ["MOT_DE_PASSE_TROP_PROCHE"]
    assert codes("Étchévérry!1987") == ["MOT_DE_PASSE_TROP_PROCHE"]
    assert codes("PauletCheverry-étang-brouette-Nuage-1987") == []  # it is a small part of it


def test_a_password_has_an_end() -> None:
    assert codes("Gv7!rTq2#pLx" * 20) == ["MOT_DE_PASSE_TROP_LONG"]


def test_the_strength_grows_with_the_length_and_is_said_in_words() -> None:
    said = [force(mot) for mot in ("Gv7!rTq2#pLx", "Gv7!rTq2#pLxw9Z", "Gv7!rTq2#pLxw9Zk&Hm4")]
    assert said == sorted(said)
    assert said[0] is Force.CORRECT
    assert said[-1] is Force.TRES_FORT
    assert all(f.phrase.endswith(".") for f in Force)
