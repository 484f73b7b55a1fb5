"""Quotas and duplicates: what Léa already has decides what she may still have."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import candidatures as d
from app.domain.candidatures_closes import MotifRejet
from app.domain.candidatures_conditions import doublons, quotas
from app.models import Candidature
from app.models import EtatCandidature as Etat
from tests.domain.lignes import (
    MARDI,
    PAUL,
    empeche,
    situation,
    une_autre,
    une_candidature,
    une_hsp,
    une_session,
)

BLOQUENT = {Etat.EN_ATTENTE_VALIDATION, Etat.EN_ATTENTE_AVIS, Etat.RETENUE}


def valider(candidature: Candidature, *autres: Candidature) -> Etat:
    d.valider(candidature, contexte=situation(candidature, *autres), par=PAUL, le=MARDI)
    return candidature.etat


def en_attente(nb: int, **colonnes: Any) -> list[Candidature]:
    return [une_autre(id=i, **colonnes) for i in range(1, nb + 1)]


@pytest.mark.regle("R-089")
def test_la_troisieme_candidature_en_attente_d_avis_passe_la_quatrieme_non() -> None:
    assert valider(une_candidature(), *en_attente(2)) is Etat.EN_ATTENTE_AVIS
    with empeche("QUOTA_ATTEINT"):
        valider(une_candidature(), *en_attente(3))


@pytest.mark.regle("R-089")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EN_ATTENTE_AVIS}))
def test_seules_celles_qui_attendent_un_avis_comptent(etat: Etat) -> None:
    assert valider(une_candidature(), *(une_autre(etat, id=i) for i in (1, 2, 3))) is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-089")
def test_la_candidature_ne_se_compte_pas_elle_meme() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION)
    assert valider(candidature, candidature, *en_attente(2)) is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-076")
def test_une_seule_hsp_en_attente_d_avis() -> None:
    with empeche("QUOTA_HSP_ATTEINT"):
        valider(une_candidature(session=une_hsp(5)), une_autre(est_hsp=True))


@pytest.mark.regle("R-076")
def test_une_hsp_en_attente_n_empeche_pas_une_autre_formation_ni_l_inverse() -> None:
    assert valider(une_candidature(), une_autre(est_hsp=True)) is Etat.EN_ATTENTE_AVIS
    assert valider(une_candidature(session=une_hsp(5)), une_autre()) is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-076", "R-089")
def test_la_hsp_compte_parmi_les_trois() -> None:
    trois = [*en_attente(2), une_autre(id=9, est_hsp=True)]
    assert [e.code for e in quotas(une_session(), trois)] == ["QUOTA_ATTEINT"]
    assert [e.code for e in quotas(une_hsp(5), trois)] == ["QUOTA_ATTEINT", "QUOTA_HSP_ATTEINT"]


@pytest.mark.regle("R-075")
def test_une_personne_non_retenue_ne_recandidate_pas_sur_cette_session() -> None:
    with empeche("DEJA_NON_RETENUE"):
        valider(une_candidature(), une_autre(Etat.NON_RETENUE, session_id=100))


@pytest.mark.regle("R-096")
@pytest.mark.parametrize("etat", sorted(BLOQUENT))
def test_une_seule_candidature_par_personne_et_session(etat: Etat) -> None:
    with empeche("CANDIDATURE_EXISTANTE"):
        valider(une_candidature(), une_autre(etat, session_id=100))


@pytest.mark.regle("R-096")
def test_une_n1_ne_soumet_pas_un_doublon() -> None:
    candidature = une_candidature()
    with empeche("CANDIDATURE_EXISTANTE"):
        autre = une_autre(Etat.EN_ATTENTE_AVIS, session_id=100)
        d.soumettre(candidature, contexte=situation(candidature, autre), par=1, le=MARDI)


@pytest.mark.regle("R-096", "R-075")
@pytest.mark.parametrize("etat", sorted(set(Etat) - BLOQUENT - {Etat.NON_RETENUE}))
def test_ce_qui_est_fini_autrement_ou_pas_commence_n_empeche_rien(etat: Etat) -> None:
    assert doublons(une_session(), [une_autre(etat, session_id=100)]) == []


@pytest.mark.regle("R-075")
def test_une_autre_session_reste_possible() -> None:
    assert valider(une_candidature(), une_autre(Etat.NON_RETENUE)) is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-115")
def test_apres_un_rejet_on_ne_change_pas_le_statut_en_non_inscrit() -> None:
    rejetee = une_autre(
        Etat.REJETEE,
        session_id=100,
        motif_fin=str(MotifRejet.DONNEES_CANDIDAT),
        est_inscrit_france_travail=True,
    )
    with empeche("STATUT_FRANCE_TRAVAIL_MODIFIE est_inscrit_france_travail"):
        valider(une_candidature(est_inscrit_france_travail=False), rejetee)
    assert valider(une_candidature(), rejetee) is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-115")
@pytest.mark.parametrize(
    "autrement",
    [
        {"motif_fin": "doublon"},
        {"est_inscrit_france_travail": False},
        {"session_id": 999},
        {"etat": Etat.ANNULEE},
    ],
)
def test_sans_un_tel_rejet_une_personne_peut_ne_pas_etre_inscrite(autrement: dict[str, Any]) -> None:
    rejet: dict[str, Any] = {
        "etat": Etat.REJETEE,
        "session_id": 100,
        "motif_fin": str(MotifRejet.DONNEES_CANDIDAT),
        "est_inscrit_france_travail": True,
    }
    autre = une_autre(**rejet | autrement)
    assert valider(une_candidature(est_inscrit_france_travail=False), autre) is Etat.EN_ATTENTE_AVIS
