"""What is overdue, to the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import echeances as e
from app.kit.clock import PARIS
from app.models import EtatCandidature as Etat
from tests.domain.lignes import AUJOURD_HUI, MARDI, dans, jour, une_candidature


def soir(jours: int) -> datetime:
    return dans(jours).replace(hour=23, minute=59, second=59)


def matin(jours: int) -> datetime:
    return dans(jours).replace(hour=0)


@pytest.mark.regle("R-038")
def test_le_quinzieme_jour_est_dans_le_delai_le_seizieme_non() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION, valider_avant_le=e.a_valider_avant(MARDI))
    assert not e.validation_depassee(candidature, soir(15))
    assert e.validation_depassee(candidature, matin(16))


@pytest.mark.regle("R-038")
def test_quinze_jours_restent_quinze_jours_quand_l_heure_change() -> None:
    avant_le_changement = datetime(2026, 10, 20, 18, tzinfo=PARIS)
    assert e.a_valider_avant(avant_le_changement) == datetime(2026, 11, 4, 23, tzinfo=UTC)


@pytest.mark.regle("R-038")
def test_les_n3_sont_prevenus_cinq_jours_avant() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION, valider_avant_le=e.a_valider_avant(MARDI))
    assert not e.rappel_validation_du(candidature, soir(10))
    assert e.rappel_validation_du(candidature, matin(11))


@pytest.mark.regle("R-093")
def test_un_brouillon_est_oublie_apres_quinze_jours_sans_changement() -> None:
    assert not e.brouillon_oublie(une_candidature(), soir(15))
    assert e.brouillon_oublie(une_candidature(), matin(16))
    assert not e.brouillon_oublie(une_candidature(modifiee_le=dans(1)), matin(16))


@pytest.mark.regle("R-101")
def test_la_corbeille_se_vide_apres_quinze_jours() -> None:
    jetee = une_candidature(Etat.CORBEILLE, modifiee_le=dans(-40), close_le=MARDI)
    assert not e.purge_due(jetee, soir(15))
    assert e.purge_due(jetee, matin(16))


@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.BROUILLON, Etat.CORBEILLE}))
def test_rien_d_autre_ne_se_purge(etat: Etat) -> None:
    assert not e.purge_due(une_candidature(etat, close_le=MARDI), dans(400))


@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EN_ATTENTE_VALIDATION}))
def test_seul_ce_qui_attend_une_n3_expire(etat: Etat) -> None:
    candidature = une_candidature(etat, valider_avant_le=MARDI)
    assert not e.validation_depassee(candidature, dans(400))
    assert not e.rappel_validation_du(candidature, dans(400))


@pytest.mark.regle("R-167")
def test_l_avis_se_donne_jusqu_a_vingt_et_un_jours_apres_la_fin() -> None:
    assert not e.avis_depasse(AUJOURD_HUI, soir(21))
    assert e.avis_depasse(AUJOURD_HUI, matin(22))


@pytest.mark.regle("R-145")
@pytest.mark.parametrize(("fin", "bientot"), [(-5, False), (-6, True), (-21, True), (-22, False)])
def test_le_tableau_de_bord_compte_ce_qui_passera_dans_les_quinze_jours(fin: int, bientot: bool) -> None:
    assert e.avis_bientot_depasse(jour(fin), MARDI) is bientot
    assert not e.avis_bientot_depasse(jour(fin), MARDI - timedelta(days=60))
