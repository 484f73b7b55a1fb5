"""The nine invariants of docs/droits.md, proven on the compiled table: for every profile, every row, every request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from app import models as m
from app.kit.conditions import FALSE, Compare, Condition, Exists, Ref, all_of, any_of
from app.policies.errors import UnknownWord
from app.policies.policy import Policy
from app.policies.viewer import ACTEURS, ANONYME, DROITS, PROFILS, REFERENT, SCOPES, SYSTEME, split
from tests.policies.proofs import implied, impossible

POLICY = Policy.load()
MOI, MA_STRUCTURE = Ref("moi"), Ref("ma_structure")
LIT = frozenset({"lire", "lire_details", "lire_modification", "lire_membres", "exporter_membres"}) | {
    "lire_statistiques",
    "lire_retrait",
    "lire_instruction",
    "exporter",
    "lire_nir",
}
AVEUGLES = ("of_catalogue", "employeur", "prestataire", "beneficiaire", ANONYME, "auditeur")
PERSONNES = tuple(p for p in PROFILS if p not in SCOPES)
JUGE = ("convoquer", "rendre_avis", "refuser", "reporter_point", "corriger_avis")


def est(path: str, value: Any, op: str = "=") -> Condition:
    """Out: a comparison of a column, said with dots."""
    return Compare(tuple(path.split(".")), op, value)


def chez_moi(*paths: str) -> Condition:
    """Out: one of these columns is the structure of whoever asks."""
    return any_of(est(path, MA_STRUCTURE) for path in paths)


def qui(droits: Iterable[str]) -> list[str]:
    """Out: the profiles of these droits, référent or not."""
    return [profil for profil in PROFILS if split(profil)[0] in set(droits)]


def ecritures(model: Any) -> tuple[str, ...]:
    """Out: the permissions on a model that change something."""
    return tuple(name for name in POLICY.permissions[model] if name not in LIT)


# --- 1 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", qui(AVEUGLES))
@pytest.mark.parametrize(
    "model",
    [
        m.Candidature,
        m.CandidatureResumee,
        m.Convocation,
        m.Avis,
        m.Candidat,
        m.AccesCandidat,
        m.RechercheCandidat,
        m.Rapprochement,
    ],
)
@pytest.mark.regle("R-032", "R-044", "R-045", "R-047")
def test_1_these_profiles_have_no_candidature_and_no_candidat(profil: str, model: Any) -> None:
    held = [p for p in POLICY.permissions[model] if POLICY.condition(profil, p, model) != FALSE]
    assert held == []


@pytest.mark.parametrize("profil", [p for p in qui(AVEUGLES) if split(p)[0] != "auditeur"])
def test_1_nor_do_they_read_a_fact_about_one(profil: str) -> None:
    lire = POLICY.condition(profil, "lire", m.Fait)
    about = any_of([est("candidature_id", None, "!="), est("candidat_id", None, "!=")])
    assert impossible(m.Fait, lire, about) is None


# --- 2 -----------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-116", "C-22")
def test_2_nobody_but_a_gestionnaire_reads_a_nir() -> None:
    readers = {p for p in PROFILS if POLICY.condition(p, "lire_nir", m.Candidat) != FALSE}
    assert readers == set(qui(["gestionnaire"]))
    assert m.NirCandidat not in POLICY.permissions  # and no permission leads to where it is kept


@pytest.mark.parametrize("profil", PROFILS)
def test_2_nor_touches_what_is_alike_nor_takes_out_or_erases_anybody(profil: str) -> None:
    held = [p for p in ("lire", "ecarter") if POLICY.condition(profil, p, m.Rapprochement) != FALSE]
    seuls = ("fusionner", "defaire_fusion", "exporter", "effacer", "lire_nir", "demander_nir")
    held += [p for p in seuls if POLICY.condition(profil, p, m.Candidat) != FALSE]
    assert bool(held) == (split(profil)[0] == "gestionnaire"), held


# --- 3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", qui(["prescripteur_n1"]))
@pytest.mark.regle("R-037")
def test_3_a_n1_never_validates(profil: str) -> None:
    assert POLICY.condition(profil, "valider", m.Candidature) == FALSE


# --- 4 -----------------------------------------------------------------------------------------------------------

ROLES = ("responsable_id", "formateur_id", "positionneur_id")
SESSION = tuple(f"session.{role}" for role in ROLES)
A_MOI = est("compte_id", MOI)
NUL_PROPRIETAIRE = {  # rows that no structure owns yet, or ever
    (m.Structure, "declarer"): any_of([est("declaree_par_id", MOI), est("declaree_par_id", None)]),
    (m.Structure, "demander_affiliation"): est("etat", None, "!="),  # its own request to join B
    (m.Affiliation, "demander"): A_MOI,
    (m.DroitAccorde, "choisir"): A_MOI,
    (m.Delegation, "choisir"): est("a_compte_id", MOI),
    (m.Compte, "creer"): est("etat", "a_confirmer"),
    (m.SessionFormation, "candidater"): est("est_conventionnee", True),  # changes nothing of the session
}
LIENS: dict[Any, Condition] = {
    m.Structure: chez_moi("id"),
    m.DemandeModification: chez_moi("structure_id"),
    m.Compte: est("id", MOI),
    m.Jeton: A_MOI,
    m.Affiliation: chez_moi("structure_id"),
    m.DroitAccorde: chez_moi("structure_id"),
    m.Delegation: chez_moi("structure_id"),
    m.CompteMachine: FALSE,
    m.Action: chez_moi("responsable_id"),
    m.ActionCertification: chez_moi("action.responsable_id"),
    m.ActionModification: FALSE,
    m.MessageAction: FALSE,
    m.SessionFormation: chez_moi(*ROLES),
    m.PointEntree: chez_moi(*SESSION),
    m.Reunion: chez_moi(*SESSION),
    m.SessionCertification: chez_moi(*SESSION),
    m.RechercheCandidat: chez_moi("structure_id"),
    m.AccesCandidat: chez_moi("structure_id"),
    m.Candidature: chez_moi("structure_prescriptrice_id", *ROLES),
    m.Convocation: chez_moi(*(f"candidature.{role}" for role in ROLES)),
    m.Avis: FALSE,
    m.CandidatureResumee: FALSE,
    m.CandidatureComptee: FALSE,
    m.StatistiquePubliee: FALSE,
    m.Fait: FALSE,
    m.Consultation: FALSE,
    m.Sceau: FALSE,
    m.Echange: FALSE,
    m.RechercheEnregistree: A_MOI,
    m.VersionPolitique: FALSE,
    m.Certification: FALSE,
    m.Formacode: FALSE,
    m.Commune: FALSE,
}
SANS_STRUCTURE = {
    m.Candidat,
    m.Rapprochement,
    m.IncidentTravail,
}  # a candidat belongs to no structure: 7 bounds it; what is alike is a gestionnaire's, an incident the house's


def test_4_every_resource_says_what_ties_a_row_to_a_structure() -> None:
    assert LIENS.keys() | SANS_STRUCTURE == POLICY.permissions.keys()


@pytest.mark.parametrize("model", LIENS)
@pytest.mark.regle("R-016", "R-018", "R-028")
def test_4_nobody_changes_a_row_of_another_structure(model: Any) -> None:
    for profil in PERSONNES:
        if split(profil)[0] == "gestionnaire":
            continue
        for permission in ecritures(model):
            tie = NUL_PROPRIETAIRE.get((model, permission), LIENS[model])
            witness = implied(model, POLICY.condition(profil, permission, model), tie)
            assert witness is None, (profil, permission, str(witness))


@pytest.mark.parametrize("profil", SCOPES)
def test_4_a_partner_changes_nothing_but_candidatures_and_their_candidats(profil: str) -> None:
    held = {
        (model, permission)
        for model in POLICY.permissions
        for permission in ecritures(model)
        if POLICY.condition(profil, permission, model) != FALSE
    }
    everybody = {(m.Structure, "declarer"), (m.Compte, "creer")}
    acts = {(m.Candidature, "recevoir"), (m.Candidature, "rejeter"), (m.Candidat, "recevoir")}
    acts |= {
        (m.SessionFormation, "recevoir"),
        (m.Echange, "repondre"),
    }  # what it brings, on what; what it answers
    assert held <= everybody | acts


# --- 5 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.regle("R-029")
def test_5_nobody_detaches_its_own_affiliation(profil: str) -> None:
    assert impossible(m.Affiliation, POLICY.condition(profil, "detacher", m.Affiliation), A_MOI) is None


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.regle("R-020", "R-021")
def test_5_nobody_gives_itself_a_droit_where_it_is_not_referent(profil: str) -> None:
    to_itself = all_of([POLICY.condition(profil, "ajouter", m.DroitAccorde), A_MOI])
    not_by_a_loan = all_of([chez_moi("structure_id"), est("affiliation.est_referent", True)])
    where = not_by_a_loan if profil.endswith(REFERENT) else FALSE
    assert implied(m.DroitAccorde, to_itself, where) is None


@pytest.mark.parametrize("profil", PERSONNES)
def test_5_nobody_lends_what_it_does_not_hold_itself(profil: str) -> None:
    preter = POLICY.condition(profil, "creer", m.Delegation)
    n3 = all_of(
        [
            est("droit", "prescripteur_n3"),
            est("structure_id", MA_STRUCTURE),
            est("affiliation.etat", "acceptee"),
        ]
    )
    referent = all_of([est("est_referent", True), est("structure_id", MA_STRUCTURE), est("etat", "acceptee")])
    held = any_of([Exists(("de_compte", "droits"), n3), Exists(("de_compte", "affiliations"), referent)])
    assert implied(m.Delegation, preter, all_of([held, est("de_compte_id", MOI)])) is None


@pytest.mark.parametrize("profil", PROFILS)
def test_5_no_referent_grants_gestionnaire_or_auditeur(profil: str) -> None:
    ajouter = POLICY.condition(profil, "ajouter", m.DroitAccorde)
    reserved = est("droit", ("auditeur", "gestionnaire"), "in")
    by_right = A_MOI if split(profil)[0] == "gestionnaire" else est("droit", None, "!=")
    assert impossible(m.DroitAccorde, ajouter, reserved, by_right) is None


def test_5_partenaire_is_never_a_persons() -> None:
    assert {d.value for d in m.Droit} == set(DROITS)
    makers = {p for p in PROFILS if POLICY.condition(p, "creer", m.CompteMachine) != FALSE}
    assert makers == set(qui(["gestionnaire"]))
    for profil in PERSONNES:
        asked = POLICY.condition(profil, "creer", m.Jeton)
        assert impossible(m.Jeton, asked, est("portee", None, "!="), est("compte.nature", "personne")) is None
        assert impossible(m.Jeton, asked, est("portee", None), est("compte_id", MOI, "!=")) is None


PORTEES = {  # what each scope adds to what anybody may; a line here is what a partner is told
    "offre_lire": {
        *((m.Action, permission) for permission in ("exporter", "lire_retrait")),
        *((m.SessionFormation, permission) for permission in ("exporter", "lire_details", "lire_retrait")),
        (m.PointEntree, "lire"),
    },
    "candidatures_region": {
        *((model, "lire") for model in (m.Candidature, m.Convocation, m.Avis, m.Candidat)),
        (m.Candidature, "rejeter"),
        *((m.Echange, permission) for permission in ("lire", "repondre")),
        (m.CandidatureComptee, "lire"),
    },
    "candidatures_france_travail": {
        *((model, "lire") for model in (m.Candidature, m.Convocation, m.Avis, m.Candidat)),
        *((m.Candidature, permission) for permission in ("rejeter", "recevoir")),
        *((model, "recevoir") for model in (m.Candidat, m.SessionFormation)),
        *((m.Echange, permission) for permission in ("lire", "repondre")),
    },
    "candidatures_libre": {(model, "recevoir") for model in (m.Candidature, m.Candidat, m.SessionFormation)},
}


@pytest.mark.parametrize("portee", SCOPES)
@pytest.mark.regle("C-32")
def test_5_a_key_may_do_what_its_scope_says_and_nothing_more(portee: str) -> None:
    def held(profil: str) -> set[tuple[Any, str]]:
        return {
            (model, permission)
            for model, permissions in POLICY.permissions.items()
            for permission in permissions
            if POLICY.condition(profil, permission, model) != FALSE
        }

    assert held(portee) - held(ANONYME) == PORTEES[portee] | {(m.Compte, "lire")}
    itself = implied(m.Compte, POLICY.condition("offre_lire", "lire", m.Compte), est("id", MOI))
    assert itself is None  # and the authors of the candidatures that it reads (CPT-05)


# --- 6 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize(
    ("one", "other", "model"),
    [("valider", "rendre_avis", m.Candidature), ("confirmer", "publier", m.Action)],
)
def test_6_no_profile_holds_both(profil: str, one: str, other: str, model: Any) -> None:
    assert FALSE in (POLICY.condition(profil, one, model), POLICY.condition(profil, other, model))


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize("permission", JUGE)
@pytest.mark.regle("C-31")
def test_6_no_account_judges_what_it_wrote_or_validated(profil: str, permission: str) -> None:
    judged = POLICY.condition(profil, permission, m.Candidature)
    mine = any_of([est("auteur_id", MOI), est("validee_par_id", MOI)])
    assert impossible(m.Candidature, judged, mine) is None


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.regle("C-31")
def test_6_no_account_validates_what_it_submitted(profil: str) -> None:
    asked = POLICY.condition(profil, "valider", m.Candidature)
    assert impossible(m.Candidature, asked, est("soumise_par_id", MOI)) is None


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize("model", [m.Convocation, m.Avis])
@pytest.mark.regle("C-31")
def test_6_nor_through_a_part_of_it(profil: str, model: Any) -> None:
    asked = POLICY.condition(profil, "modifier", model)
    mine = any_of([est("candidature.auteur_id", MOI), est("candidature.validee_par_id", MOI)])
    assert impossible(model, asked, mine) is None


# --- 7 -----------------------------------------------------------------------------------------------------------

CONNU = any_of(
    [
        chez_moi("createur_structure_id"),
        Exists(("candidatures",), chez_moi("structure_prescriptrice_id")),
        Exists(("acces",), all_of([chez_moi("structure_id"), est("jusqu_au", Ref("maintenant"), ">")])),
    ]
)
PRESCRIPTEURS = ("prescripteur_n1", "prescripteur_n2", "prescripteur_n3")


@pytest.mark.parametrize("profil", qui(PRESCRIPTEURS))
@pytest.mark.parametrize("permission", ["lire", "modifier", "ecrire_nir"])
@pytest.mark.regle("C-28")
def test_7_a_prescripteur_never_reaches_a_stranger(profil: str, permission: str) -> None:
    assert implied(m.Candidat, POLICY.condition(profil, permission, m.Candidat), CONNU) is None


@pytest.mark.parametrize("profil", qui(PRESCRIPTEURS))
@pytest.mark.regle("C-28")
def test_7_a_candidature_written_this_instant_opens_nobody(profil: str) -> None:
    """The new row is one of the candidat's candidatures: were it the only tie, creating it would grant itself."""
    asked = POLICY.condition(profil, "creer", m.Candidature)
    here = est("candidat.createur_structure_id", MA_STRUCTURE)
    found = Exists(
        ("candidat", "acces"), all_of([chez_moi("structure_id"), est("jusqu_au", Ref("maintenant"), ">")])
    )
    older = Exists(
        ("candidat", "candidatures"),
        all_of(
            [
                chez_moi("structure_prescriptrice_id"),
                any_of([est("cree_le", Ref("maintenant"), "<"), est("etat", "brouillon", "!=")]),
            ]
        ),
    )
    assert implied(m.Candidature, asked, any_of([here, found, older])) is None
    this_one = all_of([est("cree_le", Ref("maintenant")), est("etat", "brouillon")])
    assert implied(m.Candidature, asked, this_one) is None


