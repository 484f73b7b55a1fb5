"""The table of a candidature's life: what starts from where, and what never moves again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import candidatures_transitions as t
from app.domain.empechements import Empeche
from app.models import Candidature
from app.models import EtatCandidature as Etat
from app.models.candidatures import BLOQUANTS as BLOQUANTS_DE_LA_BASE
from tests.domain.lignes import MARDI, dans, empeche, une_candidature

CORRECTIONS = {"corriger_en_retenue", "corriger_en_non_retenue"}
DETAILS: dict[str, dict[str, Any]] = {
    "soumettre": {"valider_avant": MARDI.date()},
    "valider": {"point_entree_id": None},
    "rejeter": {"motif": "doublon"},
    "reporter_point": {"point_entree_id": 1},
    "convoquer": {"numero": 1, "date_rendez_vous": MARDI.date()},
    "noter_resultat": {"numero": 1, "resultat": "presence"},
    "retenir": {"est_retenu": True, "est_automatique": False},
    "ne_pas_retenir": {"est_retenu": False, "est_automatique": False},
}
verbes = st.sampled_from(sorted(t.TRANSITIONS))


def tenter(candidature: Candidature, verbe: str) -> bool:
    try:
        t.passer(candidature, t.TRANSITIONS[verbe], MARDI, **DETAILS.get(verbe, {}))
    except Empeche:
        return False
    return True


@pytest.mark.regle("R-165", "R-111")
@given(st.sampled_from(sorted(t.FINALS)), st.lists(verbes, max_size=6))
def test_rien_ne_quitte_un_etat_final_sauf_la_correction_d_un_avis(final: Etat, essais: list[str]) -> None:
    candidature = une_candidature(final)
    for verbe in essais:
        passee = tenter(candidature, verbe)
        assert passee is (verbe in CORRECTIONS and final in {Etat.RETENUE, Etat.NON_RETENUE})
    avec_avis = {Etat.RETENUE, Etat.NON_RETENUE}
    assert candidature.etat is final or {candidature.etat, final} == avec_avis


@given(st.lists(verbes, max_size=12))
def test_aucune_suite_d_actes_ne_mene_hors_de_la_table(essais: list[str]) -> None:
    candidature = une_candidature()
    for verbe in essais:
        avant = candidature.etat
        if tenter(candidature, verbe):
            assert avant in t.TRANSITIONS[verbe].depuis
            assert candidature.etat is (t.TRANSITIONS[verbe].vers or avant)
        else:
            assert candidature.etat is avant


@pytest.mark.regle("R-103", "R-104", "R-107")
def test_seuls_ces_actes_partent_de_chaque_etat() -> None:
    depuis = {etat: {v for v, tr in t.TRANSITIONS.items() if etat in tr.depuis} for etat in Etat}
    assert depuis[Etat.BROUILLON] == {"modifier", "supprimer", "soumettre", "valider", "purger"}
    assert depuis[Etat.EN_ATTENTE_VALIDATION] == {"modifier", "supprimer", "valider", "expirer"}
    assert depuis[Etat.CORBEILLE] == {"restaurer", "purger"}
    assert depuis[Etat.EN_ATTENTE_AVIS] == {
        *("annuler", "rejeter", "refuser_session_complete", "refuser_session_annulee", "reporter_point"),
        *("convoquer", "noter_resultat", "retenir", "ne_pas_retenir", "avis_non_transmis"),
    }
    assert depuis[Etat.RETENUE] == depuis[Etat.NON_RETENUE] == CORRECTIONS
    assert not any(depuis[etat] for etat in t.FINALS - {Etat.RETENUE, Etat.NON_RETENUE})


def test_chaque_etat_est_final_ou_peut_encore_bouger() -> None:
    bougent = frozenset().union(*(tr.depuis for v, tr in t.TRANSITIONS.items() if v not in CORRECTIONS))
    assert bougent | t.FINALS == set(Etat)
    assert not bougent & t.FINALS


@pytest.mark.regle("R-096")
def test_les_etats_qui_bloquent_sont_ceux_de_l_index_de_la_base() -> None:
    assert {f"'{etat}'" for etat in t.BLOQUANTS} == set(BLOQUANTS_DE_LA_BASE.strip("()").split(", "))


def test_un_acte_date_la_ligne_et_dit_ce_qu_elle_quitte_et_ce_qu_elle_devient() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_AVIS)
    fait = t.passer(candidature, t.ANNULER, dans(1))
    assert (fait.avant, fait.apres) == ("en_attente_avis", "annulee")
    assert dict(fait.liens()) == {"candidature_id": 700, "session_id": 100, "candidat_id": 500}
    assert candidature.modifiee_le == candidature.close_le == dans(1)


def test_un_acte_impossible_ne_touche_a_rien() -> None:
    candidature = une_candidature(Etat.ANNULEE)
    with empeche("ETAT_INCOMPATIBLE"):
        t.passer(candidature, t.VALIDER, dans(1), point_entree_id=None)
    assert (candidature.etat, candidature.modifiee_le) == (Etat.ANNULEE, MARDI)
