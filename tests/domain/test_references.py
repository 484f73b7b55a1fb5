"""References: what people read, write down and search."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import references as r
from app.domain.identifiants import est_numero_carif, est_reference_action

annees = st.integers(2000, 2099)


@pytest.mark.regle("R-180")
@given(annees, st.integers(0, 99_999_999))
def test_une_action_a_douze_chiffres_dont_les_premiers_sont_vingt(annee: int, numero: int) -> None:
    reference = r.reference_action(annee, numero)
    assert est_reference_action(reference)
    assert len(reference) == 12


@pytest.mark.regle("R-180")
@given(st.integers(0, 999_999))
def test_une_session_a_huit_chiffres_dont_les_premiers_sont_zero(numero: int) -> None:
    assert est_numero_carif(r.reference_session(numero))


@pytest.mark.regle("R-087")
def test_un_candidat_porte_l_annee_et_six_chiffres() -> None:
    assert r.reference_candidat(2022, 349610) == "2022349610"
    assert r.reference_candidat(2026, 1) == "2026000001"


@pytest.mark.regle("R-087")
def test_apres_un_million_de_candidats_la_reference_garde_sa_longueur() -> None:
    assert r.reference_candidat(2031, 1_000_002) == "2031000002"


def test_une_candidature_porte_un_c_l_annee_et_six_chiffres_ou_plus() -> None:
    assert r.reference_candidature(2026, 17) == "C2026000017"
    assert r.reference_candidature(2026, 1_000_000) == "C202601000000"
    assert r.reference_candidature(2026, 12_345_678) == "C202612345678"


@pytest.mark.regle("R-180", "R-087")
@pytest.mark.parametrize("fabrique", [r.reference_action, r.reference_candidat, r.reference_candidature])
@given(annee=annees, un=st.integers(1, 999_999), autre=st.integers(1, 999_999))
def test_deux_numeros_font_deux_references(
    fabrique: Callable[[int, int], str], annee: int, un: int, autre: int
) -> None:
    assert (fabrique(annee, un) == fabrique(annee, autre)) is (un == autre)


@pytest.mark.parametrize(
    "fabrique",
    [
        lambda: r.reference_session(1_000_000),
        lambda: r.reference_action(2026, 100_000_000),
        lambda: r.reference_candidature(2026, 100_000_000),
        lambda: r.reference_candidat(1999, 1),
    ],
)
def test_ce_qui_ne_tient_pas_dans_le_format_est_une_faute(fabrique: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r"fit|begins"):
        fabrique()
