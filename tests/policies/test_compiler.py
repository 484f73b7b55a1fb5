"""The compiler says what Polar says, or says nothing at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, bindparam, func

from app.kit.conditions import FALSE, TRUE, Compare, Exists, Not, Ref, all_of, any_of, decide
from app.policies import predicate
from app.policies.errors import CompileError, UnknownWord
from app.policies.policy import Policy
from app.policies.schema import Schema
from app.policies.viewer import DROITS, PROFILS, SCOPES
from tests.policies import hasard
from tests.policies.modeles import Base, Demande, Personne
from tests.policies.mondes import MAINTENANT

if TYPE_CHECKING or find_spec("oso"):
    from app.policies.compiler import compile_policy
    from tests.policies.differential import Confrontation

pytestmark = pytest.mark.usefixtures("oso")
SCHEMA = Schema.of(Base)
HEAD = """
regle(_id);
permissions("Demande", ["lire", "valider"]);
permissions("Personne", ["lire"]);
"""


def compiled(
    rules: str, profils: tuple[str, ...] = ("anonyme", "gestionnaire", "of_general+referent")
) -> Policy:
    """Out: the policy that these rules make."""
    return Policy(compile_policy({"essai.polar": HEAD + rules}, SCHEMA, profils)[0], SCHEMA)


def lire(body: str, profil: str = "gestionnaire") -> Any:
    """Out: the condition of a rule with this body."""
    user, row = ("u" if "u." in body else "_u"), ("c" if "c." in body else "_c")
    rule = f'allow({user}: Utilisateur, "lire", {row}: Demande) if regle("E-1") and {body};'
    return compiled(rule).condition(profil, "lire", Demande)


def test_random_policies_decide_alike_in_polar_in_a_filter_in_a_flag_and_in_a_closure(
    petit_monde: Connection,
) -> None:
    found = Confrontation()
    for number in range(8):
        found.policy(random.Random(f"essai/{number}"), petit_monde)
    assert found.differences == []
    assert found.counted["politiques"] == 8
    assert 0.1 < found.counted["accordees"] / found.counted["decisions"] < 0.9


def _equal_becomes_different() -> dict[str, Any]:
    return {"OPERATORS": {**predicate.OPERATORS, "=": predicate.OPERATORS["!="]}}


def _null_request_values_differ_from_everything() -> dict[str, Any]:
    def compare(column: Any, op: str, ref: Ref) -> Any:
        return predicate.OPERATORS[op](column, bindparam(ref.name, type_=column.type))

    return {"_compare_bind": compare}


def _unknown_does_forbid() -> dict[str, Any]:
    return {"func": SimpleNamespace(coalesce=lambda said, _: said, array=func.array)}


@pytest.mark.parametrize(
    "broken", [_equal_becomes_different, _null_request_values_differ_from_everything, _unknown_does_forbid]
)
def test_the_comparison_sees_a_predicate_that_is_wrong(
    petit_monde: Connection, monkeypatch: pytest.MonkeyPatch, broken: Callable[[], dict[str, Any]]
) -> None:
    for name, value in broken().items():
        monkeypatch.setattr(predicate, name, value)
    found, number = Confrontation(), 0
    while not found.differences and number < 40:
        found.policy(random.Random(f"essai/{number}"), petit_monde)
        number += 1
    assert found.differences


class TestWhatARuleBecomes:
    """The forms of Polar, and the conditions they are."""

    def test_a_column_and_a_request_value(self) -> None:
        assert lire("c.auteur_id = u.id") == Compare(("auteur_id",), "=", Ref("moi"))
        assert lire("u.id = c.auteur_id") == Compare(("auteur_id",), "=", Ref("moi"))

    def test_an_order_is_turned_round_with_its_sides(self) -> None:
        assert lire("3 < c.groupe.places") == Compare(("groupe", "places"), ">", 3)

    def test_several_words_are_said_once(self) -> None:
        said = lire('c.etat in ["soumise", "retenue"]')
        assert said == Compare(("etat",), "in", ("retenue", "soumise"))

    def test_a_row_at_the_end_of_a_relation(self) -> None:
        said = lire("s in c.suivis and s.suiveur_id = u.id and s.est_clos = false")
        body = all_of([Compare(("suiveur_id",), "=", Ref("moi")), Compare(("est_clos",), "=", False)])
        assert said == Exists(("suivis",), body)

    def test_a_relation_inside_a_relation(self) -> None:
        said = lire(
            "d in c.personne.demandes and s in d.suivis and s.suiveur_id = u.id and d.est_urgente = true"
        )
        inside = Exists(("suivis",), Compare(("suiveur_id",), "=", Ref("moi")))
        assert said == Exists(
            ("personne", "demandes"), all_of([Compare(("est_urgente",), "=", True), inside])
        )

    def test_a_right_may_lean_on_another_one_through_a_relation(self) -> None:
        policy = compiled(
            'allow(u: Utilisateur, "lire", c: Demande) if regle("A") and c.auteur_id = u.id;'
            'allow(u: Utilisateur, "lire", p: Personne) if regle("B") and d in p.demandes and allow(u, "lire", d);'
        )
        assert policy.condition("gestionnaire", "lire", Personne) == Exists(
            ("demandes",), policy.condition("gestionnaire", "lire", Demande)
        )

    def test_the_rule_of_a_decision_is_the_outermost_one(self) -> None:
        policy = compiled(
            'allow(u: Utilisateur, "lire", c: Demande) if regle("A1") and c.auteur_id = u.id;'
            'allow(u: Utilisateur, "lire", c: Demande) if regle("A2") and c.structure_id = u.structure_id;'
            'allow(u: Utilisateur, "valider", c: Demande) if regle("B1") and allow(u, "lire", c) and c.est_urgente;'
            'allow(u: Utilisateur, "valider", c: Demande) if regle("B2") and c.soumise_par_id = u.id;'
        )
        told = dict(policy.rules("gestionnaire", "valider", Demande))
        assert set(told) == {"B1", "B2"}
        assert told["B2"] == Compare(("soumise_par_id",), "=", Ref("moi"))
        assert [rule for rule, _ in policy.rules("gestionnaire", "lire", Demande)] == ["A1", "A2"]

    def test_a_rule_without_condition_holds_on_every_row(self) -> None:
        assert lire('u.profil = "gestionnaire"') == TRUE
        assert lire('u.profil = "gestionnaire"', "of_general+referent") == FALSE

    def test_the_flag_of_the_referent_is_known_at_compile_time(self) -> None:
        assert lire("u.est_referent", "of_general+referent") == TRUE
        assert lire("u.est_referent", "gestionnaire") == FALSE

    def test_a_column_may_hold_the_profile(self) -> None:
        policy = compiled('allow(u: Utilisateur, "lire", c: Demande) if regle("A") and c.motif = u.profil;')
        assert policy.condition("gestionnaire", "lire", Demande) == Compare(("motif",), "=", "gestionnaire")
        assert policy.condition("of_general+referent", "lire", Demande) == Compare(
            ("motif",), "=", "of_general"
        )


class TestWhatIsRefused:
    """A doubt stops the compilation; it never widens a right."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ("u.structure_id = 1", "valeur de la requête"),
            ("u.structure_id != u.id", "valeur de la requête"),
            ("c.etatt = 1", "champ inconnu : Demande.etatt"),
            ('c.etat = "soumisse"', "ne vaut jamais « soumisse »"),
            ("c.groupe = 1", "Demande.groupe est une relation"),
            ("c.suivis.est_clos = true", "Demande.suivis est une relation multiple"),
            ("s in c.groupe and s.est_clos = true", "Demande.groupe est une relation simple"),
            ('c.auteur_id = "moi"', "ne se compare pas à"),
            ("c.auteur_id = u.maintenant", "ne se compare pas à"),
            ("c.auteur_id = c.motif", "même type"),
            ("s in c.suivis and s.suiveur_id = c.auteur_id", "deux lignes"),
            ("u.nom = 1", "nom"),
            ("u.profil > 1", "u.profil ne se compare que"),
        ],
    )
    def test_what_cannot_be_translated_exactly(self, body: str, message: str) -> None:
        with pytest.raises(CompileError, match=message):
            lire(body)

    def test_a_visitor_has_no_account(self) -> None:
        with pytest.raises(CompileError, match="has no attribute 'id'"):
            compiled('allow(u: Visiteur, "lire", c: Demande) if regle("A") and c.auteur_id = u.id;')

    def test_the_message_names_the_rule(self) -> None:
        with pytest.raises(CompileError, match="règle E-1 : champ inconnu"):
            lire("c.etatt = 1")

    def test_a_rule_without_an_id(self) -> None:
        with pytest.raises(CompileError, match="doit commencer par regle"):
            compiled('allow(u: Utilisateur, "lire", c: Demande) if c.auteur_id = u.id;')

    def test_what_polar_does_not_read(self) -> None:
        with pytest.raises(CompileError, match="Polar refuse la politique"):
            compiled("allow(u: Utilisateur) if;")

    def test_accents_before_an_error_do_not_end_the_process(self) -> None:
        with pytest.raises(CompileError, match="Polar refuse la politique"):
            compiled("# éèêçàéèêçàéèêçàéèêçà\nf(x) if g(x);")


