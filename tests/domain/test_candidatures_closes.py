"""Cancelled, refused, rejected, expired; moved to the next entry point."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import candidatures_closes as d
from app.domain.candidatures_closes import MotifRejet
from app.models import Candidature, EtatSession
from app.models import EtatCandidature as Etat
from tests.domain.lignes import (
    AUJOURD_HUI,
    CAP_METIERS,
    MARDI,
    TROIS_VALLEES,
    dans,
    empeche,
    jour,
    une_candidature,
    une_hsp,
    une_session,
)


def en_attente(**colonnes: Any) -> Candidature:
    return une_candidature(Etat.EN_ATTENTE_AVIS, **colonnes)


def annuler(candidature: Candidature, **arguments: Any) -> Etat:
    defauts: dict[str, Any] = {"structure_id": TROIS_VALLEES.id, "le": MARDI}
    d.annuler(candidature, **defauts | arguments)
    return candidature.etat


@pytest.mark.regle("R-107", "R-109")
@pytest.mark.parametrize("limite", [0, 1])
def test_le_prescripteur_annule_jusqu_a_la_date_d_entree_tardive_incluse(limite: int) -> None:
    assert annuler(en_attente(session=une_session(annulable_jusqu_au=jour(limite)))) is Etat.ANNULEE


@pytest.mark.regle("R-109", "R-110")
def test_le_lendemain_il_est_trop_tard_sauf_si_l_organisme_repousse_la_date() -> None:
    candidature = en_attente(session=une_session(annulable_jusqu_au=jour(-1)))
    with empeche("DATE_ANNULATION_DEPASSEE"):
        annuler(candidature, motif="Un empêchement.")
    candidature.session.annulable_jusqu_au = AUJOURD_HUI
    assert annuler(candidature) is Etat.ANNULEE


@pytest.mark.regle("R-107", "R-111")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EN_ATTENTE_AVIS}))
def test_on_n_annule_ni_apres_un_avis_ni_deux_fois_ni_un_brouillon(etat: Etat) -> None:
    with empeche("ETAT_INCOMPATIBLE"):
        annuler(une_candidature(etat))


@pytest.mark.regle("R-108")
def test_hors_de_la_structure_prescriptrice_on_annule_sans_date_mais_avec_un_motif() -> None:
    candidature = en_attente(session=une_session(annulable_jusqu_au=jour(-1)))
    with empeche("CHAMP_OBLIGATOIRE motif"):
        annuler(candidature, structure_id=CAP_METIERS.id, motif="  ")
    assert (
        annuler(candidature, structure_id=CAP_METIERS.id, motif=" À la demande du financeur. ")
        is Etat.ANNULEE
    )
    assert candidature.motif_fin == "À la demande du financeur."


@pytest.mark.regle("R-108")
def test_une_candidature_sans_structure_prescriptrice_ne_s_annule_qu_avec_un_motif() -> None:
    with empeche("CHAMP_OBLIGATOIRE motif"):
        annuler(en_attente(structure_prescriptrice_id=None), structure_id=None)


@pytest.mark.regle("R-112", "R-113", "R-114")
@pytest.mark.parametrize("motif", list(MotifRejet))
def test_un_rejet_garde_et_dit_son_motif(motif: MotifRejet) -> None:
    candidature = en_attente()
    fait = d.rejeter(candidature, motif=motif, le=MARDI)
    assert (candidature.etat, candidature.motif_fin, fait.motif) == (Etat.REJETEE, str(motif), str(motif))


@pytest.mark.regle("R-168")
def test_l_organisme_refuse_quand_la_session_est_complete() -> None:
    candidature = en_attente()
    d.refuser_session_complete(candidature, le=MARDI)
    assert candidature.etat is Etat.REFUS_SESSION_COMPLETE


@pytest.mark.regle("C-10", "R-168")
@pytest.mark.parametrize(
    ("capacite", "retenues", "atteint"), [(3, 2, False), (3, 3, True), (3, 4, True), (None, 9, False)]
)
def test_l_effectif_est_atteint_a_la_capacite_d_accueil(
    capacite: int | None, retenues: int, atteint: bool
) -> None:
    candidature = en_attente(session=une_session(capacite_accueil=capacite))
    assert d.effectif_atteint(candidature.session, retenues) is atteint
    if atteint:
        d.refuser_effectif_atteint(candidature, retenues=retenues, le=MARDI)
        assert candidature.etat is Etat.REFUS_SESSION_COMPLETE
    else:
        with empeche("ETAT_INCOMPATIBLE"):
            d.refuser_effectif_atteint(candidature, retenues=retenues, le=MARDI)


@pytest.mark.regle("R-169")
def test_l_annulation_de_la_session_refuse_ses_candidatures_en_attente() -> None:
    candidature = en_attente(session=une_session(etat=EtatSession.ANNULEE))
    d.refuser_session_annulee(candidature, le=MARDI)
    assert candidature.etat is Etat.REFUS_SESSION_ANNULEE


@pytest.mark.regle("R-169")
def test_ce_refus_attend_que_la_session_soit_annulee() -> None:
    with empeche("SESSION_NON_ANNULEE"):
        d.refuser_session_annulee(en_attente(), le=MARDI)


@pytest.mark.regle("R-074", "R-072")
def test_un_point_passe_laisse_la_candidature_en_attente_et_on_la_reporte_au_suivant() -> None:
    candidature = en_attente(session=une_hsp(-10, 5, 40), point_entree_id=990)
    fait = d.reporter_point(candidature, le=MARDI)
    assert candidature.etat is Etat.EN_ATTENTE_AVIS
    assert candidature.point_entree_id == fait.point_entree_id == 1005


@pytest.mark.regle("R-074", "R-072")
@pytest.mark.parametrize(
    ("points", "complets", "actuel", "code"),
    [
        ((-10,), (), 990, "SANS_POINT_ENTREE"),
        ((5, 40), (), 1005, "POINT_ENTREE_INCHANGE"),
        ((-10, 5), (5,), 990, "POINT_ENTREE_COMPLET"),
    ],
)
def test_on_ne_reporte_qu_au_prochain_point_s_il_a_de_la_place(
    points: tuple[int, ...], complets: tuple[int, ...], actuel: int, code: str
) -> None:
    candidature = en_attente(session=une_hsp(*points, complets=complets), point_entree_id=actuel)
    with empeche(code):
        d.reporter_point(candidature, le=MARDI)
    assert candidature.point_entree_id == actuel


def test_sans_hsp_il_n_y_a_pas_de_point_ou_reporter() -> None:
    with empeche("SANS_POINT_ENTREE"):
        d.reporter_point(en_attente(), le=MARDI)


# --- the jobs' -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-038")
def test_ce_qu_aucune_n3_n_a_valide_expire() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION, valider_avant_le=dans(16))
    with empeche("ETAT_INCOMPATIBLE"):
        d.expirer(candidature, le=dans(15))
    d.expirer(candidature, le=dans(16))
    assert candidature.etat is Etat.EXPIREE


@pytest.mark.regle("R-167")
def test_trois_semaines_apres_la_fin_l_avis_n_est_plus_attendu() -> None:
    candidature = en_attente(session=une_session(date_fin=jour(-21)))
    with empeche("ETAT_INCOMPATIBLE"):
        d.constater_avis_non_transmis(candidature, le=MARDI)
    d.constater_avis_non_transmis(candidature, le=dans(1))
    assert candidature.etat is Etat.AVIS_NON_TRANSMIS


@pytest.mark.regle("R-093")
def test_seul_un_brouillon_oublie_se_purge() -> None:
    candidature = une_candidature()
    with empeche("ETAT_INCOMPATIBLE"):
        d.purger(candidature, le=dans(15))
    assert d.purger(candidature, le=dans(16)).avant == "brouillon"
