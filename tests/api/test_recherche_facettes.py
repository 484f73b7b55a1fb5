"""Facets: each number is what the list would count with that value as one more criterion, for that very viewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app import models as m
from tests.cast import Acteur, Monde

from .conftest import Api
from .identifiants import gid

FACETTES = """facettes { dispositifs { valeur nombre } departements { valeur nombre } villes { valeur nombre }
  organismes { organisme { id } nombre } voiesAcces { valeur nombre } modalites { valeur nombre }
  typesEntree { valeur nombre } certifications { certification { id } nombre } moisDebut { valeur nombre } ouvertes }"""
LISTES = {
    "actions": ("recherche", "RechercheActions"),
    "sessions": ("filtre", "FiltreSessions"),
}
CRITERES = {  # the criterion that each facet refines
    "dispositifs": lambda valeur: {"dispositif": valeur},
    "departements": lambda valeur: {"departements": [valeur]},
    "villes": lambda valeur: {"ville": valeur},
    "organismes": lambda valeur: {"organismes": [valeur["id"]]},
    "voiesAcces": lambda valeur: {"voieAcces": valeur},
    "modalites": lambda valeur: {"modalite": valeur},
    "typesEntree": lambda valeur: {"typeEntree": valeur},
    "certifications": lambda valeur: {"certification": valeur["id"]},
    "moisDebut": lambda valeur: {"moisDebut": valeur},
}


async def chercher(api: Api, qui: Acteur | None, liste: str, criteres: dict[str, Any], champs: str) -> Any:
    """Out: what is asked of a list."""
    argument, type_ = LISTES[liste]
    asked = f"query($f: {type_}) {{ {liste}({argument}: $f) {{ {champs} }} }}"
    return (await api(qui, asked, f=criteres))[liste]


def values(facettes: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """Out: each value of each facet, as the criterion that it is, and its number."""
    for nom, critere in CRITERES.items():
        for groupe in facettes[nom]:
            [valeur] = [v for k, v in groupe.items() if k != "nombre"]
            yield critere(valeur), groupe["nombre"]
    yield {"ouverte": True}, facettes["ouvertes"]


async def foisonner(monde: Monde) -> None:
    """Sessions that differ by several things at once, some of which the public does not read; an action without any."""
    await monde.une_action(intitule="En attendant", dispositif=m.Dispositif.PIC)
    for action in (monde.action_anglais, monde.action_maconnerie, monde.action_tableur):
        await monde.une_session(
            action,
            lieu_ville="SARLAT",
            lieu_departement="24",
            modalite=m.Modalite.DISTANCE,
            date_debut=monde.jour(70),
        )
        await monde.une_session(action, lieu_ville="Sarlat", lieu_departement="24", date_debut=monde.jour(3))
        await monde.une_session(
            action, etat=m.EtatSession.BROUILLON, voie_acces=m.VoieAcces.APPRENTISSAGE, lieu_ville=None
        )
        await monde.une_session(action, date_debut=monde.jour(-90), date_fin=monde.jour(-2))


RECHERCHES: list[dict[str, Any]] = [
    {},
    {"inclureTerminees": True},
    {"departements": ["24", "40"]},
    {"mots": "en"},
    {"exclureCommencees": True, "modalite": "DISTANCE"},
    {"mots": "maçon", "ville": "sarlat", "ouverte": True},
    {"conventionnee": True, "typeEntree": "DATE_FIXE", "inclureTerminees": None},
]


@pytest.mark.regle("R-059")
@pytest.mark.parametrize("liste", LISTES)
@pytest.mark.parametrize("recherche", RECHERCHES, ids=str)
async def test_a_value_and_its_number_are_what_the_list_would_be(
    api: Api, monde: Monde, liste: str, recherche: dict[str, Any]
) -> None:
    await foisonner(monde)
    asked = 0
    for qui in (None, monde.paul, monde.karim, monde.gaelle):
        found = await chercher(api, qui, liste, recherche, f"totalCount {FACETTES}")
        for critere, nombre in values(found["facettes"]):
            if {"ville", "ouverte", "modalite", "typeEntree"} & set(critere) & set(recherche):
                continue  # the value that is chosen already
            affine = await chercher(api, qui, liste, recherche | critere, "totalCount")
            assert affine["totalCount"] == nombre, (critere, qui and qui.cle)
            asked += 1
    assert asked > 20


@pytest.mark.regle("R-059")
@pytest.mark.parametrize("liste", LISTES)
async def test_facets_come_with_the_page_in_one_answer(api: Api, monde: Monde, liste: str) -> None:
    found = await chercher(
        api, monde.paul, liste, {"departements": ["40"]}, f"totalCount nodes {{ id }} {FACETTES}"
    )
    assert found["totalCount"] == len(found["nodes"]) > 0
    assert found["facettes"]["departements"] == [{"valeur": "40", "nombre": found["totalCount"]}]
    par_dispositif = {g["valeur"]: g["nombre"] for g in found["facettes"]["dispositifs"]}
    assert par_dispositif == {"PRF": 1, "POEC": 1}


@pytest.mark.parametrize("liste", LISTES)
async def test_facets_asked_in_pieces_count_the_same_list(api: Api, monde: Monde, liste: str) -> None:
    await foisonner(monde)
    criteres = {"mots": "en", "modalite": "DISTANCE"}
    une, autre = (
        "departements { valeur nombre } ouvertes",
        "modalites { valeur nombre } villes { valeur nombre }",
    )
    seule = await chercher(api, monde.paul, liste, criteres, f"facettes {{ {une} }}")
    puis = await chercher(api, monde.paul, liste, criteres, f"totalCount facettes {{ {autre} }}")
    champs = f"b: facettes {{ {autre} }} nodes {{ id }} totalCount a: facettes {{ {une} }}"
    ensemble = await chercher(api, monde.paul, liste, criteres, champs)
    assert (ensemble["a"], ensemble["b"]) == (seule["facettes"], puis["facettes"])
    assert ensemble["totalCount"] == puis["totalCount"] == len(ensemble["nodes"]) > 0


async def test_a_value_that_no_row_has_is_not_proposed(api: Api, monde: Monde) -> None:
    found = (await chercher(api, None, "actions", {"mots": "anglais"}, FACETTES))["facettes"]
    assert (found["dispositifs"], found["ouvertes"]) == ([], 0)
    assert found["villes"] == [{"valeur": "Royan", "nombre": 1}]
    assert [g["organisme"] for g in found["organismes"]] == [{"id": gid("Structure", monde.estuaire)}]


async def test_the_most_frequent_value_comes_first_and_months_follow_the_calendar(
    api: Api, monde: Monde
) -> None:
    await foisonner(monde)
    found = (await chercher(api, None, "sessions", {}, FACETTES))["facettes"]
    for nom in ("departements", "villes", "organismes"):
        assert [g["nombre"] for g in found[nom]] == sorted((g["nombre"] for g in found[nom]), reverse=True)
    assert len(found["moisDebut"]) > 2
    assert [g["valeur"] for g in found["moisDebut"]] == sorted(g["valeur"] for g in found["moisDebut"])


async def test_the_sessions_of_an_action_have_their_own_facets(api: Api, monde: Monde) -> None:
    await foisonner(monde)
    asked = """query($r: String!) { action(reference: $r) { sessions(filtre: { departements: ["24"] }) {
      totalCount facettes { villes { valeur nombre } modalites { valeur nombre } } } } }"""
    found = (await api(None, asked, r=monde.action_anglais.reference))["action"]["sessions"]
    assert found["totalCount"] == 2
    assert [g["nombre"] for g in found["facettes"]["villes"]] == [2]
    assert {g["valeur"]: g["nombre"] for g in found["facettes"]["modalites"]} == {
        "DISTANCE": 1,
        "PRESENTIEL": 1,
    }


LARGES = FACETTES.replace("facettes {", "facettesLarges {")
REFAIT = {  # what choosing a value of a facet takes the place of
    "departements": ("departements", "villes"),
    "villes": ("villes", "ville"),
    "organismes": ("organismes",),
    "dispositifs": ("dispositif",),
    "voiesAcces": ("voieAcces",),
    "modalites": ("modalite",),
    "typesEntree": ("typeEntree",),
    "certifications": ("certification",),
    "moisDebut": ("moisDebut",),
}
CHOISIS: list[dict[str, Any]] = [
    {"departements": ["24"], "inclureTerminees": True},
    {"villes": ["Sarlat"], "modalite": "DISTANCE"},
    {"departements": ["24"], "ville": "sarlat", "typeEntree": "DATE_FIXE"},
    {"mots": "maçon", "voieAcces": "FORMATION_CONTINUE", "ouverte": True, "dispositif": "PRF"},
]


@pytest.mark.regle("R-059", "C-19")
@pytest.mark.parametrize("liste", LISTES)
@pytest.mark.parametrize("recherche", CHOISIS, ids=str)
async def test_the_facet_of_a_chosen_criterion_still_shows_what_else_could_be_chosen(
    api: Api, monde: Monde, liste: str, recherche: dict[str, Any]
) -> None:
    """Each number is what the list would count with that value in the place of those chosen."""
    await foisonner(monde)
    for qui in (None, monde.paul, monde.karim):
        found = await chercher(api, qui, liste, recherche, f"totalCount {LARGES}")
        for nom, critere in CRITERES.items():
            autres = {k: v for k, v in recherche.items() if k not in REFAIT[nom]}
            for groupe in found["facettesLarges"][nom]:
                [valeur] = [v for k, v in groupe.items() if k != "nombre"]
                refait = await chercher(api, qui, liste, autres | critere(valeur), "totalCount")
                assert refait["totalCount"] == groupe["nombre"], (nom, valeur)


@pytest.mark.regle("R-059")
@pytest.mark.parametrize("liste", LISTES)
async def test_without_a_choice_both_say_the_same_and_with_one_the_chosen_value_is_among_others(
    api: Api, monde: Monde, liste: str
) -> None:
    await foisonner(monde)
    rien = await chercher(api, monde.paul, liste, {"mots": "en"}, f"{FACETTES} {LARGES}")
    assert rien["facettes"] == rien["facettesLarges"]
    choix = await chercher(api, monde.paul, liste, {"departements": ["24"]}, f"{FACETTES} {LARGES}")
    etroit, large = ({d["valeur"] for d in choix[f]["departements"]} for f in ("facettes", "facettesLarges"))
    assert etroit == {"24"} < large
    assert choix["facettes"]["modalites"] == choix["facettesLarges"]["modalites"]