class TestDenials:
    """`interdit` takes back; what is unknown does not forbid."""

    POLICY = """
    allow(_u: Utilisateur, "valider", c: Demande) if regle("A") and c.etat = "soumise";
    interdit(u: Utilisateur, "valider", c: Demande) if regle("X") and c.auteur_id = u.id;
    interdit(_u: Utilisateur, "valider", c: Demande) if regle("Y") and c.est_urgente = true;
    """

    def test_it_is_subtracted_and_kept_apart(self) -> None:
        policy = compiled(self.POLICY)
        mine = Compare(("auteur_id",), "=", Ref("moi"))
        said = policy.condition("gestionnaire", "valider", Demande)
        assert said == all_of(
            [Compare(("etat",), "=", "soumise"), Not(mine), Compare(("est_urgente",), "!=", True)]
        )
        assert policy.rules("gestionnaire", "valider", Demande) == (
            ("A", Compare(("etat",), "=", "soumise")),
        )
        assert [rule for rule, _ in policy.denials("gestionnaire", "valider", Demande)] == ["X", "Y"]

    @pytest.mark.parametrize(
        ("auteur", "moi", "urgente", "permis"),
        [
            (1, 1, None, False),
            (2, 1, None, True),
            (None, 1, None, True),
            (1, None, None, True),
            (2, 1, True, False),
        ],
    )
    def test_it_needs_to_be_known_to_forbid(
        self, auteur: int | None, moi: int | None, urgente: bool | None, permis: bool
    ) -> None:
        decision = compiled(self.POLICY).decision("gestionnaire", "valider", Demande)
        row = Demande(etat="soumise", auteur_id=auteur, est_urgente=urgente)
        assert decision(row, {"moi": moi, "ma_structure": None, "maintenant": MAINTENANT}) is permis