# --- 8 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", qui(["of_preinscription"]))
@pytest.mark.parametrize("model", [m.Action, m.ActionCertification, m.ActionModification])
@pytest.mark.regle("R-033")
def test_8_of_preinscription_changes_no_action(profil: str, model: Any) -> None:
    held = [p for p in ecritures(model) if POLICY.condition(profil, p, model) != FALSE]
    assert held == []


@pytest.mark.parametrize("profil", qui(["of_catalogue"]))
@pytest.mark.parametrize("model", [m.Candidature, m.Convocation, m.Avis])
@pytest.mark.regle("R-032")
def test_8_of_catalogue_changes_no_candidature(profil: str, model: Any) -> None:
    held = [p for p in ecritures(model) if POLICY.condition(profil, p, model) != FALSE]
    assert held == []


# --- 9 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profil", "permission", "model"),
    [
        ("partenaire", "lire", m.Action),
        ("referent", "lire", m.Action),
        ("gestionnaire", "rejouer", m.Action),
        ("gestionnaire", "", m.Action),
        ("gestionnaire", "lire", m.NirCandidat),
        ("gestionnaire", "lire", m.SecretCompte),
        ("gestionnaire", "lire", m.Reglage),
    ],
)
def test_9_an_unknown_word_is_refused(profil: str, permission: str, model: Any) -> None:
    with pytest.raises(UnknownWord):
        POLICY.condition(profil, permission, model)


