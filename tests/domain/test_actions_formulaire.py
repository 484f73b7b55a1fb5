"""What the form of an action accepts, refuses, and remarks."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain import actions_formulaire as f
from app.domain.actions_controle import jours_ouvres

COMPLETE = {
    "intitule": "Tailleur de pierre",
    "objectif": "Tailler la pierre.",
    "programme": "Plans ; taille ; pose.",
    "objectif_general": "professionnalisation",
    "validations": ["attestation"],
    "conditions_acces": "RAS",
    "contact_telephone": "05 00 00 00 00",
}


def certification(id: int = 1, **codes: Any) -> Any:
    defaut = {"id": id, "code_rncp": None, "code_rs": None, "code_certifinfo": None}
    defaut |= {"sirens_habilites": [], "est_active": True}
    return SimpleNamespace(**defaut | codes)


def trouves(certifications: Any = (), **champs: Any) -> set[tuple[str, str]]:
    """Out: what is wrong with the complete form, once these fields are changed."""
    return {(p.code, p.chemin[-1]) for p in f.problemes_action({**COMPLETE, **champs}, certifications)}


def refuses(**champs: Any) -> set[tuple[str, str]]:
    """Out: what even a draft refuses."""
    connues = range(1, 10)
    return {(p.code, p.chemin[-1]) for p in f.problemes_saisie(f.nettoyee(champs), connues)}


@pytest.mark.regle("R-196", "R-200", "R-217")
def test_every_missing_field_is_said_at_once_and_a_complete_form_says_nothing() -> None:
    assert trouves() == set()
    assert {(p.code, p.chemin[-1]) for p in f.problemes_action({}, [])} == {
        *(("CHAMP_OBLIGATOIRE", champ) for champ in f.OBLIGATOIRES),
        ("CONTACT_ACTION_MANQUANT", "contact_telephone"),
    }
    assert trouves(contact_telephone=None, contact_courriel="accueil@estuaire.example") == set()


@pytest.mark.regle("R-201")
@pytest.mark.parametrize(
    ("intitule", "crie"),
    [
        ("MAÇON DU BÂTI ANCIEN", True),
        ("TAILLEUR", True),
        ("CAP AEPE", False),
        ("Titre professionnel MAÇON", False),
        ("CACES R489", False),
    ],
)
def test_a_title_is_not_shouted_but_acronyms_are_not_shouting(intitule: str, crie: bool) -> None:
    assert (("INTITULE_EN_MAJUSCULES", "intitule") in trouves(intitule=intitule)) is crie


@pytest.mark.regle("R-201")
def test_a_long_text_that_shouts_is_only_remarked() -> None:
    contenu = COMPLETE | {"objectif": "APPRENDRE À BÂTIR", "programme": "Bâtir. CAP, BTS, AEPE."}
    dits = [(a.code, a.chemin[-1]) for a in f.avertissements_action(contenu, [])]
    assert dits == [("TEXTE_EN_MAJUSCULES", "objectif")]
    assert trouves(objectif="APPRENDRE À BÂTIR") == set()


@pytest.mark.regle("R-213")
def test_a_certification_that_is_no_longer_registered_is_only_remarked() -> None:
    finie = certification(code_rncp="RNCP1", est_active=False)
    dits = [
        (a.code, a.chemin[-1])
        for a in f.avertissements_action({**COMPLETE, "validations": ["rncp"]}, [finie])
    ]
    assert dits == [("CERTIFICATION_INACTIVE", "certifications")]
    assert trouves([finie], validations=["rncp"]) == set()


@pytest.mark.regle("R-202", "R-214")
def test_the_support_of_a_vae_says_so_in_its_title_and_by_its_code() -> None:
    vae = [certification(code_certifinfo="83899")]
    sans_attestation = {"validations": ["autre_certification"]}
    assert trouves(vae, **sans_attestation) == {("TITRE_VAE_ATTENDU", "intitule")}
    assert trouves(vae, intitule="Accompagnement VAE", **sans_attestation) == set()
    assert [a.code for a in f.avertissements_action({"intitule": "Accompagnement VAE"}, [])] == [
        "CODE_VAE_ATTENDU"
    ]


@pytest.mark.regle("R-203", "R-205", "R-218")
def test_texts_lose_their_formatting_and_have_a_limit() -> None:
    propre = f.nettoyee({"objectif": "<p>Tailler &amp; poser</p><ul><li>la pierre</li></ul>", "le_plus": " "})
    assert propre == {"objectif": "Tailler & poser\n- la pierre", "le_plus": None}
    for champ, maximum in (("objectif", 3000), ("programme", 3000), ("prerequis", 3000), ("le_plus", 1000)):
        assert refuses(**{champ: "x" * maximum}) == set()
        assert refuses(**{champ: "x" * (maximum + 1)}) == {("TEXTE_TROP_LONG", champ)}


@pytest.mark.regle("R-207", "R-208")
def test_an_attestation_goes_with_no_certification() -> None:
    refus = {("ATTESTATION_AVEC_CERTIFICATION", "validations")}
    assert trouves([certification(code_rncp="RNCP1")]) == refus
    assert trouves(validations=["attestation", "rncp"]) == refus
    assert trouves([certification()], validations=["rncp", "autre_certification"]) == set()


@pytest.mark.regle("R-209", "R-210", "C-21")
def test_five_certifications_at_most_in_all_each_of_them_once_and_known() -> None:
    assert refuses(certifications=[1, 2, 3, 4, 5]) == set()
    assert refuses(certifications=[1, 2, 3, 4, 5, 6]) == {("TROP_DE_CERTIFICATIONS", "certifications")}
    assert refuses(certifications=[1, 1]) == {("CERTIFICATION_EN_DOUBLE", "certifications")}
    assert refuses(certifications=[77]) == {("CERTIFICATION_INCONNUE", "certifications")}


@pytest.mark.regle("R-215")
def test_a_certification_that_is_not_found_stays_blank_and_is_only_remarked() -> None:
    assert trouves(validations=["rncp"]) == set()
    assert [a.code for a in f.avertissements_action({"validations": ["rncp"]}, [])] == [
        "CERTIFICATION_ATTENDUE"
    ]
    assert f.avertissements_action({"validations": ["rncp"]}, [certification()]) == []


@pytest.mark.regle("R-213", "C-34")
def test_who_is_not_known_to_deliver_a_certification_is_told() -> None:
    contenu = {"intitule": "Maçon", "validations": ["rncp"]}
    connue = certification(code_rncp="RNCP1", sirens_habilites=["111111111", "222222222"])
    for siren, dit in (("222222222", []), ("333333333", ["RNCP1"]), (None, [])):
        avertis = f.avertissements_action(contenu, [connue], siren=siren)
        assert [a.faits["certification"] for a in avertis] == dit
    muette = certification(code_rncp="RNCP1", sirens_habilites=[])
    assert f.avertissements_action(contenu, [muette], siren="333333333") == []


@pytest.mark.regle("R-211")
@pytest.mark.parametrize("lien", ["https://exemple.fr/formation", "http://exemple.fr", None])
def test_a_web_link_is_an_address_of_the_web(lien: str | None) -> None:
    assert refuses(lien_web=lien) == set()


@pytest.mark.regle("R-211")
@pytest.mark.parametrize("lien", ["exemple.fr", "javascript:alert(1)", "ftp://exemple.fr", "https://x"])
def test_anything_else_is_no_web_link(lien: str) -> None:
    assert refuses(lien_web=lien) == {("FORMAT_INVALIDE", "lien_web")}


@pytest.mark.regle("R-184", "R-185", "R-221")
def test_an_action_that_looks_like_another_of_the_catalogue_is_remarked() -> None:
    contenu = {"intitule": "Tableur, les bases"}
    voisines = [
        ("202600000001", "TABLEUR - LES BASES", set[int]()),
        ("202600000002", "Autre chose", {1}),
        ("202600000003", "Tableur, pour aller plus loin", {2}),
    ]
    avertis = f.avertissements_action(contenu, [certification(1)], voisines)
    assert [a.faits["reference"] for a in avertis] == ["202600000001", "202600000002"]
    assert {a.code for a in avertis} == {"ACTION_VOISINE"}


@pytest.mark.regle("C-03", "R-192")
@pytest.mark.parametrize(
    ("depuis", "jusqu_a", "jours"),
    [
        (date(2026, 6, 2), date(2026, 6, 2), 0),
        (date(2026, 6, 5), date(2026, 6, 8), 1),  # a Friday, then a Monday
        (date(2026, 6, 5), date(2026, 6, 7), 0),
        (date(2026, 6, 6), date(2026, 6, 8), 1),
        (date(2026, 6, 1), date(2026, 6, 15), 10),
    ],
)
def test_the_age_of_what_waits_is_counted_in_working_days(depuis: date, jusqu_a: date, jours: int) -> None:
    assert jours_ouvres(depuis, jusqu_a) == jours
