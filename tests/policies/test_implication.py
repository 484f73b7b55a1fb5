"""What one condition guarantees about another: never a wrong yes, and the yes that the compilers live on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from app.kit.conditions import FALSE, TRUE, Compare, Condition, Exists, Not, Ref, all_of, any_of, decide
from app.policies.copies import canonical
from app.policies.implication import implies, through, under
from tests.policies.conditions_au_hasard import condition, valeurs, voisine
from tests.policies.modeles import Demande, Groupe, Personne
from tests.policies.mondes import monde

MINE = Compare(("auteur_id",), "=", Ref("moi"))
OURS = Compare(("structure_id",), "=", Ref("ma_structure"))
RNG = random.Random(20)
WORLDS = [monde(RNG) for _ in range(12)]
DEMANDES = [row for world in WORLDS for row in world.lignes[Demande]]
GROUPES = [row for world in WORLDS for row in world.lignes[Groupe]]
GIVEN = [valeurs(RNG) for _ in range(6)]


def etat(*words: str) -> Condition:
    """Out: a test on the state."""
    return (
        Compare(("etat",), "in", tuple(sorted(words)))
        if len(words) > 1
        else Compare(("etat",), "=", words[0])
    )


def counterexample(known: Condition, wanted: Condition, rows: list[Any] = DEMANDES) -> Any:
    """Out: a row and values that satisfy the first and not the second, if the worlds hold one."""
    before, after = decide(known), decide(wanted)
    return next(((r, g) for r in rows for g in GIVEN if before(r, g) and not after(r, g)), None)


@pytest.mark.parametrize("model", [None, Demande])
def test_no_implication_is_ever_wrong(model: Any) -> None:
    rng = random.Random(f"implications {model}")
    proved = 0
    for number in range(4000):
        known = condition(rng)
        wanted = voisine(rng, known) if number % 2 else condition(rng)
        if implies(known, wanted, model):
            assert counterexample(known, wanted) is None, (known, wanted)
            proved += 1
    assert proved > 1200  # a prover that always doubts would pass otherwise


def test_many_implications_that_hold_are_proved() -> None:
    rng = random.Random(7)
    found = missed = 0
    for _ in range(600):
        known = condition(rng)
        wanted = voisine(rng, known)
        if implies(known, wanted, Demande):
            found += 1
        elif counterexample(known, wanted) is None:
            missed += 1  # some of these are only unseen by the worlds
    assert found > 3 * missed


def test_what_is_known_of_a_row_is_true_of_the_row_it_leads_to() -> None:
    rng = random.Random(3)
    for _ in range(1500):
        known = condition(rng)
        for model in (None, Demande):
            followed = decide(through(known, "groupe", model))
            before = decide(known)
            for row in DEMANDES[::3]:
                for given in GIVEN[::2]:
                    if row.groupe is not None and before(row, given):
                        assert followed(row.groupe, given), (known, model)


def test_what_is_known_of_a_row_is_true_as_said_by_the_rows_that_lead_to_it() -> None:
    rng = random.Random(5)
    for _ in range(1500):
        known = condition(rng)
        before, after = decide(known), decide(under(known, "demande"))
        for world in WORLDS[:4]:
            for suivi in world.lignes[list(world.lignes)[-1]]:
                for given in GIVEN[::2]:
                    assert after(suivi, given) == before(suivi.demande, given), known


def test_a_copy_is_the_same_value() -> None:
    rng = random.Random(11)
    for _ in range(1500):
        said = condition(rng)
        one, other = decide(said), decide(canonical(said, Demande))
        for row in DEMANDES[::2]:
            for given in GIVEN:
                assert one(row, given) == other(row, given), said


class TestWhatMustBeProved:
    """Without these the compilers would look twice at the same row."""

    def test_a_part_is_guaranteed_by_the_whole(self) -> None:
        assert implies(all_of([MINE, etat("soumise")]), MINE)
        assert not implies(MINE, all_of([MINE, etat("soumise")]))

    def test_fewer_words_guarantee_more(self) -> None:
        assert implies(etat("soumise"), etat("soumise", "retenue"))
        assert not implies(etat("soumise", "retenue"), etat("soumise"))

    def test_a_word_is_not_another(self) -> None:
        assert implies(etat("soumise"), Compare(("etat",), "!=", "retenue"))
        assert not implies(etat("soumise", "retenue"), Compare(("etat",), "!=", "retenue"))

    def test_every_way_must_lead_there(self) -> None:
        known = any_of([all_of([MINE, OURS]), all_of([OURS, etat("soumise")])])
        assert implies(known, OURS)
        assert not implies(known, MINE)

    def test_what_cannot_happen_guarantees_everything(self) -> None:
        assert implies(all_of([etat("soumise"), etat("retenue")]), FALSE)
        assert implies(all_of([MINE, Not(MINE)]), OURS)
        assert not implies(TRUE, MINE)

    def test_words_that_were_joined_are_taken_apart_again(self) -> None:
        known = all_of([etat("soumise", "retenue"), MINE, OURS])
        wanted = any_of([all_of([etat("soumise"), MINE]), all_of([etat("retenue"), OURS])])
        assert implies(known, wanted)

    def test_a_comparison_with_a_value_says_that_there_is_one(self) -> None:
        assert implies(MINE, Compare(("auteur_id",), "!=", None))
        assert not implies(Compare(("auteur_id",), "!=", 3), Compare(("auteur_id",), "!=", None))

    def test_a_longer_denial_is_guaranteed_by_a_shorter_one(self) -> None:
        assert implies(Not(MINE), Not(all_of([MINE, OURS])))
        assert not implies(Not(all_of([MINE, OURS])), Not(MINE))

    def test_a_row_that_satisfies_more_satisfies_less(self) -> None:
        more = Exists(
            ("suivis",),
            all_of([Compare(("est_clos",), "=", False), Compare(("suiveur_id",), "=", Ref("moi"))]),
        )
        assert implies(more, Exists(("suivis",), Compare(("suiveur_id",), "=", Ref("moi"))))
        assert not implies(Exists(("suivis",), Compare(("suiveur_id",), "=", Ref("moi"))), more)


class TestAcrossRows:
    """What the reading door asks when it goes from a row to the next."""

    def test_a_copy_is_known_through_the_relation(self) -> None:
        known = Compare(("organisme_id",), "=", Ref("ma_structure"))
        of_the_group = through(known, "groupe", Demande)
        assert implies(of_the_group, known, Groupe)
        assert implies(of_the_group, Compare(("stage", "organisme_id"), "=", Ref("ma_structure")), Groupe)
        assert through(known, "groupe") == TRUE

    def test_a_person_is_read_by_whoever_reads_one_of_its_demands(self) -> None:
        known = all_of(
            [etat("soumise"), Compare(("groupe", "stage", "organisme_id"), "=", Ref("ma_structure"))]
        )
        demand = any_of(
            [MINE, all_of([etat("soumise", "retenue"), Compare(("organisme_id",), "=", Ref("ma_structure"))])]
        )
        person = any_of([Compare(("createur_id",), "=", Ref("moi")), Exists(("demandes",), demand)])
        assert implies(through(known, "personne", Demande), person, Personne)
        assert not implies(through(etat("soumise"), "personne", Demande), person, Personne)

    def test_a_column_that_may_be_null_is_no_copy_for_a_difference(self) -> None:
        differs = Compare(("groupe", "organisme_id"), "!=", Ref("ma_structure"))
        assert canonical(differs, Demande) == differs
        assert canonical(Compare(("stage", "organisme_id"), "!=", 2), Groupe) == Compare(
            ("organisme_id",), "!=", 2
        )
