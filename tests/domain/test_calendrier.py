"""Opening hours in Paris, and delays in whole days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendrier import est_ouvert, feries_nationaux, fin_de_delai, jour_de_paris
from app.kit.clock import PARIS

PASSAGE_ETE, PASSAGE_HIVER = date(2026, 3, 29), date(2026, 10, 25)  # Sundays
MARDI = date(2026, 6, 2)
heures = st.times()
jours = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def a(jour: date, heure: str) -> datetime:
    return datetime.combine(jour, time.fromisoformat(heure), PARIS).astimezone(UTC)


@pytest.mark.regle("R-077")
@pytest.mark.parametrize("heure", ["08:00", "12:30", "19:59:59.999999"])
def test_un_mardi_de_huit_heures_a_vingt_heures_c_est_ouvert(heure: str) -> None:
    assert est_ouvert(a(MARDI, heure))


@pytest.mark.regle("R-077")
@pytest.mark.parametrize("heure", ["00:00", "07:59:59.999999", "20:00", "23:59"])
def test_un_mardi_avant_huit_heures_et_des_vingt_heures_c_est_ferme(heure: str) -> None:
    assert not est_ouvert(a(MARDI, heure))


@pytest.mark.regle("R-077")
@pytest.mark.parametrize(
    ("ecart", "ouvert"), [(-1, True), (0, True), (3, True), (4, False), (5, False), (6, True)]
)
def test_le_samedi_et_le_dimanche_c_est_ferme(ecart: int, ouvert: bool) -> None:
    assert est_ouvert(a(MARDI + timedelta(days=ecart), "10:00")) is ouvert


@pytest.mark.regle("R-077")
@pytest.mark.parametrize(
    ("avant", "apres"), [(time(7), time(6)), (time(6), time(7))], ids=["heure d'été", "heure d'hiver"]
)
def test_huit_heures_reste_huit_heures_a_paris_apres_un_changement_d_heure(avant: time, apres: time) -> None:
    dimanche = PASSAGE_ETE if avant > apres else PASSAGE_HIVER
    for jour, utc in ((dimanche - timedelta(days=2), avant), (dimanche + timedelta(days=1), apres)):
        ouverture = datetime.combine(jour, utc, UTC)
        assert est_ouvert(ouverture)
        assert not est_ouvert(ouverture - timedelta(seconds=1))


@pytest.mark.regle("R-077")
@given(jour=jours, heure=heures)
def test_chaque_jour_ouvre_a_douze_heures_d_ouverture_et_les_autres_aucune(jour: date, heure: time) -> None:
    moment = datetime.combine(jour, heure, PARIS).astimezone(UTC)
    vu = moment.astimezone(PARIS)  # an hour that the spring skips is read again
    assert est_ouvert(moment) is (8 <= vu.hour < 20 and vu.isoweekday() <= 5)


def test_un_jour_ferie_est_ouvert_sauf_si_le_deploiement_le_ferme() -> None:
    quatorze_juillet = a(date(2026, 7, 14), "10:00")
    assert est_ouvert(quatorze_juillet)
    assert not est_ouvert(quatorze_juillet, feries_nationaux(2026))


@pytest.mark.parametrize(
    ("annee", "lundi_de_paques"),
    [
        (2024, date(2024, 4, 1)),
        (2025, date(2025, 4, 21)),
        (2026, date(2026, 4, 6)),
        (2038, date(2038, 4, 26)),
    ],
)
def test_les_onze_jours_feries_suivent_paques(annee: int, lundi_de_paques: date) -> None:
    feries = feries_nationaux(annee)
    assert len(feries) == 11
    assert {lundi_de_paques, lundi_de_paques + timedelta(days=38), date(annee, 5, 8)} <= feries


def test_le_jour_est_celui_de_paris() -> None:
    assert jour_de_paris(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == MARDI


def test_un_delai_finit_a_minuit_a_paris() -> None:
    assert fin_de_delai(a(MARDI, "17:45"), 15) == a(date(2026, 6, 18), "00:00")


@given(jour=jours, heure=heures, duree=st.integers(0, 60))
def test_un_delai_donne_des_jours_entiers_quelle_que_soit_l_heure(
    jour: date, heure: time, duree: int
) -> None:
    fin = fin_de_delai(datetime.combine(jour, heure, PARIS), duree)
    assert fin == fin_de_delai(jour, duree)
    assert jour_de_paris(fin) == jour + timedelta(days=duree + 1)
    assert jour_de_paris(fin - timedelta(microseconds=1)) == jour + timedelta(days=duree)
