"""Where a session is, as screens say it: the same table as the API's, decided on rows in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.ouverture import valeurs
from app.domain.situations import SITUATIONS, SituationSession, situation
from app.models import EtatSession, ModeCandidature
from tests.domain.lignes import MARDI, jour, une_hsp, une_session

S = SituationSession


@pytest.mark.regle("R-149")
@pytest.mark.parametrize(
    ("colonnes", "attendue"),
    [
        ({}, S.CANDIDATURE_POSSIBLE),
        ({"est_complete": True}, S.COMPLETE),
        ({"est_complete": True, "date_limite_inscription": jour(-1)}, S.INSCRIPTIONS_CLOSES),
        ({"date_limite_inscription": jour(-1)}, S.INSCRIPTIONS_CLOSES),
        ({"date_debut": jour(0)}, S.CANDIDATURE_POSSIBLE),
        ({"date_debut": jour(0), "date_limite_inscription": jour(-1)}, S.EN_COURS),
        ({"mode_candidature": ModeCandidature.FERMEE}, S.A_VENIR),
        ({"est_conventionnee": False}, S.A_VENIR),
        ({"date_fin": jour(-1), "date_debut": jour(-9)}, S.TERMINEE),
        ({"etat": EtatSession.ANNULEE, "date_fin": jour(-1)}, S.ANNULEE),
    ],
    ids=str,
)
def test_une_session_est_la_ou_disent_ses_dates_et_ses_places(
    colonnes: dict[str, Any], attendue: SituationSession
) -> None:
    assert situation(une_session(**colonnes), valeurs(MARDI)) is attendue


@pytest.mark.regle("R-149", "R-072")
def test_une_hsp_est_ouverte_tant_qu_un_point_est_a_venir() -> None:
    for depuis, attendue in ((0, S.CANDIDATURE_POSSIBLE), (15, S.INSCRIPTIONS_CLOSES)):
        assert situation(une_hsp(14), valeurs(MARDI + timedelta(days=depuis))) is attendue


def test_chaque_situation_a_sa_place_et_la_derniere_est_toujours_vraie() -> None:
    assert sorted(mot for mot, _ in SITUATIONS) == sorted(SituationSession)
    assert situation(une_session(etat=EtatSession.BROUILLON), valeurs(MARDI)) is S.A_VENIR
