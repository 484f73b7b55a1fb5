"""The search of the offer: what the criteria find, what they refuse, and that they speak of one same session."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from tests.cast import Acteur, Monde

from .conftest import Api
from .identifiants import gid

ACTIONS = """query($r: RechercheActions) { actions(recherche: $r) { totalCount nodes { reference intitule
  sessions { nodes { numeroCarif } } } } }"""
SAINTES: dict[str, Any] = {
    "code_insee": "17415",
    "nom": "Saintes",
    "code_postal": "17100",
    "departement": "17",
}
SAINTES |= {"latitude": 45.746, "longitude": -0.633}
SESSIONS = "query($f: FiltreSessions) { sessions(filtre: $f) { totalCount nodes { numeroCarif } } }"


async def intitules(api: Api, qui: Acteur | None = None, **recherche: Any) -> set[str]:
    """Out: what the search of actions finds, by title. Without a criterion, the search as it is by default."""
    return {a["intitule"] for a in (await actions(api, qui, **recherche))["nodes"]}


async def actions(api: Api, qui: Acteur | None = None, **recherche: Any) -> Any:
    """Out: the answer of the search of actions."""
    variables = {"r": recherche} if recherche else {}
    return (await api(qui, ACTIONS, **variables))["actions"]


async def numeros(api: Api, qui: Acteur | None = None, **filtre: Any) -> set[str]:
    """Out: what the search of sessions finds, by number."""
    variables = {"f": filtre} if filtre else {}
    return {s["numeroCarif"] for s in (await api(qui, SESSIONS, **variables))["sessions"]["nodes"]}


async def refus(api: Api, **recherche: Any) -> str:
    """Out: why a search is refused."""
    answer = await api.brut(None, ACTIONS, r=recherche)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return str(error["message"])


# --- words and numbers ----------------------------------------------------------------------------------------


@pytest.mark.regle("R-047", "R-049")
async def test_a_word_is_found_in_the_title_the_objective_and_the_programme_without_accent_or_case(
    api: Api, monde: Monde
) -> None:
    for mots in ("MACON", "maçon", "Pierre", "mortiers chaux", "bâti ancien"):
        assert await intitules(api, mots=mots) == {"Maçon du bâti ancien"}, mots
    assert await intitules(api, mots="maçons") == set()
    assert await intitules(api, mots="maçon anglais") == set()


@pytest.mark.regle("R-051")
async def test_words_are_taken_as_they_are_written(api: Api, monde: Monde) -> None:
    longue = await monde.une_action(intitule="CAP Accompagnant éducatif petite enfance")
    courte = await monde.une_action(intitule="CAP AEPE en un an")
    for action in (longue, courte):
        await monde.une_session(action)

    assert await intitules(api, mots="CAP AEPE") == {courte.intitule}
    assert await intitules(api, mots="CAP + petite enfance") == {longue.intitule}


@pytest.mark.regle("R-050")
async def test_a_number_finds_its_record_directly(api: Api, monde: Monde) -> None:
    poec = monde.action_poec
    for texte in (poec.reference, "POECLOGIS40-0726", "poeclogis40-0726", monde.session_poec.numero_carif):
        assert await intitules(api, mots=texte) == {poec.intitule}, texte
        assert monde.session_poec.numero_carif in await numeros(api, mots=texte), texte
    spaced = f" {monde.session_poec.numero_carif[:4]} {monde.session_poec.numero_carif[4:]}"
    assert await numeros(api, mots=spaced) == {monde.session_poec.numero_carif}
    assert await intitules(api, mots="0726") == set()


@pytest.mark.regle("R-050", "R-047")
async def test_the_number_of_a_session_that_is_not_published_finds_nothing(api: Api, monde: Monde) -> None:
    cachee = await monde.une_session(etat=m.EtatSession.BROUILLON)

    assert await intitules(api, mots=cachee.numero_carif) == set()
    assert await intitules(api, monde.karim, mots=cachee.numero_carif) == {"Maçon du bâti ancien"}


async def test_a_blank_text_is_refused_and_says_what_to_do(api: Api, monde: Monde) -> None:
    assert "au moins un mot" in await refus(api, mots="  ")
    assert "200 caractères" in await refus(api, mots="a" * 201)


# --- criteria and their limits ---------------------------------------------------------------------------------


@pytest.mark.regle("R-048")
async def test_the_form_has_the_criteria_of_the_guide(api: Api, monde: Monde) -> None:
    asked = """{ __type(name: "RechercheActions") { inputFields { name } } }"""
    found = {f["name"] for f in (await api(monde.paul, asked))["__type"]["inputFields"]}

    assert found >= {
        *("mots", "dispositif", "exclureCommencees", "inclureTerminees"),
        *("departements", "villes", "organismes"),
    }


@pytest.mark.regle("R-052")
async def test_one_dispositif_is_chosen(api: Api, monde: Monde) -> None:
    assert await intitules(api, dispositif="POEC") == {monde.action_poec.intitule}
    assert "errors" in await api.brut(None, ACTIONS, r={"dispositif": ["POEC", "HSP"]})


@pytest.mark.regle("R-053", "C-19")
async def test_five_departements_or_three_towns_never_both(api: Api, monde: Monde) -> None:
    cinq = ["16", "17", "19", "23", "24"]
    assert monde.action_anglais.intitule in await intitules(api, departements=cinq)
    assert (
        await refus(api, departements=[*cinq, "33"])
        == "Choisissez cinq départements au plus. Vous en donnez 6."
    )
    trois = ["Royan", "40000", "24000"]
    assert await intitules(api, villes=trois) == {
        monde.action_anglais.intitule,
        monde.action_maconnerie.intitule,
        monde.action_poec.intitule,
        monde.action_secretariat.intitule,
    }
    assert (await refus(api, villes=[*trois, "Pau"])).startswith("Choisissez trois villes ou codes postaux")
    assert "pas les deux" in await refus(api, villes=["Royan"], departements=["17"])


@pytest.mark.regle("R-048")
async def test_a_town_is_written_as_one_likes(api: Api, monde: Monde) -> None:
    for ville in ("mont de marsan", "MONT-DE-MARSAN", "40000"):
        assert await intitules(api, villes=[ville], mots="macon") == {"Maçon du bâti ancien"}, ville
    assert await intitules(api, villes=["Mont"]) == set()


@pytest.mark.regle("R-054")
async def test_three_organismes_at_most(api: Api, monde: Monde) -> None:
    ids = [gid("Structure", s) for s in (monde.estuaire, monde.landes, monde.tremplin, monde.passerelles)]
    found = await intitules(api, organismes=ids[1:3])
    assert found == {monde.action_poec.intitule, monde.action_secretariat.intitule}
    assert (await refus(api, organismes=ids)) == (
        "Choisissez trois organismes de formation au plus. Vous en donnez 4."
    )


@pytest.mark.regle("R-055", "R-056", "R-057")
async def test_by_default_what_runs_and_what_comes_and_options_move_both_ends(api: Api, monde: Monde) -> None:
    finie = await monde.une_action(intitule="Finie depuis hier")
    await monde.une_session(finie, date_debut=monde.jour(-20), date_fin=monde.jour(-1))
    dernier_jour = await monde.une_action(intitule="Dernier jour")
    await monde.une_session(dernier_jour, date_debut=monde.jour(-20), date_fin=monde.jour(0))
    premier_jour = await monde.une_action(intitule="Premier jour")
    await monde.une_session(premier_jour, date_debut=monde.jour(0))

    par_defaut = await intitules(api)
    assert {"Dernier jour", "Premier jour", "Anglais professionnel"} <= par_defaut
    assert "Finie depuis hier" not in par_defaut
    assert await intitules(api, mots="jour") == {"Dernier jour", "Premier jour"}

    assert await intitules(api, exclureCommencees=True) == par_defaut - {
        *("Dernier jour", "Anglais professionnel", "Compétences clés pour l'emploi")
    }
    assert await intitules(api, inclureTerminees=True) == par_defaut | {"Finie depuis hier"}


@pytest.mark.regle("R-053", "R-055")
async def test_an_action_shows_when_one_of_its_sessions_meets_all_that_is_asked_together(
    api: Api, monde: Monde
) -> None:
    action = await monde.une_action(intitule="Deux sessions")
    commencee = await monde.une_session(action, date_debut=monde.jour(-10), lieu_departement="33")
    a_venir = await monde.une_session(action, date_debut=monde.jour(10), lieu_departement="24")

    assert await intitules(api, mots="deux", departements=["33"]) == {"Deux sessions"}
    assert await intitules(api, mots="deux", departements=["33"], exclureCommencees=True) == set()
    assert await intitules(api, mots="deux", departements=["24"], exclureCommencees=True) == {"Deux sessions"}

    asked = """query($s: CriteresSession) { actions(recherche: { mots: "deux" }) { nodes {
      sessions(filtre: $s) { nodes { numeroCarif } } } } }"""
    for criteres, attendue in (({"departements": ["33"]}, commencee), ({"exclureCommencees": True}, a_venir)):
        [found] = (await api(None, asked, s=criteres))["actions"]["nodes"]
        assert found["sessions"]["nodes"] == [{"numeroCarif": attendue.numero_carif}]


async def test_a_session_that_the_viewer_does_not_read_makes_no_action_show(api: Api, monde: Monde) -> None:
    action = await monde.une_action(intitule="Rien à montrer")
    await monde.une_session(action, etat=m.EtatSession.BROUILLON)

    assert await intitules(api, mots="montrer") == set()
    assert await intitules(api, monde.karim, mots="montrer") == {"Rien à montrer"}


@pytest.mark.regle("R-059")
async def test_what_refines_narrows_on_the_same_session(api: Api, monde: Monde) -> None:
    action = await monde.une_action(intitule="À affiner")
    un = {
        "voie_acces": m.VoieAcces.APPRENTISSAGE,
        "modalite": m.Modalite.DISTANCE,
        "date_debut": monde.jour(40),
    }
    await monde.une_session(action, lieu_ville="Sarlat", **un)
    await monde.une_session(action, lieu_ville="Guéret", type_entree=m.TypeEntree.SEQUENCEES)
    mois = monde.jour(40).isoformat()[:8] + "28"

    for criteres in (
        {"ville": "SARLAT"},
        {"voieAcces": "APPRENTISSAGE"},
        {"modalite": "DISTANCE", "moisDebut": mois},
        {"ville": "gueret", "typeEntree": "SEQUENCEES", "departements": ["17"]},
        {"debutApres": monde.jour(35).isoformat(), "debutAvant": monde.jour(40).isoformat()},
    ):
        assert await intitules(api, mots="affiner", **criteres) == {"À affiner"}, criteres
    assert await intitules(api, mots="affiner", ville="Sarlat", typeEntree="SEQUENCEES") == set()
    assert await intitules(api, mots="affiner", moisDebut="2031-01-01") == set()


async def test_a_certification_refines_the_action(api: Api, monde: Monde) -> None:
    titre = await monde.inserer(m.Certification, code_rncp="RNCP99955", intitule="Titre d'essai")
    await monde.inserer(
        m.ActionCertification, action_id=monde.action_anglais.id, certification_id=titre.id, rang=2
    )
    wanted = gid("Certification", titre)

    assert await intitules(api, certification=wanted) == {"Anglais professionnel"}
    assert await numeros(api, certification=wanted) == {monde.session_anglais.numero_carif}


# --- whose offer ------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-066")
async def test_my_catalogue_is_the_whole_offer_of_my_structure(api: Api, monde: Monde) -> None:
    mine = await intitules(api, monde.karim, monCatalogue=True, inclureTerminees=True)
    assert mine == {
        *("Maçon du bâti ancien", "Compétences clés pour l'emploi"),
        *("Anglais professionnel", "Tableur, les bases"),
    }
    assert monde.session_tableur.numero_carif in await numeros(api, monde.karim, monCatalogue=True)
    assert await intitules(api, monde.louise, monCatalogue=True) == {monde.action_poec.intitule}
    assert await intitules(api, None, monCatalogue=True) == set()


@pytest.mark.regle("R-063")
async def test_open_to_candidature_says_the_same_to_everybody(api: Api, monde: Monde) -> None:
    pleine = await monde.une_action(intitule="Pleine", dispositif=m.Dispositif.PRF)
    session = await monde.une_session(pleine, capacite_accueil=1, coefficient=1)
    await monde.une_candidature(session=session, etat=m.EtatCandidature.EN_ATTENTE_AVIS)
    asked = "query($r: String!) { action(reference: $r) { aSessionOuverte } }"

    for qui in (None, monde.paul, monde.ines):
        ouvertes = await intitules(api, qui, ouverte=True)
        assert {"Maçon du bâti ancien", "Compétences clés pour l'emploi"} <= ouvertes
        assert not {"Pleine", "Anglais professionnel"} & ouvertes
        for action, attendu in ((pleine, False), (monde.action_hsp, True)):
            assert (await api(qui, asked, r=action.reference))["action"] == {"aSessionOuverte": attendu}


async def test_a_point_and_a_radius_keep_what_lies_around(api: Api, monde: Monde) -> None:
    saintes = await monde.inserer(m.Commune, **SAINTES)
    try:
        royan = {"latitude": 45.623, "longitude": -1.028, "rayonKm": 50}
        assert await intitules(api, autour=royan) == {"Compétences clés pour l'emploi"}
        assert await intitules(api, autour=royan | {"rayonKm": 20}) == set()
        assert "degrés" in await refus(api, autour=royan | {"latitude": 100.0})
        assert "rayon" in await refus(api, autour=royan | {"rayonKm": 0})
    finally:
        await monde.supprimer(saintes)


@pytest.mark.regle("R-046", "R-061")
async def test_a_title_leads_to_the_whole_sheet(api: Api, monde: Monde) -> None:
    [found] = (await actions(api, monde.paul, mots="macon"))["nodes"]
    asked = "query($r: String!) { action(reference: $r) { intitule objectif programme prerequis } }"

    sheet = (await api(monde.paul, asked, r=found["reference"]))["action"]
    assert sheet["intitule"] == "Maçon du bâti ancien"
    assert "mortiers de chaux" in sheet["programme"]
