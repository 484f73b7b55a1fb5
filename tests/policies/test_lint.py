"""What a policy may not contain, each with the place and the sentence that the author will read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.policies.lint import Problem, lint
from app.policies.schema import Schema
from tests.policies.modeles import Base

SCHEMA = Schema.of(Base)
GOOD = """# DEMANDES
# Les accents sont admis dans les commentaires : « éàç », et les mots not, cut, forall aussi.
regle(_id);
permissions("Demande", [
    "lire",
    "valider"
]);

# --- Lire
# Son auteur lit la demande qu'il a écrite (R-001).
allow(u: Utilisateur, "lire", d: Demande) if
    regle("DEM-01") and
    u.profil in ["prescripteur_n1", "prescripteur_n2"] and
    d.auteur_id = u.id;

# Le gestionnaire valide
# ce qui est soumis (C-02).
allow(u: Utilisateur, "valider", d: Demande) if
    regle("DEM-02") and
    u.profil = "gestionnaire" and
    allow(u, "lire", d) and
    d.etat = "soumise";

# Nul ne valide sa propre demande (INV-6).
interdit(u: Utilisateur, "valider", d: Demande) if
    regle("DEM-X1") and
    d.auteur_id = u.id;

# Chacun lit l'état d'une demande (R-002).
allow_field(_u: Visiteur, "lire", _d: Demande, champ) if
    regle("DEM-F1") and
    champ in ["id", "etat"];