class TestFields:
    """Columns: always, never, or on some rows."""

    POLICY = """
    allow_field(_u: Visiteur, "lire", _c: Demande, champ) if regle("F1") and champ in ["id", "etat"];
    allow_field(u: Utilisateur, "lire", c: Demande, "motif") if regle("F2") and c.auteur_id = u.id;
    allow_field(u: Utilisateur, "lire", _c: Demande, _champ) if regle("F3") and u.profil = "gestionnaire";
    """

    def test_each_column_has_its_condition(self) -> None:
        policy = compiled(self.POLICY)
        assert policy.field("anonyme", "lire", Demande, "etat") == TRUE
        assert policy.field("anonyme", "lire", Demande, "motif") == FALSE
        mine = Compare(("auteur_id",), "=", Ref("moi"))
        assert policy.field("of_general+referent", "lire", Demande, "motif") == mine

    def test_a_rule_about_any_field_speaks_of_all_of_them(self) -> None:
        assert compiled(self.POLICY).field("gestionnaire", "lire", Demande, "structure_id") == TRUE

    def test_a_model_without_field_rules_hides_nothing(self) -> None:
        assert compiled(self.POLICY).field("anonyme", "lire", Personne, "createur_id") == TRUE
        assert compiled(self.POLICY).field("anonyme", "modifier", Demande, "motif") == TRUE

    def test_an_unknown_field_is_refused(self) -> None:
        rule = 'allow_field(_u: Visiteur, "lire", _c: Demande, "nir") if regle("F1");'
        with pytest.raises(CompileError, match=r"champ inconnu : Demande\.nir"):
            compiled(rule)


