"""What closes a session to candidatures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ouverture import MOTIFS, motifs, motifs_definitifs, prochain_point, valeurs
from app.kit.clock import PARIS
from app.models import EtatSession, ModeCandidature, SessionFormation
from tests.domain.lignes import AUJOURD_HUI, MARDI, jour, une_hsp, une_session


def codes(session: SessionFormation, le: datetime = MARDI) -> list[str]:
    return [e.code for e in motifs(session, valeurs(le))]


@pytest.mark.regle("R-098")
def test_une_session_conventionnee_publiee_et_ouverte_prend_des_candidatures() -> None:
    assert codes(une_session()) == []


@pytest.mark.parametrize(
    ("colonnes", "code"),
    [
        pytest.param({"est_conventionnee": False}, "NON_CONVENTIONNEE", marks=pytest.mark.regle("R-099")),
        pytest.param(
            {"mode_candidature": ModeCandidature.FERMEE}, "SESSION_FERMEE", marks=pytest.mark.regle("R-125")
        ),
        pytest.param({"est_complete": True}, "SESSION_COMPLETE", marks=pytest.mark.regle("R-097")),
        pytest.param({"action_en_ligne": False}, "SESSION_NON_PUBLIEE", marks=pytest.mark.regle("R-098")),
        *(
            pytest.param({"etat": etat}, "SESSION_NON_PUBLIEE", marks=pytest.mark.regle("R-098"))
            for etat in EtatSession
            if etat is not EtatSession.PUBLIEE
        ),
    ],
)
def test_chaque_motif_ferme_la_session_a_lui_seul(colonnes: dict[str, Any], code: str) -> None:
    assert codes(une_session(**colonnes)) == [code]


@pytest.mark.regle("R-098", "R-134")
@pytest.mark.parametrize(("limite", "attendu"), [(1, []), (0, []), (-1, ["INSCRIPTIONS_CLOSES"])])
def test_on_s_inscrit_jusqu_a_la_date_limite_incluse(limite: int, attendu: list[str]) -> None:
    assert codes(une_session(date_limite_inscription=jour(limite))) == attendu


@pytest.mark.regle("R-098")
def test_sans_date_limite_on_s_inscrit_jusqu_a_la_fin_de_la_session() -> None:
    assert codes(une_session(date_limite_inscription=None, date_fin=AUJOURD_HUI)) == []
    assert codes(une_session(date_limite_inscription=None, date_fin=jour(-1))) == ["INSCRIPTIONS_CLOSES"]


@pytest.mark.regle("R-077")
@pytest.mark.parametrize(
    ("heure", "attendu"), [(7, ["HORS_HORAIRES"]), (8, []), (19, []), (20, ["HORS_HORAIRES"])]
)
def test_hors_des_heures_d_ouverture_toute_session_est_fermee(heure: int, attendu: list[str]) -> None:
    assert codes(une_session(), datetime(2026, 6, 2, heure, tzinfo=PARIS)) == attendu


@pytest.mark.regle("R-094")
def test_tous_les_motifs_sont_dits_a_la_fois_dans_un_ordre_constant() -> None:
    session = une_session(
        est_conventionnee=False,
        etat=EtatSession.ANNULEE,
        mode_candidature=ModeCandidature.FERMEE,
        date_limite_inscription=jour(-1),
        est_complete=True,
    )
    assert codes(session, MARDI + timedelta(hours=12)) == [
        "NON_CONVENTIONNEE",
        "SESSION_NON_PUBLIEE",
        "SESSION_FERMEE",
        "INSCRIPTIONS_CLOSES",
        "SESSION_COMPLETE",
        "HORS_HORAIRES",
    ]


@pytest.mark.regle("R-092", "R-099")
def test_un_brouillon_se_commence_sur_une_session_complete_mais_pas_sur_une_non_conventionnee() -> None:
    nuit = valeurs(MARDI + timedelta(hours=12))
    assert motifs_definitifs(une_session(est_complete=True, date_limite_inscription=jour(-1)), nuit) == []
    refus = motifs_definitifs(une_session(est_conventionnee=False), nuit)
    assert [e.code for e in refus] == ["NON_CONVENTIONNEE"]


# --- HSP -------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-070", "R-071")
def test_une_hsp_suit_son_prochain_point_et_non_les_colonnes_de_la_session() -> None:
    assert codes(une_hsp(-10, 5, 40, date_limite_inscription=jour(-3), est_complete=True)) == []


@pytest.mark.regle("R-072")
@pytest.mark.parametrize("points", [(), (-30, -1)])
def test_une_hsp_sans_point_a_venir_ne_prend_personne(points: tuple[int, ...]) -> None:
    assert codes(une_hsp(*points)) == ["SANS_POINT_ENTREE"]


@pytest.mark.regle("R-070")
def test_on_se_positionne_encore_le_jour_du_point() -> None:
    assert codes(une_hsp(0)) == []


@pytest.mark.regle("R-097", "R-071")
def test_seules_les_places_du_prochain_point_comptent() -> None:
    assert codes(une_hsp(-5, 5, 40, complets=(5,))) == ["POINT_ENTREE_COMPLET"]
    assert codes(une_hsp(-5, 5, 40, complets=(-5, 40))) == []
    assert codes(une_hsp(0, 5, complets=(5,))) == []


@pytest.mark.regle("R-067", "R-072")
@given(st.sets(st.integers(-60, 60), max_size=8))
def test_le_prochain_point_est_le_premier_qui_n_est_pas_passe(points: set[int]) -> None:
    session = une_hsp(*points)
    point = prochain_point(session, AUJOURD_HUI)
    assert (point and point.date_entree) == min((jour(p) for p in points if p >= 0), default=None)
    assert ("SANS_POINT_ENTREE" in codes(session)) is (point is None)


def phrase(message: str) -> bool:
    return message[0].isupper() and message.endswith(".") and "{" not in message


@pytest.mark.parametrize("controle", [phrase, lambda message: len(message) < 120])
def test_chaque_motif_se_dit_en_une_phrase_sans_detail_a_remplir(controle: Callable[[str], bool]) -> None:
    assert all(controle(motif.empechement().message) for motif in MOTIFS)