"""


def problems(said: str = "", instead: str = "") -> list[tuple[int, str]]:
    """Out: what is wrong once a part of the good policy is replaced."""
    assert said in GOOD
    return [(p.line, p.message) for p in lint({"demandes.polar": GOOD.replace(said, instead, 1)}, SCHEMA)]


def test_a_good_policy_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("said", "instead", "line", "message"),
    [
        ("d.auteur_id = u.id;", "not (d.auteur_id = u.id);", 14, "« not » est interdit"),
        ("d.auteur_id = u.id;", "cut and d.auteur_id = u.id;", 14, "« cut » est interdit"),
        ("d.auteur_id = u.id;", "forall(x in d.suivis, x.id = 1);", 14, "« forall » est interdit"),
        ('"soumise"', '"retenué"', 22, "« é » hors d'un commentaire"),
        ("(u: Utilisateur, \"lire\"", "(ü: Utilisateur, \"lire\"", 11, "« ü » hors d'un commentaire"),
        ("# Nul ne", "# " + "Nul " * 30 + "ne", 24, "ligne de"),
        ('    regle("DEM-01") and\n', "", 11, "commence par regle"),
        ('    regle("DEM-01") and\n    u.profil', '    u.profil = "x" and regle("DEM-01") and u.profil', 11, "commence par regle"),
        ('"DEM-02"', '"DEM-01"', 18, "l'identifiant DEM-01 sert déjà en demandes.polar:11"),
        ("# Nul ne valide sa propre demande (INV-6).\n", "", 24, "une phrase au-dessus de la règle"),
        (" (INV-6)", "", 25, "cite sa source"),
        ("(INV-6).", "(INV-6)", 25, "finit par un point"),
        ("Nul ne valide", "C'est ainsi. Nul ne valide", 25, "une seule phrase"),
        ("d: Demande) if\n    regle(\"DEM-01\")", "d: Demandes) if\n    regle(\"DEM-01\")", 11, "ressource inconnue : Demandes"),
        ('permissions("Demande"', 'permissions("Demandes"', 4, "permissions d'une ressource inconnue"),
        ('    "valider"\n]', '    "valider", "lire"\n]', 4, "permission déclarée deux fois : Demande.lire"),
        ('"lire", d: Demande', '"relire", d: Demande', 11, "permission non déclarée : Demande.relire"),
        ('allow(u, "lire", d)', 'allow(u, "lirre", d)', 18, "permission inconnue : lirre"),
        ('"gestionnaire"', '"gestionaire"', 20, "profil inconnu : gestionaire"),
        ('"prescripteur_n2"]', '"prescripteur_n4"]', 13, "profil inconnu : prescripteur_n4"),
        ('_u: Visiteur, "lire"', '_u: Visiteur, "relire"', 30, "allow_field connaît lire et modifier"),
        ("(u: Utilisateur, \"valider\", d: Demande) if\n    regle(\"DEM-X1\")", "(u, \"valider\", d: Demande) if\n    regle(\"DEM-X1\")", 25, "un Visiteur ou un Utilisateur"),
        (", d: Demande) if\n    regle(\"DEM-X1\")", ", d) if\n    regle(\"DEM-X1\")", 25, "n'a pas de type"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_where_it_is(said: str, instead: str, line: int, message: str) -> None:
    assert any(at == line and message in told for at, told in problems(said, instead)), problems(
        said, instead
    )


@pytest.mark.parametrize(
    ("acte", "corps", "message"),
    [
        ("acte", 'acte in ["lire", "valider"] and d.auteur_id = u.id', None),
        (
            "acte",
            'acte in ["lire", "relire"] and d.auteur_id = u.id',
            "permission non déclarée : Demande.relire",
        ),
        ("acte", "d.auteur_id = u.id", "les permissions de la règle"),
        ("_acte", "d.auteur_id = u.id", "les permissions de la règle"),
        ("acte", 'autre in ["lire"] and d.auteur_id = u.id', "les permissions de la règle"),
        ("acte", 'd.auteur_id = u.id and acte in ["lire"]', "les permissions de la règle"),
        ("acte", 'acte in ["lire"] and d.auteur_id = u.id or d.etat = "x"', "les permissions de la règle"),
        ("acte", "acte in [] and d.auteur_id = u.id", "les permissions de la règle"),
    ],
)
def test_a_rule_names_its_permissions_one_by_one_or_by_a_list(
    acte: str, corps: str, message: str | None
) -> None:
    """A name that is in no list would speak of every permission, those to come included."""
    said = """allow(u: Utilisateur, "lire", d: Demande) if
    regle("DEM-01") and
    u.profil in ["prescripteur_n1", "prescripteur_n2"] and
    d.auteur_id = u.id;"""
    instead = f'allow(u: Utilisateur, {acte}, d: Demande) if\n    regle("DEM-01") and {corps};'
    found = [told for at, told in problems(said, instead) if at == 11]
    assert found == [] if message is None else message in found[0]


def test_words_are_not_found_in_strings_nor_comments() -> None:
    assert problems('d.etat = "soumise"', 'd.motif = "cut; not # forall(" and d.etat = "soumise"') == []


def test_a_problem_reads_as_a_place_and_a_sentence() -> None:
    assert str(Problem("demandes.polar", 3, "voilà")) == "demandes.polar:3 : voilà"


@pytest.mark.usefixtures("oso")
class TestWhatPolarShows:
    """What only compiling tells."""

    @staticmethod
    def found(said: str = "", instead: str = "") -> list[str]:
        """Out: the whole report on the good policy, once a part of it is replaced."""
        from app.policies.workshop import examine

        assert said in GOOD
        report = examine({"demandes.polar": GOOD.replace(said, instead, 1)}, SCHEMA)
        return [str(problem) for problem in report.problems]

    def test_a_good_policy_compiles(self) -> None:
        assert self.found('"gestionnaire" and\n    allow(u, "lire", d) and', '"gestionnaire" and') == []

    def test_a_rule_that_no_profile_reaches_is_dead(self) -> None:
        # the gestionnaire of the good policy needs a reading that only prescripteurs have
        assert "demandes.polar:18 : règle morte : aucun profil n'atteint DEM-02" in self.found()

    def test_a_permission_that_nobody_holds(self) -> None:
        assert "demandes.polar:4 : permission jamais accordée : Demande.valider" in self.found()

    def test_an_unknown_field_is_told_at_its_rule(self) -> None:
        said = self.found("d.auteur_id = u.id;", "d.auteur = u.id;")
        assert "demandes.polar:11 : règle DEM-01 : champ inconnu : Demande.auteur" in said

    def test_all_the_unknown_fields_are_told(self) -> None:
        said = self.found("d.auteur_id = u.id;\n\n# Le", "d.auteur = u.id;\n\n# Le")
        said += self.found("interdit(u: Utilisateur, \"valider\", d: Demande) if\n    regle(\"DEM-X1\") and\n    d.auteur_id", "interdit(u: Utilisateur, \"valider\", d: Demande) if\n    regle(\"DEM-X1\") and\n    d.valideur_id")  # fmt: skip
        assert any("Demande.auteur" in line for line in said)
        assert any("Demande.valideur_id" in line for line in said)

    def test_a_profile_that_is_a_helper_s_argument(self) -> None:
        helper = 'de_la_maison("gestionaire");\n# --- Lire'
        said = self.found("# --- Lire", helper)
        assert not [line for line in said if "gestionaire" in line]  # nobody asks
        edited = GOOD.replace("# --- Lire", helper).replace(
            'u.profil = "gestionnaire"', "de_la_maison(u.profil)"
        )
        from app.policies.workshop import examine

        told = [str(p) for p in examine({"demandes.polar": edited}, SCHEMA).problems]
        assert "demandes.polar:9 : profil inconnu : gestionaire" in told

    def test_what_polar_does_not_read_is_told_at_its_line(self) -> None:
        said = self.found("d.auteur_id = u.id;\n\n# Le", "d.auteur_id = u.id and inconnue(u);\n\n# Le")
        assert any(line.startswith("demandes.polar:14 : Polar refuse la politique") for line in said)


@pytest.mark.usefixtures("oso")
def test_a_policy_that_would_abort_the_process_is_only_reported(tmp_path: Path) -> None:
    from app.policies.workshop import examine_apart

    (tmp_path / "essai.polar").write_text("# éèêçàéèêçàéèêçàéèêçà\nf(x) if g(x);\nregle(_id);\n")
    report = examine_apart(tmp_path)
    assert report.compiled is None
    assert any("Polar refuse la politique" in p.message for p in report.problems)


@pytest.mark.usefixtures("oso")
def test_a_compiler_that_dies_is_a_problem_like_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.policies import workshop

    (tmp_path / "sitecustomize.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (problem,) = workshop.examine_apart(tmp_path).problems
    assert "le compilateur s'est arrêté (-6)" in problem.message