def test_9_what_no_rule_grants_is_refused() -> None:
    for model, permissions in POLICY.permissions.items():
        for permission in permissions:
            for profil in ACTEURS:
                granted = bool(POLICY.rules(profil, permission, model))
                assert granted or POLICY.condition(profil, permission, model) == FALSE


# --- the jobs of the house: they do what they are there for, and nobody does it in their place ----------------------


def test_the_jobs_hold_what_one_file_names_and_nothing_else() -> None:
    held = {
        (model.__name__, permission)
        for model, permissions in POLICY.permissions.items()
        for permission in permissions
        if POLICY.condition(SYSTEME, permission, model) != FALSE
    }
    assert held == {
        *(
            ("Candidature", permission)
            for permission in ("lire", "rappeler", "expirer", "constater", "annoncer", "purger", "refuser")
        ),
        *(("Compte", permission) for permission in ("lire", "prevenir", "purger")),
        ("Structure", "lire"),
        ("Affiliation", "lire"),
        *(("StatistiquePubliee", permission) for permission in ("lire", "creer")),
        *(("Jeton", permission) for permission in ("lire", "purger")),
        *(("RechercheEnregistree", permission) for permission in ("lire", "alerter")),
        ("Delegation", "lire"),
        ("IncidentTravail", "noter"),
        *(("Echange", permission) for permission in ("lire", "emettre")),
        *(("Candidat", permission) for permission in ("lire", "anonymiser", "rechiffrer_nir", "rapprocher")),
        *(("RechercheCandidat", permission) for permission in ("lire", "oublier")),
        *(("Consultation", permission) for permission in ("lire", "oublier")),
        *(("Sceau", permission) for permission in ("lire", "poser")),
        *(("VersionPolitique", permission) for permission in ("lire", "noter")),
    }


@pytest.mark.parametrize("profil", PROFILS)
def test_nobody_else_does_the_work_of_the_jobs(profil: str) -> None:
    theirs = {
        m.Candidature: ("rappeler", "expirer", "constater", "annoncer", "purger"),
        m.Compte: ("prevenir", "purger"),
        m.IncidentTravail: ("noter",),
        m.Echange: ("emettre",),
        m.Candidat: ("anonymiser", "rechiffrer_nir", "rapprocher"),
        m.RechercheCandidat: ("oublier",),
        m.Consultation: ("oublier",),
        m.Sceau: ("poser",),
        m.VersionPolitique: ("noter",),
    }
    for model, permissions in theirs.items():
        for permission in permissions:
            assert POLICY.condition(profil, permission, model) == FALSE, permission


def test_no_token_bears_the_profile_of_the_jobs() -> None:
    assert SYSTEME not in PROFILS
    assert SYSTEME not in {d.value for d in m.Droit}
