"""Karim gives the avis on Léa's candidature; Gaëlle corrects a mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import avis as d
from app.domain.avis import SaisieAvis, intensite_hebdomadaire
from app.models import Avis, Candidature, Convocation, MotifNonRetenu
from app.models import EtatCandidature as Etat
from app.models import ResultatConvocation as R
from tests.domain.lignes import GAELLE, KARIM, MARDI, dans, empeche, jour, une_candidature, une_session

OUI = SaisieAvis(
    est_retenu=True,
    date_entree_prevue=jour(30),
    date_sortie_prevue=jour(120),
    intensite_hebdomadaire=Decimal(35),
    commentaire="À positionner le premier jour.",
)
NON = SaisieAvis(est_retenu=False, motif=MotifNonRetenu.PREREQUIS, raison=" Niveau de lecture insuffisant. ")


def recue(resultat: R = R.PRESENCE, **colonnes: Any) -> Candidature:
    candidature = une_candidature(Etat.EN_ATTENTE_AVIS, **colonnes)
    candidature.convocations = [Convocation(id=1, numero=1, date_rendez_vous=jour(-3), resultat=resultat)]
    return candidature


def rendre(candidature: Candidature, saisie: SaisieAvis, le: datetime = MARDI) -> Avis:
    return d.rendre_avis(candidature, saisie, par=KARIM, le=le)[0]


@pytest.mark.regle("R-161", "R-164")
def test_retenir_demande_une_entree_une_sortie_et_une_intensite() -> None:
    candidature = recue()
    avis, fait = d.rendre_avis(candidature, OUI, par=KARIM, le=MARDI)
    assert (candidature.etat, avis.est_retenu, avis.motif) == (Etat.RETENUE, True, None)
    assert (avis.date_entree_prevue, avis.date_sortie_prevue) == (jour(30), jour(120))
    assert (avis.intensite_hebdomadaire, avis.rendu_par_id, avis.rendu_le) == (Decimal(35), KARIM, MARDI)
    assert (fait.est_retenu, fait.est_automatique, fait.apres) == (True, False, "retenue")


@pytest.mark.regle("R-161")
@pytest.mark.parametrize("manquant", ["date_entree_prevue", "date_sortie_prevue", "intensite_hebdomadaire"])
def test_chacun_des_trois_est_obligatoire(manquant: str) -> None:
    with empeche(f"CHAMP_OBLIGATOIRE {manquant}"):
        rendre(recue(), replace(OUI, **{manquant: None}))


@pytest.mark.regle("R-160")
def test_ne_pas_retenir_demande_un_motif_et_une_raison() -> None:
    candidature = recue()
    avis = rendre(candidature, NON)
    assert (candidature.etat, avis.est_retenu) == (Etat.NON_RETENUE, False)
    assert (avis.motif, avis.raison) == (MotifNonRetenu.PREREQUIS, "Niveau de lecture insuffisant.")


@pytest.mark.regle("R-160")
def test_ni_motif_ni_raison_vide() -> None:
    with empeche("CHAMP_OBLIGATOIRE motif", "CHAMP_OBLIGATOIRE raison"):
        rendre(recue(), replace(NON, motif=None, raison="  "))


@pytest.mark.regle("R-155")
@pytest.mark.parametrize("resultat", [R.PREVUE, R.ABSENCE_JUSTIFIEE])
@pytest.mark.parametrize("saisie", [OUI, NON])
def test_il_faut_avoir_recu_la_personne(resultat: R, saisie: SaisieAvis) -> None:
    with empeche("PRESENCE_REQUISE"):
        rendre(recue(resultat), saisie)


@pytest.mark.regle("R-155")
def test_sans_convocation_ni_reponse_tout_est_dit_a_la_fois() -> None:
    candidature = recue()
    candidature.convocations = []
    with empeche("PRESENCE_REQUISE", "CHAMP_OBLIGATOIRE est_retenu"):
        rendre(candidature, SaisieAvis())
    assert candidature.etat is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-161", "R-162", "R-163", "R-116")
def test_toutes_les_erreurs_du_formulaire_sont_dites_chacune_sur_son_champ() -> None:
    saisie = replace(
        OUI,
        date_entree_prevue=jour(5),
        date_sortie_prevue=jour(4),
        intensite_hebdomadaire=Decimal(0),
        commentaire="1 90 42 33 001 001 " + "x" * 250,
    )
    with empeche(
        "DATES_INVERSEES date_sortie_prevue",
        "INTENSITE_INVRAISEMBLABLE intensite_hebdomadaire",
        "NIR_INTERDIT commentaire",
        "TEXTE_TROP_LONG commentaire",
    ):
        rendre(recue(), saisie)


@pytest.mark.regle("R-161")
def test_on_peut_entrer_et_sortir_le_meme_jour() -> None:
    assert rendre(recue(), replace(OUI, date_sortie_prevue=OUI.date_entree_prevue)).est_retenu


@pytest.mark.regle("R-163")
def test_le_commentaire_tient_en_250_caracteres() -> None:
    assert len(rendre(recue(), replace(NON, commentaire="x" * 250)).commentaire or "") == 250
    with empeche("TEXTE_TROP_LONG commentaire"):
        rendre(recue(), replace(NON, commentaire="x" * 251))


def test_un_avis_ne_garde_que_ce_que_sa_reponse_demande() -> None:
    avis = rendre(recue(), replace(OUI, est_retenu=False, motif=MotifNonRetenu.AUTRE, raison="Autre."))
    assert (avis.date_entree_prevue, avis.date_sortie_prevue, avis.intensite_hebdomadaire) == (
        None,
        None,
        None,
    )
    avis = rendre(recue(), replace(OUI, motif=MotifNonRetenu.AUTRE, raison="Autre."))
    assert (avis.motif, avis.raison) == (None, None)


@pytest.mark.regle("R-165")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EN_ATTENTE_AVIS}))
def test_un_avis_ne_se_rend_qu_une_fois_et_que_sur_ce_qui_l_attend(etat: Etat) -> None:
    candidature = recue()
    candidature.etat = etat
    with empeche("ETAT_INCOMPATIBLE"):
        rendre(candidature, NON)


@pytest.mark.regle("R-167")
def test_l_avis_se_rend_jusqu_a_trois_semaines_apres_la_fin_de_la_session() -> None:
    with empeche("DELAI_AVIS_DEPASSE"):
        rendre(recue(session=une_session(date_fin=jour(-21))), OUI, dans(1))
    assert rendre(recue(session=une_session(date_fin=jour(-21))), OUI).est_retenu


# --- corrections -----------------------------------------------------------------------------------------------------


def absente() -> tuple[Candidature, Avis]:
    candidature = recue(R.ABSENCE_NON_JUSTIFIEE)
    candidature.etat = Etat.NON_RETENUE
    return candidature, Avis(id=1, est_retenu=False, motif=MotifNonRetenu.ABSENCE, est_automatique=True)


@pytest.mark.regle("R-165")
def test_gaelle_corrige_une_absence_notee_par_erreur_et_dit_pourquoi() -> None:
    candidature, avis = absente()
    fait = d.corriger(candidature, avis, OUI, motif=" Absence notée par erreur. ", par=GAELLE, le=dans(1))
    assert (candidature.etat, avis.est_retenu, avis.motif) == (Etat.RETENUE, True, None)
    assert (avis.est_automatique, avis.rendu_par_id, candidature.motif_fin) == (
        False,
        GAELLE,
        "Absence notée par erreur.",
    )
    assert (fait.avant, fait.apres) == ("non_retenue", "retenue")


@pytest.mark.regle("R-165")
def test_une_correction_sans_motif_ou_incomplete_est_refusee() -> None:
    candidature, avis = absente()
    with empeche("CHAMP_OBLIGATOIRE motif_correction", "CHAMP_OBLIGATOIRE date_entree_prevue"):
        d.corriger(candidature, avis, replace(OUI, date_entree_prevue=None), motif=None, par=GAELLE, le=MARDI)
    assert (candidature.etat, avis.est_retenu) == (Etat.NON_RETENUE, False)


@pytest.mark.regle("R-165")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.RETENUE, Etat.NON_RETENUE}))
def test_seul_un_avis_rendu_se_corrige(etat: Etat) -> None:
    candidature, avis = absente()
    candidature.etat = etat
    with empeche("ETAT_INCOMPATIBLE"):
        d.corriger(candidature, avis, NON, motif="Erreur.", par=GAELLE, le=MARDI)


# --- the weekly intensity ----------------------------------------------------------------------------------------------


@pytest.mark.regle("R-162")
@pytest.mark.parametrize(
    ("heures", "jours", "semaine"),
    [("8", "2", "20"), ("35", "5", "35"), ("7", "1", "35"), ("10", "3", "16.67")],
)
def test_l_intensite_ramene_les_heures_a_cinq_jours(heures: str, jours: str, semaine: str) -> None:
    assert intensite_hebdomadaire(Decimal(heures), Decimal(jours)) == Decimal(semaine)


@pytest.mark.regle("R-162")
@given(st.integers(1, 24), st.integers(1, 366))
def test_autant_d_heures_chaque_jour_font_cinq_fois_ces_heures_par_semaine(par_jour: int, jours: int) -> None:
    assert intensite_hebdomadaire(Decimal(par_jour * jours), Decimal(jours)) == par_jour * 5


def test_sans_jour_il_n_y_a_pas_d_intensite() -> None:
    with pytest.raises(ValueError, match="day"):
        intensite_hebdomadaire(Decimal(8), Decimal(0))
