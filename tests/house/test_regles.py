"""Every id that a test bears is a rule that exists, and the list of the rules is whole."""

from __future__ import annotations

from .regles import lectures, regles, shown


def test_every_mark_names_a_rule_or_a_reading() -> None:
    known = {regle.id for regle in regles()} | lectures()
    assert not {id: where for id, where in shown().items() if id not in known}


def test_the_rules_are_all_there_once() -> None:
    assert [regle.id for regle in regles()] == [f"R-{n:03d}" for n in range(1, 257)]


def test_the_readings_are_all_there() -> None:
    assert lectures() == {f"C-{n:02d}" for n in range(1, 35)}


def test_every_kind_is_known() -> None:
    assert {regle.kind for regle in regles()} == set("ASVQDJNFXIU")
