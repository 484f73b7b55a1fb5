"""What the policy of the house also keeps, beyond the nine invariants: proven on the compiled table."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from app.kit.conditions import FALSE, Compare, Exists, all_of, any_of
from app.policies.implication import implies, through, under
from app.policies.policy import Policy
from app.policies.schema import columns
from app.policies.viewer import ACTEURS, ANONYME, DROITS, PROFILS, REFERENT, SCOPES
from tests.policies.proofs import equivalent, implied

POLICY = Policy.load()
MODELS = tuple(POLICY.permissions)
CELLS = [(model, name) for model in MODELS for name in POLICY.permissions[model]]
GUARDED = [
    (verb, next(x for x in MODELS if x.__name__ == name)) for verb, name in POLICY.compiled.field_rules
]
NEW_ROW = {"creer", "creer_conventionnee", "recevoir", "declarer", "demander", "charger", "ajouter", "noter"}
GONE = {"lire_retrait"}  # a number alone, of what nobody reads any more
TRADE = (
    m.Action,
    m.ActionCertification,
    m.ActionModification,
    m.MessageAction,
    m.SessionFormation,
    m.PointEntree,
    m.Reunion,
    m.SessionCertification,
    m.Candidature,
    m.CandidatureResumee,
    m.Convocation,
    m.Avis,
    m.Candidat,
    m.AccesCandidat,
    m.RechercheCandidat,
)


@pytest.mark.parametrize("model", MODELS)
def test_who_may_act_on_a_row_may_read_it(model: Any) -> None:
    """A gestionnaire holds permissions on a refused structure, which nobody reads any more: without effect."""
    for permission in set(POLICY.permissions[model]) - NEW_ROW - GONE:
        for profil in ACTEURS:
            asked = POLICY.condition(profil, permission, model)
            readable = POLICY.condition(profil, "lire", model)
            if model is m.Structure:
                readable = any_of([readable, Compare(("etat",), "!=", "validee")])
            assert implied(model, asked, readable) is None, (profil, permission)


@pytest.mark.parametrize("droit", DROITS)
def test_the_referent_flag_gives_nothing_on_the_offer_and_the_candidatures(droit: str) -> None:
    for model in TRADE:
        for permission in POLICY.permissions[model]:
            alone = POLICY.condition(droit, permission, model)
            assert alone == POLICY.condition(droit + REFERENT, permission, model), (model, permission)


@pytest.mark.parametrize(("model", "permission"), CELLS)
@pytest.mark.regle("R-034")
def test_of_general_is_of_catalogue_and_of_preinscription_together(model: Any, permission: str) -> None:
    both = any_of(POLICY.condition(p, permission, model) for p in ("of_catalogue", "of_preinscription"))
    assert equivalent(model, POLICY.condition("of_general", permission, model), both) is None


@pytest.mark.parametrize(("verb", "model"), GUARDED)
@pytest.mark.regle("R-034", "C-20")
def test_of_general_has_the_columns_of_both(verb: str, model: Any) -> None:
    for column in columns(model):
        both = any_of(POLICY.field(p, verb, model, column) for p in ("of_catalogue", "of_preinscription"))
        assert equivalent(model, POLICY.field("of_general", verb, model, column), both) is None, column


@pytest.mark.parametrize("droit", ["employeur", "prestataire"])
@pytest.mark.regle("R-044", "R-045")
def test_the_rights_of_parcourspro_give_nothing_more_than_beneficiaire(droit: str) -> None:
    for model, permission in CELLS:
        for flag in ("", REFERENT):
            mine = POLICY.condition(droit + flag, permission, model)
            assert mine == POLICY.condition("beneficiaire" + flag, permission, model), (model, permission)


def test_an_anonymous_visitor_changes_nothing_but_declares_and_creates_an_account() -> None:
    reading = {"lire"}
    held = {(x, p) for x, p in CELLS if p not in reading and POLICY.condition(ANONYME, p, x) != FALSE}
    assert held == {(m.Structure, "declarer"), (m.Compte, "creer")}


@pytest.mark.parametrize("profil", [p for p in PROFILS if p == "offre_lire" or p not in (ANONYME, *SCOPES)])
@pytest.mark.regle("R-001")
def test_with_an_account_who_reads_a_session_reads_its_details(profil: str) -> None:
    """Columns are not masked for accounts: the permission must then hold on every session that they read."""
    lire, details = (POLICY.condition(profil, p, m.SessionFormation) for p in ("lire", "lire_details"))
    assert equivalent(m.SessionFormation, lire, details) is None


@pytest.mark.parametrize("profil", [ANONYME, *(s for s in SCOPES if s != "offre_lire")])
@pytest.mark.regle("R-001")
def test_without_one_nobody_reads_them(profil: str) -> None:
    hidden = ("contact_nom", "contact_telephone", "contact_courriel", "places_prises", "capacite_accueil")
    assert POLICY.condition(profil, "lire_details", m.SessionFormation) == FALSE
    assert POLICY.condition(profil, "lire", m.PointEntree) == FALSE
    for column in hidden:
        assert POLICY.field(profil, "lire", m.SessionFormation, column) == FALSE


@pytest.mark.parametrize("model", [x for verb, x in GUARDED if verb == "lire"])
def test_each_column_of_a_guarded_model_is_placed(model: Any) -> None:
    """A new column is hidden from everybody until a rule speaks of it: this says which one was forgotten."""
    inside = {"empreinte", "empreintes"}  # of a token; of what an import last wrote
    shown = {c for c in columns(model) if any(POLICY.field(p, "lire", model, c) != FALSE for p in PROFILS)}
    assert set(columns(model)) - shown <= inside


@pytest.mark.parametrize("model", [x for verb, x in GUARDED if verb == "modifier"])
def test_no_form_writes_what_the_house_keeps_itself(model: Any) -> None:
    kept = {
        "id",
        "etat",
        "reference",
        "numero_carif",
        "cree_le",
        "places_prises",
        "auteur_id",
        "validee_par_id",
    }
    kept |= {c for c in columns(model) if c.endswith("_le") or model.__table__.c[c].computed is not None}
    kept |= {c for c in columns(model) if model.__table__.c[c].info.get("copie")}
    written = {
        c
        for c in kept & set(columns(model))
        if any(POLICY.field(p, "modifier", model, c) != FALSE for p in PROFILS)
    }
    assert written <= {"responsable_id"} if model is m.Action else written == set()


@pytest.mark.regle("R-150")
def test_a_training_organisation_reads_the_tabs_of_its_sessions_and_no_other() -> None:
    tabs = (
        "avis_non_transmis",
        "en_attente_avis",
        "non_retenue",
        "refus_session_annulee",
        "refus_session_complete",
        "retenue",
    )
    for profil in ("of_preinscription", "of_general"):
        lire = POLICY.condition(profil, "lire", m.Candidature)
        assert implied(m.Candidature, lire, Compare(("etat",), "in", tabs)) is None


# --- what is said once, and followed -----------------------------------------------------------------------------

PARTS = [  # a part, its permission; the relation to its whole, the permission there
    (m.ActionCertification, "lire", "action", "lire"),
    (m.ActionCertification, "modifier", "action", "modifier"),
    (m.ActionModification, "lire", "action", "lire_modification"),
    (m.MessageAction, "lire", "action", "dialoguer"),
    (m.PointEntree, "lire", "session", "lire_details"),
    (m.PointEntree, "modifier", "session", "modifier_dates"),
    (m.Reunion, "lire", "session", "lire"),
    (m.Reunion, "modifier", "session", "modifier"),
    (m.SessionCertification, "lire", "session", "lire"),
    (m.SessionCertification, "modifier", "session", "modifier"),
    (m.SessionFormation, "suivre", "action", "ajouter_session"),
    (m.Convocation, "lire", "candidature", "lire"),
    (m.Convocation, "modifier", "candidature", "convoquer"),
    (m.Avis, "lire", "candidature", "lire"),
    (m.Avis, "modifier", "candidature", "corriger_avis"),
]


@pytest.mark.parametrize(("part", "permission", "relation", "there"), PARTS)
@pytest.mark.parametrize("profil", PROFILS)
def test_a_part_follows_its_whole(profil: str, part: Any, permission: str, relation: str, there: str) -> None:
    whole = getattr(part, relation).property.mapper.class_
    followed = under(POLICY.condition(profil, there, whole), relation)
    assert equivalent(part, POLICY.condition(profil, permission, part), followed) is None


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize(
    ("permission", "refused"),
    [("modifier", ("annulee", "supprimee")), ("dupliquer", ("supprimee",))],
)
def test_a_session_that_left_the_catalogue_is_followed_and_not_modified(
    profil: str, permission: str, refused: tuple[str, ...]
) -> None:
    alive = tuple(sorted({e.value for e in m.EtatSession} - set(refused)))
    suivre = POLICY.condition(profil, "suivre", m.SessionFormation)
    expected = all_of([suivre, Compare(("etat",), "in", alive)])
    assert (
        equivalent(m.SessionFormation, POLICY.condition(profil, permission, m.SessionFormation), expected)
        is None
    )


@pytest.mark.parametrize(
    "profil", [p for p in PROFILS if p.startswith(("of_preins", "of_gen", "candidatures_"))]
)
@pytest.mark.regle("R-154", "R-118", "R-120")
def test_a_candidat_is_read_through_a_candidature_that_may_be_read(profil: str) -> None:
    through = any_of([Exists(("candidatures",), POLICY.condition(profil, "lire", m.Candidature))])
    seen = through if POLICY.condition(profil, "lire", m.Candidature) != FALSE else FALSE
    assert equivalent(m.Candidat, POLICY.condition(profil, "lire", m.Candidat), seen) is None


@pytest.mark.parametrize("profil", [p for p in PROFILS if not p.startswith("candidatures_")])
@pytest.mark.regle("R-086", "R-154", "C-27")
def test_a_summary_is_read_with_its_candidat_but_for_drafts_and_the_bin(profil: str) -> None:
    shown = Compare(
        ("etat",), "in", tuple(sorted({e.value for e in m.EtatCandidature} - {"brouillon", "corbeille"}))
    )
    followed = under(POLICY.condition(profil, "lire", m.Candidat), "candidat")
    seen = POLICY.condition(profil, "lire", m.CandidatureResumee)
    assert equivalent(m.CandidatureResumee, seen, all_of([shown, followed])) is None


@pytest.mark.parametrize("profil", PROFILS)
def test_who_reads_a_candidature_reads_who_wrote_it(profil: str) -> None:
    lire = POLICY.condition(profil, "lire", m.Candidature)
    author = through(lire, "auteur", m.Candidature)
    assert implies(author, POLICY.condition(profil, "lire", m.Compte), m.Compte)
