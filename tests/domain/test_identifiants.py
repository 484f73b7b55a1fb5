"""Identifiers: real formats, known samples, and what they say of a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import identifiants as ids

VALIDES = ["73282932000074", "31490172900033", "35600000000048", "35600000009075", "35600000009093"]
REFUSES = [
    "35600000009090",
    "50000000000000",
    "7328293200007",
    "732829320000741",
    "7328293200007A",
    "0" * 14,
    "",
]


@pytest.mark.parametrize("siret", VALIDES)
def test_a_true_siret_is_accepted(siret: str) -> None:
    assert ids.est_siret(siret)


@pytest.mark.parametrize("siret", REFUSES)
def test_a_wrong_siret_is_refused(siret: str) -> None:
    assert not ids.est_siret(siret)


@given(st.sampled_from(VALIDES[:2]), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(siret: str, rang: int, ecart: int) -> None:
    faux = siret[:rang] + str((int(siret[rang]) + ecart) % 10) + siret[rang + 1 :]
    assert not ids.est_siret(faux)


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert not ids.est_siret("٧٣٢٨٢٩٣٢٠٠٠٠٧٤")
    assert ids.normaliser_rncp("٣٥٨١٩") is None
    assert ids.departement_du_code_postal("٣٣٠٠٠") is None


def test_a_siren_follows_luhn() -> None:
    assert ids.est_siren("732829320")
    assert not ids.est_siren("732829321")
    assert not ids.est_siren("000000000")


NIR_FICTIF = "269054958815780"  # the fictitious number of the official documentation


def test_a_nir_is_recognised_by_its_key() -> None:
    assert ids.est_nir(NIR_FICTIF)
    assert not ids.est_nir("269054958815781")
    assert not ids.est_nir("669054958815780")


@pytest.mark.parametrize(("departement", "chiffres"), [("2A", "19"), ("2B", "18")])
def test_a_corsican_nir_counts_its_letter(departement: str, chiffres: str) -> None:
    reste = "004123"
    cle = 97 - int("18501" + chiffres + reste) % 97
    assert ids.est_nir(f"18501{departement}{reste}{cle:02}")
    assert not ids.est_nir(f"18501{departement}{reste}{(cle + 1) % 97:02}")


@pytest.mark.parametrize(
    "texte",
    ["NIR 2 69 05 49 588 157 80.", f"n°{NIR_FICTIF}", "2-69-05-49-588-157-80", "2.69.05.49.588.157.80 svp"],
)
def test_a_nir_is_found_in_a_text(texte: str) -> None:
    assert ids.contient_un_nir(texte)


@pytest.mark.parametrize(
    "texte", ["", "Tél. 05 55 00 00 00", "732829320000741", f"9{NIR_FICTIF}", "2 69 05 49 588 157 81"]
)
def test_other_numbers_are_no_nir(texte: str) -> None:
    assert not ids.contient_un_nir(texte)


@pytest.mark.regle("R-212")
def test_certification_codes_are_written_one_way() -> None:
    assert ids.normaliser_rncp("35819") == ids.normaliser_rncp(" rncp35819 ") == "RNCP35819"
    assert ids.normaliser_rs("RS5439") == ids.normaliser_rs("5439") == "RS5439"
    assert ids.normaliser_certifinfo(" 112173 ") == "112173"
    assert ids.normaliser_rncp("RS5439") is None
    assert ids.normaliser_rs("RNCP1") is None
    assert ids.normaliser_certifinfo("12345678901") is None
    assert ids.normaliser_rncp("RNCP") is None


@pytest.mark.regle("R-233")
def test_a_bloc_names_its_certification() -> None:
    assert ids.est_code_bloc("RNCP35819BC01")
    assert ids.rncp_du_bloc("RNCP35819BC01") == "RNCP35819"
    assert not ids.est_code_bloc("BC01")
    assert not ids.est_code_bloc("RNCP35819BC")


@pytest.mark.regle("R-180", "C-12")
def test_references_have_their_length() -> None:
    assert ids.est_reference_action("202305156095")
    assert ids.est_reference_action("20400000001")
    assert not ids.est_reference_action("2040000000")
    assert not ids.est_reference_action("2023051560955")
    assert ids.est_numero_carif("00509908")
    assert not ids.est_numero_carif("0050990")
    assert not ids.est_numero_carif("01509908")


def test_france_travail_numbers() -> None:
    assert ids.est_numero_france_travail("01234567890")
    assert not ids.est_numero_france_travail("0123456789A")
    assert ids.est_identifiant_regional("0676932W")
    assert ids.est_identifiant_regional("0167942369Z")
    assert not ids.est_identifiant_regional("0676932w")


@pytest.mark.parametrize(
    ("code", "departement"),
    [("33000", "33"), ("24750", "24"), ("20000", "2A"), ("20167", "2A"), ("20200", "2B"), ("20600", "2B"), ("97400", "974"),
     ("97133", "971"), ("98800", "988"), ("01000", "01"), ("00100", None), ("96000", None), ("3300", None)],
)  # fmt: skip
def test_a_postcode_says_its_departement(code: str, departement: str | None) -> None:
    assert ids.departement_du_code_postal(code) == departement


@pytest.mark.parametrize(
    ("code", "departement"),
    [
        ("33063", "33"),
        ("2A004", "2A"),
        ("2B033", "2B"),
        ("97411", "974"),
        ("20004", None),
        ("2C001", None),
        ("00001", None),
    ],
)
def test_a_municipality_says_its_departement(code: str, departement: str | None) -> None:
    assert ids.departement_du_code_insee(code) == departement
    assert ids.est_code_insee(code) == (departement is not None)


def test_an_activity_number_is_not_a_filler() -> None:
    assert ids.est_numero_activite("75331234533")
    assert not ids.est_numero_activite("99999999999")
    assert not ids.est_numero_activite("7533123453")
