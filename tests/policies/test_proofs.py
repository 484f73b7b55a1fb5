"""The prover: it agrees with the rows of random worlds, and finds what a proof must not miss."""

from __future__ import annotations

import random

import pytest

from app.kit.conditions import FALSE, TRUE, Compare, Condition, Exists, Given, Not, Ref, all_of, any_of
from app.policies.implication import implies
from tests.policies.conditions_au_hasard import condition, voisine
from tests.policies.modeles import Demande, Groupe, Personne
from tests.policies.proofs import equivalent, implied, impossible
from tests.policies.test_implication import counterexample

MINE = Compare(("auteur_id",), "=", Ref("moi"))
OURS = Compare(("organisme_id",), "=", Ref("ma_structure"))
SOUMISE = Compare(("etat",), "=", "soumise")
NONE_KNOWN: frozenset[str] = frozenset()


def test_what_is_proved_has_no_counterexample_and_what_implication_sees_is_proved() -> None:
    rng = random.Random(13)
    proved = refuted = 0
    for _ in range(250):
        known = condition(rng)
        wanted = voisine(rng, known)
        witness = implied(Demande, known, wanted, NONE_KNOWN)
        if witness is None:
            proved += 1
            assert counterexample(known, wanted) is None, (known, wanted)
        else:
            refuted += 1
            assert not implies(known, wanted, Demande), (known, wanted, str(witness))
    assert proved > 60
    assert refuted > 40


class TestWhatIsProved:
    """The facts of the tables count."""

    def test_a_word_excludes_another(self) -> None:
        assert impossible(Demande, SOUMISE, Compare(("etat",), "=", "retenue")) is None

    def test_a_column_holds_one_of_its_words(self) -> None:
        others = Compare(("etat",), "in", ("brouillon", "refusee", "retenue"))
        assert implied(Demande, all_of([Not(SOUMISE), Compare(("etat",), "!=", None)]), others) is None
        assert implied(Demande, Not(SOUMISE), others) is not None

    def test_a_relation_leads_somewhere_when_its_key_is_not_null(self) -> None:
        there = Compare(("groupe", "places"), "!=", None)
        assert implied(Demande, Compare(("groupe_id",), "!=", None), there) is None
        assert implied(Demande, there, Compare(("groupe_id",), "!=", None)) is None
        assert impossible(Demande, Compare(("groupe_id",), "=", None), there) is None

    def test_a_copy_is_what_it_copies_two_rows_away(self) -> None:
        far = Compare(("groupe", "stage", "organisme_id"), "=", Ref("ma_structure"))
        assert implied(Demande, OURS, far) is None
        assert implied(Demande, far, OURS) is None

    def test_a_relation_may_lead_nowhere(self) -> None:
        nowhere = Compare(("groupe_id",), "=", None)
        far = Compare(("groupe", "stage", "organisme_id"), "=", Ref("ma_structure"))
        near = Compare(("groupe", "organisme_id"), "=", 3)
        assert impossible(Demande, nowhere, Not(far), Not(near)) is not None
        assert impossible(Demande, nowhere, Not(Exists(("groupe", "demandes"), near))) is not None

    def test_who_exists_for_more_exists_for_less(self) -> None:
        more = Exists(("demandes",), all_of([SOUMISE, MINE]))
        assert implied(Personne, more, Exists(("demandes",), MINE)) is None
        assert (
            implied(Personne, all_of([Exists(("demandes",), MINE), Exists(("demandes",), SOUMISE)]), more)
            is not None
        )

    def test_a_row_found_leads_back_to_the_row_that_found_it(self) -> None:
        inside = Exists(("demandes",), Compare(("groupe", "formateur_id"), "=", Ref("ma_structure")))
        assert implied(Groupe, inside, Compare(("formateur_id",), "=", Ref("ma_structure"))) is None

    def test_nothing_satisfies_what_nothing_is_found_for(self) -> None:
        assert (
            impossible(
                Personne, Exists(("demandes",), MINE), Not(Exists(("demandes",), any_of([MINE, SOUMISE])))
            )
            is None
        )

    def test_a_null_request_value_satisfies_nothing(self) -> None:
        assert impossible(Demande, MINE, Compare(("auteur_id",), "!=", Ref("moi"))) is None
        either = any_of([MINE, Compare(("auteur_id",), "!=", Ref("moi"))])
        assert implied(Demande, TRUE, either) is None
        assert implied(Demande, TRUE, either, NONE_KNOWN) is not None


class TestWitnesses:
    """What is not proved is shown."""

    def test_the_witness_says_why(self) -> None:
        witness = implied(Demande, any_of([MINE, all_of([OURS, SOUMISE])]), MINE)
        assert witness is not None
        assert witness.values["etat"] == "soumise"
        assert "organisme_id" in str(witness)

    @pytest.mark.parametrize(
        "said", [FALSE, all_of([MINE, Not(MINE)]), all_of([Given("x"), Not(Given("x"))])]
    )
    def test_what_is_impossible_has_none(self, said: Condition) -> None:
        assert impossible(Demande, said) is None

    def test_two_ways_to_say_the_same(self) -> None:
        one = any_of([all_of([SOUMISE, MINE]), all_of([SOUMISE, OURS])])
        assert equivalent(Demande, one, all_of([SOUMISE, any_of([MINE, OURS])])) is None
        assert equivalent(Demande, one, all_of([SOUMISE, MINE])) is not None
