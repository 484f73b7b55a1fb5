"""The SQL of a condition: what it says, in how many looks, and that it never opens by accident."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.exc import StatementError

from app.kit.conditions import (
    FALSE,
    TRUE,
    Column,
    Compare,
    Condition,
    Exists,
    Given,
    Not,
    Ref,
    all_of,
    any_of,
    decide,
)
from app.policies.predicate import Row, new_row, predicate
from tests.policies.conditions_au_hasard import condition, valeurs
from tests.policies.modeles import Demande, Groupe, Suivi
from tests.policies.mondes import MAINTENANT, monde

OURS = Ref("ma_structure")


def sql(said: Condition, row: Row | None = None) -> str:
    """Out: the text of a condition, on one line."""
    row = row or new_row(Demande)
    text = str(select(row["id"]).where(predicate(said, row)).compile(dialect=asyncpg.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return re.sub(r"\s+", " ", text).partition(" WHERE ")[2]


def test_random_conditions_keep_the_rows_that_their_closures_keep(petit_monde: Connection) -> None:
    rng = random.Random(9)
    for _ in range(6):
        world = monde(rng, 25)
        world.ecrire(petit_monde)
        for _ in range(60):
            said, given = condition(rng), valeurs(rng)
            row = new_row(Demande)
            kept = petit_monde.execute(select(row["id"]).where(predicate(said, row)), given).scalars()
            flags = petit_monde.execute(select(row["id"], func.coalesce(predicate(said, row), False)), given)
            decision = decide(said)
            expected = {r.id: decision(r, given) for r in world.lignes[Demande]}
            assert set(kept) == {key for key, yes in expected.items() if yes}, said
            assert {key: flag for key, flag in flags} == expected, said  # noqa: C416  # rows, not pairs


class TestShape:
    """How many looks, and of which kind."""

    def test_few_rows_tied_to_the_request_are_fetched_once(self) -> None:
        said = sql(Compare(("groupe", "formateur_id"), "=", OURS))
        assert "groupe_id = ANY (array((SELECT" in said
        assert "EXISTS" not in said

    def test_many_rows_are_looked_at_one_by_one(self) -> None:
        said = sql(Compare(("groupe", "places"), "<", 3))
        assert "EXISTS (SELECT 1" in said
        assert "ANY" not in said

    def test_one_relation_is_looked_at_once(self) -> None:
        said = sql(
            any_of(
                [
                    Compare(("groupe", "formateur_id"), "=", OURS),
                    Compare(("groupe", "organisme_id"), "=", OURS),
                ]
            )
        )
        assert said.count("FROM petit_monde.groupe") == 1

    def test_a_small_set_and_a_large_one_are_kept_apart(self) -> None:
        said = sql(
            any_of([Compare(("groupe", "formateur_id"), "=", OURS), Compare(("groupe", "places"), "<", 3)])
        )
        assert "ANY (array(" in said
        assert "EXISTS" in said

    def test_what_ways_share_is_tested_once(self) -> None:
        word = Compare(("etat",), "=", "soumise")
        ways = [
            all_of([word, Compare(("groupe", name), "=", OURS)]) for name in ("formateur_id", "organisme_id")
        ]
        assert sql(any_of(ways)).count("etat") == 1

    def test_a_row_in_scope_is_not_looked_for(self) -> None:
        groupe = new_row(Groupe)
        demande = Row(Demande, new_row(Demande).table, {"groupe": groupe})
        said = sql(Compare(("groupe", "formateur_id"), "=", OURS), demande)
        assert "SELECT" not in said

    def test_the_words_of_the_policy_are_no_binds(self) -> None:
        assert "= 'soumise'" in sql(Compare(("etat",), "=", "soumise"))
        said = sql(Compare(("etat",), "in", ("soumise", "retenue")))
        assert "= ANY ('{retenue,soumise}'::text[])" in said
        assert "$" not in said

    def test_what_is_no_plain_word_is_a_bind(self) -> None:
        assert "= $1" in sql(Compare(("etat",), "=", "l'autre"))
        assert "= ANY ($1::TEXT[])" in sql(Compare(("etat",), "in", ("retenue", "a,b")))

    def test_the_text_does_not_depend_on_the_order_of_the_parts(self) -> None:
        parts = [
            Compare(("etat",), "=", "soumise"),
            Compare(("auteur_id",), "=", Ref("moi")),
            Not(Compare(("structure_id",), "=", OURS)),
        ]
        texts = {sql(all_of(random.Random(i).sample(parts, 3))) for i in range(6)}
        assert len(texts) == 1

    def test_a_request_value_is_one_bind_wherever_it_is_used(self) -> None:
        said = sql(
            any_of([Compare(("auteur_id",), "=", Ref("moi")), Compare(("soumise_par_id",), "=", Ref("moi"))])
        )
        assert said.count("$1::INTEGER") == 2

    def test_yes_and_no_are_no_binds(self) -> None:
        assert "$" not in sql(Compare(("est_urgente",), "=", True))
        assert "$" not in sql(Compare(("est_urgente",), "!=", False))

    def test_always_and_never(self) -> None:
        assert sql(TRUE) == "true"
        assert sql(FALSE) == "false"


class TestNothingOpensByAccident:
    """What is missing, null or forgotten."""

    def test_a_forgotten_request_value_is_an_error(self, petit_monde: Connection) -> None:
        row = new_row(Demande)
        statement = select(row["id"]).where(predicate(Compare(("auteur_id",), "=", Ref("moi")), row))
        with pytest.raises(StatementError, match="A value is required"):
            petit_monde.execute(statement, {})

    @pytest.mark.parametrize("op", ["=", "!=", "<", ">="])
    def test_a_null_request_value_keeps_no_row(self, petit_monde: Connection, op: str) -> None:
        monde(random.Random(1)).ecrire(petit_monde)
        row = new_row(Demande)
        statement = select(row["id"]).where(predicate(Compare(("auteur_id",), op, Ref("moi")), row))
        assert petit_monde.execute(statement, {"moi": None}).all() == []
        assert op == ">=" or petit_monde.execute(statement, {"moi": 2}).all() != []

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            (Compare(("auteur_id",), "=", None), {1}),
            (Compare(("auteur_id",), "!=", None), {2}),
            (Compare(("auteur_id",), "!=", 7), {1, 2}),
            (Not(Compare(("auteur_id",), "=", 7)), {1, 2}),
            (Compare(("auteur_id",), "=", Column(("soumise_par_id",))), set()),
            (Compare(("auteur_id",), "!=", Column(("soumise_par_id",))), {2}),
            (Compare(("groupe", "places"), "!=", 7), set()),
            (Not(Compare(("groupe", "places"), "=", 7)), {1, 2}),
            (Exists(("groupe", "demandes"), TRUE), set()),
            (Given("urgence"), set()),
            (Not(Given("urgence")), {1, 2}),
        ],
    )
    def test_nulls(self, petit_monde: Connection, said: Condition, kept: set[int]) -> None:
        world = monde(random.Random(1), 2)
        for row, auteur in zip(world.lignes[Demande], (None, 5), strict=True):
            row.auteur_id, row.soumise_par_id, row.groupe, row.groupe_id, row.organisme_id = (
                auteur,
                None,
                None,
                None,
                None,
            )
        world.ecrire(petit_monde)
        given: dict[str, Any] = {"moi": 1, "ma_structure": 1, "urgence": None, "maintenant": MAINTENANT}
        place = new_row(Demande)
        found = petit_monde.execute(select(place["id"]).where(predicate(said, place)), given).scalars()
        assert set(found) == kept
        decision = decide(said)
        assert {row.id for row in world.lignes[Demande] if decision(row, given)} == kept

    def test_columns_of_two_rows_are_compared(self, petit_monde: Connection) -> None:
        world = monde(random.Random(3), 30)
        world.ecrire(petit_monde)
        said = Compare(("demande", "auteur_id"), "=", Column(("demande", "personne", "createur_id")))
        other = Compare(("suiveur_id",), "!=", Column(("demande", "personne", "createur_id")))
        for condition_ in (said, other):
            place = new_row(Suivi)
            found = set(
                petit_monde.execute(select(place["id"]).where(predicate(condition_, place))).scalars()
            )
            decision = decide(condition_)
            assert found == {row.id for row in world.lignes[Suivi] if decision(row, {})} != set()
