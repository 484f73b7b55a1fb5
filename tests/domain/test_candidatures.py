"""From the draft to the validation: Nadia is N1, Paul N2, Rosa N3; they place Léa."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.domain import candidatures as d
from app.domain.candidatures_faits import CandidatureSoumise, CandidatureValidee
from app.kit.clock import PARIS
from app.models import Action, Candidature
from app.models import EtatCandidature as Etat
from tests.domain.lignes import (
    AUJOURD_HUI,
    COMPLET,
    MARDI,
    NADIA,
    PAUL,
    ROSA,
    SAINTES,
    TROIS_VALLEES,
    dans,
    empeche,
    jour,
    lea,
    situation,
    une_autre,
    une_candidature,
    une_hsp,
    une_session,
)


def brouillon(**arguments: Any) -> dict[str, Any]:
    defauts: dict[str, Any] = {
        "reference": "C2026000001",
        "session": une_session(),
        "candidat": lea(),
        "structure": TROIS_VALLEES,
        "auteur_id": NADIA,
        "le": MARDI,
    }
    return d.creer_brouillon(**defauts | arguments)


# --- drafts ----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-092")
def test_un_brouillon_accepte_un_formulaire_incomplet_la_nuit_sur_une_session_complete() -> None:
    nuit = datetime(2026, 6, 2, 23, tzinfo=PARIS)
    colonnes = brouillon(le=nuit, session=une_session(est_complete=True), saisie={"raisons": "  Un stage. "})
    assert colonnes["etat"] is Etat.BROUILLON
    assert colonnes["raisons"] == "Un stage."
    assert "situation" not in colonnes


@pytest.mark.regle("R-099")
def test_pas_meme_un_brouillon_sur_une_session_non_conventionnee() -> None:
    with empeche("NON_CONVENTIONNEE"):
        brouillon(session=une_session(est_conventionnee=False))


@pytest.mark.regle("R-116", "R-094")
def test_pas_meme_un_brouillon_avec_un_numero_de_securite_sociale_ou_un_texte_trop_long() -> None:
    with empeche("NIR_INTERDIT raisons", "TEXTE_TROP_LONG suites_parcours"):
        brouillon(saisie={"raisons": "1 90 42 33 001 001", "suites_parcours": "x" * 2001})


@pytest.mark.regle("R-120")
def test_un_brouillon_reprend_l_inscription_a_france_travail_de_la_fiche_sauf_indication() -> None:
    assert brouillon()["est_inscrit_france_travail"] is True
    assert brouillon(saisie={"est_inscrit_france_travail": False})["est_inscrit_france_travail"] is False


@pytest.mark.regle("R-002")
def test_une_candidature_garde_son_auteur_et_sa_structure() -> None:
    colonnes = brouillon()
    assert (colonnes["auteur_id"], colonnes["structure_prescriptrice_id"]) == (NADIA, TROIS_VALLEES.id)
    assert colonnes["organisme_prescripteur"] == "Mission locale des Trois Vallées"


def test_une_candidature_garde_de_sa_session_ce_que_d_autres_liront() -> None:
    colonnes = brouillon(session=une_session(formateur=SAINTES))
    assert colonnes["intitule"] == "Maçonnerie"
    assert (colonnes["session_date_debut"], colonnes["session_date_fin"]) == (jour(30), jour(120))
    assert colonnes["organisme_formation"] == "Institut de l'Estuaire, Saintes"
    assert brouillon()["organisme_formation"] == "Institut de l'Estuaire"  # no formateur: the responsable


def test_les_colonnes_d_un_brouillon_sont_celles_du_modele() -> None:
    candidature = Candidature(**brouillon(saisie=COMPLET))
    candidature.id = 7
    fait = d.creee(candidature)
    assert (fait.candidature_id, fait.avant, fait.apres) == (7, None, "brouillon")


@pytest.mark.regle("R-106")
def test_modifier_un_brouillon_ne_change_que_ce_qui_est_donne() -> None:
    candidature = une_candidature(situation=None)
    d.modifier(candidature, {"raisons": "Autre chose.", "niveau_formation": ""}, candidat=lea(), le=dans(2))
    assert candidature.raisons == "Autre chose."
    assert candidature.niveau_formation is None
    assert candidature.parcours_anterieur == COMPLET["parcours_anterieur"]
    assert candidature.modifiee_le == dans(2)


@pytest.mark.regle("R-106", "R-094")
def test_ce_qui_est_soumis_reste_complet_et_un_refus_ne_change_rien() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION)
    with empeche("CHAMP_OBLIGATOIRE raisons"):
        d.modifier(candidature, {"raisons": " ", "situation": "salarie"}, candidat=lea(), le=dans(1))
    assert candidature.situation == COMPLET["situation"]
    d.modifier(candidature, {"raisons": "Un stage."}, candidat=lea(), le=dans(1))
    assert (candidature.etat, candidature.raisons) == (Etat.EN_ATTENTE_VALIDATION, "Un stage.")


@pytest.mark.regle("R-107", "R-165")
@pytest.mark.parametrize("etat", [Etat.EN_ATTENTE_AVIS, Etat.RETENUE, Etat.CORBEILLE])
def test_une_candidature_validee_ne_se_modifie_ni_ne_se_supprime(etat: Etat) -> None:
    with empeche("ETAT_INCOMPATIBLE"):
        d.modifier(une_candidature(etat), {"raisons": "Non."}, candidat=lea(), le=MARDI)
    with empeche("ETAT_INCOMPATIBLE"):
        d.supprimer(une_candidature(etat), le=MARDI)


@pytest.mark.regle("R-037", "R-101")
def test_ce_qui_est_supprime_revient_de_la_corbeille_en_brouillon_pendant_quinze_jours() -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_VALIDATION, soumise_le=MARDI, soumise_par_id=NADIA)
    d.supprimer(candidature, le=MARDI)
    assert candidature.close_le == MARDI
    d.restaurer(candidature, le=dans(15))
    assert candidature.etat is Etat.BROUILLON
    assert (candidature.soumise_le, candidature.soumise_par_id, candidature.close_le) == (None, None, None)


@pytest.mark.regle("R-101")
def test_apres_quinze_jours_la_corbeille_ne_rend_rien() -> None:
    candidature = une_candidature()
    d.supprimer(candidature, le=MARDI)
    with empeche("DELAI_CORBEILLE_DEPASSE"):
        d.restaurer(candidature, le=dans(16))
    assert candidature.etat is Etat.CORBEILLE


def dupliquer(modele: Candidature) -> dict[str, Any]:
    return d.dupliquer(
        modele,
        reference="C2026000002",
        session=une_session(),
        candidat=lea(),
        structure=TROIS_VALLEES,
        auteur_id=NADIA,
        le=MARDI,
    )


@pytest.mark.regle("R-111")
@pytest.mark.parametrize("etat", [Etat.EXPIREE, Etat.ANNULEE, Etat.REJETEE])
def test_une_candidature_finie_se_duplique_en_un_brouillon_deja_rempli(etat: Etat) -> None:
    modele = une_candidature(etat)
    copie = Candidature(id=8, **dupliquer(modele))
    assert copie.etat is Etat.BROUILLON
    assert {nom: getattr(copie, nom) for nom in COMPLET} == COMPLET
    assert modele.etat is etat
    assert d.dupliquee(copie, modele).modele_id == modele.id


@pytest.mark.regle("R-165")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EXPIREE, Etat.ANNULEE, Etat.REJETEE}))
def test_aucune_autre_candidature_ne_se_duplique(etat: Etat) -> None:
    with empeche("ETAT_INCOMPATIBLE"):
        dupliquer(une_candidature(etat))


# --- submitting --------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-104", "R-038")
def test_ce_que_nadia_soumet_attend_quinze_jours_une_n3() -> None:
    candidature = une_candidature()
    fait = d.soumettre(candidature, contexte=situation(candidature), par=NADIA, le=MARDI)
    assert candidature.etat is Etat.EN_ATTENTE_VALIDATION
    assert (candidature.soumise_le, candidature.soumise_par_id) == (MARDI, NADIA)
    assert candidature.valider_avant_le == datetime(2026, 6, 18, tzinfo=PARIS)
    assert isinstance(fait, CandidatureSoumise)
    assert fait.valider_avant == jour(15)


@pytest.mark.regle("R-089")
def test_soumettre_ne_compte_pas_les_quotas() -> None:
    candidature = une_candidature()
    autres = [une_autre(id=i) for i in (1, 2, 3)]
    d.soumettre(candidature, contexte=situation(candidature, *autres), par=NADIA, le=MARDI)
    assert candidature.etat is Etat.EN_ATTENTE_VALIDATION


@pytest.mark.regle("R-077")
@pytest.mark.parametrize("acte", [d.soumettre, d.valider])
def test_soumettre_et_valider_tiennent_aux_heures_d_ouverture(acte: Any) -> None:
    candidature = une_candidature()
    with empeche("HORS_HORAIRES"):
        acte(
            candidature, contexte=situation(candidature), par=PAUL, le=datetime(2026, 6, 2, 20, tzinfo=PARIS)
        )
    acte(candidature, contexte=situation(candidature), par=PAUL, le=datetime(2026, 6, 2, 8, tzinfo=PARIS))


@pytest.mark.regle("R-077")
def test_un_deploiement_peut_fermer_les_jours_feries() -> None:
    candidature = une_candidature()
    with empeche("HORS_HORAIRES"):
        d.valider(candidature, contexte=situation(candidature, feries={AUJOURD_HUI}), par=PAUL, le=MARDI)


# --- validating --------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-103")
def test_ce_que_paul_valide_attend_l_avis() -> None:
    candidature = une_candidature()
    fait = d.valider(candidature, contexte=situation(candidature), par=PAUL, le=MARDI)
    assert candidature.etat is Etat.EN_ATTENTE_AVIS
    assert (candidature.validee_le, candidature.validee_par_id) == (MARDI, PAUL)
    assert fait == CandidatureValidee(
        candidature_id=700,
        session_id=100,
        candidat_id=500,
        avant="brouillon",
        apres="en_attente_avis",
        point_entree_id=None,
    )


@pytest.mark.regle("R-038")
@pytest.mark.parametrize("jours", [0, 15])
def test_rosa_valide_jusqu_au_quinzieme_jour(jours: int) -> None:
    candidature = une_candidature(session=une_session(date_limite_inscription=None))
    d.soumettre(candidature, contexte=situation(candidature), par=NADIA, le=MARDI)
    soir = dans(jours).replace(hour=19, minute=59)
    d.valider(candidature, contexte=situation(candidature), par=ROSA, le=soir)
    assert candidature.etat is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-038")
def test_le_seizieme_jour_il_est_trop_tard() -> None:
    candidature = une_candidature(session=une_session(date_limite_inscription=None))
    d.soumettre(candidature, contexte=situation(candidature), par=NADIA, le=MARDI)
    with empeche("DELAI_VALIDATION_DEPASSE"):
        d.valider(candidature, contexte=situation(candidature), par=ROSA, le=dans(16).replace(hour=8))
    assert candidature.etat is Etat.EN_ATTENTE_VALIDATION


def test_l_instantane_est_refait_a_la_validation() -> None:
    candidature = une_candidature(intitule="Avant", organisme_formation="Avant")
    session = une_session(action=Action(intitule="Maçonnerie et béton"))
    d.valider(candidature, contexte=d.Situation(session, lea()), par=PAUL, le=MARDI)
    assert candidature.intitule == "Maçonnerie et béton"
    assert candidature.organisme_formation == "Institut de l'Estuaire"


@pytest.mark.regle("R-094", "R-091", "R-098", "R-097", "R-089")
def test_toutes_les_erreurs_sont_dites_a_la_fois_chacune_a_sa_place_et_rien_ne_change() -> None:
    session = une_session(est_complete=True, date_limite_inscription=jour(-1))
    candidature = une_candidature(
        session=session, raisons=None, situation="", parcours_anterieur="x" * 2001, envoyer_recapitulatif=True
    )
    autres = [une_autre(id=i) for i in (1, 2, 3)]
    with empeche(
        "SESSION_COMPLETE",
        "INSCRIPTIONS_CLOSES",
        "QUOTA_ATTEINT",
        "CHAMP_OBLIGATOIRE raisons",
        "CHAMP_OBLIGATOIRE situation",
        "TEXTE_TROP_LONG parcours_anterieur",
        "RECAPITULATIF_SANS_COURRIEL envoyer_recapitulatif",
    ):
        contexte = situation(candidature, *autres, candidat=lea(courriel=None))
        d.valider(candidature, contexte=contexte, par=PAUL, le=MARDI)
    assert (candidature.etat, candidature.validee_le) == (Etat.BROUILLON, None)


@pytest.mark.regle("R-091")
def test_le_recapitulatif_part_quand_la_personne_a_une_adresse() -> None:
    candidature = une_candidature(envoyer_recapitulatif=True)
    d.valider(candidature, contexte=situation(candidature), par=PAUL, le=MARDI)
    assert candidature.etat is Etat.EN_ATTENTE_AVIS


# --- HSP ---------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-072", "R-073")
def test_sur_une_hsp_la_personne_entre_au_prochain_point_et_reste_sur_sa_session() -> None:
    candidature = une_candidature(session=une_hsp(-10, 5, 40))
    fait = d.valider(candidature, contexte=situation(candidature), par=PAUL, le=MARDI)
    assert candidature.point_entree_id == fait.point_entree_id == 1005
    assert candidature.session_id == fait.session_id == 200


@pytest.mark.regle("R-072")
@pytest.mark.parametrize("demande", [990, 1040])
def test_ni_un_point_passe_ni_un_point_plus_lointain(demande: int) -> None:
    candidature = une_candidature(session=une_hsp(-10, 5, 40))
    with empeche("POINT_ENTREE_IMPOSE point_entree_id"):
        d.valider(candidature, contexte=situation(candidature, point_entree_id=demande), par=PAUL, le=MARDI)
    d.valider(candidature, contexte=situation(candidature, point_entree_id=1005), par=PAUL, le=MARDI)


@pytest.mark.regle("R-072")
def test_pas_de_point_sur_une_session_qui_n_est_pas_hsp() -> None:
    candidature = une_candidature()
    with empeche("POINT_ENTREE_IMPOSE point_entree_id"):
        d.valider(candidature, contexte=situation(candidature, point_entree_id=1005), par=PAUL, le=MARDI)
