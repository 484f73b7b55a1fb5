"""Paul searches Léa before he enrols her."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.domain import candidats as d
from app.kit.conditions import decide
from app.models import Candidat, RechercheCandidat
from tests.domain.lignes import MARDI, PAUL, ROSA, TROIS_VALLEES, empeche, lea

NUMERO, REGIONAL = "12345678901", "1234567A"
IDENTITE = {"nom": "Lefèvre-Rousseau", "prenom": "Léa", "date_naissance": date(1998, 4, 12)}
HEURE = timedelta(hours=1)


# --- searching -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-082", "R-083")
@pytest.mark.parametrize(
    "saisie",
    [
        {"numero_france_travail": " 123 456 789 01"},
        {"identifiant_regional": "1234567a"},
        IDENTITE,
        IDENTITE | {"numero_france_travail": NUMERO},
    ],
)
def test_un_identifiant_ou_une_identite_entiere_suffit_a_chercher(saisie: dict[str, Any]) -> None:
    assert d.criteres(saisie) != d.Criteres()


@pytest.mark.regle("R-082")
@pytest.mark.parametrize(
    "saisie",
    [
        {},
        *({nom: valeur for nom, valeur in IDENTITE.items() if nom != absent} for absent in IDENTITE),
        IDENTITE | {"nom": " - "},
        {"numero_france_travail": "  "},
    ],
)
def test_une_identite_incomplete_ne_cherche_rien(saisie: dict[str, Any]) -> None:
    with empeche("CRITERES_INSUFFISANTS"):
        d.criteres(saisie)


@pytest.mark.regle("R-082")
def test_un_identifiant_mal_forme_est_dit_sur_son_champ() -> None:
    with empeche("FORMAT_INVALIDE numero_france_travail"):
        d.criteres(IDENTITE | {"numero_france_travail": "12"})


@pytest.mark.regle("R-083")
def test_une_identite_incomplete_est_laissee_de_cote_quand_il_y_a_un_identifiant() -> None:
    assert d.criteres({"numero_france_travail": NUMERO, "nom": "Lefèvre"}) == d.Criteres(NUMERO)


def trouve(candidat: Candidat, saisie: dict[str, Any]) -> bool:
    return decide(d.CORRESPOND)(candidat, d.criteres(saisie).valeurs())


@pytest.mark.regle("R-083")
@pytest.mark.parametrize(
    ("saisie", "trouvee"),
    [
        (IDENTITE, True),
        ({"nom": "LEFEVRE  ROUSSEAU", "prenom": "lea", "date_naissance": IDENTITE["date_naissance"]}, True),
        (IDENTITE | {"date_naissance": date(1998, 4, 13)}, False),
        (IDENTITE | {"nom": "Lefèvre"}, False),
        ({"numero_france_travail": NUMERO}, True),
        ({"numero_france_travail": "10987654321"}, False),
        ({"numero_france_travail": "10987654321"} | IDENTITE, True),
        ({"identifiant_regional": REGIONAL}, False),  # not on her fiche
    ],
)
def test_la_recherche_est_exacte_aux_accents_et_aux_traits_d_union_pres(
    saisie: dict[str, Any], trouvee: bool
) -> None:
    assert trouve(lea(numero_france_travail=NUMERO), saisie) is trouvee


def test_la_trace_d_une_recherche_ne_porte_aucun_nom() -> None:
    recherche, fait = d.noter_recherche(
        d.criteres(IDENTITE), nb_trouves=0, compte_id=PAUL, structure_id=TROIS_VALLEES.id, le=MARDI
    )
    assert len(recherche.empreinte) == 32
    assert recherche.empreinte != d.empreinte(d.criteres(IDENTITE), ROSA)
    assert (dict(fait.donnees()), dict(fait.liens())) == ({"nb_trouves": 0}, {})


def test_une_recherche_exacte_ouvre_la_fiche_a_la_structure_pour_un_jour() -> None:
    acces = d.ouvrir_acces(lea(), compte_id=PAUL, structure_id=TROIS_VALLEES.id, le=MARDI)
    assert (acces.candidat_id, acces.structure_id, acces.compte_id) == (500, TROIS_VALLEES.id, PAUL)
    assert (acces.ouvert_le, acces.jusqu_au) == (MARDI, MARDI + 24 * HEURE)


# --- enrolling -----------------------------------------------------------------------------------------------------


def recherche(saisie: dict[str, Any], **colonnes: Any) -> RechercheCandidat:
    defauts: dict[str, Any] = {
        "nb_trouves": 0,
        "compte_id": PAUL,
        "structure_id": TROIS_VALLEES.id,
        "le": MARDI,
    }
    return d.noter_recherche(d.criteres(saisie), **defauts | colonnes)[0]


def inscrire(
    *recherches: RechercheCandidat,
    saisie: dict[str, Any] | None = None,
    existants: tuple[Candidat, ...] = (),
    le: datetime = MARDI,
) -> dict[str, Any]:
    return d.creer(
        saisie or IDENTITE,
        reference="2026000001",
        recherches=recherches,
        existants=existants,
        compte_id=PAUL,
        structure_id=TROIS_VALLEES.id,
        le=le,
    )


@pytest.mark.regle("R-081", "R-088")
def test_apres_une_recherche_vaine_paul_inscrit_la_personne() -> None:
    colonnes = inscrire(recherche(IDENTITE), saisie=IDENTITE | {"numero_france_travail": "123 456 789 01"})
    candidat = Candidat(id=1, **colonnes)
    assert (candidat.nom, candidat.numero_france_travail) == ("Lefèvre-Rousseau", NUMERO)
    assert (candidat.createur_id, candidat.createur_structure_id) == (PAUL, TROIS_VALLEES.id)


@pytest.mark.regle("R-081")
@pytest.mark.parametrize(
    "cherche",
    [
        {"numero_france_travail": NUMERO},
        {"identifiant_regional": REGIONAL},
        {"numero_france_travail": NUMERO, "identifiant_regional": REGIONAL},
        IDENTITE | {"identifiant_regional": REGIONAL},
        {"nom": "lefevre rousseau", "prenom": "LÉA", "date_naissance": IDENTITE["date_naissance"]},
    ],
)
def test_chercher_par_l_une_ou_l_autre_clef_de_la_personne_suffit(cherche: dict[str, Any]) -> None:
    entiere = IDENTITE | {"numero_france_travail": NUMERO, "identifiant_regional": REGIONAL}
    assert inscrire(recherche(cherche), saisie=entiere)["reference"] == "2026000001"


@pytest.mark.regle("R-081")
@pytest.mark.parametrize(
    "autre",
    [
        {"saisie": IDENTITE | {"nom": "Lefèvre"}},
        {"saisie": {"numero_france_travail": NUMERO}},  # a number that she will not bear
        {"saisie": IDENTITE, "compte_id": ROSA},
        {"saisie": IDENTITE, "nb_trouves": 1},
        {"saisie": IDENTITE, "le": MARDI - HEURE - timedelta(seconds=1)},
        {"saisie": IDENTITE, "le": MARDI + timedelta(seconds=1)},
    ],
)
def test_une_autre_recherche_ne_vaut_pas(autre: dict[str, Any]) -> None:
    with empeche("RECHERCHE_PREALABLE"):
        inscrire(recherche(**autre))


@pytest.mark.regle("R-081")
def test_une_recherche_vaut_une_heure_et_il_en_faut_une() -> None:
    assert inscrire(recherche(IDENTITE, le=MARDI - HEURE))
    with empeche("RECHERCHE_PREALABLE"):
        inscrire()


@pytest.mark.regle("R-095")
def test_une_personne_deja_dans_l_annuaire_ne_s_inscrit_pas_deux_fois() -> None:
    with empeche("DOUBLON_CANDIDAT"):
        inscrire(recherche(IDENTITE), existants=(lea(),))


@pytest.mark.regle("R-095")
def test_un_doublon_se_cherche_par_toutes_les_clefs_de_la_fiche() -> None:
    tout = d.criteres_de(IDENTITE | {"numero_france_travail": NUMERO, "identifiant_regional": REGIONAL})
    homonyme = lea(nom_plie="autre", identifiant_regional=REGIONAL)
    assert decide(d.CORRESPOND)(homonyme, tout.valeurs())
    assert decide(d.CORRESPOND)(lea(), tout.valeurs())
    assert not decide(d.CORRESPOND)(lea(prenom_plie="autre"), tout.valeurs())


@pytest.mark.regle("R-088", "R-094", "R-081", "R-095")
def test_les_erreurs_de_la_fiche_sont_dites_avec_le_reste() -> None:
    with empeche("FORMAT_INVALIDE courriel", "RECHERCHE_PREALABLE", "DOUBLON_CANDIDAT"):
        inscrire(saisie=IDENTITE | {"courriel": "lea"}, existants=(lea(),))


@pytest.mark.regle("R-085")
def test_modifier_la_fiche_ne_dit_au_journal_que_les_champs_changes() -> None:
    fiche = lea()
    saisie = {"telephone": "05 55 00 00 00", "nom": "Lefèvre-Rousseau"}
    fait = d.modifier(fiche, saisie, existants=[fiche], le=MARDI)
    assert (fiche.telephone, fiche.modifie_le) == ("05 55 00 00 00", MARDI)
    assert fait.champs == ("telephone",)


@pytest.mark.regle("R-085", "R-095")
def test_modifier_la_fiche_ne_la_rend_ni_fausse_ni_double() -> None:
    fiche = lea()
    with empeche("CHAMP_OBLIGATOIRE nom", "DOUBLON_CANDIDAT"):
        d.modifier(fiche, {"nom": " "}, existants=[fiche, lea(id=501)], le=MARDI)
    assert fiche.nom == "Lefèvre-Rousseau"
