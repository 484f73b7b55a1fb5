"""Karim convenes Léa: three times at most, and an absence may end it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain import convocations as d
from app.domain.candidatures_faits import AvisRendu, ConvocationNotee
from app.models import Avis, Candidature, Convocation, MotifNonRetenu, TypeConvocation
from app.models import EtatCandidature as Etat
from app.models import ResultatConvocation as R
from tests.domain.lignes import AUJOURD_HUI, MARDI, dans, empeche, jour, une_candidature, une_session


def convoquee(*resultats: R, depuis: int = -10) -> Candidature:
    """Léa, convened once a day from that day on, with these results."""
    candidature = une_candidature(Etat.EN_ATTENTE_AVIS)
    candidature.convocations = [
        Convocation(id=n, candidature_id=700, numero=n, date_rendez_vous=jour(depuis + n), resultat=resultat)
        for n, resultat in enumerate(resultats, 1)
    ]
    return candidature


def convoquer(candidature: Candidature, le_jour: date = AUJOURD_HUI, le: datetime = MARDI) -> Convocation:
    return d.convoquer(candidature, date_rendez_vous=le_jour, le=le)[0]


def noter(candidature: Candidature, resultat: R, le: datetime = MARDI) -> Avis | None:
    return d.noter_resultat(candidature, candidature.convocations[-1], resultat=resultat, le=le)[1]


# --- convening -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-156")
@pytest.mark.parametrize("le_jour", [jour(-30), AUJOURD_HUI, jour(12)])
def test_une_premiere_convocation_dit_un_jour_passe_ou_a_venir(le_jour: date) -> None:
    candidature = convoquee()
    convocation, fait = d.convoquer(
        candidature,
        date_rendez_vous=le_jour,
        type_convocation=TypeConvocation.INFORMATION_COLLECTIVE,
        le=MARDI,
    )
    assert (convocation.numero, convocation.resultat, convocation.date_rendez_vous) == (1, R.PREVUE, le_jour)
    assert convocation.type_convocation is TypeConvocation.INFORMATION_COLLECTIVE
    assert (fait.numero, candidature.etat) == (1, Etat.EN_ATTENTE_AVIS)


@pytest.mark.regle("R-157")
@pytest.mark.parametrize("nb", [1, 2])
def test_apres_une_absence_justifiee_la_personne_est_convoquee_de_nouveau(nb: int) -> None:
    assert convoquer(convoquee(*[R.ABSENCE_JUSTIFIEE] * nb)).numero == nb + 1


@pytest.mark.regle("R-157")
def test_il_n_y_a_pas_de_quatrieme_convocation() -> None:
    with empeche("TROIS_CONVOCATIONS"):
        convoquer(convoquee(R.ABSENCE_JUSTIFIEE, R.ABSENCE_JUSTIFIEE, R.PREVUE))


@pytest.mark.regle("R-157")
@pytest.mark.parametrize("resultat", [R.PREVUE, R.PRESENCE])
def test_sans_absence_justifiee_il_n_y_a_pas_d_autre_convocation(resultat: R) -> None:
    with empeche("CONVOCATION_PRECEDENTE"):
        convoquer(convoquee(resultat))


@pytest.mark.regle("R-156")
def test_un_nouveau_rendez_vous_suit_le_precedent() -> None:
    candidature = convoquee(R.ABSENCE_JUSTIFIEE)
    with empeche("DATE_CONVOCATION_ANTERIEURE date_rendez_vous"):
        convoquer(candidature, jour(-9))
    assert convoquer(candidature, jour(-8)).numero == 2


@pytest.mark.regle("R-165")
@pytest.mark.parametrize("etat", sorted(set(Etat) - {Etat.EN_ATTENTE_AVIS}))
def test_on_ne_convoque_que_pour_une_candidature_en_attente_d_avis(etat: Etat) -> None:
    candidature = convoquee(R.PREVUE)
    candidature.etat = etat
    with empeche("ETAT_INCOMPATIBLE"):
        convoquer(candidature)
    with empeche("ETAT_INCOMPATIBLE"):
        noter(candidature, R.PRESENCE)


@pytest.mark.regle("R-167")
def test_trois_semaines_apres_la_fin_de_la_session_plus_rien_ne_se_note() -> None:
    candidature = convoquee(R.PREVUE)
    candidature.session = une_session(date_fin=jour(-21))
    with empeche("DELAI_AVIS_DEPASSE"):
        noter(candidature, R.ABSENCE_NON_JUSTIFIEE, dans(1))
    with empeche("DELAI_AVIS_DEPASSE"):
        convoquer(convoquee_sur(candidature), le=dans(1))
    assert noter(candidature, R.PRESENCE) is None


def convoquee_sur(candidature: Candidature) -> Candidature:
    """The same candidature, not convened yet."""
    vierge = une_candidature(Etat.EN_ATTENTE_AVIS, session=candidature.session)
    vierge.convocations = []
    return vierge


# --- what comes of it ------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-156")
@pytest.mark.parametrize("resultat", [R.PRESENCE, R.ABSENCE_JUSTIFIEE])
def test_une_presence_ou_une_absence_justifiee_laisse_la_candidature_en_attente(resultat: R) -> None:
    candidature = convoquee(R.PREVUE)
    faits, avis = d.noter_resultat(candidature, candidature.convocations[0], resultat=resultat, le=MARDI)
    assert (candidature.etat, avis) == (Etat.EN_ATTENTE_AVIS, None)
    assert candidature.convocations[0].resultat is resultat
    assert [type(fait) for fait in faits] == [ConvocationNotee]


@pytest.mark.regle("R-159")
@pytest.mark.parametrize("justifiees", [0, 1, 2])
def test_une_absence_non_justifiee_vaut_non_retenue_a_toute_convocation(justifiees: int) -> None:
    candidature = convoquee(*[R.ABSENCE_JUSTIFIEE] * justifiees, R.PREVUE)
    avis = noter(candidature, R.ABSENCE_NON_JUSTIFIEE)
    assert candidature.etat is Etat.NON_RETENUE
    assert avis is not None
    assert (avis.est_retenu, avis.motif, avis.est_automatique) == (False, MotifNonRetenu.ABSENCE, True)
    assert (avis.rendu_par_id, avis.rendu_le, avis.candidature_id) == (None, MARDI, 700)


@pytest.mark.regle("R-158")
def test_une_troisieme_absence_meme_justifiee_vaut_non_retenue() -> None:
    candidature = convoquee(R.ABSENCE_JUSTIFIEE, R.ABSENCE_JUSTIFIEE, R.PREVUE)
    faits, avis = d.noter_resultat(
        candidature, candidature.convocations[-1], resultat=R.ABSENCE_JUSTIFIEE, le=MARDI
    )
    assert candidature.etat is Etat.NON_RETENUE
    assert avis is not None
    assert avis.raison == "Absence justifiée à la convocation 3"
    assert [type(fait) for fait in faits] == [ConvocationNotee, AvisRendu]


@pytest.mark.regle("R-158")
def test_a_la_troisieme_une_presence_attend_l_avis() -> None:
    candidature = convoquee(R.ABSENCE_JUSTIFIEE, R.ABSENCE_JUSTIFIEE, R.PREVUE)
    assert noter(candidature, R.PRESENCE) is None
    assert candidature.etat is Etat.EN_ATTENTE_AVIS


@pytest.mark.regle("R-156")
@pytest.mark.parametrize("resultat", [R.PRESENCE, R.ABSENCE_NON_JUSTIFIEE])
def test_un_rendez_vous_a_venir_n_a_ni_presence_ni_absence_constatee(resultat: R) -> None:
    candidature = convoquee(R.PREVUE, depuis=0)
    with empeche("RENDEZ_VOUS_A_VENIR resultat"):
        noter(candidature, resultat)
    noter(candidature, resultat, dans(1))
    assert candidature.convocations[0].resultat is resultat


@pytest.mark.regle("R-156")
def test_une_absence_justifiee_peut_etre_connue_d_avance() -> None:
    assert noter(convoquee(R.PREVUE, depuis=0), R.ABSENCE_JUSTIFIEE) is None


@pytest.mark.regle("R-156")
def test_seule_la_derniere_convocation_se_corrige_avant_l_avis() -> None:
    candidature = convoquee(R.ABSENCE_JUSTIFIEE, R.PREVUE)
    with empeche("CONVOCATION_PASSEE"):
        d.noter_resultat(candidature, candidature.convocations[0], resultat=R.PRESENCE, le=MARDI)
    noter(candidature, R.ABSENCE_JUSTIFIEE)
    noter(candidature, R.PRESENCE)
    assert candidature.convocations[-1].resultat is R.PRESENCE


@pytest.mark.regle("R-156")
def test_prevue_n_est_pas_un_resultat() -> None:
    with empeche("RESULTAT_OBLIGATOIRE resultat"):
        noter(convoquee(R.PREVUE), R.PREVUE)
