"""The page of the reviewer: every decision, in words, and nothing that is not one."""

from __future__ import annotations

import re
from itertools import product

import pytest

from app.kit.conditions import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Given,
    Not,
    Ref,
    all_of,
    any_of,
)
from app.policies.compiled import Cell, Compiled
from app.policies.matrix import matrix
from app.policies.viewer import PROFILS
from app.policies.words import words

A, B, C, D = (Compare((name,), "=", True) for name in "abcd")
MINE = Compare(("auteur_id",), "=", Ref("moi"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (TRUE, "toujours"),
        (FALSE, "jamais"),
        (MINE, "auteur_id = moi"),
        (
            Compare(("session", "formateur_id"), "!=", Ref("ma_structure")),
            "session.formateur_id ≠ ma structure",
        ),
        (Compare(("etat",), "in", ("a", "b")), "etat parmi (a, b)"),
        (Compare(("jusqu_au",), ">", Ref("maintenant")), "jusqu_au > maintenant"),
        (Compare(("a",), "=", None), "a est vide"),
        (Compare(("a",), "!=", None), "a n'est pas vide"),
        (Compare(("a",), "=", False), "non a"),
        (Compare(("a",), "!=", True), "a n'est pas vrai"),
        (Compare(("a",), "=", Column(("b", "c"))), "a = b.c"),
        (any_of([A, all_of([B, C])]), "a OU (b ET c)"),
        (all_of([A, any_of([B, C])]), "a ET (b OU c)"),
        (any_of([all_of([A, B]), all_of([A, C])]), "a ET (b OU c)"),
        (any_of([all_of([A, B]), all_of([A, C]), D]), "d OU (a ET (b OU c))"),
        (Exists(("suivis",), any_of([A, B])), "une ligne de suivis où (a OU b)"),
        (all_of([A, B, Not(MINE)]), "(a ET b) SAUF SI (auteur_id = moi)"),
        (all_of([A, Not(MINE), Not(B)]), "a SAUF SI (auteur_id = moi OU b)"),
        (Not(MINE), "toujours SAUF SI (auteur_id = moi)"),
        (any_of([A, Not(B)]), "a OU (toujours SAUF SI (b))"),
        (Given("urgence"), "urgence"),
    ],
)
def test_a_condition_in_words(said: Condition, sentence: str) -> None:
    assert words(said) == sentence


def _every_condition(depth: int) -> list[Condition]:
    if depth == 0:
        return [A, B, Given("c"), Not(D)]
    below = _every_condition(depth - 1)
    joined: list[Condition] = [
        join([one, other]) for join in (all_of, any_of) for one, other in product(below, below)
    ]
    return list(dict.fromkeys([*below, *joined, *(Not(said) for said in below)]))[:400]


def test_and_and_or_are_never_mixed_without_parentheses() -> None:
    for said in _every_condition(2):
        flat = words(said)
        while (shorter := re.sub(r"\([^()]*\)", "x", flat)) != flat:
            assert not (" ET " in flat.partition("(")[0] and " OU " in flat.partition("(")[0]), words(said)
            flat = shorter
        assert sum(mark in flat for mark in (" ET ", " OU ")) <= 1, words(said)


def test_the_sentence_says_the_condition() -> None:
    """Read back by Python, with its own `and`, `or` and `not`: the same truth table."""
    for said in _every_condition(2):
        read = (
            words(said)
            .replace("toujours", "True")
            .replace("jamais", "False")
            .replace(" SAUF SI ", " and not ")
        )
        read = read.replace(" ET ", " and ").replace(" OU ", " or ")
        for values in product([True, False], repeat=4):
            given = dict(zip("abcd", values, strict=True))
            assert eval(read, {}, given) is _true(said, given), (words(said), given)  # our own sentences


def _true(said: Condition, given: dict[str, bool]) -> bool:
    match said:
        case AllOf(parts=parts):
            return all(_true(p, given) for p in parts)
        case AnyOf(parts=parts):
            return any(_true(p, given) for p in parts)
        case Not(body=body):
            return not _true(body, given)
        case Given(name=name) | Compare(path=(name,)):
            return given[name]
    return said == TRUE


def policy(cells: dict[tuple[str, str], Condition], denied: Condition = FALSE) -> Compiled:
    """Out: a policy about demands: {(profil, permission): condition}."""
    denials = (("X-1", denied),) if denied != FALSE else ()
    return Compiled(
        {"demandes.polar": "0" * 64},
        {"Demande": ("lire", "valider")},
        {
            (profil, name, "Demande"): Cell.of((("D-1", said),), denials)
            for (profil, name), said in cells.items()
        },
    )


def lines(cells: dict[tuple[str, str], Condition], denied: Condition = FALSE) -> list[str]:
    """Out: the lines of the matrix of a policy."""
    return matrix(policy(cells, denied), "f" * 64).splitlines()


def test_each_profile_has_its_line() -> None:
    page = lines({("gestionnaire", "lire"): TRUE, ("gestionnaire", "valider"): MINE})
    assert "| gestionnaire | tout | si |" in page
    assert any(line.startswith("| anonyme, beneficiaire") and line.endswith("| · | · |") for line in page)
    assert "- gestionnaire : auteur_id = moi *(D-1)*" in page


def test_a_referent_is_shown_only_where_it_may_do_something_else() -> None:
    both = {(profil, "lire"): TRUE for profil in ("of_general", "of_general+referent")}
    assert not any("of_general+referent" in line for line in lines(both))
    more = lines({("of_general+referent", "lire"): TRUE})
    assert "- of_general+referent : toujours *(D-1)*" in more


def test_everybody_has_a_short_name() -> None:
    assert "- tous : toujours *(D-1)*" in lines({(profil, "lire"): TRUE for profil in PROFILS})


def test_what_is_taken_back_is_told_with_its_rule() -> None:
    page = lines({("gestionnaire", "lire"): A}, MINE)
    assert "- gestionnaire : a SAUF SI (auteur_id = moi) *(D-1 ; sauf X-1)*" in page


def test_the_page_names_its_sources() -> None:
    page = "\n".join(lines({}))
    assert "sha256:" + "f" * 64 in page
    assert "`demandes.polar` `" + "0" * 64 in page