class TestUnknownWords:
    """INV-9: a word that the policy does not know is never an empty answer, it is a fault."""

    POLICY = 'allow(_u: Visiteur, "lire", _c: Demande) if regle("A");'

    def test_a_profile_a_permission_a_resource_a_column(self) -> None:
        policy = compiled(self.POLICY)
        for profil, permission, model in [
            ("inconnu", "lire", Demande),
            ("gestionnaire", "detruire", Demande),
            ("gestionnaire", "lire", Base),
        ]:
            with pytest.raises(UnknownWord):
                policy.condition(profil, permission, model)
        with pytest.raises(UnknownWord, match=r"champ inconnu : Demande\.nir"):
            policy.field("gestionnaire", "lire", Demande, "nir")

    def test_a_known_word_that_no_rule_grants_is_refused(self) -> None:
        assert compiled(self.POLICY).condition("gestionnaire", "valider", Demande) == FALSE


def seen(rules: str) -> Any:
    """Out: what the compiler saw of these rules, all profiles asked."""
    return compile_policy({"essai.polar": HEAD + rules}, SCHEMA)[1]


def test_profiles_that_answer_alike_are_evaluated_once() -> None:
    rules = 'allow(u: Utilisateur, "lire", _c: Demande) if regle("A") and u.profil in ["gestionnaire", "auditeur"];'
    assert seen(rules).words == {"gestionnaire", "auditeur"}
    assert seen(rules).evaluations == 3, "anonyme; gestionnaire and auditeur together; all the others"


def test_profiles_asked_one_word_after_the_other_are_evaluated_apart() -> None:
    rules = 'allow(u: Utilisateur, "lire", c: Demande) if regle("A") and u.profil = "{}" and c.etat = "{}";'
    several = rules.format("gestionnaire", "soumise") + rules.format("auditeur", "retenue").replace(
        '"A"', '"B"'
    )
    assert seen(several).evaluations == 2 * 3, (
        "each rule by itself: anonyme, the one it names, all the others"
    )


def test_a_column_that_is_called_profil_is_no_profile_of_who_asks() -> None:
    wrong = 'allow(_u: Utilisateur, "lire", c: Demande) if regle("A") and c.profil in ["gestionnaire"];'
    with pytest.raises(CompileError, match=r"Demande\.profil"):
        compiled(wrong)


def test_a_rule_that_calls_another_right_takes_what_every_rule_of_it_grants() -> None:
    policy = compiled(
        """
        allow(u: Utilisateur, "lire", c: Demande) if regle("A") and c.auteur_id = u.id;
        allow(u: Utilisateur, "lire", c: Demande) if regle("B") and
            u.profil in ["gestionnaire"] and c.etat = "soumise"; # and not "retenue" ; allow(
        allow(_u: Visiteur, "lire", _c: Personne) if regle("C");
        allow(u: Utilisateur, "valider", c: Demande) if regle("D") and allow(u, "lire", c);
        """
    )
    for profil in ("anonyme", "gestionnaire", "of_general+referent"):
        assert policy.condition(profil, "valider", Demande) == policy.condition(profil, "lire", Demande)


def test_what_polar_refuses_is_shown_as_it_is_written() -> None:
    wrong = 'allow(u: Utilisateur, "lire", c: Demande) if regle("A") and u.profil in ["auditeur"] and d in c.suivis;'
    with pytest.raises(CompileError, match=r"Singleton variable d") as refused:
        compiled(wrong)
    assert wrong.removesuffix(";") in str(refused.value)


def test_a_word_that_is_no_word_is_refused_in_a_list_too() -> None:
    with pytest.raises(CompileError, match=r"u\.profil est comparé à 3"):
        compiled('allow(u: Utilisateur, "lire", _c: Demande) if regle("A") and u.profil in ["auditeur", 3];')


def test_sharing_an_evaluation_changes_no_decision() -> None:
    source = {"hasard.polar": hasard.policy(random.Random(4))}
    together, _ = compile_policy(source, SCHEMA, PROFILS)
    for profil in PROFILS:
        alone, _ = compile_policy(source, SCHEMA, [profil])
        assert {k: c for k, c in together.cells.items() if k[0] == profil} == alone.cells
        assert {k: c for k, c in together.fields.items() if k[0] == profil} == alone.fields


def test_there_are_as_many_profiles_as_the_house_has() -> None:
    assert len(PROFILS) == 2 * len(DROITS) + 1 + len(SCOPES) == len(set(PROFILS))


def test_a_closure_needs_every_request_value() -> None:
    decision = decide(any_of([Compare(("auteur_id",), "=", Ref("moi"))]))
    with pytest.raises(KeyError):
        decision(Demande(auteur_id=1), {})
