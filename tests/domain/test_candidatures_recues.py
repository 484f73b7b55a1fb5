"""What France Travail and CMaFormation bring, under the same rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain import candidatures_recues as d
from app.domain.candidatures_conditions import Situation
from app.models import Candidature, ModeCandidature, SessionFormation
from app.models import EtatCandidature as Etat
from app.models import OrigineCandidature as Origine
from tests.domain.lignes import MARDI, empeche, lea, une_autre, une_hsp, une_session


def recevoir(
    session: SessionFormation | None = None, *autres: Candidature, **arguments: Any
) -> dict[str, Any]:
    contexte = Situation(session or une_session(), lea(), autres)
    defauts: dict[str, Any] = {"reference": "C2026000003", "origine": Origine.CMAFORMATION, "le": MARDI}
    return d.recevoir(contexte=contexte, **defauts | arguments)


@pytest.mark.regle("R-125", "R-096")
def test_une_candidature_recue_attend_tout_de_suite_un_avis_meme_la_nuit() -> None:
    candidature = Candidature(id=9, **recevoir(le=MARDI + timedelta(hours=12)))
    assert (candidature.etat, candidature.origine) == (Etat.EN_ATTENTE_AVIS, Origine.CMAFORMATION)
    assert candidature.auteur_id is None
    assert d.recue(candidature).avant is None


@pytest.mark.regle("R-125")
def test_une_candidature_libre_demande_une_session_qui_en_recoit() -> None:
    sur_prescription = une_session(mode_candidature=ModeCandidature.PRESCRIPTION)
    with empeche("CANDIDATURE_LIBRE_FERMEE"):
        recevoir(sur_prescription)
    assert recevoir(sur_prescription, origine=Origine.FRANCE_TRAVAIL)["etat"] is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-089", "R-096", "R-097", "R-116")
def test_les_places_les_quotas_et_les_doublons_sont_les_memes() -> None:
    autres = [une_autre(id=i, session_id=100) for i in (1, 2, 3)]
    with empeche("SESSION_COMPLETE", "QUOTA_ATTEINT", "CANDIDATURE_EXISTANTE", "NIR_INTERDIT raisons"):
        recevoir(une_session(est_complete=True), *autres, saisie={"raisons": "1904233001001"})


@pytest.mark.regle("R-072", "R-076")
def test_sur_une_hsp_elle_va_au_prochain_point_et_il_n_y_en_a_qu_une() -> None:
    assert recevoir(une_hsp(5, 40))["point_entree_id"] == 1005
    with empeche("QUOTA_HSP_ATTEINT"):
        recevoir(une_hsp(5, 40), une_autre(est_hsp=True))
