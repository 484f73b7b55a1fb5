"""The forms: what each field accepts, every problem on its field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.formulaires import (
    CHAMPS_CANDIDAT,
    CHAMPS_CANDIDATURE,
    SaisieCandidat,
    SaisieCandidature,
    age,
    formulaire,
    nettoyee,
    problemes_brouillon,
    problemes_candidat,
    problemes_candidature,
    texte_obligatoire,
)
from app.models import Candidat, Candidature, Civilite
from tests.domain.lignes import AUJOURD_HUI, COMPLET, en_clair, lea, une_candidature

LEA: dict[str, Any] = {"nom": "Lefèvre-Rousseau", "prenom": "Léa", "date_naissance": date(1998, 4, 12)}


def codes(problemes: Any) -> list[str]:
    return sorted(en_clair(p) for p in problemes)


def fiche(**valeurs: Any) -> list[str]:
    return codes(problemes_candidat(nettoyee(LEA | valeurs), AUJOURD_HUI))


# --- a candidature -------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-090", "R-094")
@pytest.mark.parametrize("champ", [c.nom for c in CHAMPS_CANDIDATURE])
def test_chaque_partie_du_formulaire_est_obligatoire_a_la_validation_pas_dans_un_brouillon(
    champ: str,
) -> None:
    assert problemes_brouillon(nettoyee({champ: " "})) == []
    assert codes(problemes_candidature(COMPLET | {champ: None}, lea())) == [f"CHAMP_OBLIGATOIRE {champ}"]


@pytest.mark.regle("R-094")
def test_un_formulaire_complet_passe() -> None:
    assert problemes_candidature(formulaire(une_candidature()), lea()) == []


@pytest.mark.regle("R-116")
@pytest.mark.parametrize("champ", [c.nom for c in CHAMPS_CANDIDATURE])
def test_aucun_texte_ne_garde_un_numero_de_securite_sociale(champ: str) -> None:
    texte = "Son numéro est le 1 90 42 33 001 001."
    assert codes(problemes_brouillon({champ: texte})) == [f"NIR_INTERDIT {champ}"]
    assert codes(problemes_candidature(COMPLET | {champ: texte}, lea())) == [f"NIR_INTERDIT {champ}"]


@pytest.mark.regle("R-094")
def test_un_texte_a_une_longueur_qui_est_dite() -> None:
    assert problemes_brouillon({"raisons": "x" * 2000}) == []
    (probleme,) = problemes_brouillon({"raisons": "x" * 2001})
    assert probleme.message == "Ce texte dépasse 2000 caractères : raccourcissez-le."
    assert probleme.chemin == ("entree", "raisons")


@pytest.mark.regle("R-091")
def test_le_recapitulatif_demande_l_adresse_de_la_personne() -> None:
    avec = COMPLET | {"envoyer_recapitulatif": True}
    assert problemes_candidature(avec, lea()) == []
    attendu = ["RECAPITULATIF_SANS_COURRIEL envoyer_recapitulatif"]
    assert codes(problemes_candidature(avec, lea(courriel=None))) == attendu


def test_les_saisies_nomment_des_colonnes() -> None:
    assert set(SaisieCandidature.__annotations__) <= set(Candidature.__table__.columns.keys())
    assert set(SaisieCandidat.__annotations__) <= set(Candidat.__table__.columns.keys())
    assert {c.nom for c in CHAMPS_CANDIDATURE} <= set(SaisieCandidature.__annotations__)
    assert {c.nom for c in CHAMPS_CANDIDAT} <= set(SaisieCandidat.__annotations__)


@pytest.mark.regle("R-112")
def test_un_motif_ne_peut_manquer_ni_etre_vide() -> None:
    assert (
        codes(texte_obligatoire("motif", " "))
        == codes(texte_obligatoire("motif", None))
        == ["CHAMP_OBLIGATOIRE motif"]
    )
    assert texte_obligatoire("motif", "Demande du financeur.") == []


# --- a candidat ------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-088")
def test_un_nom_un_prenom_et_une_date_de_naissance_suffisent() -> None:
    assert fiche() == []
    assert fiche(civilite=Civilite.MADAME, est_inscrit_france_travail=True) == []  # no identifier is asked


@pytest.mark.regle("R-088", "R-094")
def test_ce_qui_manque_est_dit_en_une_fois() -> None:
    assert codes(problemes_candidat({}, AUJOURD_HUI)) == [
        "CHAMP_OBLIGATOIRE date_naissance",
        "CHAMP_OBLIGATOIRE nom",
        "CHAMP_OBLIGATOIRE prenom",
    ]


@pytest.mark.regle("R-088")
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("nom", "De la Fontaine-d'Arvor"),
        ("nom", "Ng"),
        ("prenom", "Jean-Pierre"),
        ("courriel", "lea.lefevre+tri@courriel.example"),
        ("telephone", "+33 5 55 00 00 00"),
        ("telephone", "05.55.00.00.00"),
        ("code_postal", "17200"),
        ("numero_france_travail", "123 456 789 01"),
        ("identifiant_regional", "1234567 a"),
        ("identifiant_regional", "033 1234567A"),
    ],
)
def test_ces_valeurs_sont_acceptees(champ: str, valeur: str) -> None:
    assert fiche(**{champ: valeur}) == []


@pytest.mark.regle("R-088")
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("nom", "Lefèvre2"),
        ("nom", "-"),
        ("prenom", "<b>"),
        ("courriel", "lea@courriel"),
        ("courriel", "lea courriel.example"),
        ("telephone", "zéro cinq"),
        ("code_postal", "1720"),
        ("code_postal", "99999"),
        ("numero_france_travail", "1234"),
        ("identifiant_regional", "A1234567"),
    ],
)
def test_celles_ci_disent_la_forme_attendue(champ: str, valeur: str) -> None:
    assert fiche(**{champ: valeur}) == [f"FORMAT_INVALIDE {champ}"]


@pytest.mark.regle("R-116")
def test_la_fiche_non_plus_ne_garde_pas_de_numero_de_securite_sociale() -> None:
    assert "NIR_INTERDIT ville" in fiche(ville="Royan 1904233001001")


@pytest.mark.regle("R-088")
@pytest.mark.parametrize(
    ("naissance", "acceptee"),
    [
        (date(2012, 6, 2), True),  # fourteen today
        (date(2012, 6, 3), False),
        (date(1925, 6, 3), True),  # a hundred still
        (date(1925, 6, 2), False),
        (date(2026, 6, 3), False),
        (date(198, 4, 12), False),
    ],
)
def test_un_candidat_a_entre_quatorze_et_cent_ans(naissance: date, acceptee: bool) -> None:
    attendu = [] if acceptee else ["DATE_NAISSANCE_INVRAISEMBLABLE date_naissance"]
    assert fiche(date_naissance=naissance) == attendu


def test_l_age_change_le_jour_de_l_anniversaire() -> None:
    naissance = date(2000, 2, 29)
    assert age(naissance, date(2026, 2, 28)) == 25
    assert age(naissance, date(2026, 3, 1)) == 26


def test_une_saisie_se_nettoie_sans_toucher_aux_mots_du_metier() -> None:
    propre = nettoyee(
        {
            "nom": " Lefèvre ",
            "courriel": "",
            "civilite": Civilite.MADAME,
            "identifiant_regional": "0331234567a",
        }
    )
    assert propre == {
        "nom": "Lefèvre",
        "courriel": None,
        "civilite": Civilite.MADAME,
        "identifiant_regional": "1234567A",
    }
